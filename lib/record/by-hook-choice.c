/* SPDX-License-Identifier: BSD-2-Clause */
/* Which calls are recorded: those that have to be stopped at, and what is asked of each when it is over. */
#include "record/by-hook-choice.h"

#include "base/cleanup.h"
#include "base/util.h"
#include "record/chosen.h"

/* What changes of the credentials say whose a task is from then on. */
static bool writes_creds(const struct seam_tables *t, const struct seam_call *c)
{
	const struct seam_variant *v = &t->variants[c->variants.first];

	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];

		if (e->verb == SEAM_VERB_WRITES_STATUS && t->objects[e->object].how == SEAM_OBJECT_WORLD &&
		    t->objects[e->object].world == SEAM_WORLD_CREDS)
			return true;
	}
	return false;
}

static bool has_to_be_seen(const struct by_hook_choice *c, const struct seam_call *call)
{
	return c->uses >> SEAM_FILTER_UID & 1 && call->variants.count && writes_creds(&seam_tables, call);
}

/* Handlers are for names: what one of the two tables wants is stopped at in both. */
static void add_words(struct by_hook_choice *c, enum seam_arch arch, bool compat)
{
	const struct seam_arch_tables *a = &seam_tables.arch[arch];

	for (uint32_t i = 0; i < a->call_count; i++)
		if (by_hook_chosen(c, compat, a->calls[i].number) != CHOSEN_NOT || (!compat && has_to_be_seen(c, &a->calls[i])))
			buf_addf(&c->words, "%s%s", c->words.len ? "," : "", seam_string(&seam_tables, a->calls[i].name));
}

int by_hook_choice_make(struct by_hook_choice *c, const struct seam_record_options *o, struct seam_err *err)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct seam_filter_options fo = { .arch = seam_arch_native(), .lenient = true };
	int r;

	buf_init(&c->words);
	c->calls = o->calls;
	c->where.compat_arch = chosen_compat();
	c->all = !o->where_count && !o->calls;
	if (c->all)
		return 0;
	if (!o->where_count) {
		add_words(c, seam_arch_native(), false);
		return 0;
	}
	r = chosen_make(&c->where, o, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < o->where_count; i++)
		buf_addf(&text, "%s(%s)", i ? " and " : "", o->where[i]);
	r = seam_filter_new(text.data, &fo, &c->filter[0], err);
	fo.arch = c->where.compat_arch;
	if (r >= 0)
		r = seam_filter_new(text.data, &fo, &c->filter[1], err);
	if (r < 0)
		return r;
	c->uses = seam_filter_uses(c->filter[0]) | seam_filter_uses(c->filter[1]);
	add_words(c, seam_arch_native(), false);
	if (c->where.compat_arch != seam_arch_native())
		add_words(c, c->where.compat_arch, true);
	return 0;
}

void by_hook_choice_release(struct by_hook_choice *c)
{
	seam_filter_free(c->filter[0]);
	seam_filter_free(c->filter[1]);
	chosen_release(&c->where);
	buf_release(&c->words);
}

/* Of a 32-bit table there are only names: what is listed is listed for both. */
static bool is_listed(const struct by_hook_choice *c, bool compat, uint64_t number)
{
	enum seam_arch native = seam_arch_native();
	const struct seam_call *call = seam_call_by_number(&seam_tables, compat ? c->where.compat_arch : native, number);

	if (call && compat)
		call = seam_call_by_name(&seam_tables, native, seam_string(&seam_tables, call->name));
	return call && seam_callset_has(c->calls, call);
}

enum by_hook_chosen by_hook_chosen(const struct by_hook_choice *c, bool compat, uint64_t number)
{
	const struct filter_split *s = compat ? &c->where.compat : &c->where.native;
	const struct filter_start *start;

	if (c->all)
		return CHOSEN;
	if (c->calls && !is_listed(c, compat, number))
		return CHOSEN_NOT;
	if (!c->filter[0])
		return CHOSEN;
	start = filter_split_start(s, number);
	if (start->count)
		return CHOSEN_MAYBE;
	/* where paths begin: a reader has to know */
	if (start->answer == FILTER_USER)
		return chosen_keeps(compat ? c->where.compat_arch : seam_arch_native(), s, number) ? CHOSEN : CHOSEN_MAYBE;
	return start->answer == FILTER_KEEP ? CHOSEN : CHOSEN_NOT;
}

bool by_hook_wants(struct by_hook_choice *c, const struct seam_event *e, const struct seam_tasks *tasks)
{
	struct seam_filter_view view;

	c->view.event = e;
	c->view.tasks = tasks;
	c->view.t = &seam_tables;
	c->view.blind = true;
	view = event_view_of(&c->view);
	return seam_filter_keeps(c->filter[e->compat], &view, true);
}
