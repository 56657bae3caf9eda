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

/* A moment of a trace. */
enum seam_moment_how {
	SEAM_MOMENT_NONE,
	SEAM_MOMENT_START, /* so long after it began */
	SEAM_MOMENT_END,   /* so long before it ended */
	SEAM_MOMENT_DAY,   /* time of day, from midnight on, where we are */
	SEAM_MOMENT_DATE,  /* since 1970 */
};

struct seam_moment {
	enum seam_moment_how how;
	uint64_t ns;
};

/* "1.5", "20ms", "-2s", "14:03:07", "2026-11-21 14:03", "". 0, or -EINVAL with a sentence. */
int seam_moment_parse(const char *text, struct seam_moment *ret, struct seam_err *err);
/* On the clock of a trace that began and ended then; realtime: to be added for the time of day. */
uint64_t seam_moment_time(const struct seam_moment *w, uint64_t began, uint64_t ended, uint64_t realtime);

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
	struct seam_moment since, until;
	bool tree;                  /* the processes instead of what they did */
	bool numbers;              /* descriptors as numbers only, not with what they are */
	const char *path;           /* a pattern: calls that touch such a path, also through a descriptor; NULL: all */
	const int *fds;             /* calls that have to do with these descriptors; NULL: all */
	size_t fd_count;
	uint64_t events;            /* kinds of events about the world (seam/deeds.h) that are shown instead of calls; 0: calls */
};

struct seam_show_result {
	uint64_t calls, lost, damages;
	char chosen[200]; /* which calls alone were recorded: "where ret < 0"; "": all of them */
};

/*
 * Writes what the file has, or, where there is none of this name, the pieces FILE.000001 and so on that rotation made. When following,
 * a file that is not there yet is waited for. What is damaged or missing stands among the lines, and in the result. 0, or a negative errno if the
 * file cannot be read at all; it ends early, with 0, when the output has failed: seam_out_close() tells.
 */
int seam_show(const char *path, const struct seam_show_options *options, struct seam_out *out,
	      struct seam_show_result *ret, struct seam_err *err);

#ifdef __cplusplus
}
#endif
#endif
