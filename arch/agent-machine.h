/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the agent needs of a machine; included by the agent alone, which has no library. A machine has agent-NAME.h (contexts of signals), agent-NAME.S (the ways in and out),
 * and, for the supervisor, agent-put-NAME.c behind arch/agent-put.h.
 */
#ifndef ARCH_AGENT_MACHINE_H
#define ARCH_AGENT_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);

#ifdef __x86_64__
#include "arch/x86_64/agent-x86_64.h"
#endif

#endif
