/* SPDX-License-Identifier: BSD-2-Clause */
/* Sees to it that no process stays stopped or frozen when the recorder is killed. */
#ifndef RECORD_GUARD_H
#define RECORD_GUARD_H

#include <sys/types.h>

#include "bpf/recorder.h"
#include "record/freezer.h"

struct guard {
	pid_t pid;
	int alive; /* closed by the recorder's death */
};

#define GUARD_NONE { 0, -1 }

/* @f: may have no cgroup. */
int guard_start(struct guard *g, struct recorder *r, struct freezer *f, struct seam_err *err);
/* The recording has ended as it should. */
void guard_end(struct guard *g);

#endif
