/* SPDX-License-Identifier: BSD-2-Clause */
/* How the supervisor gets hold of tasks, and the calls of theirs that concern itself. */
#ifndef HOOK_ATTACH_H
#define HOOK_ATTACH_H

#include "hook/hook-parts.h"

/* One task, of which nothing is known yet; it will stop. */
int attach_task(struct supervisor *s, pid_t tid, struct seam_err *err);
/* A process that runs already, with all of its threads. */
int attach_process(struct supervisor *s, pid_t pid, struct seam_err *err);

/* Calls that the supervisor itself has to see. */
enum { OWN_NOT, OWN_AFFINITY, OWN_FILTER, OWN_PRCTL, OWN_PTRACE };
void own_calls(struct supervisor *s);
static inline unsigned own_call(const struct supervisor *s, bool compat, uint64_t number)
{
	return number < WANTED_NUMBERS ? s->own[compat][number] : OWN_NOT;
}

#endif
