/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes records of events: for producers in user space, which fill in a struct seam_event as a reader gives it. */
#ifndef TRACE_BUILDER_H
#define TRACE_BUILDER_H

#include "base/buf.h"
#include "seam/trace.h"
#include "trace/memo.h"
#include "trace/writer.h"

/* One stream. All members but those named here are the builder's own. */
struct trace_builder {
	struct trace_block head; /* of the block that is being filled; ready for trace_writer_block() with data.data */
	struct buf data;
	size_t limit;                /* bytes after which a block is full */
	struct trace_writer *writer; /* takes full blocks; NULL: the caller looks at head.size and calls trace_builder_next() */
	struct trace_memo memo;
	uint64_t sequence; /* of the next record */
	uint64_t time;     /* of the record before */
	uint32_t task;
	bool has_task;
};

/* @limit: 0: 256 KiB; at most 8 MiB, so that a large record still fits behind it. */
void trace_builder_init(struct trace_builder *b, uint32_t stream, size_t limit, struct trace_writer *writer);
void trace_builder_release(struct trace_builder *b);

/*
 * Appends the event, in as many records as it takes: a call's memory that does not fit goes into MORE records, a long time
 * needs a CLOCK. Of the event count kind, time and tid, and what the kind has; a call's number must be less than 65536 unless
 * it is SEAM_EVENT_UNKNOWN. Time that goes backwards is taken for that of the record before. With a writer full blocks are
 * written, and its failures come back; -EINVAL: this cannot be expressed.
 */
int trace_build(struct trace_builder *b, const struct seam_event *e, struct seam_err *err);

/* Writes what is there, if there is a writer, and begins the next block. */
int trace_builder_flush(struct trace_builder *b, struct seam_err *err);
/* Begins the next block of the stream, empty. */
void trace_builder_next(struct trace_builder *b);

#endif
