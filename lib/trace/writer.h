/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a trace: metadata, then blocks as the engines have filled them, then the index. Records are not looked at. */
#ifndef TRACE_WRITER_H
#define TRACE_WRITER_H

#include "base/buf.h"
#include "seam/calls.h"
#include "seam/err.h"
#include "trace/record.h"

struct trace_writer_options {
	enum seam_arch arch; /* of the machine */
	unsigned codec;      /* TRACE_RAW, TRACE_ZSTD */
	int level;           /* of zstd; 0: its default */
	unsigned queue;      /* blocks that may wait for a thread that compresses and writes; 0: no thread, at once */
};

struct trace_writer;

/*
 * Creates or empties the file and writes the metadata; "-" is standard output. Only its owner may read it: it has what programs read and
 * wrote. @meta: lines of trace_meta_add().
 */
int trace_writer_open(struct trace_writer **ret, const char *path, const struct trace_writer_options *options,
		      const struct buf *meta, struct seam_err *err);

/*
 * One block of records. Of @head the caller has set size, stream, records, sequence, first, last and lost; @records are
 * copied. Waits while the queue is full. Several threads may call it; the blocks of one stream must come in order. If
 * anything could not be written, this and all later calls fail with the same sentence, also when it was an earlier block;
 * the file is cut behind the last block that is whole, and stays readable.
 */
int trace_writer_block(struct trace_writer *w, const struct trace_block *head, const void *records,
		       struct seam_err *err);

/* A block whose header is complete, with the bytes that are stored. Only for a writer without a thread. */
int trace_writer_packed(struct trace_writer *w, const struct trace_block *head, const void *stored, struct seam_err *err);

/* The file, which goes on being written, has this name from now on. -EEXIST: there is one already, and this keeps its own. */
int trace_writer_rename(struct trace_writer *w, const char *path, struct seam_err *err);

/* Waits until all that was given is in the file: for those who follow it, and before a fork(). */
int trace_writer_flush(struct trace_writer *w, struct seam_err *err);

/* Writes the index and the end, and closes. A failure that was told before is not told again. */
int trace_writer_finish(struct trace_writer *w, struct seam_err *err);

/* Gives all up; without trace_writer_finish() before it the file is an unfinished one. NULL is fine. */
void trace_writer_free(struct trace_writer *w);

struct trace_writer_stats {
	uint64_t blocks, records, lost; /* lost: as the blocks say */
	uint64_t bytes, stored;         /* of records: as given, as they are in the file */
	uint64_t failed_records;        /* that could not be written */
	uint64_t waits;                 /* times that a caller waited for the queue */
	uint64_t file;                  /* bytes of the file so far; the index will be 32 more for each block */
};
void trace_writer_stats(struct trace_writer *w, struct trace_writer_stats *ret);

#endif
