/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes JSON that is always well formed: the writer places the commas, escapes the strings and counts the nesting. */
#include "seam/json.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/out-room.h"
#include "base/str.h"

void seam_json_init(struct seam_json *j, struct seam_out *out, bool indent)
{
	*j = (struct seam_json){ .out = out, .indent = indent };
}

static void new_line(struct seam_json *j)
{
	if (!j->indent)
		return;
	seam_out_putc(j->out, '\n');
	seam_out_pad(j->out, ' ', 2 * (size_t)j->depth);
}

/* What stands between the value before and the one that comes now. */
static void before_item(struct seam_json *j)
{
	if (j->filled[j->depth])
		seam_out_puts(j->out, j->indent || !j->depth ? "," : ", ");
	j->filled[j->depth] = true;
	if (j->depth)
		new_line(j);
}

static void before_value(struct seam_json *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	assert(!j->object[j->depth]);
	before_item(j);
}

static void begin(struct seam_json *j, char c, bool object)
{
	before_value(j);
	seam_out_putc(j->out, c);
	if (++j->depth >= SEAM_JSON_DEPTH)
		abort();
	j->filled[j->depth] = false;
	j->object[j->depth] = object;
}

static void end(struct seam_json *j, char c)
{
	bool filled = j->filled[j->depth];

	assert(j->depth && !j->after_key);
	j->depth--;
	if (filled)
		new_line(j);
	seam_out_putc(j->out, c);
}

void seam_json_begin_object(struct seam_json *j)
{
	begin(j, '{', true);
}

void seam_json_end_object(struct seam_json *j)
{
	end(j, '}');
}

void seam_json_begin_array(struct seam_json *j)
{
	begin(j, '[', false);
}

void seam_json_end_array(struct seam_json *j)
{
	end(j, ']');
}

bool seam_json_quoted(struct seam_out *out, const void *p, size_t n)
{
	static const char replacement[] = "\xef\xbf\xbd";
	const unsigned char *s = p;
	bool exact = true;

	out_putc(out, '"');
	for (size_t i = 0, len; i < n; i += len) {
		len = plain_length(s + i, n - i, '"', '\\');
		if (len) {
			out_put(out, s + i, len);
			continue;
		}
		len = utf8_length(s + i, n - i);
		if (!len) {
			out_puts(out, replacement);
			exact = false;
			len = 1;
		} else if (len > 1) {
			out_put(out, s + i, len);
		} else if (s[i] == '"' || s[i] == '\\') {
			out_putc(out, '\\');
			out_putc(out, (char)s[i]);
		} else if (s[i] == '\n') {
			out_puts(out, "\\n");
		} else if (s[i] == '\t') {
			out_puts(out, "\\t");
		} else {
			out_puts(out, "\\u00");
			out_putc(out, "0123456789abcdef"[s[i] >> 4]);
			out_putc(out, "0123456789abcdef"[s[i] & 15]);
		}
	}
	out_putc(out, '"');
	return exact;
}

void seam_json_key(struct seam_json *j, const char *key)
{
	assert(j->object[j->depth] && !j->after_key);
	before_item(j);
	seam_json_quoted(j->out, key, strlen(key));
	seam_out_puts(j->out, ": ");
	j->after_key = true;
}

bool seam_json_bytes(struct seam_json *j, const void *p, size_t n)
{
	before_value(j);
	return seam_json_quoted(j->out, p, n);
}

void seam_json_string(struct seam_json *j, const char *s)
{
	if (!s)
		seam_json_null(j);
	else
		seam_json_bytes(j, s, strlen(s));
}

void seam_json_u64(struct seam_json *j, uint64_t v)
{
	before_value(j);
	seam_out_printf(j->out, "%" PRIu64, v);
}

void seam_json_i64(struct seam_json *j, int64_t v)
{
	before_value(j);
	seam_out_printf(j->out, "%" PRId64, v);
}

void seam_json_bool(struct seam_json *j, bool v)
{
	before_value(j);
	seam_out_puts(j->out, v ? "true" : "false");
}

void seam_json_null(struct seam_json *j)
{
	before_value(j);
	seam_out_puts(j->out, "null");
}

void seam_json_member_string(struct seam_json *j, const char *key, const char *s)
{
	seam_json_key(j, key);
	seam_json_string(j, s);
}

void seam_json_member_u64(struct seam_json *j, const char *key, uint64_t v)
{
	seam_json_key(j, key);
	seam_json_u64(j, v);
}

void seam_json_member_i64(struct seam_json *j, const char *key, int64_t v)
{
	seam_json_key(j, key);
	seam_json_i64(j, v);
}

void seam_json_member_bool(struct seam_json *j, const char *key, bool v)
{
	seam_json_key(j, key);
	seam_json_bool(j, v);
}
