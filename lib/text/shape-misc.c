/* SPDX-License-Identifier: BSD-2-Clause */
/* Directory entries and bit masks. */
#include "base/util.h"
#include "text/text-parts.h"

/* Where the name stands, and where the record says its own length. */
#define NAME_AT_64 19
#define NAME_AT 18
#define LENGTH_AT 16
#define ENTRY_MAX 1024

static void entry(struct seam_text *x, const unsigned char *e, size_t length, bool is_64)
{
	static const char *const types[] = { "DT_UNKNOWN", "DT_FIFO", "DT_CHR", NULL, "DT_DIR", NULL, "DT_BLK", NULL,
					     "DT_REG",	   NULL,      "DT_LNK", NULL, "DT_SOCK", NULL, "DT_WHT" };
	size_t name_at = is_64 ? NAME_AT_64 : NAME_AT;
	unsigned type = is_64 ? e[18] : e[length - 1];
	uint64_t ino, off;

	memcpy(&ino, e, sizeof(ino));
	memcpy(&off, e + 8, sizeof(off));
	text_open(x, '{');
	text_member_u64(x, "d_ino", ino);
	text_member_i64(x, "d_off", (int64_t)off);
	text_member_u64(x, "d_reclen", length);
	text_member(x, "d_type");
	text_words(x);
	if (type < ARRAY_SIZE(types) && types[type])
		text_puts(x->out, types[type]);
	else
		text_hex(x->out, type);
	text_words_end(x);
	text_member(x, "d_name");
	seam_text_bytes(x, e + name_at, strnlen((const char *)e + name_at, length - name_at), false);
	text_close(x, '}');
}

/* How many there are: only their lengths are looked at. */
static void closed(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char piece[4096];
	uint64_t begin = 0, at = 0, entries = 0;
	size_t got = 0;

	while (n - at > NAME_AT_64) {
		uint16_t length;

		if (at + NAME_AT > begin + got) {
			begin = at;
			got = text_read(x, address + at, piece, MIN(n - at, sizeof(piece)), when);
			if (got < NAME_AT)
				break;
		}
		memcpy(&length, piece + (at - begin) + LENGTH_AT, sizeof(length));
		if (length <= NAME_AT_64 || length > n - at)
			break;
		at += length;
		entries++;
	}
	text_address(x, address);
	text_count(x, entries, "entry", at < n);
}

void text_dirents(struct seam_text *x, uint64_t address, uint64_t n, bool is_64, enum seam_when when)
{
	unsigned char e[ENTRY_MAX];
	uint64_t at = 0;

	if (n && !text_is_there(x, address, when)) {
		text_address(x, address);
		return;
	}
	if (text_is_abbreviated(x)) {
		closed(x, address, n, when);
		return;
	}
	text_open(x, '[');
	for (unsigned i = 0; n - at > NAME_AT_64; i++) {
		/* most entries are small: one question, seldom two */
		size_t want = MIN(n - at, 64u), got = text_read(x, address + at, e, want, when);
		uint16_t length;

		if (text_is_enough(x, i) || got <= NAME_AT_64)
			break;
		memcpy(&length, e + LENGTH_AT, sizeof(length));
		if (length <= NAME_AT_64 || length > n - at || length > sizeof(e) ||
		    (length > got && !text_read_exactly(x, address + at + got, e + got, length - got, when)))
			break;
		text_item(x);
		entry(x, e, length, is_64);
		at += length;
	}
	if (at < n)
		text_more(x);
	text_close(x, ']');
}

void text_bit_numbers(struct seam_text *x, uint64_t address, uint64_t n, bool descriptors, enum seam_when when)
{
	unsigned char bytes[128];
	unsigned shown = 0;
	size_t have = 0;

	if (n && !text_is_there(x, address, when)) {
		text_address(x, address);
		return;
	}
	text_open(x, '[');
	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = i / 8;

		if (i % (sizeof(bytes) * 8) == 0)
			have = text_read(x, address + at, bytes, MIN((n - i + 7) / 8, sizeof(bytes)), when);
		if (at % sizeof(bytes) >= have)
			break;
		if (!(bytes[at % sizeof(bytes)] >> i % 8 & 1))
			continue;
		if (text_is_enough(x, shown++)) {
			text_more(x);
			break;
		}
		if (x->state.json)
			text_item(x);
		else if (shown > 1)
			text_putc(x->out, ' ');
		x->state.fresh = false;
		if (descriptors)
			text_descriptor(x, (int)i, when);
		else
			text_u64(x->out, i);
	}
	text_close(x, ']');
}
