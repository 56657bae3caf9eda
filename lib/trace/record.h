/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The trace as it stands in a file and in the buffers of the engines: numbers of fixed width, little-endian, and nothing
 * else, because programs in the kernel include this too. doc/FORMAT.md is normative and explains what is only named here.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include <stdint.h>

#define TRACE_VERSION 1
#define TRACE_BLOCK_MAGIC 0x6b426d53u /* "SmBk" */
#define TRACE_END_MAGIC 0x6e456d53u   /* "SmEn" */
#define TRACE_BLOCK_MAX (16u << 20)   /* bytes of a block before compression; a reader refuses more */

enum trace_block_kind { TRACE_META = 1, TRACE_RECORDS, TRACE_INDEX };
enum trace_codec { TRACE_RAW, TRACE_ZSTD };

/* Stands before its stored bytes; the next block begins at a multiple of 8. */
struct trace_block {
	uint32_t magic;
	uint8_t kind, codec, version;
	uint8_t arch;      /* enum seam_arch of the machine */
	uint32_t stored;   /* bytes that follow */
	uint32_t size;     /* the same, not compressed */
	uint32_t stream;   /* a processor, a thread, or TRACE_STREAM_RECORDER */
	uint32_t records;
	uint64_t sequence; /* of the first record in its stream; lost calls have numbers too */
	uint64_t first;    /* time of the first record */
	uint64_t last;
	uint64_t sum;      /* XXH3 of the stored bytes */
	uint32_t lost;     /* what the LOSS records inside say, together */
	uint32_t head_sum; /* XXH3, lower half, of all before it */
};

/* What only the recorder itself knows: which tasks were there, what it changed. */
#define TRACE_STREAM_RECORDER UINT32_MAX

enum trace_kind {
	TRACE_CALL = 1, /* it has returned */
	TRACE_ENTRY,    /* it has not, and will not any more in this trace */
	TRACE_UNKNOWN,  /* a call whose number is not in the tables: six arguments of 8 bytes */
	TRACE_FORK,
	TRACE_EXEC,
	TRACE_EXIT,
	TRACE_NAME,
	TRACE_SIGNAL,
	TRACE_LOSS,
	TRACE_CLOCK,
	TRACE_MORE,     /* memory that did not fit into the record before it in its stream */
	TRACE_TASK,     /* a task that was there before the recording */
	TRACE_KINDS
};

/* At a multiple of 4. The task follows unless it is the same as before, then what the kind has. */
struct trace_record {
	uint16_t words;   /* of 4 bytes, all in all */
	uint8_t kind;
	uint8_t flags;
	uint32_t elapsed; /* nanoseconds since the record before it in the block */
};

enum trace_flags {
	TRACE_SAME_TASK = 1 << 0,     /* no task follows: it is the one of the record before it in the block */
	/* of CALL, ENTRY and UNKNOWN: in this order follow */
	TRACE_RESULT = 1 << 1,        /* 4 bytes, signed; without it the result is 0 (ENTRY: there is none) */
	TRACE_RESULT_WIDE = 1 << 2,   /* 8 bytes */
	TRACE_DURATION = 1 << 3,      /* 4 bytes, nanoseconds */
	TRACE_DURATION_WIDE = 1 << 4, /* 8 bytes */
	TRACE_COMPAT = 1 << 5,        /* of the 32-bit table */
	TRACE_NO_ROOM = 1 << 6,       /* some memory was not copied for want of room */
	TRACE_UNRETURNED = 1 << 7,    /* UNKNOWN: it has not returned, as an ENTRY */
	/* of MORE: */
	TRACE_MORE_PIECES = 1 << 1,   /* not bytes but further pieces of memory of that call, as a call has them */
};

/* CALL and ENTRY have this after the task. */
struct trace_call {
	uint16_t number;
	uint8_t given; /* arguments that follow; the others are those of the last call of this number in the block */
	uint8_t wide;  /* of these, those with 8 bytes; 4 are the lower half, the upper one is as it was */
};

/* Memory: this word, the address if it is no argument, the whole length if that is not the size; bytes; zeros to a word. */
#define TRACE_BLOB_SIZE 0xfffffu
#define TRACE_BLOB_SOURCE_SHIFT 20
#define TRACE_BLOB_SOURCE 7u        /* number of the argument that is the address, or: */
#define TRACE_BLOB_ELSEWHERE 7u     /* 8 bytes of address follow */
#define TRACE_BLOB_EXIT (1u << 23)  /* as it was after the call */
#define TRACE_BLOB_STATUS_SHIFT 24
#define TRACE_BLOB_STATUS 3u

enum trace_blob_status {
	TRACE_BLOB_WHOLE,
	TRACE_BLOB_CUT,     /* 4 bytes follow: how many there were (UINT32_MAX: that or more) */
	TRACE_BLOB_FAULTED, /* likewise; the rest could not be read */
};

/* After the task. */
struct trace_fork {
	uint32_t tid, pid; /* of the child; pid is what getpid() says */
	uint32_t ppid;     /* the child's parent */
};

/* The file name, the arguments, the environment follow: strings one after the other with their NULs. */
struct trace_exec {
	uint32_t pid;
	uint32_t old_tid;              /* of the thread that asked: not the task when it was not the first one */
	uint32_t file, args, env;      /* bytes that follow of each */
	uint32_t args_whole, env_whole; /* bytes that there were */
};

struct trace_exit {
	uint32_t pid;
	uint32_t status; /* as wait() has it */
	uint32_t last;   /* the process ends with it */
};

struct trace_name {
	char name[16];
};

struct trace_signal {
	uint32_t signal;
	int32_t error, code;
	uint32_t spare;
	uint64_t handler; /* 0 default, 1 ignored */
	uint64_t flags;   /* SA_* of the handler */
	/* the beginning of its siginfo_t may follow */
};

#define TRACE_SIGINFO 48u /* bytes of it that mean something */

/* Calls that were made between the record before it and this one, and that are not in the trace. */
struct trace_loss {
	uint32_t count;
};

/* The time of this record, whatever `elapsed` says. */
struct trace_clock {
	uint32_t low, high;
};

/* After it the program's file and its arguments, with their NULs. */
struct trace_task {
	uint32_t pid, ppid, uid;
	char name[16];
	uint32_t file, args;
};

struct trace_index {
	uint64_t offset; /* of the block's header in the file */
	uint64_t first, last;
	uint32_t stream, records;
};

/* The last bytes of a finished file. */
struct trace_end {
	uint64_t index; /* offset of the index block */
	uint32_t magic;
	uint32_t sum;   /* XXH3, lower half, of the 12 bytes before it */
};

#endif
