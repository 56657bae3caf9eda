/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that choose what is recorded: -e, --where, -z and -Z. */
#include "chosen-calls.h"

#include <stdio.h>
#include <stdlib.h>

#include "seam/filter.h"

static int check_where(const struct chosen_calls *c, const struct cmd *cmd, bool durations)
{
	struct seam_filter_options fo = { .arch = seam_arch_native() };
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_filter *f;
	uint32_t uses;

	if (seam_filter_new(c->where, &fo, &f, &err) < 0)
		return usage_error(cmd, "%s", err.text);
	uses = seam_filter_uses(f);
	seam_filter_free(f);
	if (!durations && uses >> SEAM_FILTER_DURATION & 1)
		return usage_error(cmd, "--where asks for the duration, of which nothing is known with --no-duration");
	return 0;
}

/* What is asked is a call and no event: there is nothing else to know of it. */
static enum seam_filter_known no_number(void *user, enum seam_filter_field field, uint64_t *ret)
{
	(void)user;
	(void)field;
	(void)ret;
	return SEAM_FILTER_ABSENT;
}

/* The calls that -e chooses, one by one. */
static int count_only(struct chosen_calls *c, const struct cmd *cmd, struct seam_record_options *o)
{
	struct seam_filter_options fo = { .arch = seam_arch_native(), .lenient = true };
	const struct seam_arch_tables *a = &seam_tables.arch[fo.arch];
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_filter *f;

	if (c->where || c->choice.status)
		return usage_error(cmd, "--stats counts all calls of a set: record a trace for --where and -e status=, and count with "
				   "'seam stats'");
	if (!c->choice.trace)
		return 0;
	if (seam_filter_new(c->choice.trace, &fo, &f, &err) < 0)
		return usage_error(cmd, "%s", err.text);
	seam_callset_init(&c->counted, &seam_tables, fo.arch);
	for (uint32_t i = 0; i < a->call_count; i++) {
		struct seam_filter_view view = { .call = &a->calls[i], .number = no_number };

		if (seam_filter_ask(f, &view) == SEAM_FILTER_YES)
			seam_callset_add(&c->counted, seam_string(&seam_tables, a->calls[i].name), NULL, NULL);
	}
	seam_filter_free(f);
	o->calls = &c->counted;
	return 0;
}

int chosen_calls_apply(struct chosen_calls *c, const struct cmd *cmd, struct seam_record_options *o)
{
	struct seam_err err = SEAM_ERR_INIT;
	int r = 0;

	for (size_t i = 0; i < c->e.n && r >= 0; i++) {
		r = seam_choice_add(&c->choice, c->e.at[i], &seam_tables, seam_arch_native(), &err);
		if (asprintf(&c->told[o->select_count], "calls %s", c->e.at[i]) < 0)
			abort();
		c->words[o->select_count] = c->told[o->select_count];
		o->select_count++;
	}
	if (r >= 0 && c->successful != c->failed) {
		const char *word = c->successful ? "calls status=successful" : "calls status=failed";

		r = seam_choice_add(&c->choice, word + 6, &seam_tables, seam_arch_native(), &err);
		c->words[o->select_count++] = word;
	}
	if (r < 0)
		return usage_error(cmd, "%s", err.text);
	if (c->where) {
		r = check_where(c, cmd, o->durations);
		if (r)
			return r;
		if (asprintf(&c->told[o->select_count], "where %s", c->where) < 0)
			abort();
		c->words[o->select_count] = c->told[o->select_count];
		o->select_count++;
	}
	if (c->choice.trace)
		c->expressions[o->where_count++] = c->choice.trace;
	if (c->choice.status)
		c->expressions[o->where_count++] = c->choice.status;
	if (c->where)
		c->expressions[o->where_count++] = c->where;
	if (c->stats) {
		o->where_count = o->select_count = 0;
		return count_only(c, cmd, o);
	}
	o->where = c->expressions;
	o->select = c->words;
	o->signals_off = c->choice.signals_off;
	return 0;
}

void chosen_calls_release(struct chosen_calls *c)
{
	seam_choice_release(&c->choice);
	for (size_t i = 0; i < OPT_LIST_MAX + 3; i++)
		free(c->told[i]);
}
