/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whose turn it is. waitpid() looks for tasks that have stopped in an order of its own, so that a few which always stop again before it looks the next time,
 * as on a machine with one processor, would be all that the others ever wait for. So now and then all that have stopped are taken before any goes on.
 */
#ifndef HOOK_TURNS_H
#define HOOK_TURNS_H

#include <stddef.h>
#include <sys/types.h>

struct turn {
	pid_t tid;
	int status;
};

struct turns {
	struct turn *taken;
	size_t count, next, room;
	unsigned alone;  /* waits since all were taken */
};

/* As waitpid() for any child; @options are its. */
pid_t turns_wait(struct turns *t, int options, int *ret_status);
void turns_release(struct turns *t);

#endif
