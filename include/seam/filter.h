/* SPDX-License-Identifier: BSD-2-Clause */
/* Which events are wanted: the expressions of --where, read once and asked of every event. doc/filter.md is the language. */
#ifndef SEAM_FILTER_H
#define SEAM_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What an expression can ask of an event. The first ones are numbers, the last ones strings; a cgroup is both. */
enum seam_filter_field {
	SEAM_FILTER_ARG0,    /* to 5: the registers; as a string: what the argument points to */
	SEAM_FILTER_RET = 6, /* as the kernel returns it: errors are negative */
	SEAM_FILTER_DURATION, /* nanoseconds */
	SEAM_FILTER_PID,
	SEAM_FILTER_TID,
	SEAM_FILTER_PPID,
	SEAM_FILTER_UID,
	SEAM_FILTER_CGROUP, /* its id; as a string its path below the root of the hierarchy: "/a/b" */
	SEAM_FILTER_COMM,   /* at most 15 bytes */
	SEAM_FILTER_EXE,
	SEAM_FILTER_PATH, /* those that the call names, and of its descriptors where they are known */
	SEAM_FILTER_FIELDS
};

enum seam_filter_known { SEAM_FILTER_NOT_KNOWN = -1, SEAM_FILTER_ABSENT = 0, SEAM_FILTER_KNOWN = 1 };

/*
 * One event, asked only for what the answer needs. A field is known, or it is not known (yet), or there is none: a call
 * that is under way has a result that is not known, a signal has none. A comparison with what is absent is false.
 */
struct seam_filter_view {
	const struct seam_call *call; /* of the filter's architecture, or of the 32-bit one beside it; NULL: its number is not in the tables */
	enum seam_filter_known (*number)(void *user, enum seam_filter_field field, uint64_t *ret);
	/*
	 * The @index-th string of the field, valid until the next question.
	 * ABSENT: there are no more; NOT_KNOWN: neither this one nor those after it are known.
	 */
	enum seam_filter_known (*string)(void *user, enum seam_filter_field field, unsigned index, const char **ret);
	void *user;
};

struct seam_filter_options {
	const struct seam_tables *t; /* NULL: seam_tables */
	enum seam_arch arch;
	/* A call that only other architectures have is no error, and no event is one: for the 32-bit calls of a machine. */
	bool lenient;
	/* A bit (1 << enum seam_filter_field) for each of uid and cgroup that a trace does not tell: to ask for it is an error. */
	uint32_t untold;
};

struct seam_filter;

/*
 * Reads an expression. What is wrong is one message with its column, the expression and a caret below it. -EINVAL, or
 * -E2BIG if the expression is too large. *ret is the caller's, who frees it; the tables must live as long.
 */
int seam_filter_new(const char *text, const struct seam_filter_options *options, struct seam_filter **ret,
		    struct seam_err *err);
void seam_filter_free(struct seam_filter *f); /* NULL is fine */

/* A bit (1 << enum seam_filter_field) for each field that may be asked for: what else an event has need not be found out. */
uint32_t seam_filter_uses(const struct seam_filter *f);

enum seam_filter_answer { SEAM_FILTER_NO, SEAM_FILTER_YES, SEAM_FILTER_UNKNOWN };

/* UNKNOWN: it depends on what is not known. No memory is allocated; several threads may ask the same filter. */
enum seam_filter_answer seam_filter_ask(const struct seam_filter *f, const struct seam_filter_view *view);

/* The same as a decision: @unknown is what is done with an event of which it cannot be told. */
static inline bool seam_filter_keeps(const struct seam_filter *f, const struct seam_filter_view *view, bool unknown)
{
	enum seam_filter_answer answer = seam_filter_ask(f, view);

	return answer == SEAM_FILTER_UNKNOWN ? unknown : answer == SEAM_FILTER_YES;
}

#ifdef __cplusplus
}
#endif
#endif
