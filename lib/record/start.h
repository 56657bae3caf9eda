/* SPDX-License-Identifier: BSD-2-Clause */
/* Which tasks there are when a recording begins. */
#ifndef RECORD_START_H
#define RECORD_START_H

#include "bpf/recorder.h"
#include "record/images.h"
#include "seam/recording.h"

struct start;

/* @r: NULL: somebody else sees to it that the tasks are recorded. drain() is called now and then while much is written down, since records come meanwhile. */
struct start *start_new(struct recorder *r, struct images *images, void (*drain)(void *user), void *user);
void start_free(struct start *s);
/*
 * Tells the kernel's side to record all threads of the chosen processes and cgroups (or nothing, for the machine, whose tasks it finds
 * by itself), and writes down what is known of them. Cgroups are folders, as cgroups_find() gives them.
 */
int start_attached(struct start *s, const struct seam_record_options *o, struct seam_err *err);
/* Writes down what the command has open, before it runs, or (not @starting) when its program has been loaded. */
int start_command(struct start *s, pid_t pid, bool starting, struct seam_err *err);
/* A task has been seen that nobody told of: what is known of it, unless that has been written down. */
int start_seen(struct start *s, pid_t pid, pid_t tid, struct seam_err *err);
/*
 * Writes down again what the processes of these tasks have open. That takes no more than a tenth of the time since it was done last, and
 * a tenth of a second at once: of those that it does not come to there is nothing.
 */
int start_look(struct start *s, const struct seam_tasks *tasks, struct seam_err *err);
/* A process has come to a chosen cgroup: what is known of it. */
int start_arrived(struct start *s, pid_t pid, struct seam_err *err);

/*
 * Calls @fn once for each thread of a process, also for those that are made meanwhile. -ESRCH of @fn: the thread has ended, which is
 * no failure.
 */
int start_each_thread(pid_t pid, int (*fn)(void *user, pid_t pid, pid_t tid, struct seam_err *err), void *user, struct seam_err *err);

#endif
