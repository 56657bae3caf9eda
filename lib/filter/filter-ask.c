/* SPDX-License-Identifier: BSD-2-Clause */
/* What an expression says of an event: a walk over its tree. Yes, no, and not known; and, or, not are those of Kleene. */
#include "filter/filter-parts.h"

struct asked {
	const struct seam_filter *f;
	const struct seam_filter_view *view;
	uint32_t call; /* index in the architecture's; one behind the last: unknown */
};

static bool in_ranges(const struct seam_filter *f, const struct alt *a, uint64_t v)
{
	if (a->width < 8) {
		unsigned unused = 64 - a->width * 8u;

		v <<= unused;
		v = a->is_signed ? (uint64_t)((int64_t)v >> unused) : v >> unused;
	}
	v &= a->mask;
	if (a->is_signed)
		v ^= 1ull << 63;
	for (uint32_t i = 0; i < a->n; i++)
		if (f->ranges.at[a->first + i].low <= v && v <= f->ranges.at[a->first + i].high)
			return true;
	return false;
}

/* Of several fields any must be in the ranges, or all. */
static enum seam_filter_answer ask_number(const struct asked *q, const struct alt *a)
{
	enum seam_filter_answer r = a->all ? SEAM_FILTER_YES : SEAM_FILTER_NO;

	for (uint32_t left = a->fields; left; left &= left - 1) {
		enum seam_filter_field field = (enum seam_filter_field)__builtin_ctz(left);
		uint64_t v = 0;
		enum seam_filter_known known = q->view->number(q->view->user, field, &v);

		if (known == SEAM_FILTER_NOT_KNOWN)
			r = SEAM_FILTER_UNKNOWN;
		else if ((known == SEAM_FILTER_KNOWN && in_ranges(q->f, a, v)) != a->all)
			return a->all ? SEAM_FILTER_NO : SEAM_FILTER_YES;
	}
	return r;
}

/* Any of them must fit; or, if `all`, there must be one, and none may. */
static enum seam_filter_answer ask_string(const struct asked *q, const struct test *t, const struct alt *a)
{
	enum seam_filter_field field = (enum seam_filter_field)__builtin_ctz(a->fields);

	for (unsigned i = 0;; i++) {
		const char *s = "";
		enum seam_filter_known known = q->view->string(q->view->user, field, i, &s);

		if (known == SEAM_FILTER_NOT_KNOWN)
			return SEAM_FILTER_UNKNOWN;
		if (known == SEAM_FILTER_ABSENT)
			return a->all && i ? SEAM_FILTER_YES : SEAM_FILTER_NO;
		if (filter_string_fits(q->f, t, s))
			return a->all ? SEAM_FILTER_NO : SEAM_FILTER_YES;
	}
}

static enum seam_filter_answer ask_test(const struct asked *q, const struct test *t)
{
	const struct alt *a = filter_alt(q->f, t, q->call);

	switch ((enum alt_kind)a->kind) {
	case ALT_YES:
		return SEAM_FILTER_YES;
	case ALT_UNKNOWN:
		return SEAM_FILTER_UNKNOWN;
	case ALT_NUMBER:
		return ask_number(q, a);
	case ALT_STRING:
		return ask_string(q, t, a);
	default:
		return SEAM_FILTER_NO;
	}
}

static enum seam_filter_answer ask_node(const struct asked *q, uint32_t index)
{
	const struct node *n = &q->f->nodes.at[index];
	enum seam_filter_answer a, b, decides;

	if (n->kind == NODE_TEST)
		return ask_test(q, &q->f->tests.at[n->a]);
	a = ask_node(q, n->a);
	if (n->kind == NODE_NOT)
		return a == SEAM_FILTER_UNKNOWN ? a : a == SEAM_FILTER_YES ? SEAM_FILTER_NO : SEAM_FILTER_YES;
	decides = n->kind == NODE_AND ? SEAM_FILTER_NO : SEAM_FILTER_YES;
	if (a == decides)
		return a;
	b = ask_node(q, n->b);
	return b == decides || a != SEAM_FILTER_UNKNOWN ? b : a;
}

enum seam_filter_answer seam_filter_ask(const struct seam_filter *f, const struct seam_filter_view *view)
{
	const struct seam_arch_tables *a = filter_calls(f);
	struct asked q = { .f = f, .view = view, .call = a->call_count };

	if (view->call && (view->call < a->calls || view->call >= a->calls + a->call_count))
		return f->compat ? seam_filter_ask(f->compat, view) : SEAM_FILTER_UNKNOWN;
	if (view->call)
		q.call = (uint32_t)(view->call - a->calls);
	return ask_node(&q, f->root);
}
