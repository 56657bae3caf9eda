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
	if (machine_beyond(op, env->reg) || !env->read || env->read(env->user, env->reg[op->a] + (uint64_t)op->imm, &value, op->k, when) != op->k)
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

/* false: a value that no case can have */
static bool select_key(const struct seam_tables *t, const struct seam_select *s, struct seam_env *env, uint64_t *ret_key)
{
	uint64_t a = seam_eval(t, s->expr[0], env), b, c;

	*ret_key = a;
	if (!s->expr[1])
		return true;
	b = (uint32_t)seam_eval(t, s->expr[1], env);
	*ret_key = (uint64_t)(uint32_t)a << 32 | b;
	if (!s->expr[2])
		return true;
	a = (uint32_t)a;
	c = (uint32_t)seam_eval(t, s->expr[2], env);
	*ret_key = a << 48 | b << 16 | c;
	return a <= UINT16_MAX && c <= UINT16_MAX;
}

const struct seam_variant *seam_call_variant(const struct seam_tables *t, const struct seam_call *call,
					     struct seam_env *env)
{
	for (uint32_t i = 0; i < call->selects.count; i++) {
		const struct seam_select *s = &t->selects[call->selects.first + i];
		const struct seam_case *c = NULL;
		uint64_t key;

		if (select_key(t, s, env, &key))
			c = find_case(t, s, key);
		if (c)
			return &t->variants[call->variants.first + c->variant];
	}
	return &t->variants[call->variants.first];
}
