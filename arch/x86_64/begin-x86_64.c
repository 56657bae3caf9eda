/* SPDX-License-Identifier: BSD-2-Clause */
/* The first frame of a stack, as stack-x86_64.S takes it off. */
#include <stdint.h>
#include <string.h>

#include "arch/stack.h"

void *arch_stack_begin(void *end, void (*fn)(void))
{
	/* six registers, the address to return to, and none that @fn could return to: it begins 8 below a multiple of 16 */
	uint64_t *sp = (uint64_t *)end - 8;

	memset(sp, 0, 8 * sizeof(*sp));
	sp[6] = (uint64_t)(uintptr_t)fn;
	return sp;
}
