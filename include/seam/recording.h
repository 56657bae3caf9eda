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

/* What is done while there is no room for what tasks do. */
enum seam_pause {
	SEAM_PAUSE_BEST,   /* the first of the following that can be had */
	SEAM_PAUSE_HOLD,   /* a task waits in the kernel at the end of its call: nobody can see it */
	SEAM_PAUSE_FREEZE, /* the command runs in a cgroup of its own, which is frozen */
	SEAM_PAUSE_STOP,   /* stop signals, which parents can see */
	SEAM_PAUSE_NO,     /* nothing: what comes is lost, and counted */
};

/* How calls are seen. */
enum seam_engine {
	SEAM_ENGINE_BEST,   /* bpf, and ptrace where that is not to be had */
	SEAM_ENGINE_BPF,    /* by programs in the kernel: what is recorded hardly notices */
	SEAM_ENGINE_PTRACE, /* by stopping tasks at their calls: a command or some processes, without any privilege */
};

struct seam_record_progress {
	uint64_t calls, lost, tasks, stops;
	uint64_t stored; /* bytes of the file so far */
	double seconds; /* since it began */
};

/* What a flight recorder had, in a file. */
struct seam_snapshot {
	const char *path;
	const char *why;   /* somebody wanted it */
	uint64_t bytes;    /* of the file */
	double seconds;    /* between its first record and its last */
	const char *error; /* NULL: it is whole. Else what went wrong; a part of it may be there */
	int code;          /* of the error */
};

struct seam_record_options {
	const char *output; /* "-": standard output; with rotation and flight the beginning of names, as in OUTPUT.000001 */
	char **command;     /* ends with NULL; NULL: none is started */
	const pid_t *pids;  /* processes to attach to, with all their threads */
	size_t pid_count;
	const char *const *cgroups; /* of version 2: all who are in them and below, and who will be */
	size_t cgroup_count;
	enum seam_engine engine;
	bool all;           /* every task of the machine but the recorder */
	const struct seam_callset *calls; /* NULL: all of them */
	/* Expressions (doc/filter.md), all of which must hold; the kernel asks them, and keeps a call of which it cannot be told. */
	const char *const *where;
	size_t where_count;
	uint64_t signals_off;          /* 1 << (signal - 1): deliveries that are not recorded */
	const char *const *select;     /* what was selected, in words, for the metadata */
	size_t select_count;
	uint64_t snap;      /* bytes of content that are kept of each piece, UINT64_MAX: all of them; status is always kept in full */
	/* Of memory only strings and single numbers are kept: no structures, and no content whatever @snap is. */
	bool no_structures;
	uint64_t buffer;    /* bytes for each processor; 0: what suits */
	bool durations;
	bool traps;         /* page faults of the programs too; -ENOTSUP where the kernel does not tell them */
	enum seam_pause pause;
	int level;          /* of compression; 0: none */
	/* A new file after so many bytes, or so long; 0: never. */
	uint64_t rotate_bytes, rotate_ns;
	uint64_t keep; /* so many of these files, those of earlier recordings counted; 0: all */
	uint64_t flight; /* keep only so many bytes, in memory, and write them when that is wanted; 0: write all */
	/* Called now and then while recording; NULL: nobody is interested. */
	void (*progress)(void *user, const struct seam_record_progress *p);
	/* Processes were attached to that have so many others below them which are not recorded; not called for none. NULL: nobody is interested. */
	void (*unfollowed)(void *user, uint64_t children);
	/* The best engine is not to be had, for this reason (a sentence): this one is taken. NULL: nobody is interested. */
	void (*fallen_back)(void *user, enum seam_engine engine, const char *why);
	/* A flight recorder has written a file, or could not; NULL: nobody is interested. */
	void (*snapped)(void *user, const struct seam_snapshot *shot);
	void *user;
};

struct seam_record_result {
	uint64_t calls;
	uint64_t lost;        /* records of calls and of other things that had no room */
	uint64_t lost_others; /* of these, those that were no calls */
	enum seam_engine engine; /* that was taken */
	enum seam_pause pause; /* what was done */
	uint64_t tasks;
	uint64_t stops;  /* times that a task waited for room */
	uint64_t bytes;  /* of records and memory, before compression */
	uint64_t stored; /* the file */
	uint64_t first_file, last_file; /* numbers of the files that were written, of which old ones may be gone; 0: there are none */
	double seconds;
	double own_seconds; /* of processors, that the recorder used itself while it recorded */
	int status;      /* of the command, as wait() has it */
	bool no_command; /* that is why it failed: the command cannot be run */
	int signal;      /* that ended it before anything was recorded: the failure is -EINTR */
};

/* "best", "bpf", "ptrace"; -1 for anything else. */
int seam_engine_by_name(const char *name);
const char *seam_engine_name(enum seam_engine e);
/* "best", "hold", "freeze", "stop", "no"; -1 for anything else. */
int seam_pause_by_name(const char *name);
const char *seam_pause_name(enum seam_pause p);

/*
 * What stands after --rotate: a size (64M), a time (10min), or both with a comma between them. 0 in *ret_bytes and *ret_ns for what is
 * not there. -EINVAL with a sentence that begins with the text.
 */
int seam_record_parse_rotate(const char *text, uint64_t *ret_bytes, uint64_t *ret_ns, struct seam_err *err);

/*
 * Records until the command has ended, or the processes have, or until SIGINT, SIGTERM or SIGHUP when there is no command. The result is
 * also filled in as far as it is known when this fails. -ENOENT, -EACCES and -ENOEXEC with no_command: as a shell would say.
 */
int seam_record(const struct seam_record_options *options, struct seam_record_result *ret, struct seam_err *err);

/*
 * The same by engine ptrace, whatever the options say, and no file is written: @event is called for each event as it happens. It is as a reader of
 * a trace gives it, and valid until the function returns; it must not end or start anything that is recorded.
 */
struct seam_event;
int seam_observe(const struct seam_record_options *options, void (*event)(void *user, const struct seam_event *e), void *user,
		 struct seam_record_result *ret, struct seam_err *err);

/*
 * Counts instead of recording: no file is written, nothing is copied, nothing can be lost. Of the options it looks at command,
 * pids, all, calls and durations; of the result it fills in calls, tasks, seconds, status and no_command. interval: nanoseconds
 * after which @during is called, again and again, with all that has been counted until then; 0: never.
 */
int seam_count(const struct seam_record_options *options, uint64_t interval, void (*during)(void *user, const struct seam_counts *now),
	       struct seam_record_result *ret, struct seam_counts *ret_counts, struct seam_err *err);
void seam_counts_release(struct seam_counts *c);

/*
 * Has flight recorders write what they have, and waits for it: the one that is the process @pid, or else all that record this process.
 * @fn is called for each file.
 */
int seam_snap(pid_t pid, void (*fn)(void *user, const struct seam_snapshot *shot), void *user, struct seam_err *err);

#ifdef __cplusplus
}
#endif
#endif
