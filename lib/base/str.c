/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about strings: prefixes, patterns, numbers, and which word was meant. */
#include "base/str.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"

const char *str_after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) ? NULL : s + n;
}

bool str_starts(const char *s, const char *prefix)
{
	return str_after(s, prefix) != NULL;
}

bool str_ends(const char *s, const char *suffix)
{
	size_t ls = strlen(s), lx = strlen(suffix);

	return ls >= lx && !memcmp(s + ls - lx, suffix, lx);
}

bool str_eq(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return !strcmp(a, b);
}

uint32_t str_hash(const char *s)
{
	uint32_t h = 2166136261U;

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * 16777619U;
	return h;
}

uint64_t mem_hash64(const void *p, size_t n)
{
	const unsigned char *b = p;
	uint64_t h = 14695981039346656037ULL;

	for (size_t i = 0; i < n; i++)
		h = (h ^ b[i]) * 1099511628211ULL;
	return h;
}

/*
 * One element of the pattern (never '*') against one byte. Returns where the pattern goes on if the byte
 * fits, NULL if not.
 */
static const char *match_one(const char *p, unsigned char c)
{
	const char *q;
	bool negate, hit = false;

	if (*p == '?')
		return p + 1;
	if (*p == '\\' && p[1])
		return (unsigned char)p[1] == c ? p + 2 : NULL;
	if (*p != '[')
		return (unsigned char)*p == c ? p + 1 : NULL;

	q = p + 1;
	negate = *q == '!' || *q == '^';
	q += negate;
	/* A ] right at the beginning is a member. */
	for (bool first = true; *q && (first || *q != ']'); first = false) {
		unsigned char lo = (unsigned char)*q++, hi = lo;

		if (lo == '\\' && *q)
			lo = hi = (unsigned char)*q++;
		if (*q == '-' && q[1] && q[1] != ']') {
			hi = (unsigned char)q[1];
			q += 2;
		}
		if (lo <= c && c <= hi)
			hit = true;
	}
	if (*q != ']')
		return c == '[' ? p + 1 : NULL;
	return hit != negate ? q + 1 : NULL;
}

bool glob_match(const char *p, const char *t)
{
	const char *star = NULL, *resume = NULL;

	for (;;) {
		const char *next;

		if (*p == '*') {
			star = ++p;
			resume = t;
			continue;
		}
		if (!*t && !*p)
			return true;
		next = *t && *p ? match_one(p, (unsigned char)*t) : NULL;
		if (next) {
			p = next;
			t++;
			continue;
		}
		/* Only the last star needs another try: what stands before it has matched as early as can be. */
		if (!star || !*resume)
			return false;
		p = star;
		t = ++resume;
	}
}

bool glob_is_pattern(const char *s)
{
	return strpbrk(s, "*?[\\") != NULL;
}

unsigned edit_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	_cleanup_free_ unsigned *rows = xcalloc(3 * (lb + 1), sizeof(*rows));
	unsigned *before = rows, *prev = rows + lb + 1, *cur = rows + 2 * (lb + 1);

	for (size_t j = 0; j <= lb; j++)
		prev[j] = (unsigned)j;
	for (size_t i = 1; i <= la; i++) {
		unsigned *t;

		cur[0] = (unsigned)i;
		for (size_t j = 1; j <= lb; j++) {
			unsigned d = prev[j - 1] + (a[i - 1] != b[j - 1]);

			d = MIN(d, prev[j] + 1);
			d = MIN(d, cur[j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = MIN(d, before[j - 2] + 1);
			cur[j] = d;
		}
		t = before;
		before = prev;
		prev = cur;
		cur = t;
	}
	return prev[lb];
}

const char *suggest(const char *word, const char *const *candidates, size_t n)
{
	const char *best = NULL;
	size_t len = strlen(word);
	unsigned best_distance = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d;

		if (!candidates[i])
			continue;
		d = edit_distance(word, candidates[i]);
		/* A beginning of three letters or more is as near as one wrong letter. */
		if (len >= 3 && d > 1 && str_starts(candidates[i], word))
			d = 1;
		if (d > MAX(len, (size_t)3) / 3)
			continue;
		if (!best || d < best_distance) {
			best = candidates[i];
			best_distance = d;
		}
	}
	return best;
}

int parse_u64(const char *s, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t v = 0;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && s[1]) {
		base = 8;
		s++;
	}
	if (!*s)
		return -EINVAL;
	for (; *s; s++) {
		unsigned d;

		if (*s >= '0' && *s <= '9')
			d = (unsigned)(*s - '0');
		else if (*s >= 'a' && *s <= 'f')
			d = (unsigned)(*s - 'a' + 10);
		else if (*s >= 'A' && *s <= 'F')
			d = (unsigned)(*s - 'A' + 10);
		else
			return -EINVAL;
		if (d >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, d, &v))
			return -ERANGE;
	}
	*ret = v;
	return 0;
}

int parse_u32(const char *s, uint32_t *ret)
{
	uint64_t v;
	int r = parse_u64(s, &v);

	if (r < 0)
		return r;
	if (v > UINT32_MAX)
		return -ERANGE;
	*ret = (uint32_t)v;
	return 0;
}

int parse_i64(const char *s, int64_t *ret)
{
	bool negative = *s == '-';
	uint64_t v;
	int r = parse_u64(s + negative, &v);

	if (r < 0)
		return r;
	if (v > (uint64_t)INT64_MAX + negative)
		return -ERANGE;
	*ret = negative ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

int parse_size(const char *s, uint64_t *ret)
{
	static const char units[] = "KMGT";
	size_t len = strlen(s);
	const char *unit = len ? strchr(units, toupper((unsigned char)s[len - 1])) : NULL;
	_cleanup_free_ char *digits = xstrndup(s, unit ? len - 1 : len);
	uint64_t v;
	int r;

	if (digits[strspn(digits, "0123456789")])
		return -EINVAL;
	/* Leading zeros are not octal here. */
	r = parse_u64(digits + (strlen(digits) > 1 ? MIN(strspn(digits, "0"), strlen(digits) - 1) : 0), &v);
	if (r < 0)
		return r;
	if (unit && __builtin_mul_overflow(v, 1ULL << (10 * (unit - units + 1)), &v))
		return -ERANGE;
	*ret = v;
	return 0;
}

size_t utf8_length(const unsigned char *s, size_t n)
{
	size_t len;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (len > n)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	}
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
	    (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}
