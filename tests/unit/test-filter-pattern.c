/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/filter's patterns: cut into tokens they must say what glob_match() says, of random patterns and random strings. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/util.h"
#include "filter/pattern.h"
#include "tap.h"

static uint64_t state = 88172645463325252ull;

static unsigned below(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 20) % n;
}

/* -1: the pattern has no room. */
static int fits(const char *pattern, const char *text, bool glob)
{
	static uint64_t room[(FILTER_TEXT + FILTER_HEAD) / 8];
	static struct filter_pattern p;

	memset(room, (int)below(256), sizeof(room));
	memcpy(room, text, strlen(text) + 1);
	return filter_pattern_make(&p, pattern, glob) ? (int)filter_pattern_fits(&p, room, (uint32_t)strlen(text)) : -1;
}

static void some(char *to, const char *of, unsigned most)
{
	unsigned n = below(most + 1);

	for (unsigned i = 0; i < n; i++)
		to[i] = of[below((unsigned)strlen(of))];
	to[n] = '\0';
}

static void test_random(void)
{
	unsigned wrong = 0, yes = 0, refused = 0, all = 40000;

	for (unsigned i = 0; i < all; i++) {
		char pattern[160], text[160];
		int r;

		some(pattern, "ab/**??[]!-\\^.", i & 1 ? 12 : 6);
		some(text, "ab/.-]\\", 14);
		/* long beginnings, which are compared at once */
		if (!below(4)) {
			unsigned n = 55 + below(20);

			memmove(pattern + n, pattern, strlen(pattern) + 1);
			memmove(text + n, text, strlen(text) + 1);
			memset(pattern, 'x', n);
			memset(text, 'x', n);
		}
		r = fits(pattern, text, true);
		refused += r < 0;
		yes += r > 0;
		if (r >= 0 && r != glob_match(pattern, text) && !wrong++)
			printf("# '%s' and '%s': %d\n", pattern, text, r);
	}
	EQ(wrong, 0);
	OK(yes > all / 50 && refused < all / 50);
}

static void test_known(void)
{
	char longest[FILTER_TEXT];

	EQ(fits("/etc/*", "/etc/passwd", true), 1);
	EQ(fits("/etc/*", "/usr/etc/passwd", true), 0);
	EQ(fits("*.c", "a.c.c", true), 1);
	EQ(fits("*a*b*c", "xxaxxbxxbxc", true), 1);
	EQ(fits("*a*b*c", "xxaxxcxxbx", true), 0);
	EQ(fits("a*", "a*", false), 1);
	EQ(fits("a*", "ab", false), 0);
	EQ(fits("", "", false), 1);
	EQ(fits("", "", true), 1);
	EQ(fits("*", "", true), 1);
	EQ(fits("?", "", true), 0);
	EQ(fits("[!a-c]x", "dx", true), 1);
	EQ(fits("[!a-c]x", "bx", true), 0);
	EQ(fits("\377*", "\377a", true), 1);
	EQ(fits("[\300-\377]", "\350", true), 1);
	/* what has no room is refused, and not cut */
	EQ(fits("[a][b][c][d][e]", "abcde", true), -1);
	memset(longest, 'a', sizeof(longest));
	longest[FILTER_HEAD + FILTER_TOKENS - 1] = '\0';
	EQ(fits(longest, longest, false), 1);
	longest[FILTER_HEAD + FILTER_TOKENS - 1] = 'a';
	longest[FILTER_HEAD + FILTER_TOKENS] = '\0';
	EQ(fits(longest, longest, false), -1);
	/* and what would take too long is not known */
	memset(longest, 'a', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	EQ(fits("*aaaaaaaaaaaaaab*c", longest, true), FILTER_FITS_MAYBE);
}

int main(void)
{
	test_known();
	test_random();
	return tap_done();
}
