/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as text; printf costs too much for millions of them. */
#include "text/text-parts.h"

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
			    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
			    "8081828384858687888990919293949596979899";

/* How many it has: from the number of its bits, since each is 0.301 of a digit. */
static unsigned digits(uint64_t v)
{
	static const uint64_t tens[] = {
		0, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
		10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
		10000000000000000000u,
	};
	unsigned bits = 64 - (unsigned)__builtin_clzll(v | 1), n = bits * 1233 >> 12;

	return n + (v >= tens[n]);
}

char *text_digits(char *to, uint64_t v)
{
	char *end = to + digits(v);

	for (to = end; v >= 100; v /= 100) {
		to -= 2;
		memcpy(to, pairs + v % 100 * 2, 2);
	}
	if (v >= 10)
		memcpy(to - 2, pairs + v * 2, 2);
	else
		to[-1] = (char)('0' + v);
	return end;
}

void text_u64(struct seam_out *out, uint64_t v)
{
	out_filled(out, text_digits(out_room(out, TEXT_DIGITS), v));
}

void text_i64(struct seam_out *out, int64_t v)
{
	if (v < 0)
		text_putc(out, '-');
	text_u64(out, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

void text_hex(struct seam_out *out, uint64_t v)
{
	char digits[18];
	size_t at = sizeof(digits);

	if (!v) {
		text_putc(out, '0');
		return;
	}
	do {
		digits[--at] = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v);
	digits[--at] = 'x';
	digits[--at] = '0';
	text_put(out, digits + at, sizeof(digits) - at);
}

void text_octal(struct seam_out *out, uint64_t v)
{
	char digits[23];
	size_t at = sizeof(digits);

	for (; v; v >>= 3)
		digits[--at] = (char)('0' + (v & 7));
	digits[--at] = '0';
	text_put(out, digits + at, sizeof(digits) - at);
}
