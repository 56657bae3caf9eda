/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room know of each other: one supervisor, the filter that tells it of programs that are about to begin, and how the agent is put into them. */
#ifndef AGENT_AGENT_PARTS_H
#define AGENT_AGENT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "agent/agent-shared.h"
#include "arch/agent-put.h"
#include "launch/child.h"
#include "launch/guard.h"
#include "launch/watch.h"
#include "seam/agent.h"

#define AGENT_NAME_MAX 256
#define AGENT_NO_NAME "a program without a name"

/* A task between its execve() and the program's first words to us. It is attached to no longer than until the program is there. */
struct seized {
	pid_t tid;
	bool attached;
	char program[AGENT_NAME_MAX];
};

struct notification;

struct agent_run {
	const struct seam_agent_options *o;
	struct seam_agent_result *result;
	struct seam_err *err;
	int failed;             /* the error that ends it all */

	struct agent_head head; /* of the blob */
	struct agent_shared *shared;
	int blob_fd, shared_fd;
	struct arch_agent_put put;

	int listener;           /* of the filter */
	int sender, receiver;   /* how the child gives it to us */
	struct notification *room;
	struct seized *seized;
	size_t seized_count;
	bool begun;             /* the command's own program */

	struct watch watch;
	struct child child;
	struct guard guard;
	int child_signals;      /* a descriptor of SIGCHLD */
	pid_t command;
	int status;
	bool command_ended;
};

/* --- agent-memory.c: what the programs get descriptors of. */
int agent_memory_make(struct agent_run *s, struct seam_err *err);
void agent_memory_release(struct agent_run *s);

/* --- agent-listen.c */

/* In the child that is about to run the command: from here on the supervisor is asked about every execve(), its own and that of all that descend from it. 0, or -errno. */
int listen_install(int sender);
/* In the supervisor, when the child has been let go. -ENOENT: the child has not come so far. */
int listen_begin(struct agent_run *s, struct seam_err *err);
void listen_release(struct agent_run *s);
/* Takes one question, if there still is one, and answers it. */
void listen_take(struct agent_run *s);
/* Has all calls made that are asked about, until nobody is left to ask: for the guard, when the supervisor is gone. */
void listen_let_all(int listener, bool by_filter);

/* --- agent-put.c */

/* A task is about to run another program: it is attached to. 0, or -errno. */
int put_seize(struct agent_run *s, pid_t tid, const char *program);
/* Something has become of it: its program is there, and begins with the agent; or not, and it is let go. */
void put_stopped(struct agent_run *s, pid_t tid, int status);
/* When it has been told to go on. */
void put_expect(pid_t tid);
struct seized *put_find(struct agent_run *s, pid_t tid);
void put_forget(struct agent_run *s, pid_t tid);

/* A program that runs without the agent. */
void report_without(struct agent_run *s, pid_t pid, const char *program, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
void agent_fail(struct agent_run *s, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
