/* SPDX-License-Identifier: BSD-2-Clause */
/* When a flight recorder writes what it has, and who wants to know: a signal, a visitor, the end of the command. */
#ifndef RECORD_SNAPS_H
#define RECORD_SNAPS_H

#include "record/door.h"
#include "record/sink.h"
#include "launch/watch.h"

#define SNAPS_VISITORS 16u

/* All zero: there is no flight recorder, and nothing happens. */
struct snaps {
	struct sink *flight;
	const struct seam_record_options *o;
	bool (*has)(void *user, pid_t pid); /* whether this process is recorded */
	void *user;
	uint64_t crashed; /* when somebody did who was written down for it */
	int door;
	char why[64]; /* the next one is wanted for this; empty: none is */
	/* who waits for the one that is being written, and for the next */
	struct visitor waiting[SNAPS_VISITORS], asking[SNAPS_VISITORS];
	size_t waiting_count, asking_count;
	struct seam_err failure; /* the first one */
};

/* @watch: NULL: somebody looks now and then. */
int snaps_open(struct snaps *s, struct sink *flight, const struct seam_record_options *o, bool (*has)(void *user, pid_t pid), void *user,
	       struct watch *watch, struct seam_err *err);
/* Looks who has asked. True: one is wanted now, and all that was recorded is to come first; then snaps_begin(). */
bool snaps_wanted(struct snaps *s);
void snaps_want(struct snaps *s, const char *why);
void snaps_begin(struct snaps *s);
/* Somebody else may have crashed than those with whom the recording ends, which has a file of its own. */
void snaps_want_crash(struct snaps *s, pid_t command);
/* The recording is over: whether that is worth a file; @status: of the command, @ended: who ended it, NULL: nobody did. */
void snaps_want_last(struct snaps *s, int status, const char *ended);
/* The recording is over: waits for what is being written. */
void snaps_end(struct snaps *s);
void snaps_release(struct snaps *s);

#endif
