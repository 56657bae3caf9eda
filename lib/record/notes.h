/* SPDX-License-Identifier: BSD-2-Clause */
/* What blocks say of tasks: who was made, runs what, has ended. It is kept when the blocks are not. */
#ifndef RECORD_NOTES_H
#define RECORD_NOTES_H

#include <sys/types.h>

#include "base/buf.h"
#include "seam/trace.h"
#include "trace/builder.h"

/* Appends what the records of the block say. They are ours: what does not fit is left out, and nothing is said of it. */
void notes_take(struct buf *notes, const struct trace_block *head, const void *records);
/* Shows it to the tasks, in the order in which it was taken. */
void notes_apply(const struct buf *notes, struct seam_tasks *tasks);

/* How this process has ended, as wait() has it, if the notes say so. */
bool notes_end_of(const struct buf *notes, pid_t pid, int *ret_status);

/*
 * Tells the builder, which has a writer, of the tasks that had not ended by this time, as records of it: for the beginning of a file that
 * does not have what made them.
 */
int notes_build_tasks(struct trace_builder *b, const struct seam_tasks *tasks, uint64_t time, struct seam_err *err);
/* What the recorder knows of a command that it has started. */
void notes_command(struct seam_tasks *tasks, pid_t command);

#endif
