/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparisons with numbers: every one of them becomes a set of ranges. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "filter/filter-parts.h"

/* Which numbers a field can have. */
struct domain {
	i128 least, most;
	uint8_t width;
	bool is_signed;
	bool error; /* a result that is one: what is compared is its opposite */
};

struct span {
	i128 low, high;
};
struct spans {
	LIST(struct span) list;
};

static struct domain domain_of(uint8_t width, bool is_signed, bool masked)
{
	i128 values = (i128)1 << (width * 8);

	/* what is left after a mask is bits, not a number with a sign */
	if (masked || !is_signed)
		return (struct domain){ .least = 0, .most = values - 1, .width = width };
	return (struct domain){ .least = -values / 2, .most = values / 2 - 1, .width = width, .is_signed = true };
}

/* The number that is meant: -1 of an unsigned type, 0xffffffff of an int. */
static i128 wrapped(const struct domain *d, i128 v)
{
	i128 values = (i128)1 << (d->width * 8);

	if (d->error)
		return v;
	if (v < d->least && v >= -values / 2)
		return v + values;
	if (v > d->most && v < values)
		return v - values;
	return v;
}

static void add_span(struct spans *s, const struct domain *d, i128 low, i128 high)
{
	low = MAX(low, d->least);
	high = MIN(high, d->most);
	if (low <= high)
		*list_push(&s->list) = (struct span){ low, high };
}

static int by_low(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->low < y->low ? -1 : x->low > y->low;
}

/* Sorts them and makes those that touch one. */
static void merge(struct spans *s)
{
	uint32_t n = 0;

	if (!s->list.n)
		return;
	qsort(s->list.at, s->list.n, sizeof(*s->list.at), by_low);
	for (uint32_t i = 1; i < s->list.n; i++) {
		struct span *last = &s->list.at[n], next = s->list.at[i];

		if (next.low <= last->high + 1)
			last->high = MAX(last->high, next.high);
		else
			s->list.at[++n] = next;
	}
	s->list.n = n + 1;
}

static void complement(struct spans *s, const struct domain *d)
{
	struct spans r = { 0 };
	i128 next = d->least;

	for (uint32_t i = 0; i < s->list.n; i++) {
		add_span(&r, d, next, s->list.at[i].low - 1);
		next = s->list.at[i].high + 1;
	}
	add_span(&r, d, next, d->most);
	free(s->list.at);
	*s = r;
}

/* What the constants of one value come to, for this call. false: one of them is none of the argument's. */
static bool value_of(const struct seam_filter *f, const struct test *t, const struct value *v, const struct seam_call *call,
		     int index, i128 *ret)
{
	i128 all = 0;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct term *term = &f->terms.at[v->first + i];
		struct constant one = { .value = term->number };

		if (term->name && !filter_constant(f, t, call, index, term->name, &one))
			return false;
		if (term->negative)
			one.value = -one.value;
		all |= one.value;
	}
	*ret = all;
	return true;
}

/* The values of the field for which the comparison holds. false: it makes no sense for this call. */
static bool spans_of(const struct seam_filter *f, const struct test *t, const struct domain *d,
		     const struct seam_call *call, int index, struct spans *s)
{
	bool any = false;

	if (t->op == CMP_BITS) {
		add_span(s, d, 1, d->most);
		return true;
	}
	for (uint32_t i = 0; i < t->n; i++) {
		const struct item *item = &f->items.at[t->first + i];
		i128 low, high;

		if (!value_of(f, t, &item->low, call, index, &low))
			continue;
		any = true;
		switch (t->op) {
		case CMP_LT:
			add_span(s, d, d->least, low - 1);
			break;
		case CMP_LE:
			add_span(s, d, d->least, low);
			break;
		case CMP_GT:
			add_span(s, d, low + 1, d->most);
			break;
		case CMP_GE:
			add_span(s, d, low, d->most);
			break;
		default:
			if (!item->range)
				high = low = wrapped(d, low);
			else if (!value_of(f, t, &item->high, call, index, &high))
				break;
			add_span(s, d, low, high);
		}
	}
	merge(s);
	if (t->op == CMP_NE)
		complement(s, d);
	return any;
}

static uint64_t key_of(const struct domain *d, i128 v)
{
	return d->is_signed ? (uint64_t)v ^ 1ull << 63 : (uint64_t)v;
}

/* flags & O_WRONLY: whether the field that it is a value of has this value. */
static bool is_field_value(const struct seam_filter *f, const struct test *t, const struct seam_call *call, int index,
			   struct constant *ret)
{
	const struct term *term = &f->terms.at[t->mask.first];

	return t->op == CMP_BITS && t->mask.n == 1 && term->name && filter_constant(f, t, call, index, term->name, ret) &&
	       ret->field;
}

/* An alternative for these fields; ALT_NO if the comparison cannot hold. */
static uint32_t number_alt(struct seam_filter *f, const struct test *t, struct domain d, uint32_t fields, uint32_t first,
			   const struct seam_call *call, int index, bool *ret_sense)
{
	struct alt a = { .kind = ALT_NUMBER, .fields = fields, .all = t->op == CMP_NE, .mask = UINT64_MAX };
	struct spans s = { 0 };
	i128 mask = -1;
	struct constant c;
	bool sense;

	if (is_field_value(f, t, call, index, &c)) {
		mask = c.field;
		add_span(&s, &d, c.value, c.value);
		sense = true;
	} else {
		sense = (!t->masked || value_of(f, t, &t->mask, call, index, &mask)) && spans_of(f, t, &d, call, index, &s);
	}
	*ret_sense |= sense;
	if (!sense || !s.list.n) {
		free(s.list.at);
		return ALT_NO;
	}
	a.mask = (uint64_t)mask;
	a.width = d.width;
	a.is_signed = d.is_signed;
	a.first = f->ranges.n;
	a.n = s.list.n;
	for (uint32_t i = 0; i < a.n; i++) {
		struct span p = s.list.at[i];

		if (d.error)
			p = (struct span){ -p.high, -p.low };
		*list_push(&f->ranges) = (struct range){ key_of(&d, p.low), key_of(&d, p.high) };
	}
	free(s.list.at);
	return filter_add_alt(f, first, a);
}

/* Whether the test names constants, so that what it means depends on the call. */
static bool has_names(const struct seam_filter *f, const struct test *t)
{
	uint32_t first = UINT32_MAX, end = 0;

	if (t->masked) {
		first = t->mask.first;
		end = first + t->mask.n;
	}
	for (uint32_t i = 0; i < t->n; i++) {
		const struct item *item = &f->items.at[t->first + i];
		const struct value *last = item->range ? &item->high : &item->low;

		first = MIN(first, item->low.first);
		end = MAX(end, last->first + last->n);
	}
	for (uint32_t i = first; i < end; i++)
		if (f->terms.at[i].name)
			return true;
	return false;
}

static bool is_argument(const struct test *t)
{
	return t->field == FIELD_NAMED || t->field <= SEAM_FILTER_ARG0 + 5;
}

static bool depends_on_call(const struct seam_filter *f, const struct test *t)
{
	return t->field == FIELD_NAMED || t->field == FIELD_FD ||
	       (t->field <= SEAM_FILTER_ARG0 + 5 && has_names(f, t));
}

static int bad_constant(struct seam_filter *f, const struct test *t, const struct term *term, struct seam_err *err)
{
	const char *meant = filter_guess_constant(f, t, term->name);

	if (t->field == FIELD_ERROR || t->field == SEAM_FILTER_RET)
		return filter_error(err, f->text, term->at, "there is no error '%.60s'%s", term->name, meant);
	if (is_argument(t))
		return filter_error(err, f->text, term->at, "no argument '%s' takes '%.60s'%s", t->name, term->name, meant);
	return filter_error(err, f->text, term->at, "%s has no constant '%.60s'", t->name, term->name);
}

static bool constant_somewhere(const struct seam_filter *f, const struct test *t, const char *name)
{
	const struct seam_arch_tables *a = filter_calls(f);
	struct constant unused;

	if (!depends_on_call(f, t) || t->field == FIELD_FD)
		return filter_constant(f, t, NULL, -1, name, &unused);
	for (uint32_t c = 0; c < a->call_count; c++) {
		struct arg_use use = t->field == FIELD_NAMED ? filter_arg_use(f, &a->calls[c], t->name, -1) :
							       filter_arg_use(f, &a->calls[c], NULL, t->field);

		if (use.index >= 0 && filter_constant(f, t, &a->calls[c], use.index, name, &unused))
			return true;
	}
	return false;
}

/* Each constant on its own: known, and a duration where one is due. */
static int check_value(struct seam_filter *f, const struct test *t, const struct value *v, bool mask, struct seam_err *err)
{
	for (uint32_t i = 0; i < v->n; i++) {
		const struct term *term = &f->terms.at[v->first + i];

		if (term->name && (filter_described(f) || !is_argument(t)) && !constant_somewhere(f, t, term->name))
			return bad_constant(f, t, term, err);
		if (term->name)
			continue;
		if (term->duration && t->field != SEAM_FILTER_DURATION)
			return filter_error(err, f->text, term->at, "this is a duration, and %s is none", t->name);
		if (!term->duration && term->number && !mask && t->field == SEAM_FILTER_DURATION)
			return filter_error(err, f->text, term->at, "a duration has a unit: %lluns, us, ms or s",
					    (unsigned long long)term->number);
	}
	return 0;
}

static int check_values(struct seam_filter *f, const struct test *t, struct seam_err *err)
{
	int r = t->masked ? check_value(f, t, &t->mask, true, err) : 0;

	for (uint32_t i = 0; r >= 0 && i < t->n; i++) {
		const struct item *item = &f->items.at[t->first + i];
		i128 low, high;

		r = check_value(f, t, &item->low, false, err);
		if (r < 0 || !item->range)
			continue;
		if (t->op != CMP_IN)
			return filter_error(err, f->text, item->at, "a range stands in a set: in {3..7}");
		r = check_value(f, t, &item->high, false, err);
		if (r >= 0 && value_of(f, t, &item->low, NULL, -1, &low) && value_of(f, t, &item->high, NULL, -1, &high) &&
		    low > high)
			return filter_error(err, f->text, item->at, "this range is empty: the larger number comes first");
	}
	return r;
}

static uint32_t alt_of_call(struct seam_filter *f, const struct test *t, const struct seam_call *call, uint32_t first,
			    bool *ret_sense)
{
	struct arg_use use;
	uint32_t fds;

	if (!filter_described(f)) {
		*ret_sense = true;
		return ALT_UNKNOWN;
	}
	if (t->field == FIELD_FD) {
		fds = filter_fd_args(f, call);
		*ret_sense = true;
		return fds ? number_alt(f, t, domain_of(4, true, t->masked), fds, first, call, -1, ret_sense) : ALT_NO;
	}
	use = t->field == FIELD_NAMED ? filter_arg_use(f, call, t->name, -1) : filter_arg_use(f, call, NULL, t->field);
	if (use.index < 0)
		return ALT_NO;
	return number_alt(f, t, domain_of(use.width, use.is_signed, t->masked), 1u << use.index, first, call, use.index,
			  ret_sense);
}

/* What the fields are that every event has. */
static struct domain plain_domain(const struct seam_filter *f, const struct test *t)
{
	switch (t->field) {
	case SEAM_FILTER_DURATION:
	case SEAM_FILTER_CGROUP:
		return domain_of(8, false, t->masked);
	case SEAM_FILTER_PID:
	case SEAM_FILTER_TID:
	case SEAM_FILTER_PPID:
		return domain_of(4, true, t->masked);
	case SEAM_FILTER_UID:
		return domain_of(4, false, t->masked);
	case SEAM_FILTER_RET:
		return domain_of(8, true, t->masked);
	case FIELD_ERROR:
		return (struct domain){ .least = 1, .most = SEAM_MAX_ERROR, .width = 8, .is_signed = true, .error = true };
	default:
		/* a register as it is */
		return domain_of(filter_described(f) ? 8 : 4, true, t->masked);
	}
}

int filter_check_number(struct seam_filter *f, struct test *t, struct seam_err *err)
{
	const struct seam_arch_tables *a = filter_calls(f);
	uint32_t first = f->alts.n;
	bool sense = false;
	int r;

	if (t->masked && t->field == FIELD_ERROR)
		return filter_error(err, f->text, t->at, "error is a number, not a set of bits");
	r = check_values(f, t, err);
	if (r < 0)
		return r;
	if (!depends_on_call(f, t)) {
		int field = t->field == FIELD_ERROR ? SEAM_FILTER_RET : t->field;

		t->alt = number_alt(f, t, plain_domain(f, t), 1u << field, first, NULL, -1, &sense);
		return 0;
	}
	filter_by_call(f, t);
	for (uint32_t c = 0; c < a->call_count; c++)
		t->alt_of[c] = alt_of_call(f, t, &a->calls[c], first, &sense);
	if (!sense)
		return filter_error(err, f->text, t->at, "no argument '%s' takes all of these constants", t->name);
	return 0;
}
