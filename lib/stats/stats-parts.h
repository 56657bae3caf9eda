/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the statistics share while a trace is read. */
#ifndef STATS_STATS_PARTS_H
#define STATS_STATS_PARTS_H

#include "filter/event-view.h"
#include "seam/open-files.h"
#include "seam/stats.h"
#include "seam/trace.h"

#define STATS_NUMBERS 1024    /* of one table that have a place of their own */
#define STATS_KEYS (1u << 20) /* things that are told apart in a table; a trace may name any number of them */

/* One call of one table, while it is counted. */
struct counted {
	const struct seam_call *call; /* NULL: it is not described */
	bool wanted;
	bool can_wait, can_wake;      /* in some case */
	bool touches, opens;          /* files */
	int read_arg, write_arg;      /* descriptors of which the result says how many bytes; -1: none */
	struct seam_count n;
	struct seam_stats_idle idle;
};

struct process {
	uint32_t pid; /* 0: free */
	char name[17];
	uint64_t calls, errors, total;
	struct seam_stats_idle idle;
	uint64_t read, written;
};

struct waits;
struct by_file;

struct reading {
	struct seam_trace *trace;
	struct seam_tasks *tasks;
	struct seam_filter *filter;
	struct event_view view;
	struct seam_stats *s;
	const struct seam_stats_options *o;
	struct counted *counted[SEAM_ARCH_COUNT][STATS_NUMBERS + 1]; /* the last one: numbers that have none */
	struct process *processes; /* a hash table by pid, a power of two */
	size_t room, used;
	struct process *last; /* that of last_tid, as long as no task has changed */
	uint32_t last_tid;
	struct waits *waits;
	struct seam_files *files; /* NULL: nobody asks */
	struct by_file *by_file;
	uint64_t first, final;
};

/* The name that the tables have; NULL: none. */
const char *stats_call_name(enum seam_arch arch, uint64_t number);
void stats_settle_call(struct seam_stats *s, enum seam_arch arch, uint64_t number, const struct seam_count *n,
		       const struct seam_stats_idle *idle);
void stats_settle_order(struct seam_stats *s);
/* Three digits and a unit, in seven columns; and the name of an error. */
const char *stats_error_name(int error);

struct waits *waits_new(uint64_t wait_over);
void waits_free(struct waits *w);
/* A call that may have waited: adds it up for the call, its process and all together. */
void waits_wait(struct reading *r, const struct seam_event *e, struct counted *c, struct process *p);
/* A call that others may have waited for. */
void waits_wake(struct reading *r, const struct seam_event *e, const struct counted *c);
void waits_settle(const struct waits *w, struct seam_stats *s);

struct by_file *by_file_new(void);
void by_file_free(struct by_file *b);
/* A call that has to do with a file. The model has just been shown it. */
void by_file_see(struct by_file *b, struct seam_files *files, const struct seam_event *e, const struct counted *c);
void by_file_settle(struct by_file *b, struct seam_stats *s);

#endif
