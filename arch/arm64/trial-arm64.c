/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/trial.h for arm64. */
#include "arch/trial.h"

enum { FIRST = 1, LAST = 27 }; /* x0 has the result, x28 the place where they are put */

int arch_try_registers(uint64_t number, int64_t *ret_result)
{
	uint64_t regs[28];

	for (uint64_t i = 0; i <= LAST; i++)
		regs[i] = 100 + i;
	regs[8] = number;
	__asm__ volatile("mov x28, %0\n\t"
			 "ldp x0, x1, [x28]; ldp x2, x3, [x28, #16]; ldp x4, x5, [x28, #32]; ldp x6, x7, [x28, #48]; ldp x8, x9, [x28, #64]\n\t"
			 "ldp x10, x11, [x28, #80]; ldp x12, x13, [x28, #96]; ldp x14, x15, [x28, #112]; ldp x16, x17, [x28, #128]\n\t"
			 "ldr x19, [x28, #152]; ldp x20, x21, [x28, #160]; ldp x22, x23, [x28, #176]; ldp x24, x25, [x28, #192]; ldp x26, x27, [x28, #208]\n\t"
			 "svc #0\n\t"
			 "stp x0, x1, [x28]; stp x2, x3, [x28, #16]; stp x4, x5, [x28, #32]; stp x6, x7, [x28, #48]; stp x8, x9, [x28, #64]\n\t"
			 "stp x10, x11, [x28, #80]; stp x12, x13, [x28, #96]; stp x14, x15, [x28, #112]; stp x16, x17, [x28, #128]\n\t"
			 "str x19, [x28, #152]; stp x20, x21, [x28, #160]; stp x22, x23, [x28, #176]; stp x24, x25, [x28, #192]; stp x26, x27, [x28, #208]"
			 : : "r"(regs)
			 : "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x19", "x20", "x21", "x22",
			   "x23", "x24", "x25", "x26", "x27", "x28", "memory");
	*ret_result = (int64_t)regs[0];
	for (int i = FIRST; i <= LAST; i++)
		if (regs[i] != (i == 8 ? number : 100 + (uint64_t)i))
			return i;
	return 0;
}

long arch_try_narrow_getpid(void)
{
	return -1;
}
