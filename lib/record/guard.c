/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that waits for the end of the recorder. If it was killed, the kernel's side is gone with it, but who was stopped for
 * want of room would wait for ever: which processes these are stands in the memory that both have mapped.
 */
#include "record/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define RELIEVE_TIMES 100
#define RELIEVE_US 20000

static void wait_for_end(struct recorder *r, int alive)
{
	char byte;
	ssize_t n;
	int signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_IGN);
	prctl(PR_SET_NAME, "seam-guard");
	/* The programs in the kernel must go when the recorder does: nothing here may hold them. */
	dup2(alive, 0);
	syscall(SYS_close_range, 1, ~0u, 0);
	do
		n = read(0, &byte, 1);
	while (n < 0 && errno == EINTR);
	/* The programs in the kernel go a moment after their recorder, and stop processes until then. */
	for (int i = 0; n == 0 && i < RELIEVE_TIMES; i++) {
		recorder_relieve(r);
		usleep(RELIEVE_US);
	}
	_exit(0);
}

int guard_start(struct guard *g, struct recorder *r, struct seam_err *err)
{
	int ends[2], e;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return seam_err_errno(err, -errno, "no pipe to the recorder's guard");
	g->pid = fork();
	if (g->pid == 0) {
		close(ends[1]);
		wait_for_end(r, ends[0]);
	}
	e = errno;
	close(ends[0]);
	if (g->pid < 0) {
		close(ends[1]);
		*g = (struct guard)GUARD_NONE;
		return seam_err_errno(err, -e, "no process for the recorder's guard");
	}
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
