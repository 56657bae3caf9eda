/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recorder waits for: descriptors that become ready, signals, the end of processes, and nothing in between. */
#include "launch/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/time.h"
#include "base/util.h"

#define BLIND_NS (100 * NS_PER_MS)

static const int watched[WATCH_SIGNALS] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE, SIGUSR1 };
static volatile sig_atomic_t stop_asked, snap_asked, has_command;
static void (*volatile nudged)(void);

static void on_signal(int signal, siginfo_t *info, void *context)
{
	(void)context;
	if (signal == SIGUSR1)
		snap_asked = 1;
	else if (has_command && (signal == SIGPIPE || ((signal == SIGINT || signal == SIGQUIT) && info->si_code == SI_KERNEL)))
		return;
	else
		stop_asked = signal;
	if (nudged)
		nudged();
}

void watch_signals(struct watch *w, bool command, bool snap)
{
	struct sigaction a = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };

	stop_asked = snap_asked = 0;
	nudged = NULL;
	has_command = command;
	sigprocmask(SIG_BLOCK, NULL, &w->mask);
	sigemptyset(&w->kept);
	for (int i = 0; i < WATCH_SIGNALS; i++) {
		sigaction(watched[i], NULL, &w->old[i]);
		if (watched[i] == SIGUSR1 && !snap)
			continue;
		/* as nohup has it; that shells ignore what a terminal sends to background jobs means nothing here */
		if (w->old[i].sa_handler == SIG_IGN && (watched[i] == SIGHUP || watched[i] == SIGPIPE))
			continue;
		/* one that was blocked before stays so */
		if (!sigismember(&w->mask, watched[i]))
			sigaddset(&w->kept, watched[i]);
		sigaction(watched[i], &a, NULL);
	}
	sigprocmask(SIG_BLOCK, &w->kept, NULL);
	w->set = true;
}

void watch_at_once(struct watch *w, void (*nudge)(void))
{
	nudged = nudge;
	sigprocmask(SIG_UNBLOCK, &w->kept, NULL);
}

int watch_signal(void)
{
	int signal = stop_asked;

	stop_asked = 0;
	return signal;
}

bool watch_snap(void)
{
	bool asked = snap_asked;

	snap_asked = 0;
	return asked;
}

int watch_early(const struct watch *w, int *ret_signal, struct seam_err *err)
{
	const struct timespec now = { 0 };
	sigset_t set = w->kept;
	int signal;

	sigdelset(&set, SIGPIPE);
	sigdelset(&set, SIGUSR1);
	signal = sigtimedwait(&set, NULL, &now);
	if (signal < 0)
		return 0;
	*ret_signal = signal;
	return seam_err_set(err, -EINTR, "ended by SIG%s before anything was recorded%s", sigabbrev_np(signal),
			    has_command ? "; the command did not run" : "");
}

void watch_restore(const struct watch *w)
{
	if (!w->set)
		return;
	for (int i = 0; i < WATCH_SIGNALS; i++)
		sigaction(watched[i], &w->old[i], NULL);
	sigprocmask(SIG_SETMASK, &w->mask, NULL);
}

void watch_release(struct watch *w)
{
	const struct timespec now = { 0 };

	/* those that come now want what is happening anyway; who wrote to a pipe that nobody reads has seen the error */
	while (w->set && sigtimedwait(&w->kept, NULL, &now) > 0)
		;
	watch_restore(w);
	for (size_t i = 0; i < w->count; i++)
		if (w->pids[i] && w->polled[i].fd >= 0)
			close(w->polled[i].fd);
	free(w->polled);
	free(w->pids);
	*w = (struct watch){ 0 };
}

static void add(struct watch *w, int fd, pid_t pid)
{
	w->polled = xreallocarray(w->polled, w->count + 1, sizeof(*w->polled));
	w->pids = xreallocarray(w->pids, w->count + 1, sizeof(*w->pids));
	w->polled[w->count] = (struct pollfd){ .fd = fd, .events = POLLIN };
	w->pids[w->count++] = pid;
}

void watch_fd(struct watch *w, int fd)
{
	add(w, fd, 0);
}

void watch_process(struct watch *w, pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0 && errno == ESRCH)
		return;
	w->blind += fd < 0;
	w->alive++;
	add(w, fd, pid);
}

/* Which processes have ended. */
static void look(struct watch *w)
{
	for (size_t i = 0; i < w->count; i++) {
		bool blind = w->polled[i].fd < 0;

		if (!w->pids[i])
			continue;
		if (blind ? kill(w->pids[i], 0) == 0 || errno == EPERM : !w->polled[i].revents)
			continue;
		if (blind)
			w->blind--;
		else
			close(w->polled[i].fd);
		w->polled[i].fd = -1;
		w->pids[i] = 0;
		w->alive--;
	}
}

void watch_wait(struct watch *w, uint64_t until)
{
	uint64_t now = time_mono_ns();
	struct timespec left = { 0 };

	if (w->blind)
		until = MIN(until, now + BLIND_NS);
	if (until > now) {
		left.tv_sec = (time_t)((until - now) / NS_PER_S);
		left.tv_nsec = (long)((until - now) % NS_PER_S);
	}
	if (ppoll(w->polled, w->count, until == UINT64_MAX ? NULL : &left, &w->mask) >= 0) {
		/* where something is always ready, ppoll() lets no signal through */
		sigprocmask(SIG_UNBLOCK, &w->kept, NULL);
		sigprocmask(SIG_BLOCK, &w->kept, NULL);
		look(w);
	}
}
