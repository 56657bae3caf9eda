/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The agent: stands at the calls of a command from within its own processes, without any privilege, and without stopping them. So far it counts them.
 *
 * Each program that the command or a descendant of it begins has the agent put into it before its first instruction. One that cannot have it runs all the same, and is told of.
 * Unless we are root, programs that would run as somebody else run without that: the kernel lets nobody else have a filter.
 */
#ifndef SEAM_AGENT_H
#define SEAM_AGENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SEAM_AGENT_NUMBERS 1024

/* A program that runs without the agent, unseen. */
struct seam_agent_without {
	pid_t pid;
	const char *program; /* its file, as far as it is known */
	const char *reason;
};

struct seam_agent_options {
	char **command; /* ends with NULL */
	bool away;      /* its standard output is our standard error */
	void (*without)(void *user, const struct seam_agent_without *w); /* NULL: they are only counted */
	void *user;
};

struct seam_agent_result {
	int status;          /* of the command, as wait() has it */
	bool no_command;     /* that is why it failed: the command cannot be run */
	bool by_filter;      /* calls trapped by a seccomp filter: the kernel has no Syscall User Dispatch, or keeps it from us */
	uint64_t programs;   /* that had the agent */
	uint64_t without;    /* that had not */
	uint64_t threads;    /* that were begun in them, beside the first ones */
	uint64_t traps;      /* calls that trapped, each way into the agent counted */
	uint64_t deferred;   /* signals that came while the agent was at work */
	uint64_t refused;    /* calls that would have touched the agent's memory */
	uint64_t narrow;     /* calls of the 32-bit table, by 64-bit programs */
	uint64_t others;     /* calls with numbers that are not in: */
	uint64_t calls[SEAM_AGENT_NUMBERS]; /* by number, the command's own execve() included */
};

/*
 * Runs the command until all of its processes have ended. The calling process must have no other children that it waits for meanwhile. An error, before anything is run, where the kernel or
 * whoever confines us does not let us.
 */
int seam_agent_run(const struct seam_agent_options *options, struct seam_agent_result *ret, struct seam_err *err);

#ifdef __cplusplus
}
#endif
#endif
