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

/* What a block takes in a file. */
#define TRACE_IN_FILE(stored) (sizeof(struct trace_block) + ((stored) + 7ULL) / 8 * 8)

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
	TRACE_SUBMIT,   /* a request to an io_uring */
	TRACE_COMPLETE, /* and what became of it */
	TRACE_IMAGE,    /* a file is mapped so that it can be run */
	TRACE_TRAP,     /* a page fault or an exception of the program */
	TRACE_DESCRIPTOR, /* what a task had open before the recording */
	TRACE_FILE = 20, /* what is known of a file that was mapped */
	TRACE_WORDS,    /* more of the arguments or the environment of the last EXEC of this task */
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
	/* of FORK: */
	TRACE_FORK_WORKER = 1 << 1,   /* a thread of the kernel that works for io_uring: it makes no calls */
	/* of SIGNAL: */
	TRACE_SIGNAL_SENT = 1 << 1,   /* it was sent, and need not be delivered: SIGCONT, which lets the task go on at once */
	/* of SUBMIT: */
	TRACE_SUBMIT_POLLED = 1 << 1, /* the kernel's thread found it in the ring (IORING_SETUP_SQPOLL) */
	/* of WORDS: */
	TRACE_WORDS_ENV = 1 << 1,     /* of the environment, not of the arguments */
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

/* May follow in a FORK, and after the strings of a TASK: the numbers that the task itself sees. */
struct trace_own_pids {
	uint32_t tid, pid;
	uint32_t space;    /* the pid namespace, as the inode of /proc/PID/ns/pid */
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

/* Names a request by `request` and a ring by `ring` until its end: what the kernel calls them, made unrecognizable. */
struct trace_submit {
	uint64_t request, ring, user_data;
	uint64_t flags;  /* of the request, as the kernel keeps them: the lower 8 bits are IOSQE_* */
	uint8_t opcode;
	uint8_t spare[3];
	uint32_t entry;  /* bytes of the ring's entry (struct io_uring_sqe) that follow; then pieces of memory as a call has them */
};

/* The task is the one that the request belongs to. Pieces of memory follow. */
struct trace_complete {
	uint64_t request; /* 0: not said, as of further completions of one request */
	uint64_t ring, user_data;
	int32_t result;
	uint32_t flags;   /* IORING_CQE_F_* */
	uint32_t worker;  /* the task in which it was completed */
	uint8_t opcode;   /* TRACE_NO_OPCODE */
	uint8_t spare[3];
	uint64_t extra[2]; /* of rings with large entries (IORING_SETUP_CQE32) */
};

#define TRACE_NO_OPCODE 255u

enum trace_image_how { TRACE_IMAGE_MAPPED, TRACE_IMAGE_PROGRAM, TRACE_IMAGE_LOADER, TRACE_IMAGE_FOUND };

/* After it the file's name, with its NUL. */
struct trace_image {
	uint32_t pid;
	uint32_t how;          /* enum trace_image_how */
	uint64_t address, bytes;
	uint64_t offset;       /* in the file */
	uint64_t inode;
	uint32_t major, minor; /* of the file system */
	int64_t changed;       /* when the file was, seconds since 1970 */
	uint32_t protection;   /* PROT_* */
	uint32_t name;         /* bytes of it */
};

/* After it the name and what a socket is connected to, with their NULs. */
struct trace_descriptor {
	int32_t fd;
	uint32_t flags;        /* O_* of the machine */
	uint64_t position;
	uint32_t name, socket; /* bytes of each */
};

#define TRACE_FD_CWD (-100)
#define TRACE_FD_ROOT (-101)

struct trace_trap {
	uint32_t trap; /* enum trace_trap_kind */
	uint32_t spare;
	uint64_t address, ip;
	uint64_t code; /* as the machine gives it */
};

enum trace_trap_kind { TRACE_TRAP_PAGE };

/* After it the build id, zeros to a word, and the name, with its NUL. */
struct trace_file {
	uint64_t inode;
	uint32_t major, minor;
	int64_t changed;
	uint64_t size;
	uint32_t id;   /* bytes of the build id; 0: it has none */
	uint32_t name;
};

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
