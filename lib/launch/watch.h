/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recorder waits for: descriptors that become ready, signals, the end of processes, and nothing in between. */
#ifndef LAUNCH_WATCH_H
#define LAUNCH_WATCH_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/err.h"

#define WATCH_SIGNALS 6

struct watch {
	struct pollfd *polled;
	pid_t *pids;   /* for each: 0 if it is no process, or one that has ended */
	size_t count;
	size_t alive;  /* processes that had not ended when watch_wait() returned */
	size_t blind;  /* of these, those that have to be asked now and then */
	struct sigaction old[WATCH_SIGNALS];
	sigset_t mask; /* as it was, and as it is while waiting */
	sigset_t kept; /* what is let through only then */
	bool set;
};

/*
 * From here on signals that end a program are kept for watch_signal(), but what the terminal sends when there is a command: that gets
 * it too, and decides. SIGPIPE says nothing then: whoever writes sees the error. @snap: SIGUSR1 is kept likewise.
 */
void watch_signals(struct watch *w, bool command, bool snap);
/* From here on they come at once, to wherever we are, and @nudge is called by their handlers: for who cannot wait with watch_wait(). */
void watch_at_once(struct watch *w, void (*nudge)(void));
/* A signal that has come, once; 0: none. SIGUSR1 is told by watch_snap() instead. */
int watch_signal(void);
bool watch_snap(void);
/* An error if one has come already, which is taken: nothing is to begin. SIGPIPE and SIGUSR1 do not count. */
int watch_early(const struct watch *w, int *ret_signal, struct seam_err *err);
/* Signals are as they were, in a process that has just been forked too. */
void watch_restore(const struct watch *w);
void watch_release(struct watch *w);

/* The descriptor stays the caller's. */
void watch_fd(struct watch *w, int fd);
/* A process whose end wakes us. One that is not there is left out. */
void watch_process(struct watch *w, pid_t pid);
/* Until something is ready, a signal has come, or it is @until (CLOCK_MONOTONIC; UINT64_MAX: for ever). */
void watch_wait(struct watch *w, uint64_t until);

#endif
