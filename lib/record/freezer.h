/* SPDX-License-Identifier: BSD-2-Clause */
/* A cgroup of the recorder's own for the command that it records: to be frozen while there is no room. */
#ifndef RECORD_FREEZER_H
#define RECORD_FREEZER_H

#include <pthread.h>
#include <stdbool.h>
#include <sys/types.h>

#include "bpf/recorder.h"

struct freezer {
	int parent; /* our own cgroup */
	int group;  /* the one that was made below it; -1: none */
	char name[32];
	/* the thread that freezes */
	struct recorder *recorder;
	pthread_t thread;
	int wake, end;
	bool running;
};

#define FREEZER_NONE { .parent = -1, .group = -1, .wake = -1, .end = -1 }

/* Makes the cgroup and moves the process to it. An error says why this cannot be had. */
int freezer_make(struct freezer *f, pid_t pid, struct seam_err *err);
/* From now on it is frozen while a buffer of the recorder is short of room. */
int freezer_start(struct freezer *f, struct recorder *r, struct seam_err *err);
/* Nothing is frozen any more. */
void freezer_stop(struct freezer *f);
/* Thaws it, moves whoever is still in it to where the recorder is, and removes it. Needs no more than the two descriptors and the name. */
void freezer_dissolve(struct freezer *f);

#endif
