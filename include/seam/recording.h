/* SPDX-License-Identifier: BSD-2-Clause */
/* Recording: every call of a command, of processes that run already, or of the machine, into a trace file. */
#ifndef SEAM_RECORDING_H
#define SEAM_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/callset.h"
#include "seam/counts.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct seam_record_progress {
	uint64_t calls, lost, tasks, stops;
	double seconds; /* since it began */
};

struct seam_record_options {
	const char *output;
	char **command;     /* ends with NULL; NULL: none is started */
	const pid_t *pids;  /* processes to attach to, with all their threads */
	size_t pid_count;
	bool all;           /* every task of the machine but the recorder */
	const struct seam_callset *calls; /* NULL: all of them */
	uint64_t snap;      /* bytes of content that are kept of each piece; status is always kept in full */
	uint64_t buffer;    /* bytes for each processor; 0: what suits */
	bool durations;
	bool traps;         /* page faults of the programs too; -ENOTSUP where the kernel does not tell them */
	bool drop;          /* never stop a task because there is no room: count what is lost */
	int level;          /* of compression; 0: none */
	/* Called now and then while recording; NULL: nobody is interested. */
	void (*progress)(void *user, const struct seam_record_progress *p);
	void *user;
};

struct seam_record_result {
	uint64_t calls, lost;
	uint64_t tasks;
	uint64_t stops;  /* times that a task waited for room */
	uint64_t bytes;  /* of records and memory, before compression */
	uint64_t stored; /* the file */
	double seconds;
	int status;      /* of the command, as wait() has it */
	bool ran;        /* the command was started */
};

/*
 * Records until the command has ended, or the processes have, or until SIGINT, SIGTERM or SIGHUP when there is no command. The result is
 * also filled in as far as it is known when this fails. -ENOENT and -EACCES with !ran: the command cannot be run.
 */
int seam_record(const struct seam_record_options *options, struct seam_record_result *ret, struct seam_err *err);

/*
 * Counts instead of recording: no file is written, nothing is copied, nothing can be lost. Of the options it looks at command,
 * pids, all, calls and durations; of the result it fills in calls, tasks, seconds, status and ran. interval: nanoseconds
 * after which @during is called, again and again, with all that has been counted until then; 0: never.
 */
int seam_count(const struct seam_record_options *options, uint64_t interval, void (*during)(void *user, const struct seam_counts *now),
	       struct seam_record_result *ret, struct seam_counts *ret_counts, struct seam_err *err);
void seam_counts_release(struct seam_counts *c);

#ifdef __cplusplus
}
#endif
#endif
