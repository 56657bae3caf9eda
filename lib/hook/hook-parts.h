/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room share: tasks, processes, handlers that have begun, and who supervises them. */
#ifndef HOOK_HOOK_PARTS_H
#define HOOK_HOOK_PARTS_H

#include <signal.h>

#include "arch/tracee.h"
#include "hook/coroutine.h"
#include "hook/turns.h"
#include "hook/wanted.h"
#include "launch/child.h"
#include "seam/hook.h"

#define HOOK_BUCKETS 1024u

#define SCRATCH_BLOCK 1024u
#define SCRATCH_AREAS 16u

/* 64 blocks of memory in a program that are ours. */
struct scratch_area {
	uint64_t address; /* 0: not there yet */
	uint64_t used;    /* a bit for each block */
};

/* Memory that processes share, until an exec. */
struct space {
	unsigned users;    /* processes */
	struct scratch_area scratch[SCRATCH_AREAS];
	uint64_t call_at;  /* of an instruction that makes calls, in code that is always there; 0: not looked for, 1: there is none */
};

struct process {
	uint32_t pid;
	unsigned tasks;
	struct space *space;
	void *state;
	bool filters;      /* it has asked for a filter of its own for calls, or may have had one before */
};

/* Where a task stands that is stopped. */
enum task_at {
	TASK_RUNS,      /* it is not stopped, or not in our hands */
	TASK_AT_ENTRY,  /* it has entered a call, which will be done when it goes on */
	TASK_AT_EXIT,   /* the call has been done */
	TASK_AT_EVENT,  /* inside a call, at its end, or with a signal: no call can be made here */
	TASK_GONE,
};

struct task {
	struct task *next;    /* in its bucket */
	pid_t tid;
	struct process *process; /* NULL: nobody has told yet whose it is */
	void *state;
	struct hook *top;     /* its handlers that have begun, the innermost first */
	enum task_at at;
	int signal;           /* to be delivered when it goes on */
	bool fresh;           /* what it does before its first execve() is ours */
	bool early;           /* it has stopped before anybody told whose it is */
	bool execs;           /* an exec has succeeded and its call has not returned */
	bool exec_due;        /* which handlers are to be told */
	bool inside;          /* it stands between the entry and the exit of a call, and will stop at the exit (stop-info.h) */
	bool compat;          /* its last call was of the 32-bit table */
	bool dead;            /* it has ended, and a handler is still at work about that */
	pid_t holds;          /* the child that waits until the handlers of its birth are done */
	bool held;            /* it is such a child */
	bool masked;          /* all signals are kept back, and this was the mask: */
	uint64_t mask;
	bool pinned;          /* it runs where we want it to */
	bool seen;            /* in this window (place.c) */
};

/* Why a handler is suspended. */
enum hook_want {
	HOOK_ENDS,
	HOOK_WANTS_EXIT,  /* the call to be done */
	HOOK_WANTS_ENTRY, /* the task to make the call that is in its registers */
	HOOK_WANTS_WORD,  /* a word to change, or time to pass */
};

struct hook_defer {
	struct hook_defer *next;
	void (*fn)(void *arg);
	void *arg;
};

struct hook_piece {
	struct hook_piece *next;
	uint64_t bytes[];
};

struct hook {
	struct seam_hook pub;
	struct supervisor *s;
	struct task *task;
	struct hook *outer;      /* the one of the same task that this happens inside of */
	struct hook *next_waiting;
	struct coroutine *co;
	enum hook_want want;
	const struct wanted_list *list; /* handlers to be called */

	bool decided;            /* finished or skipped */
	bool skipped;
	bool rewound;            /* the call has to be entered once more: others were made in its place */
	bool changed;            /* number or arguments are no longer the program's */
	bool regs_known;
	bool unfiltered;         /* filters are off for the call that is being made */
	struct space *scratch_of; /* what it holds some of */
	uint64_t scratch[SCRATCH_AREAS]; /* the blocks of each area */
	bool reaped;             /* only a process number is left of it */
	uint64_t number;         /* of the call, as it is to be made */
	uint64_t own_number;     /* and as the program made it */
	uint64_t own_args[SEAM_MAX_ARGS];
	int64_t result;          /* of the last call that was waited for */
	struct arch_regs regs;   /* as they were when the handler began, or since its call has returned */

	const uint32_t *word;
	uint32_t value;
	uint64_t until;

	struct hook_piece *pieces;
	size_t piece_left;
	struct hook_defer *defers;
	siginfo_t info;
};

struct supervisor {
	const struct seam_tool *tool;
	const struct seam_run_options *o;
	struct seam_run_result *result;
	const struct seam_tables *t;
	struct wanted wanted;
	struct coroutine_pool stacks;
	struct task *buckets[HOOK_BUCKETS];
	size_t task_count;
	struct hook *waiting;    /* handlers that wait for a word or a time */
	bool woken;              /* some word has changed */
	bool every_call;         /* tasks stop at each call, by themselves; else a filter stops those that are wanted */
	bool filtered;           /* there is such a filter */
	void *shared;
	int out;
	unsigned own_filters;    /* filters that every process here has: those that we have ourselves, and ours */
	uint64_t tick_due;       /* when the user wants to be called */
	bool no_info;            /* the kernel does not say what stops at calls are about */
	bool stop_self;          /* the terminal has stopped the command: so are we, as soon as all is quiet */
	struct child child;
	struct watch watch;
	struct turns turns;
	uint8_t own[2][WANTED_NUMBERS]; /* calls that concern the supervisor itself (attach.h), of this machine and of its 32-bit one */
	pid_t first;             /* the command */
	bool first_ended, letting_go;
	struct seam_err *err;
	int failed;              /* a handler's seam_fail(), or ours */
	struct place *place;
	struct hook *running;    /* the handler that runs just now */
};

/* hook-tasks.c */
struct task *task_find(struct supervisor *s, pid_t tid);
struct task *task_add(struct supervisor *s, pid_t tid);
/* It belongs to this process from now on, which the caller has made or found. */
void task_join(struct supervisor *s, struct task *t, struct process *p);
/* Its handlers are abandoned, its states released. */
void task_remove(struct supervisor *s, struct task *t);
void task_rename(struct supervisor *s, struct task *t, pid_t tid);
struct process *process_new(struct supervisor *s, uint32_t pid, struct space *space);
void process_release(struct supervisor *s, struct process *p);
struct space *space_new(void);
struct space *space_share(struct space *sp);
struct space *space_copy(const struct space *sp);
void space_release(struct space *sp);
/* What a new task has of the one that made it. */
void task_inherit(struct supervisor *s, struct task *child, const struct task *parent, enum seam_occasion how);

/* hook-run.c */
/* Begins the handlers for an occasion, if there are any; false: there are none. It may have ended already when this returns. */
bool hook_begin(struct supervisor *s, struct task *t, enum seam_occasion occasion, const struct wanted_list *list, const struct seam_hook *about);
/* Goes on with the innermost handler of the task. */
void hook_step(struct hook *h);
void hook_abandon(struct hook *h);
/* Suspends the handler that runs. */
void hook_leave(struct hook *h, enum hook_want want);
/* Nanoseconds of CLOCK_MONOTONIC when somebody wants to go on, UINT64_MAX: never; goes on with those whose time or word has come. */
uint64_t hook_wake_waiting(struct supervisor *s);

/* hook-call.c: the task's call in the state in which it can go on; run on the handler's own stack when it ends. */
void hook_settle(struct hook *h);
static inline struct hook *hook_of(struct seam_hook *h)
{
	return (struct hook *)h;
}

/* hook-args.c: what expressions of the tables ask of the call. */
void hook_env(struct seam_hook *h, struct seam_env *ret);

/* hook-memory.c */
size_t tracee_read(pid_t tid, uint64_t address, void *to, size_t n);
int tracee_write(pid_t tid, uint64_t address, const void *from, size_t n);

/* stops.c: a task has stopped, or ended, as waitpid() says. */
void stop_came(struct supervisor *s, struct task *t, int status);
void stop_ended(struct supervisor *s, struct task *t, int status);

/* supervise.c */
/* The task, which is stopped, belongs to nobody any more. */
void task_let_go(struct supervisor *s, struct task *t);
/* Its child that waited for the handlers of its birth goes on. */
void task_release_child(struct supervisor *s, struct task *t);
long supervisor_ptrace_options(const struct supervisor *s);
void supervisor_fail(struct supervisor *s, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* All tasks, as soon as they have stopped and their handlers are done. */
void supervisor_let_go(struct supervisor *s);
/* Has the task go on as its handlers want it to. */
void task_proceed(struct supervisor *s, struct task *t);

#endif
