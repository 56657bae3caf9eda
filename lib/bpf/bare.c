/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables for a recording without structures: programs that copy strings and single numbers, and nothing else. */
#include "bpf/bare.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/util.h"

#define NUMBER_MOST 16 /* bytes */

static const uint8_t widths[SEAM_KINDS_TOTAL] = {
#define X(id, name, bytes, is_signed) [SEAM_KIND_##id] = bytes,
	SEAM_KINDS(X)
#undef X
};

/* Whether the operation copies a string or a number that an argument itself points to. */
static bool copies_name(const struct seam_tables *t, const struct seam_variant *v, const struct seam_op *op)
{
	uint8_t kind;

	if (op->a >= v->args.count || op->a >= SEAM_MAX_ARGS)
		return false;
	kind = t->types[t->args[v->args.first + op->a].type].kind;
	if (op->code == SEAM_OP_STR || op->code == SEAM_OP_STRS)
		return true;
	if (op->code != SEAM_OP_MEM || (op->flags & SEAM_OP_DATA))
		return false;
	/* without the descriptors of a pipe nobody would know what they are */
	if (kind == SEAM_KIND_PATH || kind == SEAM_KIND_STR || kind == SEAM_KIND_FD)
		return true;
	return (op->flags & SEAM_OP_IMM) && op->imm <= NUMBER_MOST && kind < SEAM_KINDS_TOTAL && widths[kind];
}

static bool copies(const struct seam_op *op)
{
	return op->code == SEAM_OP_MEM || op->code == SEAM_OP_STR || op->code == SEAM_OP_STRS || op->code == SEAM_OP_VEC;
}

static bool jumps(const struct seam_op *op)
{
	return op->code == SEAM_OP_JZ || op->code == SEAM_OP_JNZ;
}

/* From its end to its beginning: what copies a name is needed, and what sets a register for something that is needed. */
static void mark(const struct seam_tables *t, const struct seam_variant *v, struct seam_span program, bool saves, bool *needed)
{
	uint32_t inside = 0; /* the first operation behind the body of an EACH, whose parts are never names */
	uint64_t read = 0;   /* registers */

	for (uint32_t i = 0; i < program.count; i++) {
		const struct seam_op *op = &t->ops[program.first + i];

		if (op->code == SEAM_OP_EACH && i >= inside)
			inside = i + 1 + (uint32_t)op->imm;
		needed[i] = i >= inside && copies_name(t, v, op);
	}
	for (uint32_t i = program.count; i-- > 0;) {
		const struct seam_op *op = &t->ops[program.first + i];

		if (op->code == SEAM_OP_SAVE)
			needed[i] = saves;
		else if (jumps(op))
			for (uint32_t k = i + 1; k <= i + op->k && k < program.count; k++)
				needed[i] |= needed[k];
		else if (!copies(op) && op->code != SEAM_OP_EACH && op->code != SEAM_OP_END)
			needed[i] = read >> op->dst % SEAM_REG_COUNT & 1;
		if (!needed[i])
			continue;
		read |= 1ull << op->a % SEAM_REG_COUNT;
		if (!(op->flags & SEAM_OP_IMM) || (op->flags & SEAM_OP_LIMIT))
			read |= 1ull << op->b % SEAM_REG_COUNT;
	}
}

/* What is needed of a program, behind the operations that there are; jumps become as much shorter. */
static struct seam_span shorten(struct bare *b, struct seam_span program, const bool *needed)
{
	struct seam_span left = { b->tables.op_count, 0 };

	for (uint32_t i = 0; i < program.count; i++) {
		struct seam_op op = b->ops[program.first + i];

		if (!needed[i])
			continue;
		if (jumps(&op))
			for (uint32_t last = MIN(i + op.k, program.count - 1), k = i + 1; k <= last; k++)
				op.k = (uint16_t)(op.k - !needed[k]);
		b->ops[left.first + left.count++] = op;
	}
	if (left.count)
		b->ops[left.first + left.count++] = (struct seam_op){ .code = SEAM_OP_END };
	b->tables.op_count += left.count;
	return left;
}

static bool asks_saved(const struct bare *b, struct seam_span program)
{
	for (uint32_t i = 0; i < program.count; i++)
		if (b->ops[program.first + i].code == SEAM_OP_SAVED)
			return true;
	return false;
}

static struct seam_span bare_of(struct bare *b, const struct seam_variant *v, struct seam_span program, bool saves)
{
	_cleanup_free_ bool *needed = xcalloc(program.count + 1, sizeof(*needed));

	b->ops = xreallocarray(b->ops, b->tables.op_count + program.count + 1, sizeof(*b->ops));
	b->tables.ops = b->ops;
	mark(&b->tables, v, program, saves, needed);
	return shorten(b, program, needed);
}

void bare_make(struct bare *b, const struct seam_tables *t)
{
	const struct seam_arch_tables *arch = &t->arch[seam_arch_native()];

	*b = (struct bare){ .tables = *t };
	b->ops = xreallocarray(NULL, t->op_count + 1, sizeof(*b->ops));
	b->variants = xreallocarray(NULL, t->variant_count + 1, sizeof(*b->variants));
	memcpy(b->ops, t->ops, t->op_count * sizeof(*b->ops));
	memcpy(b->variants, t->variants, t->variant_count * sizeof(*b->variants));
	b->tables.variants = b->variants;
	for (uint32_t i = 0; i < arch->call_count; i++) {
		struct seam_span variants = arch->calls[i].variants;

		for (uint32_t k = variants.first; k < variants.first + variants.count; k++) {
			struct seam_variant *v = &b->variants[k];

			v->exit = bare_of(b, v, v->exit, false);
			v->entry = bare_of(b, v, v->entry, asks_saved(b, v->exit));
		}
	}
}

void bare_release(struct bare *b)
{
	free(b->ops);
	free(b->variants);
}
