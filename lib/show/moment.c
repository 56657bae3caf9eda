/* SPDX-License-Identifier: BSD-2-Clause */
/* Moments of a trace as people write them: so long after its beginning or before its end, at a time of day, at a date. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/time.h"
#include "base/util.h"
#include "seam/show.h"

/* "14:03", "14:03:07", "14:03:07.25" as nanoseconds since midnight; false: it is none. */
static bool parse_day(const char *s, uint64_t *ret)
{
	unsigned hour, minute, second = 0;
	uint64_t fraction = 0;
	int n = 0, more = 0;

	if (sscanf(s, "%2u:%2u%n", &hour, &minute, &n) < 2 || hour > 23 || minute > 59)
		return false;
	s += n;
	if (*s == ':') {
		/* the duration's own parser knows fractions */
		if (sscanf(s, ":%2u%n", &second, &more) < 1 || second > 60)
			return false;
		s += more;
		if (*s == '.') {
			char text[32];

			if (snprintf(text, sizeof(text), "0%s", s) >= (int)sizeof(text) || s[strspn(s, ".0123456789")] ||
			    duration_parse(text, &fraction) < 0)
				return false;
			s += strlen(s);
		}
	}
	*ret = (hour * 3600 + minute * 60 + second) * NS_PER_S + fraction;
	return !*s;
}

static bool parse_date(const char *s, uint64_t *ret)
{
	struct tm tm = { .tm_isdst = -1 };
	uint64_t day = 0;
	time_t midnight;
	int n = 0;

	if (sscanf(s, "%4d-%2d-%2d%n", &tm.tm_year, &tm.tm_mon, &tm.tm_mday, &n) < 3)
		return false;
	s += n;
	if (tm.tm_mon < 1 || tm.tm_mon > 12 || tm.tm_mday < 1 || tm.tm_mday > 31)
		return false;
	if (*s && (!strchr(" T", *s) || !parse_day(s + 1, &day)))
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	tm.tm_hour = (int)(day / (3600 * NS_PER_S));
	tm.tm_min = (int)(day / (60 * NS_PER_S) % 60);
	tm.tm_sec = (int)(day / NS_PER_S % 60);
	midnight = mktime(&tm);
	if (midnight < 0)
		return false;
	*ret = (uint64_t)midnight * NS_PER_S + day % NS_PER_S;
	return true;
}

int seam_moment_parse(const char *text, struct seam_moment *ret, struct seam_err *err)
{
	struct seam_moment w = { SEAM_MOMENT_START, 0 };

	if (*text == '-' && duration_parse(text + 1, &w.ns) == 0)
		w.how = SEAM_MOMENT_END;
	else if (*text == '@' && duration_parse(text + 1, &w.ns) == 0)
		w.how = SEAM_MOMENT_DATE;
	else if (parse_day(text, &w.ns))
		w.how = SEAM_MOMENT_DAY;
	else if (parse_date(text, &w.ns))
		w.how = SEAM_MOMENT_DATE;
	else if (duration_parse(text, &w.ns) < 0)
		return seam_err_set(err, -EINVAL, "'%s' is no time: 1.5 or 20ms (after the trace began), -2s (before it ends), "
				    "14:03:07 (of the day), 2026-11-21T14:03 or @1795281514 (a date)", text);
	*ret = w;
	return 0;
}

/* The time of day is that of the day on which the trace began, or of the next one if it began in the evening. */
static uint64_t real_of_day(uint64_t day, uint64_t began)
{
	time_t seconds = (time_t)(began / NS_PER_S);
	struct tm tm;
	uint64_t real;

	localtime_r(&seconds, &tm);
	tm.tm_isdst = -1;
	tm.tm_hour = (int)(day / (3600 * NS_PER_S));
	tm.tm_min = (int)(day / (60 * NS_PER_S) % 60);
	tm.tm_sec = (int)(day / NS_PER_S % 60);
	real = (uint64_t)mktime(&tm) * NS_PER_S + day % NS_PER_S;
	if (real + 12 * 3600 * NS_PER_S < began) {
		tm.tm_mday++;
		tm.tm_isdst = -1;
		real = (uint64_t)mktime(&tm) * NS_PER_S + day % NS_PER_S;
	}
	return real;
}

uint64_t seam_moment_time(const struct seam_moment *w, uint64_t began, uint64_t ended, uint64_t realtime)
{
	uint64_t real = w->ns;

	switch (w->how) {
	case SEAM_MOMENT_START:
		return w->ns < UINT64_MAX - began ? began + w->ns : UINT64_MAX;
	case SEAM_MOMENT_END:
		return w->ns < ended ? ended - w->ns : 0;
	case SEAM_MOMENT_DAY:
		real = real_of_day(w->ns, began + realtime);
		break;
	default:
		break;
	}
	return real > realtime ? real - realtime : 0;
}
