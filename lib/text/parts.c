/* SPDX-License-Identifier: BSD-2-Clause */
/* Brackets, names and commas, as people read them and as JSON. */
#include "text/text-parts.h"

void text_open(struct seam_text *x, char bracket)
{
	text_putc(x->out, bracket);
	x->state.fresh = true;
}

void text_close(struct seam_text *x, char bracket)
{
	text_putc(x->out, bracket);
	x->state.fresh = false;
}

void text_more(struct seam_text *x)
{
	x->state.cut = true;
	if (x->state.json)
		return;
	text_item(x);
	text_put(x->out, "...", 3);
}

void text_member_hex(struct seam_text *x, const char *name, uint64_t v)
{
	text_member(x, name);
	text_words(x);
	text_hex(x->out, v);
	text_words_end(x);
}

void text_member_in(struct seam_text *x, const char *name, const char *function, uint64_t v)
{
	text_member(x, name);
	if (!x->state.json) {
		text_puts(x->out, function);
		text_putc(x->out, '(');
	}
	text_u64(x->out, v);
	if (!x->state.json)
		text_putc(x->out, ')');
}

void text_address(struct seam_text *x, uint64_t v)
{
	if (!v) {
		text_puts(x->out, x->state.json ? "null" : "NULL");
		return;
	}
	text_words(x);
	text_hex(x->out, v);
	text_words_end(x);
}

void text_count(struct seam_text *x, uint64_t n, const char *what, bool more)
{
	bool y = what[strlen(what) - 1] == 'y';

	text_put(x->out, " /* ", 4);
	text_u64(x->out, n);
	text_putc(x->out, ' ');
	text_put(x->out, what, strlen(what) - (y && n != 1));
	if (n != 1)
		text_puts(x->out, y ? "ies" : "s");
	if (more)
		text_puts(x->out, " or more");
	text_put(x->out, " */", 3);
}

bool text_is_enough(const struct seam_text *x, uint64_t i)
{
	return i >= text_element_limit(x) || x->state.items > TEXT_ITEMS;
}
