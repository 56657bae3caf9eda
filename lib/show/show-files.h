/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors and paths in what is shown: their names, and which calls have to do with the ones that are asked for. */
#ifndef SHOW_SHOW_FILES_H
#define SHOW_SHOW_FILES_H

#include "seam/open-files.h"
#include "seam/show.h"
#include "seam/text.h"

/* For struct seam_text.descriptor; @user: struct seam_files. */
const char *show_files_descriptor(void *user, int fd, enum seam_when when);
/* Whether the call is one of those that --path and --fd ask for. */
bool show_files_wanted(struct seam_files *f, const struct seam_show_options *o);
/* ,"files":{"fd":"/etc/passwd"}: what arguments and the result stand for; nothing if nobody knows. */
void show_files_json(struct seam_files *f, const struct seam_tables *t, const struct seam_variant *v, struct seam_out *out);

/* "*** has 3: ... ***", and the members of the same: what a task had open before. */
void show_files_text(struct seam_text *x, const struct seam_event *e);
void show_files_json_rest(struct seam_out *out, const struct seam_event *e);

#endif
