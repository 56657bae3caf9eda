/* SPDX-License-Identifier: BSD-2-Clause */
/* The cases of a call that does many things: in short, or one in full. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/util.h"
#include "calls/describe-parts.h"

#define MANY_CASES 12 /* more than these are listed in short */

/* The next value that selects this case, of "cmd = A B, mode = C"; the names of what is tested are left out. */
static bool next_value(const char **p, bool *in_values, char *ret_word, size_t size)
{
	while (**p) {
		size_t n = strcspn(*p, " ,=");
		bool taken = n && n < size && *in_values;

		if (taken) {
			memcpy(ret_word, *p, n);
			ret_word[n] = '\0';
		}
		*p += n;
		for (; **p && strchr(" ,=", **p); (*p)++) {
			if (**p == '=')
				*in_values = true;
			else if (**p == ',')
				*in_values = false;
		}
		if (taken)
			return true;
	}
	return false;
}

/* "else" is a value itself. */
static bool begins_with_value(const char *text)
{
	return !strchr(text, '=');
}

bool seam_case_fits(const struct seam_tables *t, const struct seam_variant *v, const char *pattern)
{
	const char *p = seam_string(t, v->text);
	bool in_values = begins_with_value(p);
	char word[64];

	while (next_value(&p, &in_values, word, sizeof(word)))
		if (glob_match(pattern, word))
			return true;
	return false;
}

bool seam_case_suggest(const struct seam_tables *t, const struct seam_call *call, const char *word, char *ret_meant,
		       size_t size)
{
	const char **words = NULL, *meant;
	size_t n = 0;

	for (uint32_t i = 0; i < call->variants.count; i++) {
		const char *p = seam_string(t, call_variant(t, call, i)->text);
		bool in_values = begins_with_value(p);
		char value[64];

		while (next_value(&p, &in_values, value, sizeof(value))) {
			words = xreallocarray(words, n + 1, sizeof(*words));
			words[n++] = xstrdup(value);
		}
	}
	meant = suggest(word, words, n);
	if (meant)
		snprintf(ret_meant, size, "%s", meant);
	for (size_t i = 0; i < n; i++)
		free((char *)(uintptr_t)words[i]);
	free(words);
	return meant != NULL;
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
