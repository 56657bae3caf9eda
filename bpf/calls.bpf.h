/* SPDX-License-Identifier: Dual BSD/GPL */
/* What the tables know of a call's number. */
#ifndef CALLS_BPF_H
#define CALLS_BPF_H

#include "walk.bpf.h"

/* NULL: nothing. */
static __always_inline const struct walk_call *known(uint64_t number, bool compat)
{
	const struct walk_call *calls = walk_table(&walk_calls);

	opaque(number);
	if (!calls || compat || number >= config.call_count || !(calls[number].flags & WALK_CALL_KNOWN))
		return NULL;
	return &calls[number];
}

static __always_inline bool has_number(const volatile uint64_t *set, uint64_t number)
{
	opaque(number);
	return number < COMPAT_CALLS && (set[number / 64] >> (number & 63) & 1);
}

/* Of the 32-bit table only the names are known. */
static __always_inline bool compat_known(uint64_t number)
{
	return has_number(config.compat_known, number);
}

/* Whether it is not wanted. */
static __always_inline bool skipped(uint64_t number, bool compat)
{
	const struct walk_call *call = known(number, compat);

	if (compat)
		return has_number(config.compat_skip, number);
	return call && (call->flags & WALK_CALL_SKIP);
}

#endif
