/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes capture programs: what hangs on the members of structures. */
#include "seamc/gen-capture.h"
#include "seamc/lower.h"

/* The address of a structure inside a structure, and how much of it there is. */
static void nested_place(struct capture *c, const struct scope *s, const struct fact_member *member, struct scope *inner)
{
	inner->self = gen_temp(&c->g, (struct loc){ 0 });
	gen_op(&c->g, SEAM_OP_ADD, inner->self, s->self, 0, member->offset)->flags = SEAM_OP_IMM;
	if (!s->limit)
		return;
	inner->limit = gen_temp(&c->g, (struct loc){ 0 });
	gen_op(&c->g, SEAM_OP_SUB, inner->limit, s->limit, 0, member->offset)->flags = SEAM_OP_IMM;
}

/* A pointer out of the structure. */
static void capture_pointer(struct capture *c, const struct scope *s, const struct fact_member *member,
			    const struct ast_type *t)
{
	struct place p = { .in_memory = true, .reg = s->self, .offset = member->offset, .memory = s->memory,
			   .type = t, .member = member, .arg = -1, .view = s->view, .layout = s->layout,
			   .limit = s->limit };
	size_t begin = c->g.ops.n, loaded;
	int reg;

	if (!gen_load_place(&c->g, &p, false, t->loc, &reg))
		return;
	loaded = c->g.ops.n;
	capture_target(c, s, t, reg);
	if (c->g.ops.n == loaded)
		c->g.ops.n = begin; /* nobody wanted it */
}

/* A structure inside this one, whose view and layout are in `inner` already. */
static void capture_inner(struct capture *c, const struct scope *s, const struct fact_member *member,
			  struct scope *inner)
{
	size_t begin = c->g.ops.n, body;

	inner->memory = s->memory;
	inner->whole = s->whole;
	nested_place(c, s, member, inner);
	body = c->g.ops.n;
	capture_members(c, inner);
	if (c->g.ops.n == body)
		c->g.ops.n = begin;
}

/* An array at the end, which reaches beyond the structure: a member says how far. */
static void capture_tail(struct capture *c, const struct scope *s, const struct fact_member *member,
			 const struct ast_type *t)
{
	struct ast_type whole = *t;
	int count, bytes, begin;

	whole.dir = s->memory;
	if (t->valid && s->memory == SEAM_DIR_INOUT && !at_exit(c))
		return; /* the call fills it */
	if (s->whole || !copies(c, &whole) || !capture_elements(c, s, &whole, &count))
		return;
	bytes = capture_bytes(c, &whole, count);
	begin = gen_temp(&c->g, t->loc);
	gen_op(&c->g, SEAM_OP_ADD, begin, s->self, 0, member->offset)->flags = SEAM_OP_IMM;
	capture_copy(c, &whole, begin, bytes);
}

static void capture_member(struct capture *c, const struct scope *s, const struct fact_member *member,
			   const struct ast_type *t)
{
	unsigned temp = c->g.temp;

	t = model_type(c->g.m, t);
	if (!t)
		return;
	if (t->dir != SEAM_DIR_VALUE) {
		capture_pointer(c, s, member, t);
	} else if (t->kind == SEAM_KIND_STRUCT) {
		struct scope inner = { .outer = s, .param_values = t->args.at };

		if (model_struct(c->g.m, t, &inner.view, &inner.layout))
			capture_inner(c, s, member, &inner);
	} else if (t->room && member->array && !member->count) {
		capture_tail(c, s, member, t);
	}
	c->g.temp = temp;
}

static void capture_case(struct capture *c, const struct scope *s, size_t which)
{
	const struct ast_case *k = &s->view->cases.at[which];
	size_t begin = c->g.ops.n, jump, body;
	unsigned temp = c->g.temp;
	int reg;

	if (!gen_value(&c->g, s, struct_case_condition(c->g.m, s->view, which), &reg))
		return;
	jump = jump_if_zero(c, reg);
	body = c->g.ops.n;
	for (size_t i = 0; i < k->args.n; i++) {
		const struct fact_member *member = facts_member(s->layout, k->args.at[i].name, k->args.at[i].at);

		if (member)
			capture_member(c, s, member, k->args.at[i].type);
	}
	if (c->g.ops.n == body)
		c->g.ops.n = begin;
	else
		land(c, jump);
	c->g.temp = temp;
}

/* A member that is not named: a structure inside may have pointers all the same. */
static void capture_plain_member(struct capture *c, const struct scope *s, const struct fact_member *member)
{
	struct scope inner = { 0 };
	unsigned temp = c->g.temp;

	if (member->kind != C_STRUCT || member->array)
		return;
	inner.layout = facts_struct(c->g.m->facts, c->g.m->arch, member->of);
	inner.view = model_plain_view(c->g.m, member->of);
	if (inner.layout)
		capture_inner(c, s, member, &inner);
	c->g.temp = temp;
}

void capture_members(struct capture *c, const struct scope *s)
{
	if (!s->view) {
		/* no description of its own: but what is inside may have one */
		for (size_t i = 0; i < s->layout->members.n; i++)
			capture_plain_member(c, s, &s->layout->members.at[i]);
		return;
	}
	for (size_t i = 0; i < s->layout->members.n; i++) {
		const struct fact_member *member = &s->layout->members.at[i];
		const struct ast_type *t = view_always(s->view, s->layout, member);

		if (t)
			capture_member(c, s, member, t);
		else if (!s->view->only && !member->in_union)
			capture_plain_member(c, s, member);
	}
	for (size_t i = 0; i < s->view->cases.n; i++)
		capture_case(c, s, i);
}

