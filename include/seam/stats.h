/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls in figures: how often each was made, how it failed, how long it took, who made them, what was waited for. */
#ifndef SEAM_STATS_H
#define SEAM_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/callset.h"
#include "seam/counts.h"
#include "seam/err.h"
#include "seam/out.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SEAM_STATS_ERRORS 8 /* kinds of errors that are told apart */

struct seam_stats_times {
	uint64_t count;         /* calls whose duration is known */
	uint64_t total, max;    /* nanoseconds */
	uint64_t p50, p90, p99; /* at most 7 % too large */
};

/* Of the time in calls, that in which the task did nothing: see seam_stats_options. Nanoseconds. */
struct seam_stats_idle {
	uint64_t waits;   /* calls */
	uint64_t blocked; /* until somebody else did something */
	uint64_t idle;    /* until some time, a signal, or whatever of a choice came first */
};

struct seam_stats_call {
	const char *name; /* NULL: the tables do not have it */
	enum seam_arch arch;
	uint64_t number;  /* UINT64_MAX: several that had no place of their own */
	uint64_t calls, errors, unreturned;
	struct seam_stats_times times;
	struct seam_stats_idle idle;
	struct {
		int error; /* 0: the rest of them */
		uint64_t count;
	} error[SEAM_STATS_ERRORS]; /* the most frequent first */
	unsigned error_count;
};

struct seam_stats_process {
	uint32_t pid; /* 0: several for which there was no room */
	char name[17];
	uint64_t calls, errors, total; /* total: nanoseconds in calls, of all its threads */
	uint64_t read, written;        /* bytes */
	struct seam_stats_idle idle;
};

#define SEAM_STATS_WAKERS 4

/* One process that waited for one thing in one kind of call. */
struct seam_stats_wait {
	uint32_t pid;
	char name[17];
	const char *call;
	char *what;     /* "futex 0x7f...", "child 123 (make)", "time" */
	bool idle;      /* else blocked */
	uint64_t count, total, max;
	struct {
		uint32_t tid;
		uint64_t count;
	} waker[SEAM_STATS_WAKERS]; /* the most frequent first, 0: none */
};

/* What calls did with something that has a name: a file, a pipe; or the other end of a socket. */
struct seam_stats_file {
	char *name;
	uint64_t calls, errors, total; /* total: nanoseconds */
	uint64_t opens, reads, writes; /* that succeeded */
	uint64_t read, written;        /* bytes */
};

struct seam_stats {
	struct seam_stats_call *calls; /* most time first, then most calls */
	size_t call_count;
	struct seam_stats_process *processes; /* the same order */
	size_t process_count;
	struct seam_stats_wait *waits; /* the same order */
	size_t wait_count;
	struct seam_stats_file *files, *peers;
	size_t file_count, peer_count;
	uint64_t all, errors, lost, damages;
	uint64_t total;   /* nanoseconds in calls */
	struct seam_stats_idle idle;
	uint64_t elapsed; /* from the first record to the last */
	bool live;        /* counted while it happened: nothing is known about waiting */
};

struct seam_stats_options {
	const char *where;                /* an expression of doc/filter.md; NULL: every call counts */
	const struct seam_callset *calls; /* NULL: all */
	/*
	 * A call has waited if its description says that it can block as it was called, and it took at least so many
	 * nanoseconds; 0: 5000, what it takes at least to give the processor away and to get it back.
	 */
	uint64_t wait_over;
	bool files; /* fill in files and peers, and what descriptors are that are waited for */
};

/* Reads the whole file. @options may be NULL. */
int seam_stats_read(const char *path, const struct seam_stats_options *options, struct seam_stats *ret,
		    struct seam_err *err);
/* The same of what was counted while programs ran. */
void seam_stats_of_counts(const struct seam_counts *c, struct seam_stats *ret);
/* What was counted between two moments. */
void seam_counts_subtract(struct seam_counts *later, const struct seam_counts *earlier);
void seam_stats_release(struct seam_stats *s);

enum seam_stats_by {
	SEAM_STATS_BY_CALL,
	SEAM_STATS_BY_PROCESS,
	SEAM_STATS_BY_FILE,
	SEAM_STATS_BY_PEER,
	SEAM_STATS_BY_WAIT,
	SEAM_STATS_BY_COUNT
};
/* "call", "process" ... */
extern const char *const seam_stats_by_words[SEAM_STATS_BY_COUNT];
/* Another order of all tables: "time", "calls", "errors", "mean", "max", "bytes", "waited", "name". False: none such. */
bool seam_stats_sort(struct seam_stats *s, const char *order);

struct seam_stats_text {
	unsigned tables; /* 1 << enum seam_stats_by */
	size_t lines;    /* of each table; 0: all */
};
void seam_stats_print(struct seam_out *out, const struct seam_stats *s, const struct seam_stats_text *how);
/* One object; doc/stats.md says what is in it. lines: as above. indent: else all in one line. */
void seam_stats_json(struct seam_out *out, const struct seam_stats *s, size_t lines, bool indent);

#ifdef __cplusplus
}
#endif
#endif
