/* SPDX-License-Identifier: BSD-2-Clause */
/* The signals that end a recording. */
#ifndef RECORD_STOP_H
#define RECORD_STOP_H

#include <signal.h>
#include <stdbool.h>

#define STOP_SIGNALS 4

/* Those of the terminal are ignored while a command runs: it gets them too, and decides. The old actions go to @old. */
void stop_signals_set(bool command, struct sigaction old[STOP_SIGNALS]);
void stop_signals_restore(const struct sigaction old[STOP_SIGNALS]);
/* The signal that came since the last call, 0: none. */
int stop_asked(void);

#endif
