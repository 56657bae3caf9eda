/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of a trace: who made whom, what they ran, and how they ended. */
#ifndef SHOW_TREE_H
#define SHOW_TREE_H

#include "seam/show.h"
#include "seam/trace.h"

struct tree;

struct tree *tree_new(void);
void tree_free(struct tree *t);
/* Shows it every event, in order; counted: it is a call that the reader asked for. */
void tree_see(struct tree *t, const struct seam_event *e, bool counted);
/*
 * A line, or an object, for each process; those that one made stand below it. began: the time that all others count from. With
 * pids given only these and those that come from them.
 */
void tree_print(struct tree *t, const struct seam_show_options *o, uint64_t began, struct seam_out *out);

#endif
