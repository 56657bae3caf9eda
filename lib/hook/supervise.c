/* SPDX-License-Identifier: BSD-2-Clause */
/* The supervisor: waits for tasks to stop, finds out where, and has the handlers for that run. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/time.h"
#include "base/util.h"
#include "calls/traits.h"
#include "hook/alarm.h"
#include "hook/attach.h"
#include "hook/hook-parts.h"
#include "hook/instruction.h"
#include "hook/place.h"
#include "hook/privilege.h"
#include "hook/stop-filter.h"

#define SYSCALL_STOP (SIGTRAP | 0x80)

void supervisor_fail(struct supervisor *s, int code, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (s->failed)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	s->failed = seam_err_set(s->err, code, "%s", text);
}

long supervisor_ptrace_options(const struct supervisor *s)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC;

	if (s->wanted.occasions[SEAM_OCCASION_PRE_EXIT])
		options |= PTRACE_O_TRACEEXIT;
	/* without us the calls that the filter stops would fail */
	if (s->filtered)
		options |= PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;
	return options;
}

/* How it goes on. */
static enum __ptrace_request resume_request(struct supervisor *s, const struct task *t)
{
	const struct hook *h = t->top;

	if (h && h->want == HOOK_WANTS_EXIT)
		return PTRACE_SYSCALL;
	if (h && h->want == HOOK_WANTS_ENTRY)
		return s->filtered && !h->unfiltered && wanted_stops(&s->wanted, h->pub.compat, h->number) ? PTRACE_CONT : PTRACE_SYSCALL;
	return s->every_call || t->exec_due ? PTRACE_SYSCALL : PTRACE_CONT;
}

static void resume(struct supervisor *s, struct task *t)
{
	int signal = t->signal;

	t->signal = 0;
	t->at = TASK_RUNS;
	/* one that has been killed meanwhile is told to have ended */
	ptrace(resume_request(s, t), t->tid, NULL, (void *)(intptr_t)signal);
}

/* The run has failed, and the task is not ours to kill: its handlers are given up. One whose own call is put off, or that is kept from its signals, cannot go on as it was. */
static void give_up(struct task *t)
{
	if (t->masked)
		kill(t->process ? (pid_t)t->process->pid : t->tid, SIGKILL);
	while (t->top)
		hook_abandon(t->top);
}

/* The task and what it would have had to be told of belong to nobody any more. */
static void let_go(struct supervisor *s, struct task *t)
{
	place_restore(s->place, t);
	ptrace(PTRACE_DETACH, t->tid, NULL, (void *)(intptr_t)t->signal);
	task_remove(s, t);
}

static void release_child(struct supervisor *s, struct task *t)
{
	struct task *child = task_find(s, t->holds);

	t->holds = 0;
	if (!child)
		return;
	child->held = false;
	if (child->at != TASK_RUNS)
		task_proceed(s, child);
}

void task_proceed(struct supervisor *s, struct task *t)
{
	if (t->holds && !(t->top && t->top->pub.child == (uint32_t)t->holds))
		release_child(s, t);
	if (!t->top && t->exec_due && t->at == TASK_AT_EXIT) {
		t->exec_due = false;
		hook_begin(s, t, SEAM_OCCASION_EXEC, s->wanted.occasions[SEAM_OCCASION_EXEC], NULL);
	}
	if (t->dead && !t->top) {
		task_remove(s, t);
		return;
	}
	if (s->failed && s->letting_go && t->at != TASK_RUNS && t->at != TASK_GONE)
		give_up(t);
	if (t->at == TASK_RUNS || t->at == TASK_GONE || t->held || (t->top && t->top->want == HOOK_WANTS_WORD))
		return;
	if (s->letting_go && !t->top && !t->fresh)
		let_go(s, t);
	else
		resume(s, t);
}

/* --- Calls. */

static size_t read_for_variant(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)when;
	return tracee_read((pid_t)((const struct seam_hook *)user)->tid, address, to, n);
}

static const struct seam_variant *variant_of(struct supervisor *s, struct seam_hook *h, const struct seam_call *described)
{
	struct seam_env env = { .read = h->compat ? NULL : read_for_variant, .user = h };

	if (!described || !(described->flags & SEAM_CALL_DESCRIBED))
		return NULL;
	memcpy(env.reg, h->args, sizeof(h->args));
	return seam_call_variant(s->t, described, &env);
}

static void describe_call(struct supervisor *s, struct task *t, const struct __ptrace_syscall_info *info, struct seam_hook *ret)
{
	int arch = arch_by_audit(info->arch);
	const struct seam_call *described;

	*ret = (struct seam_hook){ .tid = (uint32_t)t->tid, .number = info->entry.nr };
	ret->arch = arch < 0 ? seam_arch_native() : (enum seam_arch)arch;
	ret->compat = t->compat;
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		ret->args[i] = info->op == PTRACE_SYSCALL_INFO_SECCOMP ? info->seccomp.args[i] : info->entry.args[i];
	ret->call = described = seam_call_by_number(s->t, ret->arch, ret->number);
	if (ret->compat && ret->call)
		described = seam_call_wide(s->t, ret->arch, ret->call, &(enum seam_arch){ 0 });
	ret->variant = variant_of(s, ret, described);
	ret->name = ret->call ? seam_string(s->t, ret->call->name) : "a call without a name";
}

static bool executes(const struct supervisor *s, const struct seam_hook *h)
{
	const struct seam_call *c = h->call;

	for (uint32_t i = 0; c && i < c->variants.count; i++)
		if (call_does(s->t, &s->t->variants[c->variants.first + i], SEAM_VERB_EXECS))
			return true;
	return false;
}

static void refuse(struct task *t, int error, bool compat)
{
	struct arch_regs regs;

	if (arch_regs_get(t->tid, &regs) < 0)
		return;
	arch_set_skipped(&regs, -error, compat);
	arch_regs_set(t->tid, &regs);
}

/* Calls that concern ourselves, whoever has handlers for them. One that is refused will not be made, and comes back to its handlers with that result. */
static void concern_ourselves(struct supervisor *s, struct task *t, const struct seam_hook *h)
{
	unsigned own = own_call(s, h->compat, h->number);

	if (own == OWN_AFFINITY)
		place_restore_all(s->place);
	else if (own == OWN_FILTER)
		t->process->filters = true;
	else if (own == OWN_PTRACE)
		refuse(t, EPERM, h->compat);
}

static void on_entry(struct supervisor *s, struct task *t, const struct __ptrace_syscall_info *info)
{
	struct hook *top = t->top;
	const struct wanted_list *list;
	struct seam_hook about;

	t->at = TASK_AT_ENTRY;
	if (top && top->want == HOOK_WANTS_ENTRY) {
		hook_step(top);
		return;
	}
	/* the filter stops what we have seen enter already */
	if (top && top->want == HOOK_WANTS_EXIT)
		return;
	list = wanted_call(&s->wanted, t->compat, info->entry.nr);
	if (!list && !t->fresh && own_call(s, t->compat, info->entry.nr) == OWN_NOT)
		return;
	describe_call(s, t, info, &about);
	if (t->fresh && !executes(s, &about))
		return;
	t->fresh = false;
	concern_ourselves(s, t, &about);
	hook_begin(s, t, SEAM_OCCASION_CALL, list, &about);
}

static void on_syscall_stop(struct supervisor *s, struct task *t)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(info), &info) < 0)
		return;
	t->compat = arch_by_audit(info.arch) != (int)seam_arch_native();
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY || info.op == PTRACE_SYSCALL_INFO_SECCOMP) {
		on_entry(s, t, &info);
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
		t->at = TASK_AT_EXIT;
		if (t->top && t->top->want == HOOK_WANTS_EXIT) {
			t->top->result = info.exit.rval;
			hook_step(t->top);
		}
		t->execs = false;
	}
}

/* --- Births and deaths. */

/* What was a thread of this process before the exec is no more, but for the one that asked. */
static void drop_others(struct supervisor *s, struct task *t)
{
	for (unsigned i = 0; i < HOOK_BUCKETS; i++)
		for (struct task *x = s->buckets[i], *next; x; x = next) {
			next = x->next;
			if (x != t && x->process == t->process)
				task_remove(s, x);
		}
}

static struct task *on_exec(struct supervisor *s, struct task *t)
{
	unsigned long old = 0;
	struct task *asked;

	ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &old);
	asked = (pid_t)old == t->tid ? NULL : task_find(s, (pid_t)old);
	if (asked) {
		pid_t tid = t->tid;

		task_remove(s, t);
		task_rename(s, asked, tid);
		t = asked;
		t->at = TASK_AT_EVENT;
		for (struct hook *h = t->top; h; h = h->outer)
			h->pub.tid = (uint32_t)tid;
	}
	drop_others(s, t);
	space_release(t->process->space);
	t->process->space = space_new();
	t->fresh = false;
	t->execs = true;
	t->exec_due = s->wanted.occasions[SEAM_OCCASION_EXEC] != NULL;
	return t;
}

/* A child was made: @event says how. */
static void on_birth(struct supervisor *s, struct task *t, int event)
{
	static const enum seam_occasion occasions[] = {
		[PTRACE_EVENT_FORK] = SEAM_OCCASION_FORK, [PTRACE_EVENT_VFORK] = SEAM_OCCASION_VFORK, [PTRACE_EVENT_CLONE] = SEAM_OCCASION_CLONE,
	};
	enum seam_occasion how = occasions[event];
	struct seam_hook about = { 0 };
	unsigned long tid = 0;
	struct task *child;

	if (ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &tid) < 0 || !tid)
		return;
	child = task_find(s, (pid_t)tid);
	if (!child)
		child = task_add(s, (pid_t)tid);
	if (child->process)
		return; /* its number has been told already */
	/* a thread is one that a signal for the parent's process finds */
	if (how == SEAM_OCCASION_CLONE && syscall(SYS_tgkill, t->process->pid, (pid_t)tid, 0) == 0) {
		task_join(s, child, t->process);
	} else {
		struct space *sp = how == SEAM_OCCASION_VFORK ? space_share(t->process->space) : space_copy(t->process->space);

		task_join(s, child, process_new(s, (uint32_t)tid, sp));
	}
	task_inherit(s, child, t, how);
	child->fresh = t->fresh;
	child->compat = t->compat;
	place_born(s->place, child, t);
	about.child = (uint32_t)tid;
	about.child_pid = child->process->pid;
	child->held = true;
	t->holds = (pid_t)tid;
	hook_begin(s, t, how, s->wanted.occasions[how], &about);
}

static void on_signal_stop(struct supervisor *s, struct task *t, int signal)
{
	const struct wanted_list *list = s->wanted.occasions[SEAM_OCCASION_RECEIVED_SIGNAL];
	struct seam_hook about = { .signal = signal };
	siginfo_t info;

	t->signal = signal;
	if (!list || t->fresh || (t->top && t->top->want != HOOK_WANTS_EXIT))
		return;
	if (ptrace(PTRACE_GETSIGINFO, t->tid, NULL, &info) == 0) {
		about.info = (const unsigned char *)&info;
		about.info_size = sizeof(info);
	}
	hook_begin(s, t, SEAM_OCCASION_RECEIVED_SIGNAL, list, &about);
}

/* The task stays stopped until somebody lets it go on, as it would without us. */
static void on_group_stop(struct supervisor *s, struct task *t, int signal)
{
	if (s->letting_go && !t->top) {
		let_go(s, t);
		return;
	}
	t->at = TASK_RUNS;
	ptrace(PTRACE_LISTEN, t->tid, NULL, NULL);
	if (t->tid == s->first && signal != SIGSTOP && getpgid(t->tid) == getpgrp())
		s->stop_self = true;
}

static void on_stop(struct supervisor *s, struct task *t, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	s->result->stops++;
	t->at = TASK_AT_EVENT;
	place_stop(s->place, t);
	switch (event) {
	case 0:
		if (signal == SYSCALL_STOP)
			on_syscall_stop(s, t);
		else
			on_signal_stop(s, t, signal);
		break;
	case PTRACE_EVENT_SECCOMP:
		on_syscall_stop(s, t);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		on_birth(s, t, event);
		break;
	case PTRACE_EVENT_EXEC:
		t = on_exec(s, t);
		break;
	case PTRACE_EVENT_EXIT: {
		struct seam_hook about = { 0 };
		unsigned long how = 0;

		ptrace(PTRACE_GETEVENTMSG, t->tid, NULL, &how);
		about.status = (int)how;
		hook_begin(s, t, SEAM_OCCASION_PRE_EXIT, s->wanted.occasions[SEAM_OCCASION_PRE_EXIT], &about);
		break;
	}
	case PTRACE_EVENT_STOP:
		if (signal != SIGTRAP) {
			on_group_stop(s, t, signal);
			return;
		}
		break;
	default:
		break;
	}
	/* it may be gone by now: whoever has ended meanwhile is told later */
	task_proceed(s, t);
}

static void on_end(struct supervisor *s, struct task *t, int status)
{
	enum seam_occasion occasion = WIFSIGNALED(status) ? SEAM_OCCASION_KILLED_BY_SIGNAL : SEAM_OCCASION_PROCESS_EXITED;
	struct seam_hook about = { .status = status, .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0 };
	pid_t tid = t->tid;

	if (t->holds)
		release_child(s, t);
	t->at = TASK_GONE;
	while (t->top)
		hook_abandon(t->top);
	if (tid == s->first) {
		s->result->status = status;
		s->first_ended = true;
		if (s->o->leave && !s->filtered)
			supervisor_let_go(s);
	}
	t->dead = true;
	if (t->process && (uint32_t)tid == t->process->pid && !t->fresh)
		hook_begin(s, t, occasion, s->wanted.occasions[occasion], &about);
	task_proceed(s, t);
}

void supervisor_let_go(struct supervisor *s)
{
	s->letting_go = true;
	for (unsigned i = 0; i < HOOK_BUCKETS; i++)
		for (struct task *t = s->buckets[i]; t; t = t->next)
			if (t->at == TASK_RUNS)
				ptrace(PTRACE_INTERRUPT, t->tid, NULL, NULL);
}

static void kill_all(struct supervisor *s)
{
	for (unsigned i = 0; i < HOOK_BUCKETS; i++)
		for (struct task *t = s->buckets[i]; t; t = t->next)
			if (t->at != TASK_GONE)
				kill(t->process ? (pid_t)t->process->pid : t->tid, SIGKILL);
}

/* --- The loop. */

/* What the terminal and others send to us. */
static void on_own_signal(struct supervisor *s, int signal)
{
	if (s->o->command) {
		if (!s->first_ended)
			kill(s->first, signal);
	} else {
		s->result->signal = signal;
		supervisor_let_go(s);
	}
}

/* Nobody is followed any more. What a filter stops cannot do without us, and a command that a tool has failed is not to go on without it. */
static void end_run(struct supervisor *s)
{
	if (s->filtered || (s->failed && s->o->command))
		kill_all(s);
	else
		supervisor_let_go(s);
}

static void tick(struct supervisor *s)
{
	s->tick_due = s->o->tick ? s->o->tick(s->o->user) : UINT64_MAX;
	if (s->tick_due)
		return;
	s->tick_due = UINT64_MAX;
	end_run(s);
}

static pid_t next_stop(struct supervisor *s, int *ret_status)
{
	uint64_t due = hook_wake_waiting(s);
	bool again;

	if (s->tick_due != UINT64_MAX && time_mono_ns() >= s->tick_due)
		tick(s);
	/* what comes when this has looked sets the alarm itself, and nobody sets it back */
	do {
		int signal;

		alarm_set(MIN(due, s->tick_due));
		signal = watch_signal();
		again = signal;
		if (signal)
			on_own_signal(s, signal);
		if (s->o->asked && watch_snap()) {
			s->o->asked(s->o->user);
			again = true;
		}
	} while (again);
	if (s->stop_self) {
		pid_t pid = waitpid(-1, ret_status, __WALL | WNOHANG);

		if (pid > 0)
			return pid;
		s->stop_self = false;
		raise(SIGSTOP);
	}
	return waitpid(-1, ret_status, __WALL);
}

static void on_wait(struct supervisor *s, pid_t tid, int status)
{
	struct task *t = task_find(s, tid);

	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		if (t && !t->dead)
			on_end(s, t, status);
		return;
	}
	if (!WIFSTOPPED(status))
		return;
	/* a child may stop before its parent tells of it */
	if (!t)
		t = task_add(s, tid);
	if (!t->process) {
		t->at = TASK_AT_EVENT;
		t->held = true;
		return;
	}
	on_stop(s, t, status);
}

static void supervise(struct supervisor *s)
{
	bool ended = false;

	while (s->task_count) {
		int status;
		pid_t tid = next_stop(s, &status);

		if (tid > 0)
			on_wait(s, tid, status);
		else if (errno == ECHILD)
			break;
		if (s->failed && !ended)
			end_run(s);
		ended = s->failed;
	}
}

static int prepare_child(void *user)
{
	const struct supervisor *s = user;

	alarm_restore();
	return s->filtered ? stop_filter_install(&s->wanted) : 0;
}

static void nudge(void)
{
	alarm_now();
}

static int start_command(struct supervisor *s, struct seam_err *err)
{
	const struct child_how how = { .command = s->o->command, .away = s->o->away, .watch = &s->watch, .prepare = prepare_child, .user = s };
	struct task *t;
	int r = child_start(&s->child, &how, err);

	if (r < 0) {
		s->result->no_command = true;
		return r;
	}
	s->first = s->child.pid;
	r = attach_task(s, s->first, err);
	if (r < 0) {
		kill(s->first, SIGKILL);
		return r;
	}
	t = task_find(s, s->first);
	task_join(s, t, process_new(s, (uint32_t)s->first, space_new()));
	t->fresh = true;
	return child_let_go(&s->child, s->o->command, err);
}

static void end_all(struct supervisor *s)
{
	for (unsigned i = 0; i < HOOK_BUCKETS; i++)
		while (s->buckets[i])
			task_remove(s, s->buckets[i]);
}

static int run(struct supervisor *s, struct seam_err *err)
{
	int r = 0;

	if (s->o->command)
		r = start_command(s, err);
	/* until here they wait: the child, too, has them only when it knows what to do with them */
	watch_at_once(&s->watch, nudge);
	for (size_t i = 0; i < s->o->pid_count && r >= 0; i++)
		r = attach_process(s, s->o->pids[i], err);
	if (r < 0)
		s->failed = r;
	else
		tick(s);
	if (s->failed)
		end_run(s);
	supervise(s);
	end_all(s);
	if (s->failed)
		return s->failed;
	if (s->o->command)
		r = child_runs(&s->child, s->o->command, true, err);
	s->result->no_command = r < 0;
	return r;
}

int seam_run(const struct seam_tool *tool, const struct seam_run_options *o, struct seam_run_result *ret, struct seam_err *err)
{
	struct supervisor *s = xcalloc(1, sizeof(*s));
	struct seam_err none = SEAM_ERR_INIT;
	int r;

	*ret = (struct seam_run_result){ 0 };
	s->tool = tool;
	s->o = o;
	s->result = ret;
	s->t = o->tables ? o->tables : &seam_tables;
	s->out = o->out ? o->out : STDERR_FILENO;
	s->child = (struct child)CHILD_NONE;
	s->err = err ? err : &none;
	s->shared = xcalloc(1, tool->shared_bytes);
	watch_signals(&s->watch, o->command, o->asked);
	r = wanted_init(&s->wanted, s->t, tool, s->err);
	if (r >= 0 && o->refuse_setuid)
		r = wanted_add(&s->wanted, &privilege_refused, s->err);
	if (r >= 0)
		r = alarm_open(s->err);
	if (r >= 0) {
		s->every_call = s->wanted.every_call || (o->pid_count && s->wanted.calls);
		s->filtered = s->wanted.calls && !s->every_call && stop_filter_possible();
		s->every_call |= s->wanted.calls && !s->filtered;
		own_calls(s);
		s->own_filters = instruction_filters(getpid()) + (s->filtered ? 1 : 0);
		if (!o->no_placement && (s->filtered || s->every_call))
			s->place = place_new();
		if (tool->begin)
			tool->begin(s->shared, tool->user);
		r = run(s, s->err);
		if (tool->end)
			tool->end(s->shared, tool->user);
	}
	alarm_close();
	place_free(s->place);
	child_release(&s->child);
	watch_release(&s->watch);
	wanted_release(&s->wanted);
	coroutine_pool_release(&s->stacks);
	free(s->shared);
	free(s);
	return r;
}
