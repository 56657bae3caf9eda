/* SPDX-License-Identifier: BSD-2-Clause */
/* Works out the expressions of the tables. */
#include <string.h>

#include "calls/machine.h"
#include "seam/calls.h"

static uint64_t load(struct seam_env *env, const struct seam_op *op)
{
	enum seam_when when = op->flags & SEAM_OP_NEW ? SEAM_AT_EXIT : SEAM_AT_ENTRY;
	uint64_t value = 0;

	/* the machines that we read are little-endian, as those that we run on */
	if (!env->read || env->read(env->user, env->reg[op->a] + (uint64_t)op->imm, &value, op->k, when) != op->k)
		return 0;
	return machine_extend(value, op->k, op->flags & SEAM_OP_SIGNED);
}

uint64_t seam_eval(const struct seam_tables *t, uint32_t index, struct seam_env *env)
{
	const struct seam_expr *e = &t->exprs[index];

	if (!index)
		return 0;
	for (uint32_t i = 0; i < e->count; i++) {
		const struct seam_op *op = &t->ops[e->first + i];

		switch (op->code) {
		case SEAM_OP_LOAD:
			env->reg[op->dst] = load(env, op);
			break;
		case SEAM_OP_NONBLOCK:
			env->reg[op->dst] = env->nonblock && env->nonblock(env->user, (int)env->reg[op->a]);
			break;
		case SEAM_OP_PAGESIZE:
			env->reg[op->dst] = env->pagesize ? env->pagesize : 4096;
			break;
		default:
			machine_compute(op, env->reg);
		}
	}
	return env->reg[e->result];
}

bool seam_holds(const struct seam_tables *t, uint32_t expr, struct seam_env *env)
{
	return !expr || seam_eval(t, expr, env) != 0;
}

static const struct seam_case *find_case(const struct seam_tables *t, const struct seam_select *s, uint64_t key)
{
	uint32_t low = 0, high = s->cases.count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		const struct seam_case *c = &t->cases[s->cases.first + middle];

		if (c->key == key)
			return c;
		if (c->key < key)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

const struct seam_variant *seam_call_variant(const struct seam_tables *t, const struct seam_call *call,
					     struct seam_env *env)
{
	for (uint32_t i = 0; i < call->selects.count; i++) {
		const struct seam_select *s = &t->selects[call->selects.first + i];
		uint64_t key = seam_eval(t, s->expr[0], env);
		const struct seam_case *c;

		if (s->expr[1])
			key = key << 32 | (uint32_t)seam_eval(t, s->expr[1], env);
		c = find_case(t, s, key);
		if (c)
			return &t->variants[call->variants.first + c->variant];
	}
	return &t->variants[call->variants.first];
}
