/* SPDX-License-Identifier: BSD-2-Clause */
/* Directory entries and bit masks. */
#include <string.h>

#include "text/text-parts.h"

/* Where the name stands, and where the record says its own length. */
#define NAME_AT_64 19
#define NAME_AT 18
#define LENGTH_AT 16

static void entry(struct seam_text *x, const unsigned char *e, size_t length, bool is_64)
{
	static const char *const types[] = { "DT_UNKNOWN", "DT_FIFO", "DT_CHR", NULL, "DT_DIR", NULL, "DT_BLK", NULL,
					     "DT_REG",	   NULL,      "DT_LNK", NULL, "DT_SOCK", NULL, "DT_WHT" };
	size_t name_at = is_64 ? NAME_AT_64 : NAME_AT;
	unsigned type = is_64 ? e[18] : e[length - 1];
	uint64_t ino, off;

	memcpy(&ino, e, sizeof(ino));
	memcpy(&off, e + 8, sizeof(off));
	seam_out_puts(x->out, "{d_ino=");
	text_u64(x->out, ino);
	seam_out_puts(x->out, ", d_off=");
	text_i64(x->out, (int64_t)off);
	seam_out_puts(x->out, ", d_reclen=");
	text_u64(x->out, length);
	seam_out_puts(x->out, ", d_type=");
	if (type < sizeof(types) / sizeof(*types) && types[type])
		seam_out_puts(x->out, types[type]);
	else
		text_u64(x->out, type);
	seam_out_puts(x->out, ", d_name=");
	seam_text_bytes(x, e + name_at, strnlen((const char *)e + name_at, length - name_at), false);
	seam_out_putc(x->out, '}');
}

void text_dirents(struct seam_text *x, uint64_t address, uint64_t n, bool is_64, enum seam_when when)
{
	unsigned char e[1024];
	uint64_t at = 0;

	if (n && !text_read(x, address, e, 1, when)) {
		text_hex(x->out, address);
		return;
	}
	seam_out_putc(x->out, '[');
	for (unsigned i = 0; n - at > NAME_AT_64; i++) {
		uint16_t length;

		if (!text_read_exactly(x, address + at + LENGTH_AT, &length, sizeof(length), when) || length < NAME_AT_64 ||
		    length > n - at || length > sizeof(e) || !text_read_exactly(x, address + at, e, length, when))
			break;
		if (i)
			seam_out_puts(x->out, ", ");
		if (i == text_element_limit(x)) {
			seam_out_puts(x->out, "...");
			at = n;
			break;
		}
		entry(x, e, length, is_64);
		at += length;
	}
	if (at < n)
		seam_out_puts(x->out, at ? ", ..." : "...");
	seam_out_putc(x->out, ']');
}

void text_bit_numbers(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned shown = 0;
	unsigned char byte = 0;

	if (n && !text_read(x, address, &byte, 1, when)) {
		text_hex(x->out, address);
		return;
	}
	seam_out_putc(x->out, '[');
	for (uint64_t i = 0; i < n; i++) {
		if (i % 8 == 0 && !text_read(x, address + i / 8, &byte, 1, when))
			break;
		if (!(byte >> i % 8 & 1))
			continue;
		if (shown)
			seam_out_putc(x->out, ' ');
		if (shown++ == text_element_limit(x)) {
			seam_out_puts(x->out, "...");
			break;
		}
		text_u64(x->out, i);
	}
	seam_out_putc(x->out, ']');
}
