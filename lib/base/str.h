/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about strings: prefixes, patterns, numbers, and which word was meant. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/util.h"

bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
/* What follows @prefix in @s, or NULL. */
const char *str_after(const char *s, const char *prefix);
bool str_eq(const char *a, const char *b); /* NULL equals only NULL */

/* FNV-1a, the same on every machine: may be written to files. */
uint32_t str_hash(const char *s);
uint64_t mem_hash64(const void *p, size_t n);

/*
 * Whether all of @text fits @pattern: * any bytes, ? one byte, [a-z] one of these, [!a-z] none of these,
 * \ takes the next character as it is. No byte is special in @text. Time is bounded by the product of the
 * lengths. A [ without ] stands for itself.
 */
bool glob_match(const char *pattern, const char *text);
/* Whether glob_match() with this pattern is more than a comparison. */
bool glob_is_pattern(const char *s);

/* Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other. */
unsigned edit_distance(const char *a, const char *b);

/* The candidate that was probably meant by @word, or NULL if none is near. @candidates may hold NULLs. */
const char *suggest(const char *word, const char *const *candidates, size_t n);

/*
 * All of @s must be the number: decimal, 0x hexadecimal, or octal after a 0; no blanks, no sign but a '-' for
 * i64. Returns 0, -EINVAL (not a number) or -ERANGE (too big); *ret is untouched then.
 */
int parse_u64(const char *s, uint64_t *ret);
int parse_u32(const char *s, uint32_t *ret);
int parse_i64(const char *s, int64_t *ret);
/* A size in bytes: a decimal number with K, M, G or T (times 1024) after it if wanted. */
int parse_size(const char *s, uint64_t *ret);

/* How many bytes from the first on are ASCII that can be printed, but for @a and @b. */
static inline size_t plain_length(const void *p, size_t n, char a, char b)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	const unsigned char *s = p;
	size_t i = 0;

	/* Eight at a time. A byte of v that is 0, or is less than k, leaves its high bit in (v - k) & ~v; the lowest one is right. */
	for (; n - i >= 8; i += 8) {
		uint64_t v, is_a, is_b, delete, other;

		memcpy(&v, s + i, sizeof(v));
		is_a = v ^ ones * (unsigned char)a;
		is_b = v ^ ones * (unsigned char)b;
		delete = v ^ ones * 0x7f;
		other = (((v - ones * 0x20) & ~v) | ((is_a - ones) & ~is_a) | ((is_b - ones) & ~is_b) |
			 ((delete - ones) & ~delete) | v) & high;
		if (other)
			return i + (size_t)__builtin_ctzll(other) / 8;
	}
	while (i < n && s[i] >= 0x20 && s[i] < 0x7f && s[i] != (unsigned char)a && s[i] != (unsigned char)b)
		i++;
	return i;
}

/* Length of the UTF-8 sequence at @s, of which there are @n > 0 bytes; 0 if it is none (overlong and surrogates are none). */
size_t utf8_length(const unsigned char *s, size_t n);

#endif
