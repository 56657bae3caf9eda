/* SPDX-License-Identifier: BSD-2-Clause */
/* What the file that reads a trace and chooses from it shares with those that print an event as a line or as an object. */
#ifndef SHOW_SHOW_PARTS_H
#define SHOW_SHOW_PARTS_H

#include <stdint.h>
#include <time.h>

#include "seam/deeds.h"
#include "seam/show.h"
#include "seam/text.h"
#include "seam/trace.h"
#include "filter/event-view.h"
#include "show/exec-args.h"
#include "show/tree.h"

struct show {
	const struct seam_show_options *o;
	struct seam_show_result *result;
	const char *path;  /* as the user wrote it */
	char *file;        /* the piece of it under way */
	struct seam_trace *trace;
	struct seam_tasks *tasks;
	struct exec_args *execs;
	struct seam_files *files;
	struct seam_deeds *deeds; /* NULL: calls are shown */
	struct tree *tree; /* NULL: it is not asked for */
	struct seam_out *out;
	struct seam_text text;
	struct seam_env env;
	struct seam_filter *filter;
	struct event_view view;
	bool begun;        /* the following is known */
	bool over;         /* nothing after this is wanted */
	uint64_t from, to; /* what is shown */
	uint64_t began;    /* of the trace */
	uint64_t realtime; /* to add for the time of day */
	uint64_t before;   /* time of the line before */
	int64_t day;       /* of the seconds that `broken` is for */
	struct tm broken;
	uint8_t forks[128]; /* bits: calls with these numbers may make a task */
	uint64_t line;     /* where the present one begins in the output */
};

static inline bool show_is_call(const struct seam_event *e)
{
	return e->kind == SEAM_EVENT_CALL || e->kind == SEAM_EVENT_ENTRY || e->kind == SEAM_EVENT_UNKNOWN;
}

/* Sets the text's call to the event's. */
void show_prepare(struct show *s, const struct seam_event *e);
/* What line it begins with. */
void show_head(struct show *s, uint32_t tid, uint64_t time);
/* The event as a line for people, or as several, or none. */
void show_line(struct show *s, const struct seam_event *e);
/* The event as one JSON object on a line of its own. */
void show_object(struct show *s, const struct seam_event *e);

#endif
