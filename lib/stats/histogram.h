/* SPDX-License-Identifier: BSD-2-Clause */
/* Durations counted in steps that grow with them: a quantile is at most one step, a sixteenth, too large. */
#ifndef STATS_HISTOGRAM_H
#define STATS_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BITS 4u /* steps for each doubling: 16 */
#define HISTOGRAM_STEPS ((64u - HISTOGRAM_BITS + 1u) << HISTOGRAM_BITS)

struct histogram {
	uint64_t count, total, max;
	uint32_t steps[HISTOGRAM_STEPS];
};

static inline unsigned histogram_step(uint64_t ns)
{
	unsigned top;

	if (ns < 1u << HISTOGRAM_BITS)
		return (unsigned)ns;
	top = 63u - (unsigned)__builtin_clzll(ns);
	return (top - HISTOGRAM_BITS + 1) << HISTOGRAM_BITS | (unsigned)(ns >> (top - HISTOGRAM_BITS) & ((1u << HISTOGRAM_BITS) - 1));
}

/* The largest duration of a step. */
static inline uint64_t histogram_top(unsigned step)
{
	unsigned shift = step >> HISTOGRAM_BITS;

	if (!shift)
		return step;
	return ((((uint64_t)1 << HISTOGRAM_BITS) | (step & ((1u << HISTOGRAM_BITS) - 1))) + 1) * ((uint64_t)1 << (shift - 1)) - 1;
}

static inline void histogram_add(struct histogram *h, uint64_t ns)
{
	h->count++;
	h->total += ns;
	if (ns > h->max)
		h->max = ns;
	h->steps[histogram_step(ns)]++;
}

/* So many of a hundred are not longer. */
static inline uint64_t histogram_quantile(const struct histogram *h, unsigned percent)
{
	uint64_t rank = (h->count * percent + 99) / 100, seen = 0;

	for (unsigned i = 0; i < HISTOGRAM_STEPS && h->count; i++) {
		seen += h->steps[i];
		if (seen >= rank)
			return histogram_top(i) < h->max ? histogram_top(i) : h->max;
	}
	return 0;
}

#endif
