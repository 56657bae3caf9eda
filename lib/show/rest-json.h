/* SPDX-License-Identifier: BSD-2-Clause */
/* What events have that are no calls, as members of a JSON object. */
#ifndef SHOW_REST_JSON_H
#define SHOW_REST_JSON_H

#include "seam/text.h"
#include "seam/trace.h"

/* They stand behind others. @x: its tables and its output count. */
void rest_json(struct seam_text *x, const struct seam_event *e);

#endif
