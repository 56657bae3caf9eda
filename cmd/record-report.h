/* SPDX-License-Identifier: BSD-2-Clause */
/* What seam record says while it works, and at its end. */
#ifndef RECORD_REPORT_H
#define RECORD_REPORT_H

#include "seam/out.h"
#include "seam/recording.h"

struct report {
	struct seam_out *out; /* standard error */
	double last_seconds;
	uint64_t last_calls;
	bool shown; /* a line stands there that has to go */
};

/* As progress of struct seam_record_options, with a struct report as user: one line that renews itself. */
void report_progress(void *report, const struct seam_record_progress *p);
/* Removes that line. */
void report_clear(struct report *report);
void report_summary(struct seam_out *out, const struct seam_record_options *o, const struct seam_record_result *r);
/* A file of a flight recorder, told by . */
void report_snapshot(struct seam_out *out, const char *who, const struct seam_snapshot *shot);
/* As snapped of struct seam_record_options, with a struct report as user. */
void report_snapped(void *report, const struct seam_snapshot *shot);
/* As unfollowed, likewise. */
void report_children(void *report, uint64_t children);
/* As fallen_back, likewise. */
void report_engine(void *report, enum seam_engine engine, const char *why);
/* "1.5 MB". */
void report_size(struct seam_out *out, uint64_t bytes);

#endif
