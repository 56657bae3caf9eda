/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparisons of the call itself: names, patterns, numbers, classes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "filter/filter-parts.h"
#include "seam/callset.h"

static bool is_plain_name(const char *word)
{
	return !glob_is_pattern(word) && *word != '%' && !(*word >= '0' && *word <= '9');
}

/* The architectures that have a call of this name, joined by commas; "": none. */
static void archs_of(const struct seam_filter *f, const char *word, char *text, size_t size)
{
	size_t len = 0;

	*text = '\0';
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		if (seam_call_by_name(f->t, arch, word) && len < size)
			len += (size_t)snprintf(text + len, size - len, "%s%s", len ? ", " : "", f->t->arch[arch].name);
}

/* 1: a call of another machine, which is no event here. */
static int check_name(struct seam_filter *f, const struct item *item, const char *word, struct seam_err *err)
{
	char others[64];

	if (!is_plain_name(word) || seam_call_by_name(f->t, f->arch, word))
		return 0;
	archs_of(f, word, others, sizeof(others));
	if (!*others)
		return 0;
	if (f->lenient)
		return 1;
	return filter_error(err, f->text, item->at, "%s has no call '%s'; it is there on %s", filter_calls(f)->name, word,
			    others);
}

/* A class where only names are known: what the call of the same name has, and "not known" for the others. */
static void add_foreign_class(struct seam_filter *f, struct test *t, uint32_t class, bool in)
{
	const struct seam_arch_tables *a = filter_calls(f);

	for (uint32_t c = 0; c < a->call_count; c++) {
		const struct seam_call *same =
			seam_call_by_name(f->t, seam_arch_wide(f->arch), seam_string(f->t, a->calls[c].name));

		if (!same)
			t->alt_of[c] = ALT_UNKNOWN;
		else if (same->classes & class)
			t->alt_of[c] = in ? ALT_YES : ALT_NO;
	}
}

static int add_word(struct seam_filter *f, struct test *t, const struct item *item, const char *word, bool in,
		    struct seam_err *err)
{
	const struct seam_arch_tables *a = filter_calls(f);
	struct seam_err said = SEAM_ERR_INIT;
	struct seam_callset set;
	int r = check_name(f, item, word, err);

	if (r != 0)
		return r < 0 ? r : 0;
	if (*word == '%' && !filter_described(f) && seam_class_by_name(word)) {
		add_foreign_class(f, t, seam_class_by_name(word), in);
		return 0;
	}
	seam_callset_init(&set, f->t, f->arch);
	r = seam_callset_add(&set, word, NULL, &said);
	if (r == -ENOENT && f->lenient && glob_is_pattern(word))
		return 0;
	if (r < 0)
		return filter_error(err, f->text, item->at, "%s", said.text);
	for (uint32_t c = 0; c < a->call_count; c++)
		if (seam_callset_has(&set, &a->calls[c]))
			t->alt_of[c] = in ? ALT_YES : ALT_NO;
	return 0;
}

static int add_item(struct seam_filter *f, struct test *t, const struct item *item, bool first, struct seam_err *err)
{
	bool in = *item->text != '!';
	const char *word = item->text + !in;
	_cleanup_free_ char *class = NULL;

	if (!*word || strchr(word, ','))
		return filter_error(err, f->text, item->at, "'%.60s' is no name of a %s", item->text, t->name);
	if (!in && t->op != CMP_IN)
		return filter_error(err, f->text, item->at, "write %s != %.60s", t->name, word);
	if (t->field == FIELD_CLASS && *word != '%')
		word = class = xasprintf("%%%s", word);
	/* out of all, if it comes first; also out of those that nobody knows */
	if (!in && first)
		for (uint32_t c = 0; c <= filter_calls(f)->call_count; c++)
			t->alt_of[c] = ALT_YES;
	return add_word(f, t, item, word, in, err);
}

int filter_check_call(struct seam_filter *f, struct test *t, struct seam_err *err)
{
	filter_by_call(f, t);
	for (uint32_t i = 0; i < t->n; i++) {
		const struct item *item = &f->items.at[t->first + i];
		int r;

		if (!item->text)
			return filter_error(err, f->text, item->at, "%s is compared with a name", t->name);
		r = add_item(f, t, item, i == 0, err);
		if (r < 0)
			return r;
	}
	if (t->op == CMP_NE || t->op == CMP_NOT_GLOB)
		for (uint32_t c = 0; c <= filter_calls(f)->call_count; c++)
			if (t->alt_of[c] != ALT_UNKNOWN)
				t->alt_of[c] = t->alt_of[c] == ALT_NO ? ALT_YES : ALT_NO;
	return 0;
}
