/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program did to the world, and asked of it: files opened, removed, renamed, connections, processes. Derived from the effects in
 * the descriptions of the calls, so no call is named here; doc/events.md says what each kind means and what cannot be known.
 */
#ifndef SEAM_DEEDS_H
#define SEAM_DEEDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/callset.h"
#include "seam/open-files.h"
#include "seam/out.h"
#include "seam/trace.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The names as users see them. */
#define SEAM_DEEDS(X)                                                                                             \
	X(FILE_OPENED, "FileOpened")                                                                              \
	X(FILE_READ, "FileRead")                                                                                  \
	X(FILE_WRITTEN, "FileWritten")                                                                            \
	X(FILE_MAPPED, "FileMapped")                                                                              \
	X(FILE_MADE, "FileMade")                                                                                  \
	X(FILE_REMOVED, "FileRemoved")                                                                            \
	X(FILE_RENAMED, "FileRenamed")                                                                            \
	X(LINK_MADE, "LinkMade")                                                                                  \
	X(LINK_READ, "LinkRead")                                                                                  \
	X(DIR_MADE, "DirMade")                                                                                    \
	X(DIR_REMOVED, "DirRemoved")                                                                              \
	X(DIR_LISTED, "DirListed")                                                                                \
	X(DIR_ENTERED, "DirEntered")                                                                              \
	X(ROOT_CHANGED, "RootChanged")                                                                            \
	X(STATUS_READ, "StatusRead")                                                                              \
	X(ATTRIBUTES_CHANGED, "AttributesChanged")                                                                \
	X(MOUNTS_CHANGED, "MountsChanged")                                                                        \
	X(BOUND, "Bound")                                                                                         \
	X(LISTENING, "Listening")                                                                                 \
	X(CONNECTED, "Connected")                                                                                 \
	X(ACCEPTED, "Accepted")                                                                                   \
	X(SENT, "Sent")                                                                                           \
	X(RECEIVED, "Received")                                                                                   \
	X(SPAWNED, "Spawned")                                                                                     \
	X(EXECUTED, "Executed")                                                                                   \
	X(EXITED, "Exited")                                                                                       \
	X(REAPED, "Reaped")                                                                                       \
	X(SIGNAL_SENT, "SignalSent")                                                                              \
	X(CREDS_CHANGED, "CredsChanged")                                                                          \
	X(SYSTEM_CHANGED, "SystemChanged")                                                                        \
	X(UNKNOWN, "Unknown")

enum seam_deed_kind {
#define X(id, name) SEAM_DEED_##id,
	SEAM_DEEDS(X)
#undef X
	SEAM_DEED_COUNT
};

/* A set of kinds: bits 1 << kind. */
#define SEAM_DEED_ALL ((UINT64_C(1) << SEAM_DEED_COUNT) - 1)
/* With them: only what succeeded, and files that are opened only if that makes, empties or may write them. */
#define SEAM_DEED_DONE (UINT64_C(1) << 63)

enum seam_deed_flags {
	SEAM_DEED_READ = 1 << 0,        /* FILE_OPENED, FILE_MAPPED: for reading */
	SEAM_DEED_WRITE = 1 << 1,       /* for writing; FILE_MAPPED: what is written to memory is written to the file */
	SEAM_DEED_CREATED = 1 << 2,     /* FILE_OPENED: it was not there before */
	SEAM_DEED_MAY_CREATE = 1 << 3,  /* FILE_OPENED: made if it was not there; nobody has looked */
	SEAM_DEED_TRUNCATED = 1 << 4,   /* FILE_OPENED: what it held is gone */
	SEAM_DEED_UNNAMED = 1 << 5,     /* FILE_OPENED: made without a name, in the folder `path` */
	SEAM_DEED_SYMBOLIC = 1 << 6,    /* LINK_MADE */
	SEAM_DEED_EXCHANGED = 1 << 7,   /* FILE_RENAMED: each has the other's name now */
	SEAM_DEED_MAY_REPLACE = 1 << 8, /* FILE_RENAMED: what was called `to` before, if there was something, is gone */
	SEAM_DEED_THREAD = 1 << 9,      /* SPAWNED, EXITED: a thread, of a process that was there or goes on */
	SEAM_DEED_KERNEL = 1 << 10,     /* SPAWNED: a thread that the kernel made, for io_uring */
	SEAM_DEED_PERHAPS = 1 << 11,    /* the call may do that; nobody can tell whether it did */
	SEAM_DEED_ARGS_CUT = 1 << 12,   /* EXECUTED: there were more arguments than `args` has */
};

#define SEAM_DEED_NO_BYTES UINT64_MAX

/* Members that a kind does not have, and what is not known, are 0, "" or what is said here. */
struct seam_deed {
	enum seam_deed_kind kind;
	uint32_t flags; /* enum seam_deed_flags */
	uint64_t time;  /* when it was done: of the event */
	uint32_t tid, pid;
	int error;      /* 0, or the positive errno with which the attempt failed */
	int fd;         /* that was used or made; -1: none */
	/*
	 * What it is about, as an absolute name where that is known; what has none is called as /proc/PID/fd calls it. LINK_MADE: the new
	 * name. SYSTEM_CHANGED: the part of the system. UNKNOWN: the call.
	 */
	const char *path;
	const char *to;          /* FILE_RENAMED: the new name; LINK_MADE: what it leads to; LINK_READ: what it said */
	const char *local, *peer; /* addresses of sockets, as text */
	uint64_t bytes;          /* SENT, RECEIVED; SEAM_DEED_NO_BYTES: not known */
	uint32_t child_tid, child_pid; /* SPAWNED; REAPED, SIGNAL_SENT: child_pid is the process, or the group if it is negative */
	uint32_t status;         /* EXITED, REAPED: as wait() has it; REAPED: only if has_status */
	bool has_status;
	uint32_t signal;         /* SIGNAL_SENT */
	struct seam_strings args; /* EXECUTED */
	const struct seam_event *event; /* that it comes from */
};

struct seam_deeds;

/* @t NULL: seam_tables. It makes models of descriptors and of tasks for itself. */
struct seam_deeds *seam_deeds_new(const struct seam_tables *t);
/* With the models of somebody else, who shows them each event before seam_deeds_see() gets it, and frees them later. */
struct seam_deeds *seam_deeds_over(const struct seam_tables *t, struct seam_files *files, struct seam_tasks *tasks);
/* Of which trace the events are, before the first one: what was not recorded matters. Not needed with foreign models. */
void seam_deeds_of(struct seam_deeds *d, const struct seam_trace *trace);
void seam_deeds_free(struct seam_deeds *d);

/*
 * Shows it the next event, each one in the order of time: those of a trace, or those that an engine makes while it looks. Then ask
 * seam_deeds_next() until it says false. What it gives is valid until the next event.
 */
void seam_deeds_see(struct seam_deeds *d, const struct seam_event *e);
bool seam_deeds_next(struct seam_deeds *d, struct seam_deed *ret);

/* The name of a kind; and the kind of a name in whatever case, or -1. */
const char *seam_deed_name(enum seam_deed_kind kind);
int seam_deed_by_name(const char *name);
/* "FileOpened,FileRemoved": a set of kinds; "changes": what alters something beside the program itself, with SEAM_DEED_DONE. 0, or -EINVAL with a sentence. */
int seam_deed_kinds(const char *words, uint64_t *ret, struct seam_err *err);
/* Whether such a set has it. */
bool seam_deed_is(const struct seam_deed *deed, uint64_t kinds);

/* One line without its end and without the task: 'FileOpened "/etc/passwd" to read'. */
void seam_deed_text(const struct seam_deed *deed, struct seam_out *out);
/* One JSON object on one line, without its end. */
void seam_deed_json(const struct seam_deed *deed, struct seam_out *out);
/* A whole line: the task and the text, or the object. */
void seam_deed_line(const struct seam_deed *deed, bool json, struct seam_out *out);

/*
 * Adds to @set the calls that can make deeds of these kinds, so that an engine stops only at those. @names: also those that say what
 * descriptors and paths are; without them events have numbers. Forks, execs and ends of tasks are events that an engine tells anyway.
 */
void seam_deed_calls(struct seam_callset *set, uint64_t kinds, bool names);

#ifdef __cplusplus
}
#endif
#endif
