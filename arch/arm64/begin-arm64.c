/* SPDX-License-Identifier: BSD-2-Clause */
/* The first frame of a stack, as stack-arm64.S takes it off. */
#include <stdint.h>
#include <string.h>

#include "arch/stack.h"

void *arch_stack_begin(void *end, void (*fn)(void))
{
	uint64_t *sp = (uint64_t *)end - 20;

	memset(sp, 0, 20 * sizeof(*sp));
	sp[11] = (uint64_t)(uintptr_t)fn; /* x30 */
	return sp;
}
