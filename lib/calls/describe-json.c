/* SPDX-License-Identifier: BSD-2-Clause */
/* The description of a call as JSON; doc/calls-json.md is its contract. */
#include "base/util.h"
#include "calls/describe-parts.h"

typedef void text_fn(const struct seam_tables *t, uint32_t index, struct seam_out *out);

static void member_text(const struct seam_tables *t, struct seam_json *j, const char *key, text_fn *fn, uint32_t index)
{
	struct seam_out text;

	seam_out_init_mem(&text);
	fn(t, index, &text);
	seam_json_member_string(j, key, text.data);
	seam_out_release(&text);
}

/* An expression as it was written; null where there is none. */
static void member_expr(const struct seam_tables *t, struct seam_json *j, const char *key, uint32_t expr)
{
	seam_json_member_string(j, key, expr ? expr_text(t, expr) : NULL);
}

static const char *direction(const struct seam_type *type)
{
	static const char *const words[] = { "in", "in", "out", "inout" };

	/* a number goes in; memory that nobody described may be anything */
	return type->kind == SEAM_KIND_IOC || type->kind == SEAM_KIND_OPAQUE ? "inout" : words[type->dir];
}

static void put_classes(struct seam_json *j, uint32_t classes)
{
	seam_json_key(j, "classes");
	seam_json_begin_array(j);
	for (uint32_t bit = 1; bit < 1u << SEAM_CLASS_COUNT; bit <<= 1)
		if (classes & bit)
			seam_json_string(j, seam_class_name(bit));
	seam_json_end_array(j);
}

/*
 * kind, direction, type and what belongs to some kinds only: the same for arguments, members and results.
 * way: the direction where the type does not decide it.
 */
static void put_type(const struct seam_tables *t, struct seam_json *j, uint32_t index, const char *way)
{
	const struct seam_type *type = &t->types[index];

	seam_json_member_string(j, "kind", seam_kind_name(type->kind));
	seam_json_member_string(j, "direction", way ? way : direction(type));
	member_text(t, j, "type", seam_type_text, index);
	seam_json_member_bool(j, "pointer", is_pointer(type));
	if (type->kind == SEAM_KIND_BITS || type->kind == SEAM_KIND_ENUM)
		seam_json_member_string(j, "set", seam_string(t, t->sets[type->ref].name));
	if (type->kind == SEAM_KIND_STRUCT)
		seam_json_member_string(j, "struct", seam_string(t, t->layouts[type->ref].name));
	if (is_pointer(type) && type->kind != SEAM_KIND_OPAQUE)
		member_text(t, j, "memory", memory_words, index);
}

static void put_members(const struct seam_tables *t, struct seam_json *j, uint32_t index)
{
	const struct seam_layout *l = &t->layouts[index];

	seam_json_member_u64(j, "size", l->size);
	seam_json_key(j, "members");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &t->fields[l->first_field + i];

		seam_json_begin_object(j);
		seam_json_member_string(j, "name", seam_string(t, f->name));
		seam_json_member_u64(j, "offset", f->offset);
		put_type(t, j, f->type, NULL);
		if (f->repeat)
			seam_json_member_u64(j, "count", f->repeat);
		if (f->bits) {
			seam_json_member_u64(j, "bit", f->bit);
			seam_json_member_u64(j, "bits", f->bits);
		}
		if (f->when)
			member_expr(t, j, "case", f->when);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_constants(const struct seam_tables *t, struct seam_json *j, uint32_t index)
{
	const struct seam_set *s = &t->sets[index];

	seam_json_key(j, "constants");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < s->count; i++) {
		const struct seam_const *c = &t->consts[s->first + i];

		seam_json_begin_object(j);
		seam_json_member_string(j, "name", seam_string(t, c->name));
		seam_json_member_u64(j, "value", c->value);
		if (c->mask)
			seam_json_member_u64(j, "mask", c->mask);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_arg(const struct seam_tables *t, struct seam_json *j, const struct seam_arg *a, uint32_t number,
		    bool constants)
{
	const struct seam_type *type = &t->types[a->type];

	seam_json_begin_object(j);
	seam_json_member_string(j, "name", seam_string(t, a->name));
	seam_json_member_u64(j, "index", number);
	put_type(t, j, a->type, NULL);
	member_expr(t, j, "if", type->when);
	if ((type->kind == SEAM_KIND_BITS || type->kind == SEAM_KIND_ENUM) && constants)
		put_constants(t, j, type->ref);
	if (type->kind == SEAM_KIND_STRUCT)
		put_members(t, j, type->ref);
	seam_json_end_object(j);
}

static void put_object(const struct seam_tables *t, struct seam_json *j, const char *key, uint32_t object)
{
	if (object)
		member_text(t, j, key, object_text, object);
	else
		seam_json_member_string(j, key, NULL);
}

/* What it is from now on, in the words of the description. */
static void put_as(const struct seam_tables *t, struct seam_json *j, const struct seam_effect *e)
{
	struct seam_out text;

	seam_out_init_mem(&text);
	as_text(t, e, &text);
	seam_json_member_string(j, "as", text.len ? text.data : NULL);
	seam_out_release(&text);
}

static void put_effects(const struct seam_tables *t, struct seam_json *j, const struct seam_variant *v)
{
	seam_json_key(j, "effects");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];

		seam_json_begin_object(j);
		seam_json_member_string(j, "verb", seam_verb_words(e->verb));
		put_object(t, j, "object", e->object);
		put_object(t, j, "to", e->to);
		put_as(t, j, e);
		seam_json_member_bool(j, "may", e->may);
		member_expr(t, j, "if", e->when);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_waits(const struct seam_tables *t, struct seam_json *j, const struct seam_variant *v)
{
	seam_json_key(j, "waits");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < v->waits.count; i++) {
		const struct seam_wait *w = &t->waits[v->waits.first + i];

		seam_json_begin_object(j);
		put_object(t, j, "on", w->object);
		member_expr(t, j, w->absolute ? "until" : "for", w->timeout);
		member_expr(t, j, "if", w->when);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_determinism(const struct seam_tables *t, struct seam_json *j, const struct seam_variant *v)
{
	seam_json_key(j, "determinism");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < v->dets.count; i++) {
		struct seam_out text;

		seam_out_init_mem(&text);
		det_text(t, v, &t->dets[v->dets.first + i], &text);
		seam_json_string(j, text.data);
		seam_out_release(&text);
	}
	seam_json_end_array(j);
}

static void put_errors(const struct seam_tables *t, struct seam_json *j, const struct seam_variant *v)
{
	seam_json_key(j, "errors");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < v->fails.count; i++) {
		const struct seam_fail *f = &t->fails[v->fails.first + i];

		seam_json_begin_object(j);
		seam_json_member_string(j, "name", seam_string(t, f->name));
		seam_json_member_u64(j, "number", f->error);
		member_expr(t, j, "if", f->when);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_returns(const struct seam_tables *t, struct seam_json *j, const struct seam_call *call,
			const struct seam_variant *v)
{
	seam_json_key(j, "returns");
	if ((call->flags & SEAM_CALL_NORETURN) || !v->ret) {
		seam_json_null(j);
		return;
	}
	seam_json_begin_object(j);
	put_type(t, j, v->ret, "out");
	seam_json_end_object(j);
}

static void put_clauses(const struct seam_tables *t, struct seam_json *j, const struct seam_call *call,
			const struct seam_variant *v)
{
	put_returns(t, j, call, v);
	put_effects(t, j, v);
	put_waits(t, j, v);
	put_determinism(t, j, v);
	put_errors(t, j, v);
}

static void put_case(const struct seam_tables *t, struct seam_json *j, const struct seam_call *call, uint32_t number)
{
	const struct seam_variant *v = call_variant(t, call, number), *usual = call_variant(t, call, 0);

	seam_json_begin_object(j);
	seam_json_member_string(j, "case", seam_string(t, v->text));
	put_classes(j, v->classes);
	seam_json_key(j, "args");
	seam_json_begin_array(j);
	for (uint32_t i = 0; i < v->args.count; i++)
		if (!same_type(t, variant_arg(t, v, i)->type, variant_arg(t, usual, i)->type))
			put_arg(t, j, variant_arg(t, v, i), i, false);
	seam_json_end_array(j);
	put_clauses(t, j, call, v);
	seam_json_end_object(j);
}

static void put_numbers(const struct seam_tables *t, struct seam_json *j, const char *name)
{
	seam_json_key(j, "numbers");
	seam_json_begin_object(j);
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		const struct seam_call *call = seam_call_by_name(t, arch, name);

		if (call)
			seam_json_member_u64(j, t->arch[arch].name, call->number);
	}
	seam_json_end_object(j);
}

static void put_signature(const struct seam_tables *t, struct seam_json *j, const struct seam_call *call)
{
	struct seam_out text;

	seam_out_init_mem(&text);
	seam_call_signature(t, call, &text);
	seam_json_member_string(j, "signature", text.data);
	seam_out_release(&text);
}

void seam_call_json(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call, struct seam_json *j)
{
	const struct seam_variant *v = call_variant(t, call, 0);
	const char *name = seam_string(t, call->name);
	bool described = call->flags & SEAM_CALL_DESCRIBED;

	seam_json_begin_object(j);
	seam_json_member_string(j, "name", name);
	seam_json_member_string(j, "arch", t->arch[arch].name);
	seam_json_member_u64(j, "number", call->number);
	put_numbers(t, j, name);
	seam_json_member_bool(j, "described", described);
	seam_json_member_bool(j, "gone", call->flags & SEAM_CALL_GONE);
	seam_json_member_string(j, "file", described ? seam_string(t, call->file) : NULL);
	seam_json_key(j, "line");
	if (described)
		seam_json_u64(j, call->line);
	else
		seam_json_null(j);
	put_classes(j, call->classes);
	put_signature(t, j, call);
	seam_json_key(j, "args");
	seam_json_begin_array(j);
	for (uint32_t i = 0; described && i < v->args.count; i++)
		put_arg(t, j, variant_arg(t, v, i), i, true);
	seam_json_end_array(j);
	put_clauses(t, j, call, v);
	seam_json_key(j, "cases");
	seam_json_begin_array(j);
	for (uint32_t i = 1; i < call->variants.count; i++)
		put_case(t, j, call, i);
	seam_json_end_array(j);
	seam_json_end_object(j);
}
