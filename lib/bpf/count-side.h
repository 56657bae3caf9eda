/* SPDX-License-Identifier: BSD-2-Clause */
/* What the counting programs in the kernel and their loader share. */
#ifndef BPF_COUNT_SIDE_H
#define BPF_COUNT_SIDE_H

#include "seam/counts.h"

#define COUNT_NUMBERS 1024u /* of a table that can have a place of their own */
#define COUNT_PLACES 320u   /* calls that are told apart; the first place is for all others */
#define COUNT_SKIP 0xffffu  /* instead of a place: the call is not wanted */
#define COUNT_PROCESSES 65536u
#define COUNT_IN_CALL 1u       /* slot.state: SLOT_IN_CALL */
#define COUNT_COMPAT 2u        /* SLOT_COMPAT */

/* Of each processor, so that nobody else writes there. */
struct count_places {
	struct seam_count place[COUNT_PLACES];
};

/* By number, those of the 32-bit table behind the others; 0: it has no place yet. The loader writes COUNT_SKIP. */
struct count_numbers {
	uint16_t place[2 * COUNT_NUMBERS];
	uint16_t index[COUNT_PLACES];       /* whose a place is: where it stands above */
	uint32_t used;                      /* places, without the first */
	uint32_t tasks;                     /* that began */
};

/* What a task did, in the memory of its slot. */
struct count_tally {
	uint32_t process; /* 0: nothing has been counted */
	uint32_t alone;   /* it has no slot in the array, where it would be found: it goes to its process at once */
	uint64_t calls, errors, total;
};

/* What the ended tasks of a process did, by its number; 0: those for which there was no room. */
struct count_process {
	uint64_t calls, errors, total;
	char name[16];
};

#endif
