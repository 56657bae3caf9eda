/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where tasks run that stop often: on the supervisor's processor, since a stop costs eight times as much when another one has to be woken up for it.
 * Those that have something better to do than to stop are left alone.
 */
#ifndef HOOK_PLACE_H
#define HOOK_PLACE_H

#include <stdbool.h>
#include <sys/types.h>

struct task;
struct place;

struct place *place_new(void);
void place_free(struct place *p);
/* A task has stopped. */
void place_stop(struct place *p, struct task *t);
/* A new task has the place of the one that made it, until this gives it back its own. */
void place_born(struct place *p, struct task *t, const struct task *parent);
/* Before somebody else has it. */
void place_forget(struct place *p, struct task *t);
void place_restore(struct place *p, struct task *t);
void place_restore_all(struct place *p);

#endif
