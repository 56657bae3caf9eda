/* SPDX-License-Identifier: BSD-2-Clause */
/* Sees to it that nothing stays as nobody wants it when we are killed. */
#ifndef LAUNCH_GUARD_H
#define LAUNCH_GUARD_H

#include <stddef.h>
#include <sys/types.h>

#include "seam/err.h"

#define GUARD_FDS 2

struct guard {
	pid_t pid;
	int alive; /* closed by our death */
};

#define GUARD_NONE { 0, -1 }

struct guard_how {
	void (*lost)(void *user); /* run in the guard, a process of its own, when we are gone */
	void *user;
	int *fds[GUARD_FDS];      /* descriptors that it needs, -1 if there is none; in the guard they have other numbers */
	size_t fd_count;
};

/* Before there is another thread. */
int guard_start(struct guard *g, const struct guard_how *how, struct seam_err *err);
/* All has ended as it should. */
void guard_end(struct guard *g);

#endif
