/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording of which only the last part is kept, in memory, and written when somebody wants to see it. */
#ifndef RECORD_FLIGHT_H
#define RECORD_FLIGHT_H

#include "record/sink.h"

/* @process: that will be the command, 0: none, or it is told later. */
int flight_open(struct sink **ret, const struct seam_record_options *o, pid_t process, struct seam_err *err);

/*
 * Begins to write what there is into the next file, in a thread: the recording goes on. @why goes into the file and comes back in the
 * result. -EBUSY: the last one is still being written.
 */
int flight_snap(struct sink *s, const char *why, struct seam_err *err);
/* Becomes ready to read when the file has been written, or could not be. */
int flight_fd(const struct sink *s);
bool flight_is_busy(const struct sink *s);
/* Waits for it. What it points to is valid until the next flight_snap(). False: nothing is being written. */
bool flight_collect(struct sink *s, struct seam_snapshot *ret);

/* A process that has crashed since this was asked last, the first one; 0: none. The status is as wait() has it. */
pid_t flight_crash(struct sink *s, int *ret_status);
/* How a process that was attached to has ended, as wait() has it; false if it is not known that it has. */
bool flight_end_of(const struct sink *s, pid_t pid, int *ret_status);

#endif
