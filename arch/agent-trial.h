/* SPDX-License-Identifier: BSD-2-Clause */
/* What a program that tries the agent needs to know of the machine: contexts of signals, calls of its own making. For tests only. */
#ifndef ARCH_AGENT_TRIAL_H
#define ARCH_AGENT_TRIAL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __x86_64__
#include "arch/x86_64/agent-trial-x86_64.h"
#endif

#endif
