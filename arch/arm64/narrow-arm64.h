/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of 32-bit Arm, in programs for that; no library is needed. */
#ifndef ARCH_NARROW_ARM64_H
#define ARCH_NARROW_ARM64_H

#define SYS32_EXIT 1
#define SYS32_OPEN 5
#define SYS32_GETPID 20
#define SYS32_SENDTO 290
#define SYS32_MMAP2 192

static inline long call32(long number, long a, long b, long c, long d, long e, long f)
{
	register long r0 __asm__("r0") = a, r1 __asm__("r1") = b, r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d, r4 __asm__("r4") = e, r5 __asm__("r5") = f;

	/* the number's register may be the frame's */
	__asm__ volatile("push {r7}\n\tmov r7, %1\n\tsvc #0\n\tpop {r7}"
			 : "+r"(r0) : "r"(number), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5) : "memory", "r12", "lr");
	return r0;
}

#endif
