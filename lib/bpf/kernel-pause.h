/* SPDX-License-Identifier: BSD-2-Clause */
/* How the kernel's side can make tasks wait on this machine. */
#ifndef BPF_KERNEL_PAUSE_H
#define BPF_KERNEL_PAUSE_H

#include <stdbool.h>
#include <stdint.h>

/* PAUSE_HOLD or PAUSE_HOLD_NEW, by the name that this kernel has for it; 0: it lets no task wait inside. */
uint32_t kernel_hold(void);
/* Whose processes we may send a signal to: ANY_USER, or our own ones only. */
uint32_t kernel_only_user(void);
/* The numbers of processes are the kernel's own here: we are in no process namespace but the first one. */
bool kernel_knows_our_pids(void);

#endif
