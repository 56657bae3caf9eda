/* SPDX-License-Identifier: BSD-2-Clause */
/* What the recorder in the kernel and its loader share: numbers of fixed width, and nothing else. */
#ifndef BPF_KERNEL_SIDE_H
#define BPF_KERNEL_SIDE_H

#include "seam/calls.h"
#include "trace/record.h"

/* A ring is a row of chunks; a chunk becomes a block of the file as it is. Records do not cross from one to the next. */
#define RING_CHUNK (32u << 10)  /* with its header */
#define RING_RECORD (16u << 10) /* no record is longer */
#define SLOTS 8192u        /* of tasks that are recorded; the others stand in their task storage */
#define SLOT_SAVES 2u
#define SLOT_MEMORY 440u   /* of a call's entry, kept in the slot */
#define MEMORY_SIGN 4u     /* words in the recorder's memory by which the kernel's side finds it */
#define RING_STOPS 512u         /* processes that may be stopped at a time, for each processor */
#define RING_MIN_CHUNKS 4u      /* a power of two, as any number of chunks */

#define KEPT_ROOM 8192u    /* memory of one call's entry that is kept until it returns */
#define TAKEN_ROOM 16384u   /* memory of one side of a call */
#define WALK_DEPTH 2u      /* EACH inside EACH */
#define WALK_SELECT_OPS 8u /* operations of an expression that selects */
#define WALK_SELECTS 8u    /* of a call */
#define WALK_CASE_STEPS 16u /* halvings until a case is found: 65536 cases */
#define WALK_SAVES 8u
#define WALK_STEPS 20000u    /* operations of one program */
#define WALK_ELEMENTS 4096u  /* of an array that is walked */
#define WALK_VECTOR 1024u    /* the kernel's own bound, UIO_MAXIOV */
#define PREVIOUS_CALLS 1024u /* numbers whose arguments are remembered */
#define COMPAT_CALLS (PREVIOUS_CALLS / 2) /* numbers of the 32-bit table have the second half of them */

/* What a variant copies; seam_variant cut to what the loop looks at. */
struct walk_program {
	struct seam_span entry, exit;
	uint32_t saves;
	uint32_t spare;
};

/* Memory that is copied without a program being walked: one piece, as most calls have it. */
struct walk_quick {
	uint8_t kind;    /* enum walk_quick_kind */
	uint8_t address; /* the register that has it */
	uint8_t size;    /* the register that says how many units of `bytes`; QUICK_BYTES: one */
	uint8_t flags;
	uint32_t bytes;
};

enum walk_quick_kind {
	QUICK_NOTHING,
	QUICK_MEMORY,
	QUICK_STRING,
	QUICK_WALK, /* the program has to be walked */
};

enum walk_quick_flags {
	QUICK_CONTENT = 1 << 0,  /* cut at the user's limit */
	QUICK_UNSIGNED = 1 << 1, /* the size is the lower half of the register */
	QUICK_SIGNED = 1 << 2,   /* likewise */
	QUICK_RESULT = 1 << 3,   /* and no more than the result */
	QUICK_SUCCESS = 1 << 4,  /* nothing if the result is negative */
};

#define QUICK_BYTES 7u

/* By number. Without selects, `program` is all there is to know. */
struct walk_call {
	struct walk_program program; /* of the variant that is taken when no case is */
	struct walk_quick in, out;   /* of it, if there are no others */
	uint32_t selects, select_count;
	uint32_t variants;
	uint16_t flags;
	uint8_t args; /* how many the call has */
	uint8_t protection; /* 1 + the argument that says whether memory can be run; 0: none */
};

enum walk_call_flags {
	WALK_CALL_KNOWN = 1 << 0,
	WALK_CALL_CASES = 1 << 1,    /* which program it is depends on the arguments */
	WALK_CALL_ENTRY = 1 << 2,    /* some variant copies memory before the call */
	WALK_CALL_EXIT = 1 << 3,     /* or after it */
	WALK_CALL_SKIP = 1 << 4,     /* it is not wanted */
	WALK_CALL_EXECS = 1 << 5,    /* when it returns, the registers are another program's */
};

/* A task that is recorded, and the call that it is in. */
struct slot {
	uint64_t id;       /* where the kernel keeps the task's registers, from some point on; 0: free */
	uint64_t address;  /* of its task_struct */
	uint64_t number;
	uint64_t entered;
	uint32_t task;
	uint32_t bytes;    /* of `memory` */
	uint16_t collided; /* another task has wanted it */
	uint8_t state;
	uint8_t held;      /* it has waited for room */
	uint8_t ask;       /* --where is asked again when the call returns */
	uint8_t spare[3];
	uint32_t answered, fits; /* 1 << question of --where: of this call, or of the program */
	uint64_t saves[SLOT_SAVES]; /* what the exit of a call has to know of its entry, if that is all */
	unsigned char memory[SLOT_MEMORY]; /* pieces as they stand in a record */
};

/* From a call's entry to its exit. */
struct kept {
	struct slot own; /* when there was none in the array */
	uint32_t wanted; /* the recorder wants this task, which has no slot yet */
	uint32_t bytes;
	uint32_t no_room, again; /* again: memory was not there at the entry and is looked for at the exit */
	uint64_t rest_address, rest; /* of the last piece, for which there was no room */
	struct seam_span entry, exit;
	uint64_t args[SEAM_MAX_ARGS];
	uint64_t saves[WALK_SAVES];
	unsigned char memory[KEPT_ROOM];
};

/* kept.wanted */
#define KEPT_WANTED 1u
#define KEPT_FRESH 2u /* nothing before its execve() counts */

/* The same, and more, where the recorder names tasks by their numbers only. */
#define CALLED_BY_RECORDER 0x10u

#define MAX_CGROUPS 64u

/* kernel_config.pause */
#define PAUSE_HOLD 1u     /* the kernel lets a task wait inside, as of Linux 6.18 */
#define PAUSE_HOLD_NEW 2u /* the same by its later name */
#define PAUSE_STOP 3u     /* stop signals */
#define ANY_USER (~0u)

/* Set before the programs are loaded; the verifier takes these as constants. */
struct kernel_config {
	uint32_t op_count, call_count, program_count, expr_count, select_count, case_count;
	uint32_t ring_mask;   /* bytes of all chunks of a ring - 1 */
	uint32_t chunk_mask;  /* chunks of a ring - 1 */
	uint32_t stop_at;     /* chunks under way at which a task has to wait; with pause only */
	uint32_t wake_at;     /* chunks at which the consumer is woken */
	uint64_t snap;        /* bytes of content */
	uint32_t everything;  /* every task of the machine is recorded */
	uint32_t not_pid;     /* except this one: the recorder itself */
	uint32_t execve, exit, exit_group, rt_sigreturn; /* their numbers */
	uint32_t cgroups;     /* how many are chosen */
	uint32_t pause;       /* how tasks are made to wait, PAUSE_... */
	uint32_t only_user;   /* whose processes we may wake; ANY_USER: all */
	uint32_t ring_words;  /* ring_mask without its lowest bits: what has to be at a multiple of 4 */
	uint64_t secret;      /* hides addresses of the kernel */
	uint64_t compat_known[COMPAT_CALLS / 64], compat_skip[COMPAT_CALLS / 64]; /* numbers of the 32-bit table */
	uint32_t compat_mmap; /* its number there */
	uint32_t spare_again;
	uint8_t durations;
	uint8_t full; /* content that does not fit into a record goes on in others */
	uint8_t spare[6];
};

/* Begins the memory of each processor, which the recorder maps. */
struct ring_control {
	/* the kernel's side */
	uint64_t opened;   /* chunks begun */
	uint64_t closed;   /* chunks finished */
	uint64_t sequence; /* of the next record */
	uint64_t last;     /* time of the last record */
	uint64_t calls;    /* recorded */
	uint64_t lost;     /* records of calls and others that had no room */
	uint64_t tasks;    /* that began */
	uint32_t used;     /* bytes of the open chunk; 0: there is none */
	uint32_t pending;  /* calls lost since the last record */
	uint32_t task;     /* of the last record of the chunk */
	uint32_t busy;     /* a program is at work here */
	uint64_t held;     /* times that a task waited for room */
	uint64_t lost_others; /* of the lost, those that were no calls */
	uint64_t spare[4];
	/* the recorder's side, on a cache line of its own */
	uint64_t released; /* chunks that may be used again */
	uint64_t let_go;   /* of the stops, those whose process goes on again */
	uint64_t more_spare[6];
	/* the kernel's side: which processes it has stopped because there was no room */
	uint64_t stops;
	uint32_t stopped[RING_STOPS]; /* the last ones: number n is at n % RING_STOPS */
};

/* What the kernel's side tells while it records. */
struct kernel_notice {
	uint32_t cpu; /* that has something */
	uint32_t arrived; /* a process that was moved to a chosen cgroup; 0: none */
};

/* Likewise: a file that has not been seen yet stands in memory to be run. */
struct image_notice {
	struct kernel_notice head;
	uint32_t spare;
	struct trace_image image;
	char name[512]; /* the beginning, with a NUL */
};

#endif
