/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace as text: a line for each call, as strace has it, or a JSON object. */
#ifndef SEAM_SHOW_H
#define SEAM_SHOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/callset.h"
#include "seam/out.h"

#ifdef __cplusplus
extern "C" {
#endif

enum seam_show_clock {
	SEAM_SHOW_NO_CLOCK,
	SEAM_SHOW_DAY,     /* time of day, with microseconds */
	SEAM_SHOW_EPOCH,   /* seconds since 1970 */
	SEAM_SHOW_START,   /* seconds since the trace began */
	SEAM_SHOW_ELAPSED, /* seconds since the line before */
};

struct seam_show_options {
	enum seam_show_clock clock;
	bool durations;             /* <0.000012> behind each call */
	bool names;                 /* arguments with their names */
	bool json;
	bool tasks;                 /* forks, execs and names too */
	bool own_pids;              /* tasks by the numbers that they have in their own pid namespace */
	bool images;                /* instead of all that: which files stood in memory to be run, and their build ids */
	bool verbose;               /* structures, environment and arrays whole, as strace -v; JSON always has them */
	unsigned column;            /* where results stand, if the call is not longer; 0: right behind it */
	bool follow;                /* go on when the file's end is reached */
	unsigned string_limit;      /* 0: 32; as JSON all */
	const struct seam_callset *calls; /* NULL: all */
	const char *where;          /* an expression of doc/filter.md; NULL: none */
	const uint32_t *pids;       /* NULL: all; of processes or of threads */
	size_t pid_count;
	uint64_t since, until;      /* nanoseconds from the beginning; 0: not asked for */
	bool numbers;              /* descriptors as numbers only, not with what they are */
	const char *path;           /* a pattern: calls that touch such a path, also through a descriptor; NULL: all */
	const int *fds;             /* calls that have to do with these descriptors; NULL: all */
	size_t fd_count;
};

struct seam_show_result {
	uint64_t calls, lost, damages;
	char chosen[200]; /* which calls alone were recorded: "where ret < 0"; "": all of them */
};

/*
 * Writes what the file has. What is damaged or missing stands among the lines, and in the result. 0, or a negative errno if the
 * file cannot be read at all; it ends early, with 0, when the output has failed: seam_out_close() tells.
 */
int seam_show(const char *path, const struct seam_show_options *options, struct seam_out *out,
	      struct seam_show_result *ret, struct seam_err *err);

#ifdef __cplusplus
}
#endif
#endif
