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
	int pidfd;
	int go;    /* closing it lets the child run its program */
	int failed; /* says why it could not */
};

#define CHILD_NONE { 0, -1, -1, -1 }

/*
 * The program is looked for along PATH, as a shell does. away: its standard output is our standard error, since ours has the trace.
 * Its signals are what they were before the watch.
 */
int child_start(struct child *c, char **command, bool away, const struct watch *watch, struct seam_err *err);
/* It runs the program now; an error if that is not possible, and the child is gone. */
int child_go(struct child *c, char **command, struct seam_err *err);
/* Ends it if it has not been let go. */
void child_release(struct child *c);

#endif
