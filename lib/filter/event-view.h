/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as filter expressions see it. */
#ifndef FILTER_EVENT_VIEW_H
#define FILTER_EVENT_VIEW_H

#include "seam/open-files.h"
#include "seam/filter.h"
#include "seam/trace.h"

struct event_view {
	const struct seam_event *event;
	const struct seam_tasks *tasks;
	struct seam_files *files; /* NULL: paths are those of the arguments as they stand there */
	bool blind;               /* with that: what is relative, or a descriptor, is not known */
	const struct seam_tables *t;
	const struct seam_call *call;
	struct seam_task task;
	char text[4096];
};

struct seam_filter_view event_view_of(struct event_view *v);

#endif
