/* SPDX-License-Identifier: BSD-2-Clause */
/* seam record --stats: figures instead of a trace. */
#ifndef RECORD_STATS_H
#define RECORD_STATS_H

#include "cmd.h"
#include "seam/recording.h"

struct record_stats_options {
	const char *output; /* NULL: standard error; "-": standard output */
	bool json;
	const char *by, *sort, *lines; /* as of seam stats; NULL */
	const char *interval;          /* seconds; NULL */
};

/* Counts as @o says. Returns as seam_record() does, or EXIT_USAGE after having said why. */
int record_stats(const struct cmd *cmd, const struct record_stats_options *options, struct seam_record_options *o,
		 struct seam_record_result *ret, struct seam_err *err);

#endif
