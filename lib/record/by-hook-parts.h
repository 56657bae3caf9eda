/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the recorder by handlers share. */
#ifndef RECORD_BY_HOOK_PARTS_H
#define RECORD_BY_HOOK_PARTS_H

#include "base/time.h"
#include "bpf/bare.h"
#include "capture/capture.h"
#include "record/by-hook.h"
#include "record/by-hook-choice.h"
#include "record/images.h"
#include "record/snaps.h"
#include "record/start.h"
#include "seam/hook.h"

struct by_hook {
	struct seam_record_options *o;
	const struct by_hook_observer *observer;
	struct seam_record_result *result;
	struct sink *sink;
	struct trace_builder own;   /* of the recorder's stream */
	struct trace_builder calls; /* of all that happens: its order is total */
	struct images images;
	struct start *start;
	struct snaps snaps;
	struct by_hook_choice choice;
	struct seam_tasks *tasks;   /* NULL: nobody asks who a task is */
	struct bare bare;           /* the tables by which memory is copied */
	uint8_t *traits;            /* of each variant: enum call_trait */
	uint8_t *protection;        /* of each variant: 1 + the argument that says whether it can be run */
	struct seam_blob *blobs;    /* of the event under way */
	uint32_t blob_room;
	struct call_now *spare;
	uint64_t own_space;         /* our own pid namespace */
	uint64_t sequence[2];       /* of events that are told as they happen: calls, the recorder's own */
	uint64_t began, used;
	uint64_t flush_at, tell_at; /* flush_at: UINT64_MAX: there is nothing to be flushed */
	struct seam_hook *here;     /* the handler that writes just now; NULL: none does */
	uint64_t n_calls, n_tasks;
	pid_t command;              /* 0: it is not there yet */
	bool has_begun;
	bool door_calls; /* who wants a file says so by a signal */
	struct under_way *under_way; /* calls that tasks were in when they were attached to */
	size_t under_way_count;
	uint64_t restart;           /* number of the call that goes on with one that was interrupted */
	int begin_failed;
	struct seam_err begin_err;
	bool write_failed;
	struct seam_err write_err;
};

#define BY_HOOK_FLUSH_NS NS_PER_S /* records wait so long in a block that is not full */

enum call_trait {
	CALL_EXECS = 1 << 0,
	CALL_NAMES = 1 << 1, /* may give the task another name */
};

/* A call that has been entered, from then until it is written. */
struct call_now {
	struct call_now *next; /* among those that nobody needs */
	struct seam_event e;
	const struct seam_variant *variant; /* that memory is copied by; NULL: none is */
	struct capture capture;
	uint32_t tid;          /* whose memory it is */
	bool wanted;           /* else somebody only has to see it */
	bool late;             /* nobody knows when it began */
	bool ask;              /* it depends on more than the number */
	uint8_t traits, protection;
	size_t room;
	unsigned char *data;
};

/* A call that a task was in, of which it is not known since when. */
struct under_way {
	uint32_t tid;
	uint64_t number, args[SEAM_MAX_ARGS];
};

/* What is kept of a process. All zeros: it was there before. */
struct told_process {
	bool known;
	bool stopped;
	unsigned alive; /* tasks that have not ended */
	uint32_t pid, ppid;
	uint64_t space; /* its pid namespace if that is not ours, else 0 */
};

/* And of a task. */
struct told_task {
	struct by_hook *b;
	struct call_now *call; /* it is in it */
	struct told_process *process;
	uint32_t tid, pid;
	bool known;
	bool born;             /* while we looked */
	bool in_call;          /* it was, when it was attached to, and has not made another since */
	bool execed;           /* that has been told, and handlers not yet */
	bool ended;
};

/* by-hook-write.c */
void by_hook_write(struct by_hook *b, const struct seam_event *e);
/* What @like is about, as far as the others say it. */
void by_hook_see(void *b, const struct seam_event *e, uint32_t stream);
/* A new file, if it is time for one. */
void by_hook_turn(struct by_hook *b);
void by_hook_end_blocks(struct by_hook *b);

/* by-hook-call.c */
void by_hook_on_call(struct seam_hook *h);
/* A call of the task that will not return. */
void by_hook_unreturned(struct told_task *t);
/* The end of its maker's call, in a task that has just been made. */
void by_hook_newborn(struct seam_hook *h, const struct told_task *maker);
void by_hook_free_calls(struct by_hook *b);

/* by-hook-start.c */
/* Before they are attached to: who is interrupted already is in no call. */
void by_hook_look_under_way(struct by_hook *b);
const struct under_way *by_hook_under_way(const struct by_hook *b, uint32_t tid);

/* by-hook-exec.c */
void by_hook_exec(struct seam_hook *h, struct told_task *t);
void by_hook_name(struct seam_hook *h, struct told_task *t);

/* by-hook-signal.c */
void by_hook_on_signal(struct seam_hook *h);

/* by-hook-task.c */
struct told_task *by_hook_task(struct seam_hook *h);
void by_hook_on_birth(struct seam_hook *h);
void by_hook_on_exec(struct seam_hook *h);
void by_hook_on_pre_exit(struct seam_hook *h);
void by_hook_inherit_task(void *child, const void *parent, enum seam_occasion how);
void by_hook_inherit_process(void *child, const void *parent, enum seam_occasion how);
void by_hook_release_task(void *state);
/* The pid namespace of a process, 0: not known. */
uint64_t by_hook_pid_space(uint32_t pid);

/* by-hook-tick.c */
uint64_t by_hook_tick(void *b);
void by_hook_asked(void *b);
void by_hook_listen(struct by_hook *b);

#endif
