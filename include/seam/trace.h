/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a trace: what happened, in the order of time, and exactly what is missing if anything is. */
#ifndef SEAM_TRACE_H
#define SEAM_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* doc/FORMAT.md says what each of them is; the numbers are those of the file. */
enum seam_event_kind {
	SEAM_EVENT_CALL = 1,
	SEAM_EVENT_ENTRY,       /* a call that was entered and never returned */
	SEAM_EVENT_UNKNOWN,     /* a call whose number the recorder's tables did not have */
	SEAM_EVENT_FORK,
	SEAM_EVENT_EXEC,
	SEAM_EVENT_EXIT,
	SEAM_EVENT_NAME,
	SEAM_EVENT_SIGNAL,
	SEAM_EVENT_LOSS,
	SEAM_EVENT_CLOCK,       /* never delivered: it is in the times of the others */
	SEAM_EVENT_MORE,        /* memory that goes on from another block; what goes on inside one is joined */
	SEAM_EVENT_TASK,
	SEAM_EVENT_SUBMIT,      /* a request to an io_uring */
	SEAM_EVENT_COMPLETE,    /* what became of one */
	SEAM_EVENT_IMAGE,       /* a file is mapped so that it can be run */
	SEAM_EVENT_TRAP,        /* a page fault or an exception */
	SEAM_EVENT_DESCRIPTOR,  /* what a task had open before the recording */
	SEAM_EVENT_FILE = 20,   /* what is known of a file of which there are images */
	SEAM_EVENT_WORDS,       /* more of the last exec's arguments or environment; what goes on inside a block is joined */
	/* What no record says: */
	SEAM_EVENT_DAMAGE = 64, /* a place of the file that cannot be read */
	SEAM_EVENT_GAP,         /* records of a stream that are not in the file */
};

enum seam_blob_status {
	SEAM_BLOB_WHOLE,
	SEAM_BLOB_CUT,     /* size of whole bytes are there */
	SEAM_BLOB_FAULTED, /* likewise; the rest could not be read */
};

enum seam_image_how {
	SEAM_IMAGE_MAPPED,  /* by a call */
	SEAM_IMAGE_PROGRAM, /* of an exec */
	SEAM_IMAGE_LOADER,  /* of an exec */
	SEAM_IMAGE_FOUND,   /* when the recording began */
};

#define SEAM_BLOB_UNKNOWN UINT32_MAX /* as whole: how many there were is not known */
#define SEAM_BLOB_ELSEWHERE 7        /* as source: the address is no argument */

/* Memory of the program, as the call found it or left it. */
struct seam_blob {
	uint64_t address;
	const unsigned char *bytes;
	uint32_t size;  /* of bytes */
	uint32_t whole; /* what there was in the program; SEAM_BLOB_UNKNOWN */
	uint8_t status; /* enum seam_blob_status */
	uint8_t when;   /* enum seam_when */
	uint8_t source; /* the argument that is the address, or SEAM_BLOB_ELSEWHERE */
};

/* Strings one after the other, each with its NUL: arguments, environment. The last one may lack it when it was cut. */
struct seam_strings {
	const char *bytes;
	uint32_t size;
	uint32_t whole; /* what there was */
};

/* The numbers that a task in a pid namespace sees itself; 0: it is in the first one, as all other numbers of the trace. */
struct seam_own_pids {
	uint32_t tid, pid;
	uint32_t space; /* the namespace */
};

/* What happened. All that it points to is valid until the next call of seam_trace_next(), _seek() or _close(). */
struct seam_event {
	uint8_t kind;           /* enum seam_event_kind */
	uint8_t arch;           /* enum seam_arch of the call's table: SEAM_ARCH_I386 for a 32-bit call on x86_64 */
	bool compat;            /* of the 32-bit table */
	bool returned;          /* there is a result */
	bool timed;             /* it is known when the call was entered */
	bool no_room;           /* some memory was not copied */
	uint32_t stream;
	uint64_t sequence;      /* number in the stream */
	uint64_t time;          /* nanoseconds of the trace's clock; a call's is that of its return */
	uint64_t entered;
	uint32_t tid;           /* 0: it belongs to no task */
	uint32_t pid;           /* where the record has it, else 0: seam_tasks_pid() knows more */
	uint64_t number;
	uint64_t args[SEAM_MAX_ARGS];
	int64_t ret;
	const struct seam_blob *blobs; /* of calls, SUBMIT, COMPLETE; and of MORE, with the address at which it goes on (0: not known) */
	uint32_t blob_count;
	union {
		struct {
			uint32_t tid, pid, ppid; /* of the child */
			bool worker;             /* a thread of the kernel for io_uring */
			struct seam_own_pids own;
		} fork;
		struct {
			uint32_t old_tid;
			struct seam_strings file, args, env; /* file: one string */
		} exec;
		struct {
			uint32_t status; /* as wait() has it */
			bool last;       /* the process ended with this task */
		} exit;
		struct {
			char name[17];
		} name;
		struct {
			uint32_t signal;
			int32_t error, code;
			uint64_t handler, flags; /* handler: 0 default, 1 ignored */
			const unsigned char *info; /* the beginning of its siginfo_t */
			uint32_t info_size;        /* 0: it is not in the trace */
			bool sent;                 /* not delivered: SIGCONT lets the task go on at once */
		} signal;
		struct {
			uint64_t count; /* LOSS: calls; GAP: records */
		} loss;
		struct {
			bool pieces; /* further pieces of memory; else the one blob goes on where the last one ended */
		} more;
		struct {
			uint32_t ppid, uid;
			char name[17];
			struct seam_strings file, args;
			struct seam_own_pids own;
		} task;
		struct {
			uint64_t request; /* names it until its completion */
			uint64_t ring, user_data, flags; /* the lower 8 bits of flags are IOSQE_* */
			uint8_t opcode;
			bool polled;      /* found by the kernel's thread of the ring */
			const unsigned char *entry; /* a struct io_uring_sqe */
			uint32_t entry_size;        /* 0: it is not in the trace */
		} submit;
		struct {
			uint64_t request; /* 0: not said */
			uint64_t ring, user_data;
			int32_t result;
			uint32_t flags;   /* IORING_CQE_F_* */
			uint32_t worker;  /* the task in which it was completed */
			uint8_t opcode;   /* 255: not known */
			uint64_t extra[2];
		} complete;
		struct {
			uint32_t how;     /* enum seam_image_how */
			uint64_t address, bytes, offset;
			uint64_t inode;
			uint32_t major, minor;
			int64_t changed;  /* seconds since 1970 */
			uint32_t protection;
			struct seam_strings name;
		} image;
		struct {
			int32_t fd;       /* -100: working directory, -101: root directory */
			uint32_t flags;   /* O_* of the machine */
			uint64_t position;
			struct seam_strings name, socket; /* socket: "TCP:[127.0.0.1:80->127.0.0.1:4711]", or nothing */
		} descriptor;
		struct {
			uint32_t trap;    /* 0: a page fault */
			uint64_t address, ip, code;
		} trap;
		struct {
			uint64_t inode;
			uint32_t major, minor;
			int64_t changed;
			uint64_t size;
			const unsigned char *id; /* the build id */
			uint32_t id_size;        /* 0: it has none */
			struct seam_strings name;
		} file;
		struct {
			bool env;         /* else of the arguments */
			struct seam_strings more;
		} words;
		struct {
			uint64_t offset;  /* of the block in the file */
			uint64_t records; /* that are lost with it; 0: that is not known, a GAP follows if there is more */
			const char *text; /* "FILE: block at OFFSET: what is wrong" */
		} damage;
	};
};

struct seam_trace_options {
	bool follow;     /* the file still grows: an end that is not complete yet is no damage */
	bool no_index;   /* find the blocks one by one, as in a file that was not finished */
	uint64_t memory; /* at most so many bytes of blocks at a time; 0: 2 GiB */
};

struct seam_trace;

/*
 * Opens a trace. Damage is told by seam_trace_next(), once for each place, among the events; this fails only if there is no
 * block that can be read, or if a newer version wrote the file. @options may be NULL.
 */
int seam_trace_open(struct seam_trace **ret, const char *path, const struct seam_trace_options *options,
		    struct seam_err *err);
void seam_trace_close(struct seam_trace *t);

/* The metadata. The @n-th value of the key (from 0), or NULL. */
const char *seam_trace_meta(const struct seam_trace *t, const char *key, size_t n);
/* All of it in order: false after the last. */
bool seam_trace_meta_at(const struct seam_trace *t, size_t i, const char **ret_key, const char **ret_value);
enum seam_arch seam_trace_arch(const struct seam_trace *t);
/* Whether its recorder finished it: else the end may be missing. */
bool seam_trace_finished(const struct seam_trace *t);
/* Places that were damaged, among those that have been looked at. */
uint64_t seam_trace_damages(const struct seam_trace *t);

/* Blocks of records, in the order of the file. */
struct seam_trace_block {
	uint64_t offset, first, last; /* place in the file, times */
	uint32_t stream, records;
};
size_t seam_trace_block_count(const struct seam_trace *t);
bool seam_trace_block_at(const struct seam_trace *t, size_t i, struct seam_trace_block *ret);

/*
 * The next event of all streams in the order of time. 1, 0 at the end, negative errno if the file cannot be read or
 * memory has run out. When following, 0 means that there is nothing more yet: call it again later. Events of a stream are
 * always in order; those of two streams are as far as their blocks had been written when they were looked for.
 */
int seam_trace_next(struct seam_trace *t, const struct seam_event **ret, struct seam_err *err);
/* Goes on with the first events at or after this time; 0: from the beginning. */
int seam_trace_seek(struct seam_trace *t, uint64_t time, struct seam_err *err);

/*
 * Memory of the program as the trace has it: fits seam_env.read, with the event as env.user. Copies up to n bytes and
 * returns how many are known in a row. What a call left is what it found where nothing was recorded after it, and the other
 * way round: memory that only comes out is asked for as it was at entry where one of its members decides of another.
 */
size_t seam_event_read(void *event, uint64_t address, void *to, size_t n, enum seam_when when);
/* What an expression or a text of the call may ask: its arguments, its result, its memory. The event must stay where it is. */
void seam_event_env(const struct seam_event *e, struct seam_env *ret);
/* "call", "fork" ... NULL: no such kind. */
const char *seam_event_kind_name(unsigned kind);

/* The tasks, as far as the events that were shown to it say. */
struct seam_tasks;
struct seam_task {
	uint32_t tid, pid, ppid; /* 0: not known */
	struct seam_own_pids own;
	bool worker;             /* a thread of the kernel for io_uring */
	uint32_t uid;            /* the real one, UINT32_MAX: not known; in a user namespace what it was before, or the one inside */
	bool gone;               /* it has ended; kept for a while, since a last call may be told after its end */
	const char *name;        /* "": not known */
	const char *exe;         /* file name of the program that its process runs, "": not known */
	const char *args;        /* its arguments, each with its NUL */
	uint32_t args_size;
};
struct seam_tasks *seam_tasks_new(void);
void seam_tasks_free(struct seam_tasks *s);
/*
 * Of which trace they are, before the first event is shown: whose the command was, and which calls make a task another user's.
 * False: it does not tell that, so no uid will be known.
 */
bool seam_tasks_of(struct seam_tasks *s, const struct seam_trace *trace);
/* They are of this machine, and are seen as they live (seam_observe). */
void seam_tasks_live(struct seam_tasks *s);
/* Shows it every event in the order of seam_trace_next(): before asking about the event's own task. */
void seam_tasks_see(struct seam_tasks *s, const struct seam_event *e);
/* What is known of this task now; the strings are valid until the next seam_tasks_see(). False: nothing, @ret is empty. */
bool seam_tasks_get(const struct seam_tasks *s, uint32_t tid, struct seam_task *ret);
uint32_t seam_tasks_pid(const struct seam_tasks *s, uint32_t tid);
/* Those that had not ended before this time and whose process is known, in no order. */
void seam_tasks_each(const struct seam_tasks *s, uint64_t since, void (*fn)(const struct seam_task *task, void *user), void *user);

#ifdef __cplusplus
}
#endif
#endif
