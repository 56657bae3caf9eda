/* SPDX-License-Identifier: BSD-2-Clause */
/* What "seam stats" and "seam record --stats" have in common on their command lines. */
#ifndef STATS_OPTIONS_H
#define STATS_OPTIONS_H

#include "cmd.h"
#include "seam/stats.h"

#define STATS_BY_WORDS "call process file peer wait all"
#define STATS_BY_HELP                                                                                               \
	"What the tables are about: call, process, file, peer (the other ends of sockets), wait (who waited on what), or " \
	"all; call if nothing is said."
#define STATS_SORT_WORDS "time calls errors mean max bytes waited name"
#define STATS_SORT_HELP "Sort by time, calls, errors, mean, max, bytes, waited or name; time if nothing is said."

/* Any of them may be NULL. EXIT_USAGE, after having said why, if one makes no sense. */
int stats_text_options(const struct cmd *cmd, const char *by, const char *sort, const char *lines,
		       struct seam_stats_text *ret);

#endif
