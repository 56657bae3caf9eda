/* SPDX-License-Identifier: BSD-2-Clause */
/* Which comparisons make sense, and comparisons with strings. */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "filter/filter-parts.h"

#define COMM_MAX 15

static const char *const op_words[] = { "==", "!=", "<", "<=", ">", ">=", "in", "~", "!~", "&" };

static const struct item *items(const struct seam_filter *f, const struct test *t)
{
	return &f->items.at[t->first];
}

static int no_field(struct seam_filter *f, const struct test *t, struct seam_err *err)
{
	return filter_error(err, f->text, t->at, "there is no field or argument '%.60s'%s", t->name,
			    filter_guess_field(f, t->name));
}

/* Whether some call has the argument; where nothing is described nobody knows. */
static bool named_exists(const struct seam_filter *f, const char *name)
{
	const struct seam_arch_tables *a = filter_calls(f);

	for (uint32_t c = 0; c < a->call_count; c++)
		if (filter_arg_use(f, &a->calls[c], name, -1).index >= 0)
			return true;
	return !filter_described(f);
}

static bool is_string_field(int field)
{
	return field == SEAM_FILTER_COMM || field == SEAM_FILTER_EXE || field == SEAM_FILTER_PATH;
}

/* Strings and numbers do not mix: what the first item is, all must be. */
static int check_items(struct seam_filter *f, const struct test *t, bool strings, struct seam_err *err)
{
	for (uint32_t i = 0; i < t->n; i++) {
		const struct item *item = &items(f, t)[i];

		if (strings && !item->text) {
			const struct term *first = item->low.n ? &f->terms.at[item->low.first] : NULL;

			if (first && first->name && item->low.n == 1 && !item->range)
				return filter_error(err, f->text, item->at, "%s is compared with a string: write \"%.60s\"",
						    t->name, first->name);
			return filter_error(err, f->text, item->at, "%s is compared with a string in double quotes", t->name);
		}
		if (!strings && item->text)
			return filter_error(err, f->text, item->at, "%s is compared with a number%s", t->name,
					    t->field == FIELD_ERROR ? " or a name such as ENOENT" : "");
	}
	return 0;
}

int filter_check(struct seam_filter *f, struct test *t, struct seam_err *err)
{
	bool glob = t->op == CMP_GLOB || t->op == CMP_NOT_GLOB, strings;
	int r;

	if (t->field == FIELD_CALL || t->field == FIELD_CLASS) {
		if (t->masked || (t->op >= CMP_LT && t->op <= CMP_GE))
			return filter_error(err, f->text, t->op_at, "%s is compared with == != in ~ !~ only", t->name);
		return filter_check_call(f, t, err);
	}
	if (t->field == FIELD_NAMED && !named_exists(f, t->name))
		return no_field(f, t, err);
	strings = is_string_field(t->field) || glob || (t->n && items(f, t)->text && !t->masked);
	if (strings && (t->field == FIELD_FD || t->field == FIELD_ERROR ||
			(t->field >= SEAM_FILTER_RET && t->field <= SEAM_FILTER_UID))) {
		if (glob)
			return filter_error(err, f->text, t->op_at, "%s is a number: '%s' is for strings", t->name,
					    op_words[t->op]);
		strings = false;
	}
	if (strings && (t->masked || (t->op >= CMP_LT && t->op <= CMP_GE)))
		return filter_error(err, f->text, t->op_at, "%s is a string: it is compared with == != in ~ !~ only", t->name);
	r = check_items(f, t, strings, err);
	if (r < 0)
		return r;
	return strings ? filter_check_string(f, t, err) : filter_check_number(f, t, err);
}

/* A name longer than the kernel keeps is a mistake that would never be noticed. */
static int check_comm(struct seam_filter *f, const struct test *t, struct seam_err *err)
{
	for (uint32_t i = 0; i < t->n; i++) {
		const struct item *item = &items(f, t)[i];

		if (strlen(item->text) > COMM_MAX && !glob_is_pattern(item->text))
			return filter_error(err, f->text, item->at,
					    "the kernel keeps %d bytes of a name: write \"%.*s\"", COMM_MAX, COMM_MAX,
					    item->text);
	}
	return 0;
}

/* Which calls have such a string, and where. */
static void string_by_call(struct seam_filter *f, struct test *t, struct alt a)
{
	const struct seam_arch_tables *tables = filter_calls(f);
	uint32_t first = f->alts.n;

	filter_by_call(f, t);
	for (uint32_t c = 0; c < tables->call_count; c++) {
		const struct seam_call *call = &tables->calls[c];

		if (t->field == SEAM_FILTER_PATH) {
			if (!filter_described(f) || filter_may_path(f, call))
				t->alt_of[c] = filter_add_alt(f, first, a);
		} else if (!filter_described(f)) {
			t->alt_of[c] = ALT_UNKNOWN;
		} else {
			struct arg_use use = t->field == FIELD_NAMED ? filter_arg_use(f, call, t->name, -1) :
								       filter_arg_use(f, call, NULL, t->field);

			a.fields = 1u << (use.index & 7);
			if (use.index >= 0 && use.string)
				t->alt_of[c] = filter_add_alt(f, first, a);
		}
	}
}

int filter_check_string(struct seam_filter *f, struct test *t, struct seam_err *err)
{
	struct alt a = { .kind = ALT_STRING, .all = t->op == CMP_NE || t->op == CMP_NOT_GLOB };
	uint32_t before = f->alts.n;
	int r;

	if (t->field == SEAM_FILTER_COMM) {
		r = check_comm(f, t, err);
		if (r < 0)
			return r;
	}
	if (t->field == SEAM_FILTER_COMM || t->field == SEAM_FILTER_EXE || t->field == SEAM_FILTER_CGROUP) {
		a.fields = 1u << t->field;
		t->alt = filter_add_alt(f, before, a);
		return 0;
	}
	if (t->field < SEAM_FILTER_FIELDS)
		a.fields = 1u << t->field;
	string_by_call(f, t, a);
	if (t->field == FIELD_NAMED && filter_described(f) && f->alts.n == before)
		return filter_error(err, f->text, t->at, "no argument '%s' is a path or a string", t->name);
	return 0;
}

bool filter_string_fits(const struct seam_filter *f, const struct test *t, const char *s)
{
	bool glob = t->op == CMP_GLOB || t->op == CMP_NOT_GLOB;

	for (uint32_t i = 0; i < t->n; i++) {
		const char *text = items(f, t)[i].text;

		if (glob ? glob_match(text, s) : strcmp(text, s) == 0)
			return true;
	}
	return false;
}
