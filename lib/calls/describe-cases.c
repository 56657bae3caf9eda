/* SPDX-License-Identifier: BSD-2-Clause */
/* The cases of a call that does many things: in short, or one in full. */
#include <string.h>

#include "base/str.h"
#include "base/util.h"
#include "calls/describe-parts.h"

#define MANY_CASES 12 /* more than these are listed in short */

bool seam_case_fits(const struct seam_tables *t, const struct seam_variant *v, const char *pattern)
{
	const char *p = seam_string(t, v->text);
	bool value = strchr(p, '=') == NULL; /* "else" is itself */

	while (*p) {
		char word[64];
		size_t n = strcspn(p, " ,=");

		if (n && n < sizeof(word)) {
			memcpy(word, p, n);
			word[n] = '\0';
			if (value && glob_match(pattern, word))
				return true;
		}
		p += n;
		for (; *p && strchr(" ,=", *p); p++) {
			if (*p == '=')
				value = true;
			else if (*p == ',')
				value = false;
		}
	}
	return false;
}

static const char *case_words(const struct seam_tables *t, const struct seam_variant *v)
{
	return v->text ? seam_string(t, v->text) : "else";
}

static void write_case_in_short(struct describe *d, const struct seam_variant *v)
{
	struct seam_out text;
	bool any = false;

	seam_out_init_mem(&text);
	seam_out_printf(&text, "%s:", case_words(d->t, v));
	for (uint32_t i = 0; i < v->args.count; i++) {
		if (!(d->varying >> i & 1))
			continue;
		seam_out_printf(&text, "%s %s ", any ? "," : "", seam_string(d->t, variant_arg(d->t, v, i)->name));
		seam_type_text(d->t, variant_arg(d->t, v, i)->type, &text);
		any = true;
	}
	if (!same_type(d->t, v->ret, call_variant(d->t, d->call, 0)->ret)) {
		seam_out_puts(&text, " -> ");
		seam_type_text(d->t, v->ret, &text);
	}
	seam_out_puts(d->out, "  ");
	write_text(d, 6, text.data);
	seam_out_release(&text);
}

static void write_case(struct describe *d, const struct seam_variant *v)
{
	struct seam_out text;

	seam_out_init_mem(&text);
	seam_out_printf(&text, "case %s", case_words(d->t, v));
	seam_out_puts(d->out, "  ");
	seam_out_style(d->out, SEAM_BLUE);
	write_text(d, 6, text.data);
	seam_out_style(d->out, SEAM_PLAIN);
	seam_out_release(&text);
	write_arguments(d, v, true);
	write_clauses(d, v, true);
}

unsigned write_cases(struct describe *d)
{
	uint32_t count = d->call->variants.count;
	bool in_short = count - 1 > MANY_CASES && !d->all;
	unsigned fit = 0;

	/* number 0 is what holds when no case does, so it comes last */
	for (uint32_t i = 1; i <= count; i++) {
		const struct seam_variant *v = call_variant(d->t, d->call, i % count);

		if (d->cases) {
			if (!seam_case_fits(d->t, v, d->cases))
				continue;
			fit++;
			write_case(d, v);
		} else if (in_short) {
			write_case_in_short(d, v);
		} else {
			write_case(d, v);
		}
	}
	if (in_short && !d->cases)
		seam_out_printf(d->out, "\nOne of them in full: seam calls %s:NAME\n", seam_string(d->t, d->call->name));
	return fit;
}
