/* SPDX-License-Identifier: BSD-2-Clause */
/* How tasks are made to wait while there is no room for what they do: the best way that this machine has. */
#ifndef RECORD_PAUSE_H
#define RECORD_PAUSE_H

#include "bpf/recorder.h"
#include "record/freezer.h"
#include "seam/recording.h"

/*
 * Chooses when nobody has chosen, and prepares it: for a freezer the command, which is there but has not begun, is moved to a cgroup. An
 * error when what somebody wants cannot be had.
 */
int pause_choose(const struct seam_record_options *o, pid_t command, struct freezer *f, enum recorder_pause *ret,
		 struct seam_err *err);
struct hurry {
	uint64_t waited; /* times that somebody had waited when it was looked last */
	uint64_t until;  /* when it is over if nobody has waited any more; 0: we are in none */
};

/*
 * To be called after each round of moving chunks. Tasks that wait in the kernel use the processor: as long as there are any, the thread that
 * lets them go on comes before them, if it may.
 */
void pause_hurry(struct hurry *h, const struct recorder *r, uint64_t now);

/* As the metadata have it, and people. */
enum seam_pause pause_said(enum recorder_pause p);

#endif
