/* SPDX-License-Identifier: BSD-2-Clause */
/* Counting in the kernel, seen from outside: loads the programs, says whom they look at, adds up what they counted. */
#ifndef BPF_COUNTER_H
#define BPF_COUNTER_H

#include <sys/types.h>

#include "seam/callset.h"
#include "seam/counts.h"
#include "seam/err.h"

struct counter_options {
	bool durations;
	bool everything;                  /* all tasks of the machine, but not our own */
	const struct seam_callset *calls; /* NULL: all */
};

struct counter;

/* Loads and attaches. Nothing is counted before tasks are added. */
int counter_open(struct counter **ret_counter, const struct counter_options *options, struct seam_err *err);
void counter_close(struct counter *c);
/* As recorder_add(). */
int counter_add(struct counter *c, pid_t task, bool fresh, struct seam_err *err);
/* Nothing is counted any more after this. */
void counter_detach(struct counter *c);
/* What has been counted until now; elapsed is left 0. Release it with seam_counts_release(). */
void counter_read(const struct counter *c, struct seam_counts *ret);
/* Tasks that were added and that began. */
uint64_t counter_tasks(const struct counter *c);

#endif
