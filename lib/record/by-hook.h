/* SPDX-License-Identifier: BSD-2-Clause */
/* Recording by handlers at calls, where the kernel takes no recorder: by ptrace, without any privilege. */
#ifndef RECORD_BY_HOOK_H
#define RECORD_BY_HOOK_H

#include "seam/recording.h"

/* Who is told of events as they happen, instead of a file. */
struct by_hook_observer {
	void (*event)(void *user, const struct seam_event *e);
	void *user;
};

/* 0, or a sentence about what of the options this cannot do, and what would be needed. */
int by_hook_may(const struct seam_record_options *o, struct seam_err *err);
/* As seam_record(). @observer: NULL: into files, as the options say. */
int record_by_hook(const struct seam_record_options *o, const struct by_hook_observer *observer, struct seam_record_result *ret,
		   struct seam_err *err);

#endif
