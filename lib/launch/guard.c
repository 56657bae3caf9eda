/* SPDX-License-Identifier: BSD-2-Clause */
/* A process that waits for the end of another: if that was killed, it does what has to be done, for which all that it needs is in memory that both have mapped, or open in both. */
#include "launch/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALIVE 0

/* Descriptors that stay: the others may hold what must go when the guarded process does. */
static void keep(int alive, const struct guard_how *how)
{
	int first = (int)how->fd_count + 1, from[GUARD_FDS + 1] = { fcntl(alive, F_DUPFD, first) };

	for (int i = 1; i < first; i++)
		from[i] = *how->fds[i - 1] >= 0 ? fcntl(*how->fds[i - 1], F_DUPFD, first) : -1;
	for (int i = 0; i < first; i++) {
		if (from[i] >= 0)
			dup2(from[i], i);
		else
			close(i);
		if (i > 0)
			*how->fds[i - 1] = from[i] >= 0 ? i : -1;
	}
	closefrom(first);
}

static void wait_for_end(int alive, const struct guard_how *how)
{
	int signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	char byte;
	ssize_t n;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_IGN);
	/* who kills all that a terminal or a shell has started does not mean this one */
	setsid();
	prctl(PR_SET_NAME, "seam-guard");
	keep(alive, how);
	do
		n = read(ALIVE, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 0)
		how->lost(how->user);
	_exit(0);
}

int guard_start(struct guard *g, const struct guard_how *how, struct seam_err *err)
{
	int ends[2], e;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return seam_err_errno(err, -errno, "no pipe to the guard");
	pid = fork();
	/* *g may lie in memory that both have: the child must not write to it */
	if (pid == 0) {
		close(ends[1]);
		wait_for_end(ends[0], how);
	}
	e = errno;
	close(ends[0]);
	if (pid < 0) {
		close(ends[1]);
		*g = (struct guard)GUARD_NONE;
		return seam_err_errno(err, -e, "no process for the guard");
	}
	g->pid = pid;
	g->alive = ends[1];
	return 0;
}

void guard_end(struct guard *g)
{
	if (g->alive < 0)
		return;
	if (write(g->alive, "", 1) != 1)
		kill(g->pid, SIGKILL);
	close(g->alive);
	waitpid(g->pid, NULL, 0);
	*g = (struct guard)GUARD_NONE;
}
