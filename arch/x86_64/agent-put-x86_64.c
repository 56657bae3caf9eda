/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/agent-put.h for x86-64. */
#include "arch/agent-put.h"

#include <string.h>
#include <sys/user.h>

#define USER32_CS 0x23 /* the kernel's selector of 32-bit code */

extern const unsigned char arch_agent_boot_code[], arch_agent_boot_end[];

size_t arch_agent_boot(const unsigned char **ret_code)
{
	*ret_code = arch_agent_boot_code;
	return (size_t)(arch_agent_boot_end - arch_agent_boot_code);
}

bool arch_agent_narrow(const struct arch_regs *regs)
{
	struct user_regs_struct r;

	memcpy(&r, regs->word, sizeof(r));
	return r.cs == USER32_CS;
}

void arch_agent_begin(struct arch_regs *regs, uint64_t ip, const struct arch_agent_put *how)
{
	struct user_regs_struct r;

	memcpy(&r, regs->word, sizeof(r));
	r.r13 = r.rip;
	r.rip = ip;
	r.rdi = how->key + 1; /* AGENT_ASK_TEXT */
	r.rsi = r.rdx = 0;
	r.r12 = how->base;
	r.r14 = how->text_bytes;
	r.r15 = how->key;
	r.rbx = how->base + how->begin;
	r.rbp = UINT32_MAX;
	memcpy(regs->word, &r, sizeof(r));
}

/* Below where programs have their libraries and stacks, above their heaps, and where sanitizers let memory be. */
void arch_agent_place(uint64_t *ret_first, uint64_t *ret_bytes)
{
	*ret_first = 0x7e9000000000;
	*ret_bytes = 0x006000000000;
}
