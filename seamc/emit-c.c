/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes the tables as one C file. */
#include <ctype.h>
#include <inttypes.h>

#include "base/str.h"
#include "seamc/emit.h"
#include "seamc/model.h"

#define SPAN_FMT "{%" PRIu32 ",%" PRIu32 "}"
#define SPAN_ARG(s) (s).first, (s).count

static void put_strings(const struct pool *p, struct buf *out)
{
	buf_adds(out, "static const char strings[] =\n\"");
	for (size_t i = 0; i + 1 < p->n; i++) { /* the compiler adds the last NUL */
		unsigned char c = (unsigned char)p->data[i];

		if (!c)
			buf_adds(out, "\\0\"\n\"");
		else if (c == '"' || c == '\\')
			buf_addf(out, "\\%c", c);
		else if (isprint(c))
			buf_addc(out, c);
		else
			buf_addf(out, "\\%03o", c);
	}
	buf_adds(out, "\";\n");
}

static void put_seam_op(const struct seam_op *r, struct buf *out)
{
	buf_addf(out, "{%u,%u,%u,%u,%u,0,%u,", r->code, r->dst, r->a, r->b, r->flags, r->k);
	if (r->imm == INT64_MIN)
		buf_adds(out, "INT64_MIN}");
	else
		buf_addf(out, "%" PRId64 "}", r->imm);
}

static void put_seam_expr(const struct seam_expr *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%u,%u,%" PRIu32 "}", r->first, r->count, r->result, r->text);
}

static void put_seam_type(const struct seam_type *r, struct buf *out)
{
	buf_addf(out,
		 "{%u,%u,%u,%u,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32
		 ",{%" PRIu32 ",%" PRIu32 "},%" PRIu32 "}",
		 r->kind, r->dir, r->width, r->flags, r->ref, r->room, r->valid, r->when, r->base, r->nofollow, r->empty,
		 r->args[0], r->args[1], r->word);
}

static void put_seam_arg(const struct seam_arg *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 "}", r->name, r->type);
}

static void put_seam_field(const struct seam_field *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%u,%u,%u}", r->name, r->offset, r->type, r->when,
		 r->bit, r->bits, r->repeat);
}

static void put_seam_layout(const struct seam_layout *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%u,%u}", r->name, r->size, r->first_field, r->fields,
		 r->params);
}

static void put_seam_const(const struct seam_const *r, struct buf *out)
{
	buf_addf(out, "{0x%" PRIx64 ",0x%" PRIx64 ",%" PRIu32 ",%" PRIu32 "}", r->value, r->mask, r->name, r->field);
}

static void put_seam_set(const struct seam_set *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "}", r->name, r->first, r->count, r->bits);
}

static void put_seam_object(const struct seam_object *r, struct buf *out)
{
	buf_addf(out, "{%u,%u,%u,%u,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "}", r->how, r->arg, r->world, r->dir,
		 r->type, r->value, r->length, r->text);
}

static void put_seam_effect(const struct seam_effect *r, struct buf *out)
{
	buf_addf(out, "{%u,%u,0,%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",{%" PRIu32 ",%" PRIu32 ",%" PRIu32 "}}", r->verb,
		 r->may, r->object, r->to, r->when, r->as, r->by[0], r->by[1], r->by[2]);
}

static void put_seam_wait(const struct seam_wait *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%u,%u,0}", r->object, r->timeout, r->when, r->absolute,
		 r->timeout_arg);
}

static void put_seam_det(const struct seam_det *r, struct buf *out)
{
	buf_addf(out, "{%u,%u,%u,%" PRIu32 "}", r->verb, r->arg, r->error, r->word);
}

static void put_seam_fail(const struct seam_fail *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 "}", r->error, r->name, r->when);
}

static void put_seam_variant(const struct seam_variant *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 "," SPAN_FMT "," SPAN_FMT "," SPAN_FMT "," SPAN_FMT "," SPAN_FMT "," SPAN_FMT
		      "," SPAN_FMT ",%" PRIu32 ",%" PRIu32 "}",
		 r->text, r->ret, SPAN_ARG(r->args), SPAN_ARG(r->effects), SPAN_ARG(r->waits), SPAN_ARG(r->dets),
		 SPAN_ARG(r->fails), SPAN_ARG(r->entry), SPAN_ARG(r->exit), r->classes, r->saves);
}

static void put_seam_case(const struct seam_case *r, struct buf *out)
{
	buf_addf(out, "{0x%" PRIx64 ",%" PRIu32 ",0}", r->key, r->variant);
}

static void put_seam_select(const struct seam_select *r, struct buf *out)
{
	buf_addf(out, "{{%" PRIu32 ",%" PRIu32 ",%" PRIu32 "}," SPAN_FMT "}", r->expr[0], r->expr[1], r->expr[2],
		 SPAN_ARG(r->cases));
}

static void put_seam_call(const struct seam_call *r, struct buf *out)
{
	buf_addf(out, "{%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 "," SPAN_FMT "," SPAN_FMT ",%" PRIu32 ",%" PRIu32 "}",
		 r->name, r->number, r->flags, r->classes, SPAN_ARG(r->variants), SPAN_ARG(r->selects), r->file, r->line);
}

/* A few records a line. */
#define PUT_ARRAY(type, name, at, count)                                                                          \
	do {                                                                                                      \
		buf_addf(out, "static const struct " #type " " name "[] = {\n");                                  \
		for (size_t i = 0; i < (count); i++) {                                                            \
			put_##type((const struct type *)(at) + i, out);                                           \
			buf_adds(out, i % 4 == 3 ? ",\n" : ",");                                                  \
		}                                                                                                 \
		buf_adds(out, "};\n");                                                                            \
	} while (0)

static void put_arch(const struct model_tables *t, int arch, struct buf *out)
{
	const struct seam_arch_tables *a = &t->tables.arch[arch];

	buf_addf(out, "static const struct seam_call calls_%s[] = {\n", a->name);
	for (uint32_t i = 0; i < a->call_count; i++) {
		put_seam_call(&a->calls[i], out);
		buf_adds(out, i % 4 == 3 ? ",\n" : ",");
	}
	buf_addf(out, "};\nstatic const uint16_t by_number_%s[] = {", a->name);
	for (uint32_t i = 0; i < a->number_count; i++)
		buf_addf(out, "%s%u,", i % 20 ? "" : "\n", a->by_number[i]);
	buf_adds(out, "};\n");
}

static uint64_t version(const struct model *m)
{
	uint64_t hash = mem_hash64(m->strings.data, m->strings.n);

#define X(type, name) hash = hash * 31 + mem_hash64(m->name.data, m->name.n * sizeof(type));
	MODEL_POOLS(X)
#undef X
	return hash;
}

void emit_c(struct model *m, struct buf *out)
{
	struct model_tables t;

	model_tables(m, &t);
	buf_adds(out, "/* SPDX-License-Identifier: BSD-2-Clause */\n"
		      "/* The tables of system calls. Made by seamc from calls/: change the descriptions, not this. */\n"
		      "#include \"seam/calls.h\"\n\n");
	put_strings(&m->strings, out);
	PUT_ARRAY(seam_op, "ops", m->ops.data, m->ops.n);
	PUT_ARRAY(seam_expr, "exprs", m->exprs.data, m->exprs.n);
	PUT_ARRAY(seam_type, "types", m->types.data, m->types.n);
	PUT_ARRAY(seam_arg, "args", m->args.data, m->args.n);
	PUT_ARRAY(seam_field, "fields", m->fields.data, m->fields.n);
	PUT_ARRAY(seam_layout, "layouts", m->layouts.data, m->layouts.n);
	PUT_ARRAY(seam_const, "consts", m->consts.data, m->consts.n);
	PUT_ARRAY(seam_set, "sets", m->sets.data, m->sets.n);
	PUT_ARRAY(seam_object, "objects", m->objects.data, m->objects.n);
	PUT_ARRAY(seam_effect, "effects", m->effects.data, m->effects.n);
	PUT_ARRAY(seam_wait, "waits", m->waits.data, m->waits.n);
	PUT_ARRAY(seam_det, "dets", m->dets.data, m->dets.n);
	PUT_ARRAY(seam_fail, "fails", m->fails.data, m->fails.n);
	PUT_ARRAY(seam_variant, "variants", m->variants.data, m->variants.n);
	PUT_ARRAY(seam_case, "cases", m->cases.data, m->cases.n);
	PUT_ARRAY(seam_select, "selects", m->selects.data, m->selects.n);
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		put_arch(&t, arch, out);
	buf_adds(out, "\nconst struct seam_tables seam_tables = {\n\t.strings = strings,\n");
#define X(type, name) buf_adds(out, "\t." #name " = " #name ",\n");
	MODEL_POOLS(X)
#undef X
	buf_adds(out, "\t.arch = {\n");
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		const struct seam_arch_tables *a = &t.tables.arch[arch];

		buf_addf(out, "\t\t{ \"%s\", calls_%s, %" PRIu32 ", by_number_%s, %" PRIu32 " },\n", a->name, a->name,
			 a->call_count, a->name, a->number_count);
	}
	buf_addf(out, "\t},\n\t.set_count = %zu,\n\t.op_count = %zu,\n\t.variant_count = %zu,\n\t.version = \"%016" PRIx64 "\",\n};\n",
		 m->sets.n, m->ops.n, m->variants.n, version(m));
}
