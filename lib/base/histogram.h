/* SPDX-License-Identifier: BSD-2-Clause */
/* Durations counted in steps that grow with them: a quantile is at most one step, a sixteenth, too large. */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include "seam/counts.h"

/* The highest bit that is set; there is one. */
static inline unsigned histogram_top_bit(uint64_t v)
{
#ifdef __bpf__
	/* there is no instruction for it, and clang 14 has none of its own making either */
	unsigned n = 0;

	for (unsigned half = 32; half; half >>= 1)
		if (v >> half) {
			v >>= half;
			n += half;
		}
	return n;
#else
	return 63u - (unsigned)__builtin_clzll(v);
#endif
}

static inline unsigned histogram_step(uint64_t ns)
{
	unsigned top, step;

	if (ns < 1u << SEAM_STEP_BITS)
		return (unsigned)ns;
	top = histogram_top_bit(ns);
	step = (top - SEAM_STEP_BITS + 1) << SEAM_STEP_BITS |
	       (unsigned)(ns >> (top - SEAM_STEP_BITS) & ((1u << SEAM_STEP_BITS) - 1));
	return step < SEAM_STEPS ? step : SEAM_STEPS - 1;
}

/* The largest duration of a step. */
static inline uint64_t histogram_top(unsigned step)
{
	unsigned shift = step >> SEAM_STEP_BITS;

	if (step >= SEAM_STEPS - 1)
		return UINT64_MAX;
	if (!shift)
		return step;
	step &= (1u << SEAM_STEP_BITS) - 1;
	return (((uint64_t)1 << SEAM_STEP_BITS | step) + 1) * ((uint64_t)1 << (shift - 1)) - 1;
}

static inline void histogram_add(struct seam_durations *h, uint64_t ns)
{
	h->count++;
	h->total += ns;
	if (ns > h->max)
		h->max = ns;
	h->steps[histogram_step(ns)]++;
}

/* So many of a hundred are not longer. */
static inline uint64_t histogram_quantile(const struct seam_durations *h, unsigned percent)
{
	uint64_t rank = (h->count / 100) * percent + (h->count % 100 * percent + 99) / 100, seen = 0;

	for (unsigned i = 0; i < SEAM_STEPS && h->count; i++) {
		seen += h->steps[i];
		if (seen >= rank)
			return histogram_top(i) < h->max ? histogram_top(i) : h->max;
	}
	return 0;
}

#endif
