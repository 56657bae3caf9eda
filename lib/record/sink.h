/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the blocks of a recording go. */
#ifndef RECORD_SINK_H
#define RECORD_SINK_H

#include "seam/recording.h"
#include "seam/trace.h"
#include "trace/builder.h"

#define SINK_NEVER UINT64_MAX

/*
 * What a kind of sink does; @sink is the first member of its own structure. After a failure block() and turn() may be called
 * again, and fail with the same sentence.
 */
struct sink;
struct sink_ops {
	/* One block of records; @records are copied. NULL: there are only those who see what it is made of. */
	int (*block)(struct sink *s, const struct trace_block *head, const void *records, struct seam_err *err);
	/* When turn() wants to be called, in nanoseconds of CLOCK_MONOTONIC; 0: at once, SINK_NEVER. NULL: never. */
	uint64_t (*due)(const struct sink *s);
	/* What comes now is in another file; no record in it is before this time. */
	int (*turn)(struct sink *s, uint64_t begins, struct seam_err *err);
	/*
	 * The tasks whose open descriptors should be written down again, since a file may begin here that has not seen them opened; NULL:
	 * there is no need, or it has been asked already. NULL itself: never.
	 */
	const struct seam_tasks *(*look)(struct sink *s);
	/* The command is this process, which is not known to who opens the sink before it. NULL: nobody cares. */
	void (*command)(struct sink *s, pid_t pid);
	/* No more blocks will come. */
	int (*finish)(struct sink *s, struct seam_err *err);
	/* Adds what is known of the files to the result. */
	void (*tell)(struct sink *s, struct seam_record_result *ret);
	void (*free)(struct sink *s);
};

struct sink {
	const struct sink_ops *ops;
	/* Sees what sink_build() is given, before it is built; NULL: nobody does. */
	void (*see)(void *user, const struct seam_event *e, uint32_t stream);
	void *see_user;
};

/* trace_build() into a builder without a writer, whose full blocks go to the sink. */
int sink_build(struct sink *s, struct trace_builder *b, const struct seam_event *e, struct seam_err *err);
/* What is left in it. */
int sink_build_end(struct sink *s, struct trace_builder *b, struct seam_err *err);

#endif
