/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that waits for the end of the recorder. If it was killed, the kernel's side is gone with it, but who was stopped or frozen
 * for want of room would wait for ever: which processes were stopped stands in the memory that both have mapped, and the cgroup that was
 * frozen is open in both. Who waits inside the kernel is let go by the kernel itself.
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

/* Descriptors that stay: the others may hold the programs in the kernel, which must go when the recorder does. */
enum { ALIVE, PARENT, GROUP, CLOSED };

static void keep(int alive, struct freezer *f)
{
	int from[CLOSED] = { alive, f->parent, f->group };

	for (int i = 0; i < CLOSED; i++)
		if (from[i] >= 0)
			from[i] = fcntl(from[i], F_DUPFD, CLOSED);
	for (int i = 0; i < CLOSED; i++)
		if (from[i] >= 0)
			dup2(from[i], i);
		else
			close(i);
	syscall(SYS_close_range, CLOSED, ~0u, 0);
	if (f->group >= 0) {
		f->parent = PARENT;
		f->group = GROUP;
	}
}

static void wait_for_end(struct recorder *r, int alive, struct freezer *f)
{
	int signals[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP };
	char byte;
	ssize_t n;

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		signal(signals[i], SIG_IGN);
	/* who kills all that a terminal or a shell has started does not mean this one */
	setsid();
	prctl(PR_SET_NAME, "seam-guard");
	keep(alive, f);
	do
		n = read(ALIVE, &byte, 1);
	while (n < 0 && errno == EINTR);
	if (n == 0) {
		freezer_dissolve(f);
		/* the kernel takes the programs away a little later: until then they may stop others */
		for (int i = 0; i < RELIEVE_TIMES; i++) {
			recorder_relieve(r);
			usleep(RELIEVE_US);
		}
	}
	_exit(0);
}

int guard_start(struct guard *g, struct recorder *r, struct freezer *f, struct seam_err *err)
{
	int ends[2], e;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return seam_err_errno(err, -errno, "no pipe to the recorder's guard");
	g->pid = fork();
	if (g->pid == 0) {
		close(ends[1]);
		wait_for_end(r, ends[0], f);
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
