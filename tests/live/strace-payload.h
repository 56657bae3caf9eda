/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of strace-payload that stand in files of their own. */
#ifndef TESTS_LIVE_STRACE_PAYLOAD_H
#define TESTS_LIVE_STRACE_PAYLOAD_H

void payload_process(void);
void payload_signals(void);
void payload_sockets(void);
void payload_waits(void);
void payload_timers(void);
void payload_ipc(void);
void payload_kernel(void);
void payload_threads(void);
void payload_vfork(void);
void payload_stopped(void);
void payload_killed(void);

#endif
