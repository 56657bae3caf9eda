/* SPDX-License-Identifier: BSD-2-Clause */
/* What the examples of this folder have in common: they go through a trace that "seam record" has written. */
#ifndef EXAMPLES_TRACE_MAIN_H
#define EXAMPLES_TRACE_MAIN_H

#include <stdio.h>
#include <string.h>

#include "seam/trace.h"

/* The trace that the command line names, "seam.trace" if none; NULL: it has been said why not. */
static inline struct seam_trace *open_trace(int argc, char **argv, const struct seam_trace_options *options)
{
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_trace *t = NULL;

	if (seam_trace_open(&t, argc > 1 ? argv[1] : "seam.trace", options, &err) < 0)
		fprintf(stderr, "%s: %s\n", argv[0], err.text);
	return t;
}

/* The next event, NULL: there is no more. What is missing in a trace is an event too, and said here, so that no example forgets it. */
static inline const struct seam_event *next_event(struct seam_trace *t, int *ret_status)
{
	struct seam_err err = SEAM_ERR_INIT;
	const struct seam_event *e;
	int r = seam_trace_next(t, &e, &err);

	if (r < 0)
		fprintf(stderr, "%s\n", err.text);
	else if (r && e->kind == SEAM_EVENT_DAMAGE)
		fprintf(stderr, "%s\n", e->damage.text);
	else if (r && (e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP))
		fprintf(stderr, "%llu records are missing\n", (unsigned long long)e->loss.count);
	if (r < 0 || (r && (e->kind == SEAM_EVENT_DAMAGE || e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP)))
		*ret_status = 1;
	return r > 0 ? e : NULL;
}

static inline bool is_call(const struct seam_event *e)
{
	return e->kind == SEAM_EVENT_CALL || e->kind == SEAM_EVENT_ENTRY || e->kind == SEAM_EVENT_UNKNOWN;
}

static inline const char *call_name(const struct seam_event *e)
{
	const struct seam_call *c = seam_call_by_number(&seam_tables, (enum seam_arch)e->arch, e->number);

	return c ? seam_string(&seam_tables, c->name) : "unknown";
}

#endif
