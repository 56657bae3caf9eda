/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of i386, as 64-bit programs can make them too; no library is needed. */
#ifndef ARCH_NARROW_X86_64_H
#define ARCH_NARROW_X86_64_H

#define SYS32_EXIT 1
#define SYS32_OPEN 5
#define SYS32_GETPID 20
#define SYS32_SENDTO 369
#define SYS32_MMAP2 192

static inline long call32(long number, long a, long b, long c, long d, long e, long f)
{
	long ret, args[] = { number, f };

#ifdef __i386__
	__asm__ volatile("push %%ebp; mov 4(%%eax), %%ebp; mov (%%eax), %%eax; int $0x80; pop %%ebp"
			 : "=a"(ret) : "a"(args), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory");
#else
	/* there may be something below the stack pointer */
	__asm__ volatile("lea -128(%%rsp), %%rsp; push %%rbp; mov 8(%%rax), %%rbp; mov (%%rax), %%rax; int $0x80; pop %%rbp; lea 128(%%rsp), %%rsp"
			 : "=a"(ret) : "a"(args), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "r8", "r9", "r10", "r11");
#endif
	return ret;
}

#endif
