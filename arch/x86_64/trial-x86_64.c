/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/trial.h for x86-64. */
#include "arch/trial.h"

#include "arch/x86_64/narrow-x86_64.h"

int arch_try_registers(uint64_t number, int64_t *ret_result)
{
	uint64_t after[10];

	__asm__ volatile("mov $1, %%rdi; mov $2, %%rsi; mov $3, %%rdx; mov $4, %%r10; mov $5, %%r8; mov $6, %%r9; mov $7, %%r12; mov $8, %%r13; mov $9, %%r14; mov $10, %%r15\n\t"
			 "syscall\n\t"
			 "mov %%rdi, (%1); mov %%rsi, 8(%1); mov %%rdx, 16(%1); mov %%r10, 24(%1); mov %%r8, 32(%1); mov %%r9, 40(%1)\n\t"
			 "mov %%r12, 48(%1); mov %%r13, 56(%1); mov %%r14, 64(%1); mov %%r15, 72(%1)"
			 : "+a"(number) : "b"(after)
			 : "rdi", "rsi", "rdx", "r10", "r8", "r9", "r12", "r13", "r14", "r15", "rcx", "r11", "memory");
	*ret_result = (int64_t)number;
	for (int i = 0; i < 10; i++)
		if (after[i] != (uint64_t)i + 1)
			return i + 1;
	return 0;
}

long arch_try_narrow_getpid(void)
{
	return call32(SYS32_GETPID, 0, 0, 0, 0, 0, 0);
}
