/* SPDX-License-Identifier: BSD-2-Clause */
/* How a new program that is stopped before its first instruction is made to run a few of ours before it. */
#ifndef ARCH_AGENT_PUT_H
#define ARCH_AGENT_PUT_H

#include "arch/tracee.h"

/* What they find. They ask for the blob as lib/agent/agent-shared.h has it, map its text at @base and jump to @begin in it; else they say so. */
struct arch_agent_put {
	uint64_t base, key;
	uint32_t text_bytes, begin;
};

/* They may lie anywhere; 0: this machine has none. */
size_t arch_agent_boot(const unsigned char **ret_code);
/* The program is one of the 32-bit table. */
bool arch_agent_narrow(const struct arch_regs *regs);
/* When it goes on it begins with them, at @ip, and then where it would have begun. */
void arch_agent_begin(struct arch_regs *regs, uint64_t ip, const struct arch_agent_put *how);
/* Where the window may lie: from *ret_first on, so many bytes, which nothing else uses. */
void arch_agent_place(uint64_t *ret_first, uint64_t *ret_bytes);

#endif
