/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls counted: what the kernel's side, a reader of traces and whoever prints them share. Fixed widths only. */
#ifndef SEAM_COUNTS_H
#define SEAM_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Durations in steps that grow with them, 16 for each doubling: the largest of a step is at most a sixteenth longer than
 * the shortest. The last step has all from 2^44 nanoseconds (about five hours) on.
 */
#define SEAM_STEP_BITS 4u
#define SEAM_STEPS (((44u - SEAM_STEP_BITS + 1u) << SEAM_STEP_BITS) + 1u)

struct seam_durations {
	uint64_t count, total, max; /* nanoseconds */
	uint64_t steps[SEAM_STEPS];
};

/* Errors by number: those of programs, those that the kernel keeps to itself, and 0 for all others. */
#define SEAM_COUNT_ERRNO 134u   /* the first that no program sees */
#define SEAM_COUNT_RESTART 512u /* ERESTARTSYS and what follows */
#define SEAM_COUNT_ERRORS (SEAM_COUNT_ERRNO + 20u)

/* One call. */
struct seam_count {
	uint64_t calls, errors;
	uint64_t unreturned; /* of the calls; exit, or killed in it */
	uint64_t error[SEAM_COUNT_ERRORS];
	struct seam_durations times;
};

static inline unsigned seam_count_error_place(int64_t ret)
{
	uint64_t error = 0 - (uint64_t)ret;

	if (error < SEAM_COUNT_ERRNO)
		return (unsigned)error;
	error -= SEAM_COUNT_RESTART;
	return error < SEAM_COUNT_ERRORS - SEAM_COUNT_ERRNO ? SEAM_COUNT_ERRNO + (unsigned)error : 0;
}

/* The number of an error; 0: several. */
static inline int seam_count_error_at(unsigned place)
{
	return (int)(place < SEAM_COUNT_ERRNO ? place : place - SEAM_COUNT_ERRNO + SEAM_COUNT_RESTART);
}

/* What was counted while programs ran. */
struct seam_counts_call {
	uint64_t number;
	bool compat; /* of the 32-bit table */
	bool others; /* all that had no place of their own; number means nothing */
	struct seam_count count;
};

struct seam_counts_process {
	uint32_t pid; /* 0: all that had no place of their own */
	char name[17];
	uint64_t calls, errors, total;
};

struct seam_counts {
	struct seam_counts_call *calls;
	size_t call_count;
	struct seam_counts_process *processes;
	size_t process_count;
	uint64_t elapsed; /* nanoseconds */
	bool timed;       /* durations were measured */
};

#endif
