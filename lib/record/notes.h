/* SPDX-License-Identifier: BSD-2-Clause */
/* What blocks say of tasks: who was made, runs what, has which images, has ended. It is kept when the blocks are not. */
#ifndef RECORD_NOTES_H
#define RECORD_NOTES_H

#include <sys/types.h>

#include "base/buf.h"
#include "record/seen-images.h"
#include "seam/trace.h"
#include "trace/builder.h"

/* Appends what the records of the block say. They are ours: what does not fit is left out, and nothing is said of it. */
void notes_take(struct buf *notes, const struct trace_block *head, const void *records);

/* All that was noted up to some time. */
struct noted {
	struct seam_tasks *tasks;
	struct seen_images images;
};

void noted_init(struct noted *n);
void noted_release(struct noted *n);
/* In the order in which it was taken. */
void notes_apply(const struct buf *notes, struct noted *to);

/* A process that a signal has ended which means that it crashed; 0: the notes have none. The status is as wait() has it. */
pid_t notes_crash(const struct buf *notes, int *ret_status);
/* How this process has ended, as wait() has it, if the notes say so. */
bool notes_end_of(const struct buf *notes, pid_t pid, int *ret_status);

/*
 * Tells the builder, which has a writer, of the tasks that had not ended by this time, and of what stands in their memory to be run, as
 * records of it: for the beginning of a file that does not have what made them.
 */
int noted_build(struct trace_builder *b, const struct noted *n, uint64_t time, struct seam_err *err);
/* What the recorder knows of a command that it has started. */
void noted_command(struct noted *n, pid_t command);

#endif
