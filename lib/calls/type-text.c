/* SPDX-License-Identifier: BSD-2-Clause */
/* Types, clauses and signatures in the words of the language that they were written in. */
#include <string.h>

#include "base/str.h"
#include "base/util.h"
#include "calls/describe-parts.h"
#include "calls/vocabulary.h"

unsigned kind_bytes_of(uint8_t kind)
{
	return kind < ARRAY_SIZE(kind_bytes) ? kind_bytes[kind] : 0;
}

bool is_plain_number(const struct seam_type *type)
{
	return type->dir == SEAM_DIR_VALUE && type->kind >= SEAM_KIND_I8 && type->kind <= SEAM_KIND_INT;
}

bool same_text(const struct seam_tables *t, uint32_t a, uint32_t b)
{
	return a == b || strcmp(expr_text(t, a), expr_text(t, b)) == 0;
}

bool same_type(const struct seam_tables *t, uint32_t a, uint32_t b)
{
	struct seam_out one, two;
	bool same = a == b;

	if (same)
		return true;
	seam_out_init_mem(&one);
	seam_out_init_mem(&two);
	seam_type_text(t, a, &one);
	seam_type_text(t, b, &two);
	same = one.len == two.len && memcmp(one.data, two.data, one.len) == 0;
	seam_out_release(&one);
	seam_out_release(&two);
	return same;
}

void condition_text(const struct seam_tables *t, uint32_t when, struct seam_out *out)
{
	const char *text = expr_text(t, when);

	if (when)
		seam_out_printf(out, str_starts(text, "unless ") ? " %s" : " if %s", text);
}

static void extent_text(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	if (!type->room && !type->valid)
		return;
	seam_out_putc(out, '[');
	if (type->room) {
		seam_out_puts(out, expr_text(t, type->room));
		if (type->flags & SEAM_TYPE_BYTES)
			seam_out_puts(out, " bytes");
	}
	if (type->valid)
		seam_out_printf(out, "; %s", expr_text(t, type->valid));
	seam_out_putc(out, ']');
}

static void path_text(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	if (type->base)
		seam_out_printf(out, "@%s", expr_text(t, type->base));
	extent_text(t, type, out);
	if (type->nofollow) {
		seam_out_puts(out, " nofollow");
		if (strcmp(expr_text(t, type->nofollow), "always") != 0)
			seam_out_printf(out, " when %s", expr_text(t, type->nofollow));
	}
	if (type->empty)
		seam_out_printf(out, " empty when %s", expr_text(t, type->empty));
}

static void struct_text(const struct seam_tables *t, const struct seam_type *type, struct seam_out *out)
{
	seam_out_printf(out, " %s", seam_string(t, t->layouts[type->ref].name));
	if (type->args[0])
		seam_out_printf(out, "(%s%s%s)", expr_text(t, type->args[0]), type->args[1] ? ", " : "",
				expr_text(t, type->args[1]));
}

/* A width and an order of bytes that the name of the kind does not say. */
static void width_text(const struct seam_type *type, struct seam_out *out)
{
	unsigned usual = kind_bytes_of(type->kind);

	if (usual && type->width && type->width != usual && type->kind != SEAM_KIND_UNUSED)
		seam_out_printf(out, ":%u", type->width * 8u);
	if ((type->flags & SEAM_TYPE_BE) && type->kind != SEAM_KIND_IP4)
		seam_out_puts(out, " be");
}

void seam_type_text(const struct seam_tables *t, uint32_t index, struct seam_out *out)
{
	static const char *const dirs[] = { "", "in ", "out ", "io " };
	const struct seam_type *type = &t->types[index];

	if (type->kind == SEAM_KIND_NONE) {
		seam_out_puts(out, "none");
		return;
	}
	seam_out_puts(out, dirs[type->dir]);
	seam_out_puts(out, seam_kind_name(type->kind));
	switch (type->kind) {
	case SEAM_KIND_BITS:
	case SEAM_KIND_ENUM:
		seam_out_printf(out, " %s", seam_string(t, t->sets[type->ref].name));
		break;
	case SEAM_KIND_ID:
		seam_out_printf(out, " %s", seam_string(t, type->word));
		break;
	case SEAM_KIND_OPAQUE:
		seam_out_printf(out, " \"%s\"", seam_string(t, type->word));
		break;
	case SEAM_KIND_STRUCT:
		struct_text(t, type, out);
		break;
	default:
		break;
	}
	width_text(type, out);
	if (type->kind == SEAM_KIND_IOC)
		seam_out_printf(out, "(%s)", expr_text(t, type->room));
	else if (type->kind == SEAM_KIND_PATH)
		path_text(t, type, out);
	else
		extent_text(t, type, out);
	if (type->kind == SEAM_KIND_IOVEC || type->kind == SEAM_KIND_PTRS) {
		seam_out_puts(out, " of ");
		seam_type_text(t, type->ref, out);
	}
	condition_text(t, type->when, out);
	if (type->flags & SEAM_TYPE_CHIEF)
		seam_out_puts(out, " chief");
	if (type->flags & SEAM_TYPE_CLOSED)
		seam_out_puts(out, " closed");
}

void object_text(const struct seam_tables *t, uint32_t index, struct seam_out *out)
{
	const struct seam_object *o = &t->objects[index];

	seam_out_printf(out, o->dir ? "dir(%s)" : "%s", seam_string(t, o->text));
}

void as_text(const struct seam_tables *t, const struct seam_effect *e, struct seam_out *out)
{
	if (e->as)
		seam_out_printf(out, "\"%s\"", seam_string(t, e->as));
	for (size_t i = 0; i < ARRAY_SIZE(e->by) && e->by[i]; i++) {
		seam_out_puts(out, i || e->as ? " " : "");
		object_text(t, e->by[i], out);
	}
}

void effect_text(const struct seam_tables *t, const struct seam_effect *e, struct seam_out *out)
{
	const char *words = seam_verb_words(e->verb);
	size_t first = strcspn(words, " ");

	if (e->may) /* "may create" */
		seam_out_printf(out, "may %.*s%s", (int)(words[first - 1] == 's' ? first - 1 : first), words, words + first);
	else
		seam_out_puts(out, words);
	if (e->object) {
		seam_out_putc(out, ' ');
		object_text(t, e->object, out);
	}
	if (e->to) {
		seam_out_puts(out, " to ");
		object_text(t, e->to, out);
	}
	if (e->as || e->by[0]) {
		seam_out_puts(out, " as ");
		as_text(t, e, out);
	}
	condition_text(t, e->when, out);
}

void wait_text(const struct seam_tables *t, const struct seam_variant *v, const struct seam_wait *w, struct seam_out *out)
{
	seam_out_puts(out, "on ");
	object_text(t, w->object, out);
	if (w->timeout || w->timeout_arg != 0xff) {
		const char *name = w->timeout ? expr_text(t, w->timeout) :
						seam_string(t, variant_arg(t, v, w->timeout_arg)->name);

		seam_out_printf(out, w->absolute ? " until %s" : " for %s", name);
	}
	condition_text(t, w->when, out);
}

void det_text(const struct seam_tables *t, const struct seam_variant *v, const struct seam_det *d, struct seam_out *out)
{
	const char *arg = d->arg != 0xff && d->arg < v->args.count ? seam_string(t, variant_arg(t, v, d->arg)->name) : "";
	const char *word = seam_string(t, d->word);

	seam_out_puts(out, seam_det_words(d->verb));
	switch (d->verb) {
	case SEAM_DET_SORTED:
		seam_out_printf(out, " %s by %s", arg, word);
		break;
	case SEAM_DET_MASKED:
		seam_out_printf(out, *word ? " %s.%s" : " %s", arg, word);
		break;
	default:
		if (*arg)
			seam_out_printf(out, " %s", arg);
		if (*word)
			seam_out_printf(out, " %s", word);
	}
}

void field_text(const struct seam_tables *t, const struct seam_field *f, struct seam_out *out)
{
	seam_out_printf(out, "%s ", seam_string(t, f->name));
	seam_type_text(t, f->type, out);
	if (f->repeat)
		seam_out_printf(out, "[%u]", f->repeat);
	if (f->bits)
		seam_out_printf(out, " (%u bit%s)", f->bits, f->bits == 1 ? "" : "s");
}

bool arg_varies(const struct seam_tables *t, const struct seam_call *call, uint32_t i)
{
	uint32_t first = variant_arg(t, call_variant(t, call, 0), i)->type;

	for (uint32_t k = 1; k < call->variants.count; k++)
		if (!same_type(t, variant_arg(t, call_variant(t, call, k), i)->type, first))
			return true;
	return false;
}

void seam_call_signature(const struct seam_tables *t, const struct seam_call *call, struct seam_out *out)
{
	const struct seam_variant *v = call_variant(t, call, 0);

	seam_out_puts(out, seam_string(t, call->name));
	if (!(call->flags & SEAM_CALL_DESCRIBED))
		return;
	seam_out_putc(out, '(');
	for (uint32_t i = 0; i < v->args.count; i++) {
		const struct seam_arg *a = variant_arg(t, v, i);

		seam_out_printf(out, "%s%s ", i ? ", " : "", seam_string(t, a->name));
		if (arg_varies(t, call, i))
			seam_out_puts(out, "...");
		else
			seam_type_text(t, a->type, out);
	}
	seam_out_puts(out, ") -> ");
	if (v->ret)
		seam_type_text(t, v->ret, out);
	else
		seam_out_puts(out, call->flags & SEAM_CALL_NORETURN ? "none" : "int");
}
