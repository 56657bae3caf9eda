/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers as text; printf costs too much for millions of them. */
#include "text/text-parts.h"

void text_u64(struct seam_out *out, uint64_t v)
{
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	seam_out_write(out, digits + at, sizeof(digits) - at);
}

void text_i64(struct seam_out *out, int64_t v)
{
	if (v < 0)
		seam_out_putc(out, '-');
	text_u64(out, v < 0 ? -(uint64_t)v : (uint64_t)v);
}

static void based(struct seam_out *out, const char *prefix, unsigned shift, uint64_t v)
{
	char digits[22];
	size_t at = sizeof(digits);

	do {
		digits[--at] = "0123456789abcdef"[v & ((1u << shift) - 1)];
		v >>= shift;
	} while (v);
	seam_out_puts(out, prefix);
	seam_out_write(out, digits + at, sizeof(digits) - at);
}

void text_hex(struct seam_out *out, uint64_t v)
{
	based(out, "0x", 4, v);
}

void text_octal(struct seam_out *out, uint64_t v)
{
	based(out, "0", 3, v);
}
