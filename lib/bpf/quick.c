/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the programs that copy one piece of memory at most. */
#include "bpf/quick.h"

/* What is known of a register. */
struct known {
	bool value;   /* an argument or the result, treated as `flags` say */
	bool failed;  /* 1 if the result is negative */
	uint8_t reg;
	uint8_t flags;
	uint32_t times; /* and multiplied by that; 0: by nothing */
};

static bool is_plain(const struct known *k)
{
	return k->value && !k->flags && !k->times;
}

/* What an operation leaves in its register; false: nothing that a piece could have as its size. */
static bool compute(struct known known[SEAM_REG_COUNT], const struct seam_op *op)
{
	const struct known *a = &known[op->a % SEAM_REG_COUNT], *b = &known[op->b % SEAM_REG_COUNT];
	struct known *dst = &known[op->dst % SEAM_REG_COUNT];

	if (op->code == SEAM_OP_LT && (op->flags & SEAM_OP_IMM) && !op->imm && is_plain(a) && a->reg == SEAM_REG_RET) {
		*dst = (struct known){ .failed = true };
		return true;
	}
	if (op->code == SEAM_OP_EXT && op->k == 4 && is_plain(a) && a->reg < SEAM_MAX_ARGS) {
		*dst = (struct known){ .value = true, .reg = a->reg };
		dst->flags = op->flags & SEAM_OP_SIGNED ? QUICK_SIGNED : QUICK_UNSIGNED;
		return true;
	}
	if (op->code == SEAM_OP_MUL && (op->flags & SEAM_OP_IMM) && a->value && !a->times && op->imm > 0 && op->imm <= TAKEN_ROOM) {
		struct known product = *a;

		product.times = (uint32_t)op->imm;
		*dst = product;
		return true;
	}
	if (op->code == SEAM_OP_MIN && !(op->flags & SEAM_OP_IMM) && a->value && !a->times && !(a->flags & QUICK_RESULT) && is_plain(b) &&
	    b->reg == SEAM_REG_RET) {
		*dst = (struct known){ .value = true, .reg = a->reg, .flags = (uint8_t)(a->flags | QUICK_RESULT) };
		return true;
	}
	return false;
}

static bool piece(struct walk_quick *q, const struct known known[SEAM_REG_COUNT], const struct seam_op *op)
{
	const struct known *a = &known[op->a % SEAM_REG_COUNT], *b = &known[op->b % SEAM_REG_COUNT];

	if (q->kind != QUICK_NOTHING || !is_plain(a) || a->reg >= SEAM_MAX_ARGS)
		return false;
	q->address = a->reg;
	q->size = QUICK_BYTES;
	if (op->code == SEAM_OP_STR) {
		q->kind = QUICK_STRING;
		return (op->flags & SEAM_OP_IMM) && !op->imm;
	}
	q->kind = QUICK_MEMORY;
	if (op->flags & SEAM_OP_DATA)
		q->flags |= QUICK_CONTENT;
	if (op->flags & SEAM_OP_IMM) {
		q->bytes = (uint32_t)op->imm;
		return op->imm > 0 && op->imm <= TAKEN_ROOM;
	}
	q->size = b->reg;
	q->bytes = b->times ? b->times : 1;
	q->flags |= b->flags;
	return b->value;
}

struct walk_quick quick_of(const struct seam_tables *t, struct seam_span program)
{
	const struct walk_quick walk = { .kind = QUICK_WALK };
	struct walk_quick q = { .kind = QUICK_NOTHING };
	struct known known[SEAM_REG_COUNT] = { 0 };

	for (uint8_t i = 0; i <= SEAM_REG_RET; i++)
		known[i] = (struct known){ .value = true, .reg = i };
	for (uint32_t i = 0; i < program.count; i++) {
		const struct seam_op *op = &t->ops[program.first + i];

		if (op->code == SEAM_OP_END)
			return i + 1 == program.count ? q : walk;
		if (op->code == SEAM_OP_JNZ) {
			/* over all the rest */
			if (q.kind != QUICK_NOTHING || !known[op->a % SEAM_REG_COUNT].failed || i + 2 + op->k != program.count)
				return walk;
			q.flags |= QUICK_SUCCESS;
		} else if (op->code == SEAM_OP_MEM || op->code == SEAM_OP_STR) {
			if (!piece(&q, known, op))
				return walk;
		} else if (!compute(known, op)) {
			return walk;
		}
	}
	return q;
}
