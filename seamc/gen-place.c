/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes operations: what names stand for, and reading it. */
#include <string.h>

#include "seamc/gen.h"
#include "seamc/guess.h"

const char *scope_arg(const struct scope *s, const char *name)
{
	if (!s->class)
		return name;
	for (size_t i = 0; i < s->class->params.n && i < s->like->args.n; i++)
		if (strcmp(s->class->params.at[i], name) == 0)
			return s->like->args.at[i];
	return name;
}

static const struct ast_arg *find_arg(const struct scope *s, const char *name, int *ret_index)
{
	for (size_t i = 0; i < s->args.n; i++) {
		if (strcmp(s->args.at[i].name, name) == 0) {
			*ret_index = (int)i;
			return &s->args.at[i];
		}
	}
	return NULL;
}

int gen_param(const struct scope *s, const char *name)
{
	for (size_t i = 0; s->view && i < s->view->params.n; i++)
		if (strcmp(s->view->params.at[i], name) == 0)
			return (int)i;
	return -1;
}

/*
 * From a structure in memory along the member names from path[*i] on: through structures in place, and through
 * pointers to structures. Names of members may themselves have dots.
 */
static int walk_members(struct gen *g, struct place *p, const struct ast_expr *e, const char *const *path, size_t n)
{
	struct model *m = g->m;

	for (size_t i = 0; i < n; i++) {
		const char *name = path[i];
		const struct fact_member *member;
		const struct ast_type *type;

		while (!(member = facts_member(p->layout, name, -1)) && i + 1 < n)
			name = arena_printf(m->arena, "%s.%s", name, path[++i]);
		if (!member)
			return 0;
		type = view_member(p->view, p->layout, member);
		if (type && !(type = model_type(m, type)))
			return -1;
		p->offset += member->offset;
		p->member = member;
		p->type = type;
		if (i + 1 == n)
			return 1;
		/* a member of this member is wanted */
		if (type && type->dir != SEAM_DIR_VALUE) {
			if (!gen_load_place(g, p, false, e->loc, &p->reg))
				return -1;
			p->offset = 0;
			p->limit = 0;
			p->memory = type->dir;
		}
		if (type && type->kind == SEAM_KIND_STRUCT) {
			if (!model_struct(m, type, &p->view, &p->layout))
				return -1;
		} else if (member->kind == C_STRUCT) {
			p->view = NULL;
			p->layout = facts_struct(m->facts, m->arch, member->of);
			if (!p->layout)
				return 0;
		} else {
			diag_error(m->diag, e->loc, "'%s' has no members", name);
			return -1;
		}
	}
	return 1;
}

int gen_place(struct gen *g, const struct scope *s, const struct ast_expr *e, struct place *ret_place)
{
	struct place p = { .arg = -1 };
	const char *name = scope_arg(s, e->name);
	const struct ast_arg *arg;
	int r;

	if (s->layout) {
		struct ast_words path = { 0 };

		*vec_push(g->m->arena, &path) = name;
		for (size_t i = 0; i < e->path.n; i++)
			*vec_push(g->m->arena, &path) = e->path.at[i];
		p.in_memory = true;
		p.reg = s->self;
		p.memory = s->memory;
		p.view = s->view;
		p.layout = s->layout;
		p.limit = s->limit;
		r = walk_members(g, &p, e, path.at, path.n);
		if (r > 0)
			*ret_place = p;
		return r;
	}
	arg = find_arg(s, name, &p.arg);
	if (!arg)
		return 0;
	p.reg = p.arg;
	p.type = model_type(g->m, arg->type);
	if (!p.type)
		return -1;
	if (e->path.n) {
		if (p.type->kind != SEAM_KIND_STRUCT || p.type->dir == SEAM_DIR_VALUE) {
			diag_error(g->m->diag, e->loc, "'%s' is no pointer to a structure", name);
			return -1;
		}
		p.in_memory = true;
		p.memory = p.type->dir;
		if (!model_struct(g->m, p.type, &p.view, &p.layout))
			return -1;
		r = walk_members(g, &p, e, e->path.at, e->path.n);
		if (r == 0) {
			diag_error(g->m->diag, e->loc, "struct %s has no member '%s'%s", p.layout->name,
				   e->path.at[e->path.n - 1],
				   guess_member(g->m, p.layout, e->path.at[e->path.n - 1]));
			return -1;
		}
		if (r < 0)
			return -1;
	}
	*ret_place = p;
	return 1;
}


static bool load(struct gen *g, int base, int64_t offset, unsigned bytes, bool is_signed, bool at_exit, struct loc loc,
	      int *ret_reg)
{
	struct seam_op *op;

	if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8) {
		diag_error(g->m->diag, loc, "this is no number: it has %u bytes", bytes);
		return false;
	}
	*ret_reg = gen_temp(g, loc);
	op = gen_op(g, SEAM_OP_LOAD, *ret_reg, base, 0, offset);
	op->k = (uint16_t)bytes;
	if (is_signed)
		op->flags |= SEAM_OP_SIGNED;
	if (at_exit && g->phase == GEN_EXPR)
		op->flags |= SEAM_OP_NEW;
	return true;
}

/* A value in network order as the machine has numbers. */
static void swap(struct gen *g, const struct ast_type *t, unsigned bytes, bool is_signed, int reg)
{
	if (!scalar_swapped(t))
		return;
	gen_op(g, SEAM_OP_SWAP, reg, reg, 0, 0)->k = (uint16_t)bytes;
	if (!is_signed)
		return;
	gen_op(g, SEAM_OP_EXT, reg, reg, 0, 0)->k = (uint16_t)bytes;
	g->ops.at[g->ops.n - 1].flags = SEAM_OP_SIGNED;
}

bool gen_load_target(struct gen *g, const struct place *p, int pointer, bool at_exit, struct loc loc, int *ret_reg)
{
	unsigned bytes = scalar_bytes(p->type, NULL);
	bool is_signed = scalar_signed(p->type, NULL);

	if (!load(g, pointer, 0, bytes, is_signed, at_exit || p->type->dir == SEAM_DIR_OUT, loc, ret_reg))
		return false;
	swap(g, p->type, bytes, is_signed, *ret_reg);
	return true;
}

bool gen_load_place(struct gen *g, const struct place *p, bool at_exit, struct loc loc, int *ret_reg)
{
	bool pointer = p->type && (p->type->dir != SEAM_DIR_VALUE || p->type->kind == SEAM_KIND_ADDR ||
				   p->type->kind == SEAM_KIND_OPAQUE);
	unsigned bytes = pointer ? 8 : scalar_bytes(p->type, p->member);
	bool is_signed = !pointer && scalar_signed(p->type, p->member);

	if (p->in_memory) {
		if (pointer && p->member && p->member->bytes)
			bytes = p->member->bytes;
		if (!load(g, p->reg, p->offset, bytes, is_signed, at_exit || p->memory == SEAM_DIR_OUT, loc, ret_reg))
			return false;
		if (p->limit) {
			g->ops.at[g->ops.n - 1].b = (uint8_t)p->limit;
			g->ops.at[g->ops.n - 1].flags |= SEAM_OP_LIMIT;
		}
		if (p->member && p->member->bits) {
			gen_op(g, SEAM_OP_SHR, *ret_reg, *ret_reg, 0, p->member->bit)->flags = SEAM_OP_IMM;
			gen_op(g, SEAM_OP_AND, *ret_reg, *ret_reg, 0, (int64_t)((1ull << p->member->bits) - 1))->flags =
				SEAM_OP_IMM;
		}
		if (!pointer)
			swap(g, p->type, bytes, is_signed, *ret_reg);
		return true;
	}
	if ((bytes == 8 || !bytes) && !(scalar_swapped(p->type) && !pointer)) {
		*ret_reg = p->reg;
		return true;
	}
	*ret_reg = gen_temp(g, loc);
	gen_op(g, SEAM_OP_EXT, *ret_reg, p->reg, 0, 0)->k = (uint16_t)bytes;
	if (is_signed)
		g->ops.at[g->ops.n - 1].flags = SEAM_OP_SIGNED;
	if (!pointer)
		swap(g, p->type, bytes, is_signed, *ret_reg);
	return true;
}

bool gen_is_local(const struct scope *s, const char *name)
{
	int i;

	name = scope_arg(s, name);
	if (s->layout)
		return gen_param(s, name) >= 0 || facts_member(s->layout, name, -1);
	return find_arg(s, name, &i);
}
