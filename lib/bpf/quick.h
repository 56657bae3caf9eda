/* SPDX-License-Identifier: BSD-2-Clause */
/* Most calls copy one piece of memory on each side: that needs no program. The kernel's side and its loader share this. */
#ifndef BPF_QUICK_H
#define BPF_QUICK_H

#include "bpf/kernel-side.h"
#include "calls/machine.h"

/* What a program of the tables does, if that is at most one piece; QUICK_WALK otherwise. */
struct walk_quick quick_of(const struct seam_tables *t, struct seam_span program);

/* How many bytes the piece has, of which a result may leave fewer; 0: there is none. */
static inline uint64_t quick_bytes(const struct walk_quick *q, const uint64_t *reg, uint64_t ret)
{
	uint64_t n = 1; /* units */

	if ((q->flags & QUICK_SUCCESS) && (int64_t)ret < 0)
		return 0;
	if (q->size != QUICK_BYTES)
		n = reg[q->size & 7];
	if (q->flags & (QUICK_UNSIGNED | QUICK_SIGNED))
		n = machine_extend(n, 4, q->flags & QUICK_SIGNED);
	if (q->flags & QUICK_RESULT)
		n = machine_min(n, ret);
	n *= q->bytes;
	return (int64_t)n < 0 ? 0 : n;
}

#endif
