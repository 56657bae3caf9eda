/* SPDX-License-Identifier: BSD-2-Clause */
/* When a flight recorder writes what it has, and who wants to know: a signal, a visitor, the end of the command. */
#ifndef RECORD_SNAPS_H
#define RECORD_SNAPS_H

#include "bpf/recorder.h"
#include "record/door.h"
#include "record/sink.h"
#include "launch/watch.h"

#define SNAPS_VISITORS 16u

/* All zero: there is no flight recorder, and nothing happens. */
struct snaps {
	struct sink *flight;
	const struct seam_record_options *o;
	struct recorder *recorder;
	int door;
	char why[64]; /* the next one is wanted for this; empty: none is */
	/* who waits for the one that is being written, and for the next */
	struct visitor waiting[SNAPS_VISITORS], asking[SNAPS_VISITORS];
	size_t waiting_count, asking_count;
	struct seam_err failure; /* the first one */
};

int snaps_open(struct snaps *s, struct sink *flight, const struct seam_record_options *o, struct recorder *recorder,
	       struct watch *watch, struct seam_err *err);
/* Looks who has asked. True: one is wanted now, and all that was recorded is to come first; then snaps_begin(). */
bool snaps_wanted(struct snaps *s);
void snaps_want(struct snaps *s, const char *why);
void snaps_begin(struct snaps *s);
/* The recording is over: waits for what is being written. */
void snaps_end(struct snaps *s);
void snaps_release(struct snaps *s);

#endif
