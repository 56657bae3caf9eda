/* SPDX-License-Identifier: BSD-2-Clause */
/* The supervisor of a command whose programs have the agent: begins it, answers what it is asked, waits for its end. While programs run it has nothing to do with them. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/agent-parts.h"
#include "base/alloc.h"
#include "base/err-args.h"
#include "base/util.h"

_Static_assert(SEAM_AGENT_NUMBERS == AGENT_NUMBERS, "all counts have room");

enum { WATCHED_CHILDREN, WATCHED_LISTENER };

/* How SIGCHLD was before us; the command has it so. */
static struct sigaction child_action;
static sigset_t child_mask;

void agent_fail(struct agent_run *s, int code, const char *fmt, ...)
{
	va_list ap;

	if (s->failed)
		return;
	va_start(ap, fmt);
	s->failed = err_set_args(s->err, code, fmt, ap);
	va_end(ap);
}

static int open_signals(struct agent_run *s)
{
	const struct sigaction plain = { .sa_handler = SIG_DFL };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &child_mask);
	sigaction(SIGCHLD, &plain, &child_action);
	s->child_signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return s->child_signals < 0 ? -errno : 0;
}

static void close_signals(struct agent_run *s)
{
	if (s->child_signals >= 0)
		close(s->child_signals);
	sigaction(SIGCHLD, &child_action, NULL);
	sigprocmask(SIG_SETMASK, &child_mask, NULL);
}

static int prepare_child(void *user)
{
	const struct agent_run *s = user;

	sigaction(SIGCHLD, &child_action, NULL);
	sigprocmask(SIG_SETMASK, &child_mask, NULL);
	return listen_install(s->sender);
}

/* The child has ended before there was a filter. */
static int no_filter(struct agent_run *s, struct seam_err *err)
{
	struct seam_err why = SEAM_ERR_INIT;
	int r = child_runs(&s->child, s->o->command, false, &why);

	if (r == -EBUSY)
		return seam_err_set(err, r, "another supervisor is asked about our programs already: the agent cannot be under itself, nor under others who use seccomp so");
	if (r < 0)
		return seam_err_errno(err, r, "the kernel lets no supervisor be asked about programs (seccomp user notification, Linux 5.9)");
	return seam_err_set(err, -ECHILD, "the command was ended before it began");
}

static void lost(void *user)
{
	const struct agent_run *s = user;

	listen_let_all(s->listener, s->shared->filter_set);
}

static int start(struct agent_run *s, struct seam_err *err)
{
	const struct child_how how = { .command = s->o->command, .away = s->o->away, .watch = &s->watch, .prepare = prepare_child, .user = s };
	int pair[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return seam_err_errno(err, -errno, "no socket to the command");
	s->sender = pair[0];
	s->receiver = pair[1];
	r = child_start(&s->child, &how, err);
	close(s->sender);
	s->sender = -1;
	if (r < 0) {
		s->result->no_command = true;
		return r;
	}
	s->command = s->child.pid;
	r = child_let_go(&s->child, s->o->command, err);
	if (r >= 0)
		r = listen_begin(s, err);
	if (r == -ENOENT)
		return no_filter(s, err);
	if (r >= 0)
		r = guard_start(&s->guard, &(struct guard_how){ lost, s, { &s->listener }, 1 }, err);
	return r;
}

/* As /proc has it; 0: it is not there. */
static char state_of(pid_t pid)
{
	char path[64], line[512] = "";
	const char *end;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f && !fgets(line, sizeof(line), f))
		line[0] = '\0';
	if (f)
		fclose(f);
	end = strrchr(line, ')');
	return end && end[1] ? end[2] : '\0';
}

/* A process that has the supervisor go on when the command does, whoever had it do so: else those who run programs would wait for ever. */
static void watch_stopped(pid_t supervisor, pid_t command)
{
	const struct timespec moment = { 0, 10 * 1000 * 1000 };
	bool stopped = false;

	setsid();
	for (unsigned i = 0; getppid() == supervisor && (stopped || i < 500); i++) {
		bool now = state_of(supervisor) == 'T';

		if (stopped && !now)
			break;
		stopped = now;
		if (stopped && state_of(command) != 'T')
			kill(supervisor, SIGCONT);
		nanosleep(&moment, NULL);
	}
	_exit(0);
}

/* The command has stopped: whoever waits for us shall see that, and may have both go on. */
static void stop_too(struct agent_run *s)
{
	pid_t self = getpid(), watcher;

	if (state_of(self) == '\0' || state_of(s->command) != 'T')
		return;
	watcher = fork();
	if (watcher == 0)
		watch_stopped(self, s->command);
	if (watcher < 0)
		return;
	raise(SIGSTOP);
	kill(watcher, SIGKILL);
	waitpid(watcher, NULL, 0);
	if (state_of(s->command) == 'T')
		kill(s->command, SIGCONT);
}

static void on_wait(struct agent_run *s, pid_t pid, int status)
{
	const struct seized *z = put_find(s, pid);

	if (WIFEXITED(status) || WIFSIGNALED(status)) {
		put_forget(s, pid);
		if (pid == s->command) {
			s->command_ended = true;
			s->status = status;
		}
		return;
	}
	if (!WIFSTOPPED(status))
		return;
	if (status >> 16 || (z && z->attached))
		put_stopped(s, pid, status);
	else if (pid == s->command)
		stop_too(s);
}

static void reap(struct agent_run *s)
{
	struct signalfd_siginfo drop[8];
	int status;
	pid_t pid;

	while (read(s->child_signals, drop, sizeof(drop)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | __WALL)) > 0)
		on_wait(s, pid, status);
}

static void supervise(struct agent_run *s)
{
	bool nobody = false;

	watch_fd(&s->watch, s->child_signals);
	watch_fd(&s->watch, s->listener);
	while (!nobody || !s->command_ended) {
		short asked;
		int signal;

		watch_wait(&s->watch, UINT64_MAX);
		signal = watch_signal();
		if (signal && !s->command_ended)
			kill(s->command, signal);
		/* before what is asked: whoever has stopped waits */
		if (s->watch.polled[WATCHED_CHILDREN].revents)
			reap(s);
		asked = s->watch.polled[WATCHED_LISTENER].revents;
		if (asked & POLLIN)
			listen_take(s);
		else if (asked)
			nobody = true;
		if (nobody)
			s->watch.polled[WATCHED_LISTENER].fd = -1;
		if (s->failed && !s->command_ended)
			kill(s->command, SIGKILL);
	}
}

static void take_counts(struct agent_run *s)
{
	const struct agent_shared *m = s->shared;
	struct seam_agent_result *r = s->result;

	r->status = s->status;
	r->by_filter = m->by_filter;
	r->programs = m->images;
	r->threads = m->threads;
	r->traps = m->traps;
	r->deferred = m->deferred;
	r->refused = m->refused;
	r->narrow = m->narrow;
	r->others = m->others;
	for (unsigned i = 0; i < AGENT_NUMBERS; i++)
		r->calls[i] += m->calls[i];
}

static int run(struct agent_run *s, struct seam_err *err)
{
	int r = agent_memory_make(s, err);

	if (r >= 0)
		r = start(s, err);
	if (r < 0)
		return r;
	supervise(s);
	take_counts(s);
	if (s->failed)
		return s->failed;
	r = child_runs(&s->child, s->o->command, true, err);
	s->result->no_command = r < 0;
	return r;
}

int seam_agent_run(const struct seam_agent_options *o, struct seam_agent_result *ret, struct seam_err *err)
{
	struct seam_err none = SEAM_ERR_INIT;
	struct agent_run *s = xcalloc(1, sizeof(*s));
	int r;

	*ret = (struct seam_agent_result){ 0 };
	s->o = o;
	s->result = ret;
	s->err = err ? err : &none;
	s->blob_fd = s->shared_fd = s->listener = s->sender = s->receiver = s->child_signals = -1;
	s->guard = (struct guard)GUARD_NONE;
	s->child = (struct child)CHILD_NONE;
	r = open_signals(s);
	if (r < 0)
		r = seam_err_errno(s->err, r, "no descriptor for signals");
	watch_signals(&s->watch, true, false);
	if (r >= 0)
		r = run(s, s->err);
	guard_end(&s->guard);
	child_release(&s->child);
	watch_release(&s->watch);
	close_signals(s);
	listen_release(s);
	if (s->receiver >= 0)
		close(s->receiver);
	agent_memory_release(s);
	free(s->seized);
	free(s);
	return r;
}
