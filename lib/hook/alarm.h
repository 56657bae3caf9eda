/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends a wait for tasks, which nothing but a signal can: again and again until it is seen, since it may come just before one begins. */
#ifndef HOOK_ALARM_H
#define HOOK_ALARM_H

#include <stdint.h>

#include "seam/err.h"

int alarm_open(struct seam_err *err);
void alarm_close(void);
/* Signals are as they were before alarm_open(): in a process that has just been forked. */
void alarm_restore(void);
/* At this time (CLOCK_MONOTONIC), UINT64_MAX: never. */
void alarm_set(uint64_t at);
/* At once; may be called by the handler of a signal. */
void alarm_now(void);

#endif
