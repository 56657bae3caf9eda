/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder in the kernel, seen from outside: loads it, says which tasks it records, takes finished chunks from it. */
#ifndef BPF_RECORDER_H
#define BPF_RECORDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "bpf/kernel-side.h"
#include "seam/callset.h"
#include "seam/err.h"

struct recorder_options {
	uint64_t buffer;   /* bytes for each processor; 0: 4 MiB */
	uint64_t snap;     /* bytes of content that are kept */
	bool durations;
	bool everything;   /* all tasks of the machine, but not our own */
	bool pause;        /* tasks are stopped while there is no room */
	const struct seam_callset *calls; /* NULL: all */
	bool traps;        /* page faults too, where kernel_sees() them */
	/* Called while chunks are taken: a file that was not there before stands in memory to be run. NULL: nobody is interested. */
	void (*image)(void *user, const struct image_notice *notice);
	void *user;
};

struct recorder;

/* Loads and attaches. Nothing is recorded before tasks are added. */
int recorder_open(struct recorder **ret_recorder, const struct recorder_options *options, struct seam_err *err);
void recorder_close(struct recorder *r);
/* A task, with all children that it will have. fresh: what it does before its next execve() is ours and does not count. */
int recorder_add(struct recorder *r, pid_t task, bool fresh, struct seam_err *err);
/* No record is written any more after this; what is in the buffers can still be taken. */
void recorder_detach(struct recorder *r);

/*
 * After recorder_detach(), when all chunks have been taken: writes down the calls that tasks have not returned from. True: there is
 * no room for more of them, take what there is and call this again.
 */
bool recorder_under_way(struct recorder *r);

/* Whether it records this task. */
bool recorder_has(const struct recorder *r, pid_t task);

/* Ready to read when somebody should look at once. */
int recorder_fd(const struct recorder *r);

/*
 * Chunks that have ended by now are what recorder_take() gives one after the other: their headers have stream, records, sequence,
 * first, last, lost and size filled in, the rest is zero; records follow. A chunk stays valid until it is released. 0: that was the
 * last of the round. After recorder_detach() those that are not full count as ended.
 */
void recorder_round(struct recorder *r);
int recorder_take(struct recorder *r, unsigned *ret_cpu, const struct trace_block **ret_block);
void recorder_release(struct recorder *r, unsigned cpu);
/*
 * Ends chunks that are not full, so that they can be taken: all of them, or those that were there at the last call already. Moves
 * the calling thread from processor to processor; chunks of those where it may not run stay as they are.
 */
void recorder_flush(struct recorder *r, bool all);
/* Nothing has been recorded that was not taken: recorder_fd() will say when that changes. */
bool recorder_is_idle(const struct recorder *r);
/* No chunk that is still to come has a record before this time (CLOCK_MONOTONIC). */
uint64_t recorder_oldest(const struct recorder *r);
/* Lets stopped tasks go on when there is room again. */
void recorder_relieve(struct recorder *r);

struct recorder_count {
	uint64_t calls, lost, stops, tasks;
};
void recorder_count(const struct recorder *r, struct recorder_count *ret_count);

#endif
