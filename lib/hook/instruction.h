/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a task can be made to make a call, and whether it may. */
#ifndef HOOK_INSTRUCTION_H
#define HOOK_INSTRUCTION_H

#include "hook/hook-parts.h"

/* An instruction that makes calls, in what the kernel maps into every process. 0: there is none. */
uint64_t instruction_find(pid_t tid, struct space *space);
/*
 * Whether a call may be made in the place of the handler's task, before it is made, and with false after it. A filter of the program's own might kill it for one that it
 * never made: filters are switched off meanwhile where we may do that, else -EPERM.
 */
int instruction_allow(struct hook *h, bool on);
/* Filters for calls that this task has, its own and inherited ones. Uncounted: some. */
#define FILTERS_UNCOUNTED 0xffffu
unsigned instruction_filters(pid_t tid);

#endif
