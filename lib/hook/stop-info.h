/* SPDX-License-Identifier: BSD-2-Clause */
/* What a task that has stopped at a call is about: the kernel says it since 5.3, else registers and what is remembered of the task do. */
#ifndef HOOK_STOP_INFO_H
#define HOOK_STOP_INFO_H

#include "hook/hook-parts.h"

enum stop_side {
	STOP_ELSEWHERE,
	STOP_ENTRY,
	STOP_EXIT,
};

struct stop_info {
	enum stop_side side;
	struct arch_call call; /* number and arguments at the entry, the result at the exit */
};

/* @seccomp: the filter has stopped it. 0, negative errno: the task is gone. */
int stop_info(struct supervisor *s, struct task *t, bool seccomp, struct stop_info *ret);

#endif
