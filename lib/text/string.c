/* SPDX-License-Identifier: BSD-2-Clause */
/* Strings and content: bytes between quotes, escaped as C or as JSON has it. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/util.h"
#include "seam/json.h"
#include "text/text-parts.h"

#define STRING_LIMIT 32
#define ELEMENT_LIMIT 32
#define PIECE 256
#define SMALL 4096
#define STRING_MOST (16u << 20)

unsigned text_string_limit(const struct seam_text *x)
{
	return x->options.string_limit ? x->options.string_limit : STRING_LIMIT;
}

unsigned text_element_limit(const struct seam_text *x)
{
	return x->options.element_limit ? x->options.element_limit : ELEMENT_LIMIT;
}

/* How many bytes from the first on stand for themselves between quotes. */
static size_t plain_bytes(const unsigned char *s, size_t n)
{
	return plain_length(s, n, '"', '\\');
}

/* The escape of byte i, at most 4 characters; returns how many. */
static size_t escaped(char *to, const unsigned char *s, size_t i, size_t n)
{
	static const char names[256] = { ['\t'] = 't', ['\n'] = 'n', ['\v'] = 'v', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\' };
	size_t at = 1;

	to[0] = '\\';
	if (names[s[i]]) {
		to[at++] = names[s[i]];
	} else {
		/* as short as the next character lets it be */
		bool digit = i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '9';

		if (digit || s[i] >= 0100)
			to[at++] = (char)('0' + (s[i] >> 6));
		if (digit || s[i] >= 010)
			to[at++] = (char)('0' + (s[i] >> 3 & 7));
		to[at++] = (char)('0' + (s[i] & 7));
	}
	return at;
}

static void quoted(struct seam_out *out, const unsigned char *s, size_t n)
{
	text_putc(out, '"');
	for (size_t i = 0; i < n;) {
		size_t plain = plain_bytes(s + i, n - i), at = 0;
		char some[256];

		if (plain)
			text_put(out, s + i, plain);
		/* what must be escaped seldom stands alone */
		for (i += plain; i < n && at <= sizeof(some) - 4 && !plain_bytes(s + i, 1); i++)
			at += escaped(some + at, s, i, n);
		text_put(out, some, at);
	}
	text_putc(out, '"');
}

static void hexadecimal(struct seam_out *out, const unsigned char *s, size_t n)
{
	text_puts(out, "{\"hex\": \"");
	for (size_t i = 0; i < n; i++) {
		text_putc(out, "0123456789abcdef"[s[i] >> 4]);
		text_putc(out, "0123456789abcdef"[s[i] & 15]);
	}
	text_puts(out, "\"}");
}

/* A string; what is not UTF-8 is not lost but stands there in hexadecimal. */
static void json_bytes(struct seam_text *x, const unsigned char *s, size_t n, bool more)
{
	if (plain_bytes(s, n) == n) {
		text_putc(x->out, '"');
		text_put(x->out, s, n);
		text_putc(x->out, '"');
		return;
	}
	for (size_t i = 0, length; i < n; i += length) {
		length = utf8_length(s + i, n - i);
		if (!length && more && n - i < 4 && s[i] >= 0xc2) {
			n = i; /* cut in the middle of a character */
			break;
		}
		if (!length) {
			hexadecimal(x->out, s, n);
			return;
		}
	}
	seam_json_quoted(x->out, s, n);
}

void seam_text_bytes(struct seam_text *x, const void *bytes, size_t n, bool more)
{
	x->state.cut |= more;
	x->state.items += (unsigned)(n / 256);
	if (x->state.json) {
		json_bytes(x, bytes, n, more);
		return;
	}
	quoted(x->out, bytes, n);
	if (more)
		text_put(x->out, "...", 3);
}

void text_bytes_at(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char small[SMALL];
	_cleanup_free_ unsigned char *large = NULL;
	unsigned char *bytes = small;
	size_t want = (size_t)MIN(n, text_string_limit(x)), room = MIN(want, sizeof(small));
	size_t got = text_read(x, address, bytes, room, when);

	/* room is made for what is there, whatever was said of how much there is */
	while (got == room && got < want) {
		unsigned char *more = NULL;
		size_t next = MIN(want, room * 4);

		if (alloc_untrusted(next, 1, next, &more, NULL) < 0)
			break;
		memcpy(more, bytes, got);
		free(large);
		bytes = large = more;
		room = next;
		got += text_read(x, address + got, bytes + got, room - got, when);
	}
	if (!got && n)
		text_address(x, address);
	else
		seam_text_bytes(x, bytes, got, got < n);
}

void text_string_at(struct seam_text *x, uint64_t address, uint64_t most, size_t limit, enum seam_when when)
{
	char small[SMALL], *bytes = small;
	_cleanup_free_ char *large = NULL;
	size_t n = 0, room = sizeof(small);

	limit = MIN(limit, (size_t)STRING_MOST);
	while (n <= limit) {
		/* never across the end of a page, where a string may end with its memory */
		size_t want = PIECE - (address + n) % PIECE, got, length;

		if (n == room) {
			/* room for what is there, as it comes */
			room *= 4;
			large = xrealloc(large, room);
			if (bytes == small)
				memcpy(large, small, n);
			bytes = large;
		}
		want = MIN(want, room - n);
		if (most && want > most - n)
			want = (size_t)(most - n);
		if (!want)
			break;
		got = text_read(x, address + n, bytes + n, want, when);
		if (!got && !n) {
			text_address(x, address);
			return;
		}
		length = strnlen(bytes + n, got);
		n += length;
		if (length < got || (most && n == most)) {
			seam_text_bytes(x, bytes, MIN(n, limit), n > limit);
			return;
		}
		if (got < want)
			break;
	}
	seam_text_bytes(x, bytes, MIN(n, limit), true);
}

void text_strings_at(struct seam_text *x, uint64_t address, enum seam_when when)
{
	text_open(x, '[');
	for (unsigned i = 0;; i++) {
		uint64_t word;

		if (!text_read_exactly(x, address + i * 8, &word, sizeof(word), when)) {
			if (i) {
				text_more(x);
				break;
			}
			text_item(x);
			text_address(x, address);
			break;
		}
		if (!word)
			break;
		if (text_is_enough(x, i)) {
			text_more(x);
			break;
		}
		text_item(x);
		text_string_at(x, word, 0, text_string_limit(x), when);
	}
	text_close(x, ']');
}
