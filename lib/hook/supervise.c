/* SPDX-License-Identifier: BSD-2-Clause */
/* The supervisor: begins a run, waits for tasks to stop, has them go on as their handlers want it, and ends it. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/err-args.h"
#include "base/time.h"
#include "base/util.h"
#include "hook/alarm.h"
#include "hook/attach.h"
#include "hook/hook-parts.h"
#include "hook/instruction.h"
#include "hook/place.h"
#include "hook/privilege.h"
#include "hook/stop-filter.h"

void supervisor_fail(struct supervisor *s, int code, const char *fmt, ...)
{
	va_list ap;

	if (s->failed)
		return;
	va_start(ap, fmt);
	s->failed = err_set_args(s->err, code, fmt, ap);
	va_end(ap);
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
	enum __ptrace_request how = resume_request(s, t);

	t->signal = 0;
	t->at = TASK_RUNS;
	if (how == PTRACE_CONT)
		t->inside = false;
	/* one that has been killed meanwhile is told to have ended */
	ptrace(how, t->tid, NULL, (void *)(intptr_t)signal);
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
void task_let_go(struct supervisor *s, struct task *t)
{
	place_restore(s->place, t);
	ptrace(PTRACE_DETACH, t->tid, NULL, (void *)(intptr_t)t->signal);
	task_remove(s, t);
}

void task_release_child(struct supervisor *s, struct task *t)
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
		task_release_child(s, t);
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
		task_let_go(s, t);
	else
		resume(s, t);
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
		pid_t pid = turns_wait(&s->turns, WNOHANG, ret_status);

		if (pid > 0)
			return pid;
		s->stop_self = false;
		raise(SIGSTOP);
	}
	return turns_wait(&s->turns, 0, ret_status);
}

static void on_wait(struct supervisor *s, pid_t tid, int status)
{
	struct task *t = task_find(s, tid);

	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		if (t && !t->dead)
			stop_ended(s, t, status);
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
	stop_came(s, t, status);
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
	turns_release(&s->turns);
	watch_release(&s->watch);
	wanted_release(&s->wanted);
	coroutine_pool_release(&s->stacks);
	free(s->shared);
	free(s);
	return r;
}
