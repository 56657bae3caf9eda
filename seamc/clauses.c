/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call does, waits on, how it can fail, and what a deterministic run makes of it. */
#include <string.h>

#include "seamc/gen.h"
#include "seamc/guess.h"
#include "base/util.h"
#include "calls/vocabulary.h"

/* objects */

/* The argument number that an expression hangs on, or 0xff. */
static uint8_t root_arg(struct model *m, const struct scope *s, const struct ast_expr *e, uint32_t *ret_type)
{
	struct gen g = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	struct place p;

	while (e->kind == EXPR_DEREF || e->kind == EXPR_NEW)
		e = e->a;
	if (e->kind != EXPR_NAME || gen_place(&g, s, e, &p) <= 0)
		return 0xff;
	if (!p.in_memory && p.arg >= 0) {
		*ret_type = model_lower_type(m, s, s->args.at[p.arg].type, NULL);
	} else if (p.type) {
		struct scope inner = { .view = p.view, .layout = p.layout, .self = SEAM_REG_SELF, .memory = p.memory };

		*ret_type = model_lower_type(m, &inner, p.type, p.member);
	}
	return p.arg < 0 ? 0xff : (uint8_t)p.arg;
}

static const char *guess_object(const struct model *m, const struct scope *s, const char *word)
{
	struct guess g = { .arena = m->arena, .diag = m->diag };

	guess_words(&g, world_words, SEAM_WORLD_COUNT);
	guess_args(&g, &s->args);
	return guess_text(&g, word);
}

static uint32_t lower_object(struct model *m, const struct scope *s, const struct ast_object *o, bool waits)
{
	struct seam_object record = { .arg = 0xff, .dir = o->dir };
	const struct ast_expr *e = o->value;
	struct gen g = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	struct place p;

	record.text = model_text(m, e->text, o->length ? o->length->text_end : e->text_end);
	if (e->kind == EXPR_NAME && !e->path.n && gen_place(&g, s, e, &p) == 0) {
		int world = word_world(e->name);

		if (world < 0 || (world >= SEAM_WORLD_WAIT_ONLY && !waits)) {
			diag_error(m->diag, o->loc, "'%s' is no argument and no part of the world%s", e->name,
				   guess_object(m, s, e->name));
			return 0;
		}
		if (o->length || o->dir) {
			diag_error(m->diag, o->loc, "'%s' is no path and no address", e->name);
			return 0;
		}
		record.how = SEAM_OBJECT_WORLD;
		record.world = (uint8_t)world;
		record.text = model_string(m, e->name);
		return pool_add(&m->objects, &record, 1);
	}
	record.how = o->length ? SEAM_OBJECT_RANGE : SEAM_OBJECT_VALUE;
	record.value = gen_expr_record(m, s, e);
	if (!record.value)
		return 0;
	record.length = gen_expr_record(m, s, o->length);
	record.arg = root_arg(m, s, e, &record.type);
	if (o->length)
		record.text = model_string(m, arena_printf(m->arena, "%.*s[%.*s]", (int)(e->text_end - e->text), e->text,
							   (int)(o->length->text_end - o->length->text),
							   o->length->text));
	if (s->class && record.arg != 0xff && e->kind == EXPR_NAME && !e->path.n && !o->length)
		record.text = model_string(m, s->args.at[record.arg].name);
	return pool_add(&m->objects, &record, 1);
}

static void lower_effect(struct model *m, const struct scope *s, const struct ast_effect *e, struct clauses *c)
{
	struct seam_effect record = { .verb = (uint8_t)e->verb, .may = e->may };

	if (e->object)
		record.object = lower_object(m, s, e->object, false);
	if (e->to)
		record.to = lower_object(m, s, e->to, false);
	record.as = model_string(m, e->as);
	for (size_t i = 0; i < ARRAY_SIZE(record.by) && e->by[i]; i++)
		record.by[i] = lower_object(m, s, e->by[i], false);
	record.when = gen_expr_record(m, s, e->when);
	c->classes |= verb_classes[e->verb];
	*vec_push(m->arena, &c->effects) = record;
}

static uint8_t expect_arg(struct model *m, const struct scope *s, const char *name, struct loc loc)
{
	struct gen g = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	struct ast_expr e = { .kind = EXPR_NAME, .loc = loc, .name = name };
	struct place p;

	if (gen_place(&g, s, &e, &p) > 0 && p.arg >= 0)
		return (uint8_t)p.arg;
	diag_error(m->diag, loc, "there is no argument '%s'%s", name, guess_arg(m, &s->args, name));
	return 0xff;
}

/* A number, or a pointer to a structure. One that stands inside another structure is found by its argument alone. */
static uint32_t timeout_value(struct model *m, const struct scope *s, const struct ast_expr *e)
{
	struct gen g = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	struct place p;

	if (gen_place(&g, s, e, &p) > 0 && p.member && p.member->kind == C_STRUCT)
		return 0;
	return gen_expr_record(m, s, e);
}

static void lower_wait(struct model *m, const struct scope *s, const struct ast_wait *w, struct clauses *c)
{
	struct seam_wait record = { .timeout_arg = 0xff, .absolute = w->absolute };

	record.object = lower_object(m, s, w->object, true);
	record.when = gen_expr_record(m, s, w->when);
	if (w->timeout) {
		record.timeout_arg = expect_arg(m, s, w->timeout->name, w->timeout->loc);
		record.timeout = timeout_value(m, s, w->timeout);
	}
	*vec_push(m->arena, &c->waits) = record;
}

static bool error_number(struct model *m, const char *name, struct loc loc, uint64_t *ret_value)
{
	int r = model_const(m, name, ret_value);

	if (r < 0 || *name != 'E')
		diag_error(m->diag, loc, "there is no error '%s'%s", name, guess_error(m, name));
	return r > 0 && *name == 'E';
}

static void lower_det(struct model *m, const struct scope *s, const struct ast_det *d, struct clauses *c)
{
	struct seam_det record = { .verb = (uint8_t)d->verb, .arg = 0xff };
	uint64_t error;

	if (d->arg)
		record.arg = expect_arg(m, s, d->arg, d->loc);
	if (d->error && error_number(m, d->error, d->loc, &error))
		record.error = (uint16_t)error;
	record.word = model_string(m, d->verb == SEAM_DET_REFUSED ? d->error : d->word);
	*vec_push(m->arena, &c->dets) = record;
}

static void add_fail(struct model *m, const char *name, struct loc loc, uint32_t when, struct clauses *c)
{
	struct seam_fail record = { .when = when };
	uint64_t error;

	if (!error_number(m, name, loc, &error))
		return;
	record.error = (uint32_t)error;
	record.name = model_string(m, name);
	for (size_t i = 0; i < c->fails.n; i++) {
		struct seam_fail *old = &c->fails.at[i];

		if (old->error == record.error && (old->when == when || !old->when))
			return;
		if (old->error == record.error && !when) {
			*old = record; /* it can fail so in any case */
			return;
		}
	}
	*vec_push(m->arena, &c->fails) = record;
}

static void add_error_list(struct model *m, const struct ast_fail *f, const char *name, uint32_t when,
			   struct clauses *c, unsigned depth)
{
	const struct ast_set *list = names_get(&m->names, DECL_ERRORS, name);

	if (!list) {
		diag_error(m->diag, f->loc, "there is no list of errors '%s'%s", name,
			   guess_declared(m, DECL_ERRORS, name));
		return;
	}
	if (depth > 8) {
		diag_error(m->diag, f->loc, "the list '%s' includes itself", name);
		return;
	}
	for (size_t i = 0; i < list->items.n; i++) {
		const struct ast_item *item = &list->items.at[i];

		if (item->include)
			add_error_list(m, f, item->name, when, c, depth + 1);
		else
			add_fail(m, item->name, item->loc, when, c);
	}
}

static void lower_like(struct model *m, const struct scope *s, const struct ast_like *like, struct clauses *c)
{
	const struct ast_class *class = names_get(&m->names, DECL_CLASS, like->name);
	struct scope inner = *s;
	struct ast_like args = { .loc = like->loc, .name = like->name };

	if (!class) {
		diag_error(m->diag, like->loc, "there is no class '%s'%s", like->name,
			   guess_declared(m, DECL_CLASS, like->name));
		return;
	}
	if (class->params.n != like->args.n) {
		diag_error(m->diag, like->loc, "class %s takes %zu parameters, not %zu", like->name, class->params.n,
			   like->args.n);
		return;
	}
	if (c->nesting++ > 8) {
		diag_error(m->diag, like->loc, "class %s is like itself", like->name);
		return;
	}
	for (size_t i = 0; i < like->args.n; i++) {
		expect_arg(m, s, like->args.at[i], like->loc);
		*vec_push(m->arena, &args.args) = scope_arg(s, like->args.at[i]);
	}
	inner.class = class;
	inner.like = &args;
	model_clauses(m, &inner, &class->body, c);
	c->nesting--;
}

void model_clauses(struct model *m, const struct scope *scope, const struct ast_body *body, struct clauses *c)
{
	struct scope s = *scope;

	s.passes = true;
	for (size_t i = 0; i < body->likes.n; i++)
		lower_like(m, &s, &body->likes.at[i], c);
	for (size_t i = 0; i < body->effects.n; i++)
		lower_effect(m, &s, &body->effects.at[i], c);
	for (size_t i = 0; i < body->waits.n; i++)
		lower_wait(m, &s, &body->waits.at[i], c);
	if (body->dets.n)
		c->dets.n = 0; /* said closer by */
	for (size_t i = 0; i < body->dets.n; i++)
		lower_det(m, &s, &body->dets.at[i], c);
	for (size_t i = 0; i < body->fails.n; i++) {
		const struct ast_fail *f = &body->fails.at[i];
		uint32_t when = gen_expr_record(m, &s, f->when);

		if (f->list)
			add_error_list(m, f, f->name, when, c, 0);
		else
			add_fail(m, f->name, f->loc, when, c);
	}
	c->classes |= body->also;
	c->gone |= body->gone;
}
