/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens beside calls, as text and JSON: io_uring, images, page faults. */
#ifndef SHOW_BESIDE_H
#define SHOW_BESIDE_H

#include <stdbool.h>

#include "seam/out.h"
#include "seam/text.h"
#include "seam/trace.h"

/* Whether it is an event of those; tasks: they that say what a process is made of are wanted too. */
bool beside_is(const struct seam_event *e, bool tasks);
/* The line without its head and its end. @x: its tables and its output count. */
void beside_text(struct seam_text *x, const struct seam_event *e);
/* Members of a JSON object that stand behind others. */
void beside_json(struct seam_text *x, const struct seam_event *e);

#endif
