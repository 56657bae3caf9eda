/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as text; printf costs too much for millions of them. */
#include "text/text-parts.h"

static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
			    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
			    "8081828384858687888990919293949596979899";

void text_u64(struct seam_out *out, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	while (v >= 100) {
		at -= 2;
		memcpy(digits + at, pairs + v % 100 * 2, 2);
		v /= 100;
	}
	if (v >= 10) {
		at -= 2;
		memcpy(digits + at, pairs + v * 2, 2);
	} else {
		digits[--at] = (char)('0' + v);
	}
	text_put(out, digits + at, sizeof(digits) - at);
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
