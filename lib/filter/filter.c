/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters as objects: made from a text, freed, shared parts of their making. */
#include "seam/filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "filter/filter-parts.h"

void list_grow(void **at, uint32_t n, size_t size)
{
	/* powers of two, so that the length says when there is no room */
	if (!(n & (n - 1)))
		*at = xreallocarray(*at, n ? 2 * (size_t)n : 1, size);
}

static bool same_alt(const struct seam_filter *f, const struct alt *a, const struct alt *b)
{
	return a->kind == b->kind && a->width == b->width && a->is_signed == b->is_signed && a->all == b->all &&
	       a->fields == b->fields && a->mask == b->mask && a->n == b->n &&
	       (!a->n || !memcmp(f->ranges.at + a->first, f->ranges.at + b->first, a->n * sizeof(struct range)));
}

uint32_t filter_add_alt(struct seam_filter *f, uint32_t first, struct alt a)
{
	for (uint32_t i = first; i < f->alts.n; i++) {
		if (!same_alt(f, &f->alts.at[i], &a))
			continue;
		/* its ranges were the last ones */
		if (a.n)
			f->ranges.n = a.first;
		return i;
	}
	*list_push(&f->alts) = a;
	return f->alts.n - 1;
}

void filter_by_call(struct seam_filter *f, struct test *t)
{
	t->alt_of = xcalloc(filter_calls(f)->call_count + 1, sizeof(*t->alt_of));
}

static int new_filter(const char *text, const struct seam_filter_options *options, struct seam_filter **ret,
		      struct seam_err *err)
{
	struct seam_filter *f;
	int r;

	if (strlen(text) > FILTER_TEXT_MAX)
		return seam_err_set(err, -E2BIG, "the expression is longer than %u bytes", FILTER_TEXT_MAX);
	f = xcalloc(1, sizeof(*f));
	f->t = options->t ? options->t : &seam_tables;
	f->arch = options->arch;
	f->lenient = options->lenient;
	f->untold = options->untold;
	f->text = xstrdup(text);
	for (uint8_t kind = ALT_NO; kind <= ALT_UNKNOWN; kind++)
		*list_push(&f->alts) = (struct alt){ .kind = kind };
	r = filter_parse(f, err);
	if (r < 0) {
		seam_filter_free(f);
		return r;
	}
	for (uint32_t i = 0; i < f->alts.n; i++)
		f->uses |= f->alts.at[i].fields;
	*ret = f;
	return 0;
}

int seam_filter_new(const char *text, const struct seam_filter_options *options, struct seam_filter **ret,
		    struct seam_err *err)
{
	struct seam_filter_options o = *options;
	struct seam_err ignored = SEAM_ERR_INIT;
	int r = new_filter(text, options, ret, err);

	o.arch = seam_arch_narrow(o.arch);
	if (r < 0 || o.arch == SEAM_ARCH_COUNT)
		return r;
	o.lenient = true;
	if (new_filter(text, &o, &(*ret)->compat, &ignored) < 0)
		(*ret)->compat = NULL; /* nothing is known of such calls then */
	return 0;
}

void seam_filter_free(struct seam_filter *f)
{
	if (!f)
		return;
	seam_filter_free(f->compat);
	for (uint32_t i = 0; i < f->tests.n; i++) {
		free(f->tests.at[i].name);
		free(f->tests.at[i].alt_of);
	}
	for (uint32_t i = 0; i < f->items.n; i++)
		free(f->items.at[i].text);
	for (uint32_t i = 0; i < f->terms.n; i++)
		free(f->terms.at[i].name);
	free(f->tests.at);
	free(f->items.at);
	free(f->terms.at);
	free(f->nodes.at);
	free(f->alts.at);
	free(f->ranges.at);
	free(f->text);
	free(f);
}

uint32_t seam_filter_uses(const struct seam_filter *f)
{
	return f->uses;
}
