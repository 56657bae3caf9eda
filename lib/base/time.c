/* SPDX-License-Identifier: BSD-2-Clause */
/* Time as nanoseconds in 64 bits, and durations as people write them. */
#include "base/time.h"

#include <errno.h>
#include <string.h>
#include <time.h>

__extension__ typedef unsigned __int128 u128;

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec ts = { 0, 0 };

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

uint64_t time_mono_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

uint64_t time_real_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	{ "ns", 1 },
	{ "us", NS_PER_US },
	{ "ms", NS_PER_MS },
	{ "s", NS_PER_S },
	{ "min", 60 * NS_PER_S },
	{ "h", 3600 * NS_PER_S },
	{ "d", 86400 * NS_PER_S },
};

void duration_format(struct buf *b, uint64_t ns)
{
	uint64_t s = ns / NS_PER_S;
	const struct unit *u = &units[0];

	if (s >= 86400) {
		buf_addf(b, "%llu d %llu h", (unsigned long long)(s / 86400), (unsigned long long)(s / 3600 % 24));
		return;
	}
	if (s >= 3600) {
		buf_addf(b, "%llu h %llu min", (unsigned long long)(s / 3600), (unsigned long long)(s / 60 % 60));
		return;
	}
	if (s >= 60) {
		buf_addf(b, "%llu min %llu s", (unsigned long long)(s / 60), (unsigned long long)(s % 60));
		return;
	}
	while (u < &units[3] && ns >= u[1].ns)
		u++;
	if (u == &units[0])
		buf_addf(b, "%llu ns", (unsigned long long)ns);
	else if (ns < 10 * u->ns)
		buf_addf(b, "%llu.%02llu %s", (unsigned long long)(ns / u->ns),
			 (unsigned long long)(ns % u->ns * 100 / u->ns), u->name);
	else if (ns < 100 * u->ns)
		buf_addf(b, "%llu.%llu %s", (unsigned long long)(ns / u->ns),
			 (unsigned long long)(ns % u->ns * 10 / u->ns), u->name);
	else
		buf_addf(b, "%llu %s", (unsigned long long)(ns / u->ns), u->name);
}

int duration_parse(const char *s, uint64_t *ret_ns)
{
	uint64_t whole = 0, fraction = 0, scale = 1, unit = 0, ns, part;
	const char *p = s;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, (uint64_t)(*p - '0'), &whole))
			return -ERANGE;
	}
	if (*p == '.') {
		const char *start = ++p;

		/* Nine digits are a nanosecond of a second; what is after them is looked at for form only. */
		for (; *p >= '0' && *p <= '9'; p++) {
			if (p - start >= 9)
				continue;
			fraction = fraction * 10 + (uint64_t)(*p - '0');
			scale *= 10;
		}
		if (p == start)
			return -EINVAL;
	} else if (p == s) {
		return -EINVAL;
	}
	while (*p == ' ')
		p++;
	if (!*p)
		unit = NS_PER_S;
	for (size_t i = 0; !unit && i < ARRAY_SIZE(units); i++) {
		if (!strcmp(p, units[i].name))
			unit = units[i].ns;
	}
	if (!unit)
		return -EINVAL;
	part = (uint64_t)((u128)fraction * unit / scale);
	if (__builtin_mul_overflow(whole, unit, &ns) || __builtin_add_overflow(ns, part, &ns))
		return -ERANGE;
	*ret_ns = ns;
	return 0;
}
