/* SPDX-License-Identifier: BSD-2-Clause */
/* Time ten times slower: clocks go at a tenth of their speed; sleeps, poll and epoll wait ten times as long. Other timeouts stay: slow-time ./animation */
#include "hook-main.h"

enum { SLOWER = 10, SECOND = 1000000000 };

/* Clock 0 is the date; 2 and 3 are of processor time, and stay. The shared memory has when each was read first: from then on it is slow. */
static void slow_down(struct seam_hook *h, uint64_t clock, const char *arg, uint64_t unit)
{
	uint64_t t[2], ns, at = (uint64_t)seam_arg(h, arg), *first = (uint64_t *)h->shared + clock % 8;

	if (clock > 7 || clock == 2 || clock == 3 || seam_finish(h) != 0 || seam_read(h, at, t, sizeof(t)) != sizeof(t))
		return;
	ns = t[0] * SECOND + t[1] * unit;
	*first = *first ? *first : ns;
	ns = *first + (ns - *first) / SLOWER;
	seam_write(h, at, (uint64_t[]){ ns / SECOND, ns % SECOND / unit }, sizeof(t));
}
static void on_clock(struct seam_hook *h) { slow_down(h, (uint64_t)seam_arg(h, "which_clock"), "tp", 1); }
static void on_day(struct seam_hook *h) { slow_down(h, 0, "tv", 1000); }

static void on_sleep(struct seam_hook *h)
{
	bool until = seam_arg_index(h, "flags") >= 0 && seam_arg(h, "flags") != 0;
	uint64_t t[2], ns, since = until ? ((uint64_t *)h->shared)[seam_arg(h, "which_clock") & 7] : 0;

	if (seam_read(h, (uint64_t)seam_arg(h, "rqtp"), t, sizeof(t)) != sizeof(t))
		return;
	ns = since + (t[0] * SECOND + t[1] - since) * SLOWER;
	seam_set_arg(h, "rqtp", seam_scratch_copy(h, (uint64_t[]){ ns / SECOND, ns % SECOND }, sizeof(t)));
}
static void stretch(struct seam_hook *h, const char *arg) { seam_set_arg(h, arg, (uint64_t)(seam_arg(h, arg) * (seam_arg(h, arg) > 0 ? SLOWER : 1))); }
static void on_poll(struct seam_hook *h) { stretch(h, "timeout_msecs"); }
static void on_epoll(struct seam_hook *h) { stretch(h, "timeout"); }
static void on_exec(struct seam_hook *h) { seam_hide_vdso(h); } /* else clocks are mostly read without a call */

static const struct seam_handler handlers[] = { SEAM_ON_EVENT(EXEC, on_exec), SEAM_ON(clock_gettime, on_clock), SEAM_ON(gettimeofday, on_day),
	SEAM_ON_CALLS("nanosleep,clock_nanosleep", on_sleep), SEAM_ON(poll, on_poll), SEAM_ON_CALLS("epoll_wait,epoll_pwait", on_epoll) };

int main(int argc, char **argv) { return run_tool(&(struct seam_tool){ .name = "slow-time", SEAM_HANDLERS(handlers), .shared_bytes = 64 }, 0, "", argc, argv); }
