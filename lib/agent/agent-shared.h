/* SPDX-License-Identifier: BSD-2-Clause */
/* What the agent in a program and its supervisor agree about: where things lie, what stands at the blob's beginning, and the memory that both have. */
#ifndef AGENT_AGENT_SHARED_H
#define AGENT_AGENT_SHARED_H

#include <stdint.h>

#define AGENT_MAGIC 0x746e656741656553ull /* "SeeAgent" */
#define AGENT_VERSION 1u

/*
 * All that is the agent's in a program lies in one window of addresses, which is at the same place in all programs of a run:
 *
 *	base             the blob: its text, then its data
 *	base + SHARED    struct agent_shared
 *	base + SLOTS     a slot for each thread: its record, a page that is not there, its stack
 */
#define AGENT_WINDOW (1ull << 32)
#define AGENT_SHARED_AT (8ull << 20)
#define AGENT_SLOTS_AT (16ull << 20)
#define AGENT_SLOT_BYTES (64ull << 10)
#define AGENT_SLOT_COUNT ((unsigned)((AGENT_WINDOW - AGENT_SLOTS_AT) / AGENT_SLOT_BYTES))
#define AGENT_PAGE 4096u

/* At the blob's beginning; all are offsets from there. */
struct agent_head {
	uint64_t magic;
	uint32_t version;
	uint32_t begin;       /* to be jumped to, once the text is mapped */
	uint32_t text_bytes;  /* and the data follows, at a page */
	uint32_t file_bytes;  /* the blob ends here; what follows begins as zeros */
	uint32_t all_bytes;
	uint32_t unused;
};

/*
 * What a new program asks of the supervisor it asks by an execve() that no program makes: its first argument is the run's key with one of these in it. Such addresses are nobody's,
 * so the kernel fails the call with EFAULT when there is no supervisor any more.
 */
enum {
	AGENT_ASK_TEXT = 1,   /* a descriptor of the blob */
	AGENT_ASK_SHARED = 2, /* one of the shared memory */
	AGENT_ASK_FAILED = 3, /* it goes on without the agent; second argument: a negative errno, third: where it was */
};
#define AGENT_ASK_MASK 7ull

/* Third argument of AGENT_ASK_FAILED. */
enum { AGENT_AT_DESCRIPTOR, AGENT_AT_TEXT, AGENT_AT_DATA, AGENT_AT_SHARED, AGENT_AT_VERSION, AGENT_AT_STACK, AGENT_AT_SIGNAL, AGENT_AT_TRAP, AGENT_AT_TRACED, AGENT_AT_COUNT };

#define AGENT_NUMBERS 1024u

struct agent_shared {
	uint64_t magic;
	uint32_t version;
	uint32_t bytes;       /* of this structure */
	uint64_t key;
	uint32_t by_filter;   /* calls trap by a seccomp filter, not by Syscall User Dispatch */
	uint32_t filter_set;  /* and all programs have it already */
	/* from here on the programs write */
	uint64_t images;      /* programs that the agent is or was in */
	uint64_t threads;     /* that were begun under it */
	uint64_t traps;
	uint64_t deferred;    /* signals that came while the agent was at work */
	uint64_t refused;     /* requests that touch the agent's memory */
	uint64_t others;      /* calls whose number is beyond the table */
	uint64_t narrow;      /* calls of the 32-bit table */
	uint64_t calls[AGENT_NUMBERS];
};

#endif
