/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Standing at the seam: code that is run when a program makes a system call, and decides what becomes of it.
 *
 * A tool is a table of handlers. A handler is straight-line code about one call of one task, however many tasks there are: where it has to wait
 * (for the kernel, for another task) it is suspended, and the others go on. Only what there are handlers for is stopped at.
 *
 *	static void on_unlinkat(struct seam_hook *h)
 *	{
 *		struct seam_named file;
 *
 *		if (seam_path(h, "pathname", &file) == 0 && seam_finish(h) == 0)
 *			seam_print(h, "%s was inode %llu\n", file.path, (unsigned long long)file.inode);
 *	}
 *
 *	static const struct seam_handler handlers[] = { SEAM_ON(unlinkat, on_unlinkat) };
 *	static const struct seam_tool tool = { SEAM_HANDLERS(handlers) };
 *
 * So that the same source can stand in another place later, inside the program that it is about, a handler includes seam/ headers only, calls
 * nothing but what they declare, takes memory from seam_alloc(), and keeps what outlives it in the states and the shared memory of its tool.
 *
 * A handler that is suspended may never go on: its task was killed, or another thread's execve() or exit_group() ended it; a call that does not
 * return (exit) is finished by nobody. Then it is abandoned: nothing that stands behind the place where it waits is run. Its memory is
 * given back, what it gave to seam_defer() is run, and the states of the task are released as at any end. A program's own siglongjmp() abandons nobody: signals
 * wait while a handler has a call of its own under way, and a call of the program that a signal interrupts comes back to seam_finish() first.
 */
#ifndef SEAM_HOOK_H
#define SEAM_HOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/calls.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a handler is called for. */
enum seam_occasion {
	SEAM_OCCASION_CALL,             /* a task has entered a call, which the kernel has not seen yet */
	SEAM_OCCASION_EXEC,             /* a task runs another program now; none of it has been executed */
	SEAM_OCCASION_PRE_EXIT,         /* a task is about to end; its memory is still there */
	SEAM_OCCASION_FORK,             /* a task has made another process; neither of them goes on before this returns */
	SEAM_OCCASION_VFORK,            /* likewise, and waits until that has ended or executes something */
	SEAM_OCCASION_CLONE,            /* likewise: a thread, or a process that tells its end by another signal than SIGCHLD */
	SEAM_OCCASION_PROCESS_EXITED,   /* the last of a process's threads has ended by exit */
	SEAM_OCCASION_KILLED_BY_SIGNAL, /* a process was killed by a signal */
	SEAM_OCCASION_RECEIVED_SIGNAL,  /* a signal is about to be delivered to a task */
	SEAM_OCCASION_COUNT
};

struct seam_hook;

struct seam_handler {
	enum seam_occasion occasion;
	const char *calls; /* SEAM_OCCASION_CALL: "openat", "%file,!read" as after -e; NULL: all that have the effect, or all */
	unsigned effect;   /* 1 + enum seam_verb: calls that have it; 0: whatever they do */
	void (*fn)(struct seam_hook *h);
};

#define SEAM_ON(call, fn) { SEAM_OCCASION_CALL, #call, 0, fn }
#define SEAM_ON_CALLS(words, fn) { SEAM_OCCASION_CALL, words, 0, fn }
#define SEAM_ON_EVERY_CALL(fn) { SEAM_OCCASION_CALL, NULL, 0, fn }
/* Calls whose numbers are in no table. */
#define SEAM_ON_UNKNOWN_CALLS(fn) { SEAM_OCCASION_CALL, "", 0, fn }
/* SEAM_ON_EFFECT(REMOVES, fn): calls whose case may have this effect (SEAM_VERBS). */
#define SEAM_ON_EFFECT(verb, fn) { SEAM_OCCASION_CALL, NULL, 1 + SEAM_VERB_##verb, fn }
/* SEAM_ON_EVENT(EXEC, fn): one of the other occasions. */
#define SEAM_ON_EVENT(occasion, fn) { SEAM_OCCASION_##occasion, NULL, 0, fn }

/* For a struct seam_tool: .handlers and .handler_count of an array. */
#define SEAM_HANDLERS(array) .handlers = (array), .handler_count = sizeof(array) / sizeof((array)[0])

/*
 * Handlers of the same occasion are called one after the other in the order of the table. Of the states there is one for each task and one for each
 * process, all zeros at first; a new task has a copy of that of the one which made it, until inherit() says otherwise; release() is called at the end.
 */
struct seam_tool {
	const char *name;
	const struct seam_handler *handlers;
	size_t handler_count;
	size_t task_bytes, process_bytes; /* of the states */
	size_t shared_bytes;              /* of memory that all handlers share, zeros at first: seam_hook.shared */
	void (*inherit_task)(void *child, const void *parent, enum seam_occasion how);
	void (*inherit_process)(void *child, const void *parent, enum seam_occasion how);
	void (*release_task)(void *state);
	void (*release_process)(void *state);
	/* Before anything runs, and after everything has ended. NULL: nothing to do. Not run inside a program. */
	void (*begin)(void *shared, void *user);
	void (*end)(void *shared, void *user);
	void *user;
};

/* Where a handler stands. To be read; what changes it are the functions below. */
struct seam_hook {
	enum seam_occasion occasion;
	const struct seam_tool *tool;
	const struct seam_tables *tables;
	uint32_t tid, pid;
	void *task_state, *process_state, *shared;

	/* CALL */
	enum seam_arch arch;               /* of the call's table: SEAM_ARCH_I386 for a 32-bit call on x86_64 */
	bool compat;                       /* of a 32-bit table: descriptions are those of the 64-bit call of the same name, if that has the same arguments */
	uint64_t number;
	const char *name;                  /* of the call, "call 4711" if it is not in the tables */
	const struct seam_call *call;      /* NULL: not in the tables */
	const struct seam_variant *variant; /* which case of it, NULL: not described */
	uint64_t args[SEAM_MAX_ARGS];
	bool returned;                     /* it has a result: */
	int64_t ret;                       /* -4095 to -1: a negative errno */

	/* FORK, VFORK, CLONE */
	uint32_t child, child_pid;

	/* PROCESS_EXITED, KILLED_BY_SIGNAL */
	int status;                        /* as wait() has it */

	/* RECEIVED_SIGNAL, KILLED_BY_SIGNAL */
	int signal;                        /* 0: it has been swallowed */
	const unsigned char *info;         /* siginfo_t, NULL: not known */
	size_t info_size;
};

/* --- What the call is about. Arguments go by the names of the descriptions ("seam calls openat"); a tool that asks for one that the call does not have is wrong, and fails (seam_fail). */

/* -1: it has none of that name. */
int seam_arg_index(struct seam_hook *h, const char *name);
/* The value as its type has it: cut to its bytes, extended by its sign. */
int64_t seam_arg(struct seam_hook *h, const char *name);
/* The name of the argument that this effect of the call is about, as its case has it: REMOVES of rename() its new name. NULL: it has no such effect, or not this time. */
const char *seam_effect_arg(struct seam_hook *h, enum seam_verb verb);
/* What the kernel will see. The program's own registers stay as they are. Only before the call is finished. */
void seam_set_arg(struct seam_hook *h, const char *name, uint64_t value);
/* Another call, with the arguments that are there. */
void seam_set_call(struct seam_hook *h, const char *name);

/* --- The program's memory. */

/* How many of the bytes could be copied; 0: none. */
size_t seam_read(struct seam_hook *h, uint64_t address, void *to, size_t n);
/* 0, -EFAULT: not there. Memory that the program may only read is written all the same. */
int seam_write(struct seam_hook *h, uint64_t address, const void *from, size_t n);
/* A copy, valid until the handler ends; NULL: not readable, or longer than 128 KiB. */
const char *seam_read_string(struct seam_hook *h, uint64_t address);
const char *seam_arg_string(struct seam_hook *h, const char *name);
/* What @count iovecs at @address point to, one after the other, at most @most bytes; *ret_n of them. NULL: not readable. */
void *seam_gather(struct seam_hook *h, uint64_t address, uint64_t count, size_t most, size_t *ret_n);
/* The other way round. How many bytes had room. */
size_t seam_scatter(struct seam_hook *h, uint64_t address, uint64_t count, const void *from, size_t n);
/*
 * A member of the structure that an argument points to, by its name in the descriptions; "tv.tv_sec" for one inside. 0, -ENOENT: there is no such
 * member, or it is no number; -EFAULT.
 */
int seam_member(struct seam_hook *h, const char *arg, const char *member, uint64_t *ret);
int seam_set_member(struct seam_hook *h, const char *arg, const char *member, uint64_t value);

/* What a path or a descriptor names. */
struct seam_named {
	const char *path;   /* absolute, as the task would say, without links and ".."; of a descriptor what the kernel calls it: "pipe:[17]" */
	int error;          /* 0; ENOENT: all but the last part is there; else the errno that the kernel would give, and of the rest only @path means something */
	bool link;          /* it is a symbolic link, which the call does not follow */
	uint32_t mode;      /* with the type of file, as st_mode */
	uint64_t device, inode;
	uint64_t size;
	uint32_t uid, gid;
	const char *target; /* of a link */
};
enum seam_follow {
	SEAM_FOLLOW_AS_CALL, /* a link at the end is followed if the call does so, as the descriptions tell */
	SEAM_FOLLOW,
	SEAM_NOFOLLOW,
};
/* What an argument that is a path or a descriptor names: from the task's own folder and root, or that of the descriptor beside it. 0, -EFAULT: no readable path. */
int seam_path(struct seam_hook *h, const char *arg, struct seam_named *ret);
int seam_path_how(struct seam_hook *h, const char *arg, enum seam_follow follow, struct seam_named *ret);
/* A path of your own, from a descriptor of the task (-100: its working directory). */
int seam_resolve(struct seam_hook *h, int dirfd, const char *path, enum seam_follow follow, struct seam_named *ret);
/* A descriptor of the task; -EBADF: it has no such. */
int seam_descriptor(struct seam_hook *h, int fd, struct seam_named *ret);

/* --- What becomes of the call. */

/*
 * Lets the kernel do it, and comes back with its result; once only, then it just tells the result. A result of -512 to -516: a signal has interrupted it, and the kernel may begin it again
 * by itself, which is another call for handlers (seam_is_interrupted).
 */
int64_t seam_finish(struct seam_hook *h);
bool seam_is_interrupted(int64_t ret);
/* The kernel does not see it: this is the result. Only before it is finished. */
void seam_skip(struct seam_hook *h, int64_t ret);
/* Has the kernel do it once more, with the arguments that are there now; its result. Only after it is finished. */
int64_t seam_repeat(struct seam_hook *h);
/* Another result, of a call that is finished or skipped. */
void seam_set_result(struct seam_hook *h, int64_t ret);
/*
 * Makes another call in the task's place, before or after its own, and comes back with the result. What the call leaves in registers and what it would do to the mask of signals is undone; all
 * else is the program's to keep. -ESRCH where there is no task to make it, -EBUSY in a handler for an event that happens inside a call or with a signal,
 * -EPERM where the program has forbidden itself such calls. With SEAM_OCCASION_EXEC it can be done too.
 */
#define seam_inject(h, ...) SEAM_INJECT(h, __VA_ARGS__, 0, 0, 0, 0, 0, 0, 0) /* seam_inject(h, "openat", dirfd, path, flags): what is left out is 0 */
#define SEAM_INJECT(h, name, a, b, c, d, e, f, ...)                                                                  \
	seam_inject_args(h, name, (const uint64_t[SEAM_MAX_ARGS]){ (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), (uint64_t)(e), (uint64_t)(f) })
int64_t seam_inject_args(struct seam_hook *h, const char *name, const uint64_t args[SEAM_MAX_ARGS]);
/* OCCASION_EXEC: the new program will not find the vDSO, so that it asks for the time by calls. 0, -ENOENT: there is none, -EFAULT. */
int seam_hide_vdso(struct seam_hook *h);
/* Memory of the program that it does not know of, until the handler ends: for what an argument shall point to; at most 64 KiB at once. 0: none could be had. */
uint64_t seam_scratch(struct seam_hook *h, size_t n);
uint64_t seam_scratch_copy(struct seam_hook *h, const void *from, size_t n);
uint64_t seam_scratch_string(struct seam_hook *h, const char *text);

/* Whether all is coming to its end, and the task will be let go: a call that comes back interrupted now goes on without us. */
bool seam_is_ending(const struct seam_hook *h);

/* --- Signals. */

/* Sends one to the task itself. */
int seam_send_signal(struct seam_hook *h, int signal);
/* RECEIVED_SIGNAL: it is not delivered, or another in its place. */
void seam_swallow_signal(struct seam_hook *h);
void seam_set_signal(struct seam_hook *h, int signal);

/* --- Others, time, memory, text. */

/*
 * Waits until the word, which lies in the shared memory or a state, is another than @value. 0, -ETIMEDOUT after @ns (UINT64_MAX: never). Others go on.
 * Whoever changes the word says so.
 */
int seam_await(struct seam_hook *h, const uint32_t *word, uint32_t value, uint64_t ns);
void seam_wake(struct seam_hook *h, const uint32_t *word);
void seam_sleep(struct seam_hook *h, uint64_t ns);
/* Has the user's tick() (seam_run_options) called at this time, if it would be later. */
void seam_tick_at(struct seam_hook *h, uint64_t ns);
/* Nanoseconds of CLOCK_MONOTONIC. */
uint64_t seam_now(struct seam_hook *h);
/* Zeros, until the handler ends. */
void *seam_alloc(struct seam_hook *h, size_t n);
/* Run when the handler has ended or is abandoned, the last first; it is about memory only: there is no task any more. */
void seam_defer(struct seam_hook *h, void (*fn)(void *arg), void *arg);
/* To where the tool's words go (seam_run_options.out). */
void seam_print(struct seam_hook *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
const char *seam_format(struct seam_hook *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Comparing needs no library. */
static inline bool seam_equal(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return *a == *b;
}
static inline bool seam_starts(const char *text, const char *with)
{
	for (; *with && *text == *with; text++, with++)
		;
	return !*with;
}

/* Ends the whole run, with this sentence: a command is killed, attached processes are let go. The handler is abandoned: this does not return. */
void seam_fail(struct seam_hook *h, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4), noreturn));

/* --- Running a command, or what runs already, with a tool. */

struct seam_run_options {
	char **command;      /* ends with NULL; NULL: none is started */
	const pid_t *pids;   /* processes to attach to, with all their threads and the children that they will have */
	size_t pid_count;
	int out;             /* descriptor of what handlers print; 0: standard error */
	bool refuse_setuid;  /* programs that would run as somebody else are not run (EPERM); else they run without that */
	bool leave;          /* when the command has ended, let go of what it left behind; else wait for it */
	bool away;           /* standard output of the command is our standard error */
	bool no_placement;   /* leave it to the kernel where tasks run */
	/*
	 * Called when all processes are held and none of them has gone on, and then, between handlers, whenever the time has come that it returned last (CLOCK_MONOTONIC,
	 * UINT64_MAX: never; 0: let all tasks go, the run is over). NULL: there is nothing to do.
	 */
	uint64_t (*tick)(void *user);
	/* Called for SIGUSR1. NULL: it is no business of ours. */
	void (*asked)(void *user);
	void *user;
	const struct seam_tables *tables; /* NULL: seam_tables */
};

struct seam_run_result {
	int status;          /* of the command, as wait() has it */
	bool no_command;     /* that is why it failed: the command cannot be run */
	int signal;          /* that ended it, 0: none; of attached processes */
	uint64_t tasks;      /* that were followed */
	uint64_t stops;      /* of tasks, for whatever reason */
	uint64_t calls;      /* that a handler was called for */
	uint64_t abandoned;  /* handlers */
};

/*
 * Runs the command under the tool until all of its processes have ended, or the attached ones until they end or SIGINT, SIGTERM or SIGHUP comes, when they are let go.
 * By ptrace, without any privilege. Only one at a time in a thread, and the thread's other children must not be waited for meanwhile.
 */
int seam_run(const struct seam_tool *tool, const struct seam_run_options *options, struct seam_run_result *ret, struct seam_err *err);

#ifdef __cplusplus
}
#endif
#endif
