/* SPDX-License-Identifier: BSD-2-Clause */
/* Time 10 times slower, as far as the program can see by calls: its clocks go at a tenth of their speed, its sleeps and timeouts last 10 times as long: slow-time make check */
#include "hook-main.h"

#define SLOWER 10
#define BILLION 1000000000u

/* By the clock's number: when it was read first. Those of processor time (2, 3) stay as they are. */
static uint64_t *start_of(struct seam_hook *h, int64_t clock) { return clock == 2 || clock == 3 || clock < 0 || clock > 7 ? NULL : (uint64_t *)h->shared + clock; }

static void slow_down(struct seam_hook *h, uint64_t *start, const char *arg, const char *part, uint64_t unit)
{
	uint64_t s, n, now;

	if (!start || seam_finish(h) != 0 || seam_member(h, arg, "tv_sec", &s) < 0 || seam_member(h, arg, part, &n) < 0)
		return;
	now = s * BILLION + n * unit;
	*start = *start ? *start : now;
	now = *start + (now - *start) / SLOWER;
	seam_set_member(h, arg, "tv_sec", now / BILLION);
	seam_set_member(h, arg, part, now % BILLION / unit);
}
