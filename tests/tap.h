/* SPDX-License-Identifier: BSD-2-Clause */
/* Test results as TAP: OK(), EQ(), STREQ() say one line each; tap_done() says how many there were. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

static inline bool tap_result(bool ok, const char *what, const char *file, int line)
{
	printf("%sok %d - ", ok ? "" : "not ", ++tap_count);
	/* A # would begin a directive. */
	for (; *what; what++)
		putchar(*what == '#' ? '.' : *what == '\n' ? ' ' : *what);
	putchar('\n');
	if (!ok) {
		tap_failed++;
		printf("# failed at %s:%d\n", file, line);
	}
	fflush(stdout);
	return ok;
}

static inline bool tap_eq(long long got, long long want, const char *what, const char *file, int line)
{
	bool ok = tap_result(got == want, what, file, line);

	if (!ok)
		printf("# got %lld, expected %lld\n", got, want);
	return ok;
}

static inline bool tap_streq(const char *got, const char *want, const char *what, const char *file, int line)
{
	bool same = got && want ? !strcmp(got, want) : got == want;
	bool ok = tap_result(same, what, file, line);

	if (!ok)
		printf("# got      \"%s\"\n# expected \"%s\"\n", got ? got : "(null)", want ? want : "(null)");
	return ok;
}

#define OK(cond) tap_result(cond, #cond, __FILE__, __LINE__)
#define EQ(got, want) tap_eq((long long)(got), (long long)(want), #got " == " #want, __FILE__, __LINE__)
#define STREQ(got, want) tap_streq(got, want, #got " is " #want, __FILE__, __LINE__)

/* For a loop of which only the failures are told: what should have been. */
#define FAIL(what) tap_result(false, what, __FILE__, __LINE__)

/* A test that cannot run here; the reason is a must. */
static inline void tap_skip(const char *what, const char *reason)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_count, what, reason);
}

/* The exit status of main(). */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed ? 1 : 0;
}

#endif
