/* SPDX-License-Identifier: BSD-2-Clause */
/* Arguments and environment of an execve() that has succeeded, from where they survive. */
#ifndef SHOW_EXEC_ARGS_H
#define SHOW_EXEC_ARGS_H

#include "seam/trace.h"

struct exec_args;

struct exec_args *exec_args_new(void);
void exec_args_free(struct exec_args *x);
/* Every event in order. */
void exec_args_see(struct exec_args *x, const struct seam_event *e);
/*
 * The event itself or, if it is an execve() of which the trace lacks memory that the exec has told, one that has it, as the new
 * program finds it: of a script with its interpreter before it. Valid until the next call, and as long as the event is.
 */
const struct seam_event *exec_args_fill(struct exec_args *x, const struct seam_tables *t, const struct seam_event *e);

#endif
