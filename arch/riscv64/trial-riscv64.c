/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/trial.h for riscv64. */
#include "arch/trial.h"

enum { A7 = 7, COUNT = 24 }; /* a0 to a7, t0 to t6, s2 to s10; s11 has the place where they are put */

int arch_try_registers(uint64_t number, int64_t *ret_result)
{
	uint64_t regs[COUNT];

	for (uint64_t i = 0; i < COUNT; i++)
		regs[i] = 100 + i;
	regs[A7] = number;
	__asm__ volatile("mv s11, %0\n\t"
			 "ld a0, 0(s11); ld a1, 8(s11); ld a2, 16(s11); ld a3, 24(s11); ld a4, 32(s11); ld a5, 40(s11); ld a6, 48(s11); ld a7, 56(s11)\n\t"
			 "ld t0, 64(s11); ld t1, 72(s11); ld t2, 80(s11); ld t3, 88(s11); ld t4, 96(s11); ld t5, 104(s11); ld t6, 112(s11)\n\t"
			 "ld s2, 120(s11); ld s3, 128(s11); ld s4, 136(s11); ld s5, 144(s11); ld s6, 152(s11); ld s7, 160(s11); ld s8, 168(s11); ld s9, 176(s11); ld s10, 184(s11)\n\t"
			 "ecall\n\t"
			 "sd a0, 0(s11); sd a1, 8(s11); sd a2, 16(s11); sd a3, 24(s11); sd a4, 32(s11); sd a5, 40(s11); sd a6, 48(s11); sd a7, 56(s11)\n\t"
			 "sd t0, 64(s11); sd t1, 72(s11); sd t2, 80(s11); sd t3, 88(s11); sd t4, 96(s11); sd t5, 104(s11); sd t6, 112(s11)\n\t"
			 "sd s2, 120(s11); sd s3, 128(s11); sd s4, 136(s11); sd s5, 144(s11); sd s6, 152(s11); sd s7, 160(s11); sd s8, 168(s11); sd s9, 176(s11); sd s10, 184(s11)"
			 : : "r"(regs)
			 : "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1", "t2", "t3", "t4", "t5", "t6", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11",
			   "memory");
	*ret_result = (int64_t)regs[0];
	for (int i = 1; i < COUNT; i++)
		if (regs[i] != (i == A7 ? number : 100 + (uint64_t)i))
			return i;
	return 0;
}

long arch_try_narrow_getpid(void)
{
	return -1;
}
