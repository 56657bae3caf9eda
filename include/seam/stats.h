/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace in figures: how often each call was made, how it failed, how long it took, and who made them. */
#ifndef SEAM_STATS_H
#define SEAM_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SEAM_STATS_ERRORS 8 /* kinds of errors that are told apart */

struct seam_stats_times {
	uint64_t count;         /* calls whose duration is known */
	uint64_t total, max;    /* nanoseconds */
	uint64_t p50, p90, p99; /* at most 7 % too large */
};

struct seam_stats_call {
	const char *name; /* NULL: the tables do not have it */
	enum seam_arch arch;
	uint64_t number;
	uint64_t calls, errors, unreturned;
	struct seam_stats_times times;
	struct {
		int error; /* 0: the rest of them */
		uint64_t count;
	} error[SEAM_STATS_ERRORS]; /* the most frequent first */
	unsigned error_count;
};

struct seam_stats_process {
	uint32_t pid;
	char name[17];
	uint64_t calls, errors, total; /* total: nanoseconds in calls, of all its threads */
};

struct seam_stats {
	struct seam_stats_call *calls; /* most time first, then most calls */
	size_t call_count;
	struct seam_stats_process *processes; /* the same order */
	size_t process_count;
	uint64_t all, errors, lost, damages;
	uint64_t total;   /* nanoseconds in calls */
	uint64_t elapsed; /* from the first record to the last */
};

/* Reads the whole file. @where: an expression of doc/filter.md; NULL: every call counts. */
int seam_stats_read(const char *path, const char *where, struct seam_stats *ret, struct seam_err *err);
void seam_stats_release(struct seam_stats *s);

#ifdef __cplusplus
}
#endif
#endif
