/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder in the kernel, seen from outside: loads it, says which tasks it records, takes finished chunks from it. */
#ifndef BPF_RECORDER_H
#define BPF_RECORDER_H

#include <stdbool.h>
#include <sys/types.h>

#include "bpf/kernel-side.h"
#include "filter/split.h"
#include "seam/callset.h"
#include "seam/err.h"

/* Which calls are recorded: the native ones, and those of the 32-bit table. */
struct recorder_where {
	struct filter_split native, compat;
	enum seam_arch compat_arch;
	uint64_t signals_off; /* 1 << (signal - 1) */
};

/* What is done while there is no room. */
enum recorder_pause {
	RECORDER_DROP,   /* what comes is lost, and counted */
	RECORDER_HOLD,   /* the task waits in the kernel at the end of its call; if the kernel refuses, as RECORDER_STOP */
	RECORDER_FREEZE, /* the caller does it when recorder_is_short(); stop signals are left for when it comes too late */
	RECORDER_STOP,   /* stop signals */
};

struct recorder_options {
	uint64_t buffer;   /* bytes for each processor; 0: 4 MiB */
	uint64_t snap;     /* bytes of content that are kept */
	bool no_structures; /* of memory only strings and single numbers are copied */
	bool durations;
	bool everything;   /* all tasks of the machine, but not our own */
	enum recorder_pause pause;
	const uint64_t *cgroups; /* whoever comes to one of them is recorded: numbers of cgroups_find(), at most MAX_CGROUPS */
	uint32_t cgroup_count;
	const struct seam_callset *calls; /* NULL: all */
	bool traps;        /* page faults too, where kernel_sees() them */
	/* Called while chunks are taken: a file that was not there before stands in memory to be run. NULL: nobody is interested. */
	void (*image)(void *user, const struct image_notice *notice);
	void *user;
	const struct recorder_where *where; /* must live as long; NULL: all */
};

struct recorder;

/* Loads and attaches. Nothing is recorded before tasks are added. */
int recorder_open(struct recorder **ret_recorder, const struct recorder_options *options, struct seam_err *err);
void recorder_close(struct recorder *r);
/* A task, with all children that it will have. fresh: what it does before its next execve() is ours and does not count. */
int recorder_add(struct recorder *r, pid_t task, bool fresh, struct seam_err *err);
/* What a process executes that has been there before: an expression may ask for it. */
void recorder_tell_exe(struct recorder *r, pid_t process, const char *path);
/* No record is written any more after this; what is in the buffers can still be taken. */
void recorder_detach(struct recorder *r);

/*
 * After recorder_detach(), when all chunks have been taken: writes down the calls that tasks have not returned from. True: there is
 * no room for more of them, take what there is and call this again.
 */
bool recorder_under_way(struct recorder *r);
/* Whether the kernel can do RECORDER_HOLD. */
bool recorder_can_hold(void);
/* Whether RECORDER_STOP can find its way back: not out of a process namespace. */
bool recorder_can_stop(void);
/* What is done now. */
enum recorder_pause recorder_pause(const struct recorder *r);
/* A buffer is filled so far that somebody has to wait. May be asked by any thread. */
bool recorder_is_short(const struct recorder *r);
/* A descriptor of its own that becomes ready when that may have changed; edge-triggered. The caller closes it. */
int recorder_short_fd(const struct recorder *r);
/* A process that came to a chosen cgroup and was not told yet; 0: there is none. */
uint32_t recorder_arrived(struct recorder *r);

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
	uint64_t calls, tasks;
	uint64_t lost, lost_others; /* records; of these, those that were no calls */
	uint64_t stops; /* times that a task waited for room */
};
void recorder_count(const struct recorder *r, struct recorder_count *ret_count);

#endif
