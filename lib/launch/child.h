/* SPDX-License-Identifier: BSD-2-Clause */
/* Starts the command that is recorded, and holds it before its first instruction. */
#ifndef LAUNCH_CHILD_H
#define LAUNCH_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "launch/watch.h"
#include "seam/err.h"

struct child {
	pid_t pid;
	int go;    /* closing it lets the child run its program */
	int failed; /* says why it could not */
};

#define CHILD_NONE { 0, -1, -1 }

struct child_how {
	char **command;            /* looked for along PATH, as a shell does */
	bool away;                 /* its standard output is our standard error, since ours has the trace */
	const struct watch *watch; /* its signals are what they were before it */
	int (*prepare)(void *user); /* run in the child before it runs its program; a negative errno: it does not. NULL: nothing to do */
	void *user;
};

int child_start(struct child *c, const struct child_how *how, struct seam_err *err);
/* It runs the program now, unless it has been killed meanwhile, which who waits for it is told; ... */
int child_let_go(struct child *c, char **command, struct seam_err *err);
/* ... and this waits until it does; an error if that is not possible, and the child is gone. Reaped: somebody has waited for it already. */
int child_runs(struct child *c, char **command, bool reaped, struct seam_err *err);
/* Both. */
int child_go(struct child *c, char **command, struct seam_err *err);
/* Ends it if it has not been let go. */
void child_release(struct child *c);

#endif
