/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/agent-trial.h for x86-64. */
#ifndef ARCH_AGENT_TRIAL_X86_64_H
#define ARCH_AGENT_TRIAL_X86_64_H

#include <ucontext.h>

#define CONTEXT_IP(u) (*(uint64_t *)&(u)->uc_mcontext.gregs[REG_RIP])
#define CONTEXT_SP(u) (*(uint64_t *)&(u)->uc_mcontext.gregs[REG_RSP])
#define CONTEXT_RESULT(u) (*(uint64_t *)&(u)->uc_mcontext.gregs[REG_RAX])
#define CONTEXT_KEPT(u) ((uint64_t)(u)->uc_mcontext.gregs[REG_R12])
#define KEPT_VALUE 0x1234567890abcdefull
#define CALL_BYTES 2
#define ILLEGAL_BYTES 2

/* read(), and where it was made: the address behind the instruction, the stack pointer. A register that calls leave alone has KEPT_VALUE. */
static inline long marked_read(int fd, void *to, unsigned long n, uint64_t *ret_behind, uint64_t *ret_sp)
{
	long r;

	__asm__ volatile("movabs $0x1234567890abcdef, %%r12\n\tlea 1f(%%rip), %%r13\n\tmov %%r13, %1\n\tmov %%rsp, %2\n\tsyscall\n1:"
			 : "=a"(r), "=m"(*ret_behind), "=m"(*ret_sp)
			 : "0"(0L), "D"((long)fd), "S"(to), "d"(n)
			 : "rcx", "r11", "r12", "r13", "memory");
	return r;
}

/* A call without arguments, with the stack pointer there. */
static inline long call_on_stack(void *sp, long number)
{
	long r;

	__asm__ volatile("mov %%rsp, %%r12\n\tmov %2, %%rsp\n\tsyscall\n\tmov %%r12, %%rsp" : "=a"(r) : "0"(number), "r"(sp) : "rcx", "r11", "r12", "memory");
	return r;
}

/* Code that makes a call without arguments and returns its result. */
static inline void write_call(unsigned char *to, int number)
{
	const unsigned char code[] = { 0xb8, (unsigned char)number, (unsigned char)(number >> 8), 0, 0, 0x0f, 0x05, 0xc3 };

	for (unsigned i = 0; i < sizeof(code); i++)
		to[i] = code[i];
}

/* An instruction that traps, and one that there is not. */
static __attribute__((noinline)) void trap_here(void)
{
	__asm__ volatile("int3\n\tud2" ::: "memory");
}

/* Whether a call leaves alone what it has to. */
static inline bool registers_kept(long number)
{
	uint64_t in[2] = { 0x1111222233334444, 0x5555666677778888 }, out[2] = { 0 }, bad = 0;
	long r;

	__asm__ volatile(
		"movdqu %[in], %%xmm7\n\tmovdqu %[in], %%xmm15\n\t"
		"mov $11, %%rdi\n\tmov $12, %%rsi\n\tmov $13, %%rdx\n\tmov $14, %%r8\n\tmov $15, %%r9\n\tmov $16, %%r10\n\tmov $17, %%r12\n\tmov $18, %%r13\n\tmov $19, %%r14\n\tmov $20, %%r15\n\t"
		"movq $21, -8(%%rsp)\n\tmovq $22, -128(%%rsp)\n\t"
		"syscall\n\t"
		"cmp $11, %%rdi\n\tjne 1f\n\tcmp $12, %%rsi\n\tjne 1f\n\tcmp $13, %%rdx\n\tjne 1f\n\tcmp $14, %%r8\n\tjne 1f\n\tcmp $15, %%r9\n\tjne 1f\n\tcmp $16, %%r10\n\tjne 1f\n\t"
		"cmp $17, %%r12\n\tjne 1f\n\tcmp $18, %%r13\n\tjne 1f\n\tcmp $19, %%r14\n\tjne 1f\n\tcmp $20, %%r15\n\tjne 1f\n\tcmpq $21, -8(%%rsp)\n\tjne 1f\n\tcmpq $22, -128(%%rsp)\n\tje 2f\n"
		"1:\tmovq $1, %[bad]\n"
		"2:\tmovdqu %%xmm15, %[out]\n\tpxor %%xmm15, %%xmm7\n\t"
		: "=a"(r), [out] "=m"(out), [bad] "+m"(bad)
		: "0"(number), [in] "m"(in)
		: "rcx", "r11", "rdi", "rsi", "rdx", "r8", "r9", "r10", "r12", "r13", "r14", "r15", "xmm7", "xmm15", "memory", "cc");
	return r > 0 && !bad && out[0] == in[0] && out[1] == in[1];
}

#endif
