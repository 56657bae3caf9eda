/* SPDX-License-Identifier: BSD-2-Clause */
/* The check sum of the format, from the header of libxxhash alone: so no machine needs its library. */
#include "trace/sum.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t trace_sum(const void *p, size_t n)
{
	return XXH3_64bits(p, n);
}

uint32_t trace_head_sum(const struct trace_block *head)
{
	return (uint32_t)XXH3_64bits(head, offsetof(struct trace_block, head_sum));
}

uint32_t trace_end_sum(const struct trace_end *end)
{
	return (uint32_t)XXH3_64bits(end, offsetof(struct trace_end, sum));
}
