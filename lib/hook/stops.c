/* SPDX-License-Identifier: BSD-2-Clause */
/* What it means that a task has stopped, and which handlers are to be run for that. */
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "calls/traits.h"
#include "hook/attach.h"
#include "hook/hook-parts.h"
#include "hook/place.h"
#include "hook/stop-info.h"

#define SYSCALL_STOP (SIGTRAP | 0x80)

/* --- Calls. */

static const struct seam_variant *variant_of(struct supervisor *s, struct seam_hook *h, const struct seam_call *described)
{
	struct seam_env env;

	if (!described || !(described->flags & SEAM_CALL_DESCRIBED))
		return NULL;
	hook_env(h, &env);
	/* what the memory of a 32-bit program means is not known */
	if (h->compat)
		env.read = NULL;
	return seam_call_variant(s->t, described, &env);
}

static void describe_call(struct supervisor *s, struct task *t, const struct arch_call *call, struct seam_hook *ret)
{
	const struct seam_call *described;

	*ret = (struct seam_hook){ .tid = (uint32_t)t->tid, .number = call->number };
	ret->arch = t->compat ? arch_compat() : seam_arch_native();
	ret->compat = t->compat;
	memcpy(ret->args, call->args, sizeof(ret->args));
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
	else if (own == OWN_FILTER || (own == OWN_PRCTL && h->args[0] == PR_SET_SECCOMP))
		t->process->filters = true;
	else if (own == OWN_PTRACE)
		refuse(t, EPERM, h->compat);
}

static void on_entry(struct supervisor *s, struct task *t, const struct arch_call *call)
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
	list = wanted_call(&s->wanted, t->compat, call->number);
	if (!list && !t->fresh && own_call(s, t->compat, call->number) == OWN_NOT)
		return;
	describe_call(s, t, call, &about);
	if (t->fresh && !executes(s, &about))
		return;
	t->fresh = false;
	concern_ourselves(s, t, &about);
	hook_begin(s, t, SEAM_OCCASION_CALL, list, &about);
}

static void on_syscall_stop(struct supervisor *s, struct task *t, bool seccomp)
{
	struct stop_info info;

	if (stop_info(s, t, seccomp, &info) < 0)
		return;
	t->compat = info.call.compat;
	if (info.side == STOP_ENTRY) {
		on_entry(s, t, &info.call);
	} else if (info.side == STOP_EXIT) {
		t->at = TASK_AT_EXIT;
		if (t->top && t->top->want == HOOK_WANTS_EXIT) {
			t->top->result = info.call.ret;
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
		t->inside = true;
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
		task_let_go(s, t);
		return;
	}
	t->at = TASK_RUNS;
	ptrace(PTRACE_LISTEN, t->tid, NULL, NULL);
	if (t->tid == s->first && signal != SIGSTOP && getpgid(t->tid) == getpgrp())
		s->stop_self = true;
}

void stop_came(struct supervisor *s, struct task *t, int status)
{
	int signal = WSTOPSIG(status), event = status >> 16;

	s->result->stops++;
	t->at = TASK_AT_EVENT;
	/* for who has to know by himself (stop-info.h) */
	if (event)
		t->inside = event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_EXEC;
	else if (signal != SYSCALL_STOP)
		t->inside = false;
	place_stop(s->place, t);
	switch (event) {
	case 0:
		if (signal == SYSCALL_STOP)
			on_syscall_stop(s, t, false);
		else
			on_signal_stop(s, t, signal);
		break;
	case PTRACE_EVENT_SECCOMP:
		on_syscall_stop(s, t, true);
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

void stop_ended(struct supervisor *s, struct task *t, int status)
{
	enum seam_occasion occasion = WIFSIGNALED(status) ? SEAM_OCCASION_KILLED_BY_SIGNAL : SEAM_OCCASION_PROCESS_EXITED;
	struct seam_hook about = { .status = status, .signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0 };
	pid_t tid = t->tid;

	if (t->holds)
		task_release_child(s, t);
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
