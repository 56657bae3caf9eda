/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes operations: expressions. */
#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "calls/vocabulary.h"
#include "seamc/gen.h"
#include "seamc/guess.h"

struct seam_op *gen_op(struct gen *g, enum seam_op_code code, int dst, int a, int b, int64_t imm)
{
	struct seam_op *op = vec_push(g->m->arena, &g->ops);

	*op = (struct seam_op){ .code = (uint8_t)code, .dst = (uint8_t)dst, .a = (uint8_t)a, .b = (uint8_t)b, .imm = imm };
	return op;
}

int gen_temp(struct gen *g, struct loc loc)
{
	if (g->temp == SEAM_REG_COUNT) {
		diag_error(g->m->diag, loc, "this needs more registers than the capture machine has");
		g->temp = SEAM_REG_TEMP0;
	}
	return (int)g->temp++;
}

static uint64_t fold(enum seam_op_code op, uint64_t a, uint64_t b)
{
	switch (op) {
	case SEAM_OP_ADD:
		return a + b;
	case SEAM_OP_SUB:
		return a - b;
	case SEAM_OP_MUL:
		return a * b;
	case SEAM_OP_DIV:
		return b ? a / b : 0;
	case SEAM_OP_SHL:
		return b < 64 ? a << b : 0;
	case SEAM_OP_SHR:
		return b < 64 ? a >> b : 0;
	case SEAM_OP_AND:
		return a & b;
	case SEAM_OP_OR:
		return a | b;
	case SEAM_OP_EQ:
		return a == b;
	case SEAM_OP_NE:
		return a != b;
	case SEAM_OP_LT:
		return (int64_t)a < (int64_t)b;
	default:
		return (int64_t)a <= (int64_t)b;
	}
}

int gen_const(struct gen *g, const struct scope *s, const struct ast_expr *e, uint64_t *ret_value)
{
	uint64_t a, b;
	int r;

	switch (e->kind) {
	case EXPR_NUMBER:
		*ret_value = e->number;
		return 1;
	case EXPR_NAME:
		if (e->path.n || gen_is_local(s, e->name))
			return 0;
		r = model_const(g->m, e->name, ret_value);
		if (r == 0)
			*ret_value = 0; /* flags that an architecture lacks are never set there */
		return r >= 0;
	case EXPR_SIZEOF: {
		const struct ast_struct *view = names_get(&g->m->names, DECL_STRUCT, e->name);
		const struct fact_struct *layout =
			facts_struct(g->m->facts, g->m->arch, view ? view->cname : e->name);

		if (!layout) {
			diag_error(g->m->diag, e->loc, "there is no structure '%s' on %s", e->name,
				   arch_words[g->m->arch]);
			return -1;
		}
		*ret_value = layout->size;
		return 1;
	}
	case EXPR_NEG:
	case EXPR_NOT:
		r = gen_const(g, s, e->a, &a);
		*ret_value = e->kind == EXPR_NEG ? -a : !a;
		return r;
	case EXPR_BINARY:
		r = gen_const(g, s, e->a, &a);
		if (r > 0)
			r = gen_const(g, s, e->b, &b);
		if (r > 0)
			*ret_value = fold(e->op, a, b);
		return r;
	default:
		return 0;
	}
}

static const char *guess_name(const struct model *m, const struct scope *s, const char *word)
{
	struct guess g = { .arena = m->arena, .diag = m->diag };

	guess_args(&g, &s->args);
	for (size_t i = 0; s->layout && i < s->layout->members.n; i++)
		guess_word(&g, s->layout->members.at[i].name);
	for (size_t i = 0; s->view && i < s->view->params.n; i++)
		guess_word(&g, s->view->params.at[i]);
	guess_map(&g, &m->own_consts);
	guess_map(&g, &m->facts->consts);
	return guess_text(&g, word);
}

static void unknown_name(struct gen *g, const struct scope *s, const struct ast_expr *e)
{
	if (e->path.n)
		diag_error(g->m->diag, e->loc, "there is no '%s.%s' here", e->name, e->path.at[0]);
	else
		diag_error(g->m->diag, e->loc,
			   s->layout ? "'%s' is no member or parameter of this structure, and no constant%s" :
				       "'%s' is no argument and no constant%s",
			   e->name, guess_name(g->m, s, e->name));
}

/*
 * After the call the kernel may have written over what it read before: keep it then. That is done for what
 * hangs directly on an argument; elements of arrays are read as they are.
 */
static bool saved_value(struct gen *g, const struct scope *s, const struct ast_expr *e, const struct place *p,
			enum seam_dir memory, int *ret_reg)
{
	const char *key;
	size_t slot;

	if (g->phase != GEN_EXIT || memory != SEAM_DIR_INOUT || (p->in_memory && p->reg > SEAM_REG_ARG0 + 5))
		return false;
	key = arena_printf(g->m->arena, "%d %.*s", s->self, (int)(e->text_end - e->text), e->text);
	for (slot = 0; slot < g->saves.n; slot++)
		if (strcmp(g->saves.at[slot].key, key) == 0)
			break;
	if (slot == g->saves.n) {
		struct gen_save *save = vec_push(g->m->arena, &g->saves);

		*save = (struct gen_save){ key, *s, e };
		save->scope.limit = 0; /* that register is not set before the call */
	}
	*ret_reg = gen_temp(g, e->loc);
	gen_op(g, SEAM_OP_SAVED, *ret_reg, 0, 0, 0)->k = (uint16_t)slot;
	return true;
}

static bool gen_name(struct gen *g, const struct scope *s, const struct ast_expr *e, bool at_exit, int *ret_reg)
{
	struct place p;
	int param = s->layout && !e->path.n ? gen_param(s, e->name) : -1;
	int r;

	if (param >= 0) {
		if (s->param_values)
			return gen_value(g, s->outer, s->param_values[param], ret_reg);
		*ret_reg = SEAM_REG_PARAM0 + param;
		return true;
	}
	r = gen_place(g, s, e, &p);
	if (r == 0)
		unknown_name(g, s, e);
	if (r <= 0)
		return false;
	if (p.in_memory && !at_exit && saved_value(g, s, e, &p, p.memory, ret_reg))
		return true;
	return gen_load_place(g, &p, at_exit, e->loc, ret_reg);
}

/* *x: the scalar that x points to */
static bool gen_deref(struct gen *g, const struct scope *s, const struct ast_expr *e, bool at_exit, int *ret_reg)
{
	struct place p;
	int r, pointer;

	if (e->a->kind != EXPR_NAME) {
		diag_error(g->m->diag, e->loc, "'*' needs an argument or a member behind it");
		return false;
	}
	r = gen_place(g, s, e->a, &p);
	if (r == 0)
		unknown_name(g, s, e->a);
	if (r <= 0)
		return false;
	if (!p.type || p.type->dir == SEAM_DIR_VALUE || !scalar_bytes(p.type, NULL)) {
		diag_error(g->m->diag, e->loc, "'%s' does not point to a number", e->a->name);
		return false;
	}
	if (!at_exit && !p.in_memory && saved_value(g, s, e, &p, p.type->dir, ret_reg))
		return true;
	return gen_load_place(g, &p, false, e->loc, &pointer) &&
	       gen_load_target(g, &p, pointer, at_exit, e->loc, ret_reg);
}

void gen_width(struct gen *g, const struct scope *s, const struct ast_expr *e, unsigned *ret_bytes, bool *ret_signed)
{
	struct place p;
	struct gen quiet = { .m = g->m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };

	*ret_bytes = 8;
	*ret_signed = true;
	while (e->kind == EXPR_BINARY)
		e = e->a;
	if (e->kind == EXPR_NEW)
		e = e->a;
	if (e->kind == EXPR_NAME && !(s->layout && gen_param(s, e->name) >= 0) && gen_is_local(s, e->name) &&
	    gen_place(&quiet, s, e, &p) > 0) {
		bool pointer = p.type && p.type->dir != SEAM_DIR_VALUE;

		*ret_bytes = pointer ? 8 : scalar_bytes(p.type, p.member);
		*ret_signed = !pointer && scalar_signed(p.type, p.member);
		if (!*ret_bytes)
			*ret_bytes = 8;
	}
}

static bool is_comparison(enum seam_op_code op)
{
	return op == SEAM_OP_EQ || op == SEAM_OP_NE || op == SEAM_OP_LT || op == SEAM_OP_LE;
}

/* Constants are as wide as what they are compared with: -1 in an unsigned 32-bit argument is 0xffffffff. */
static uint64_t fit(struct gen *g, const struct scope *s, const struct ast_expr *with, uint64_t value)
{
	unsigned bytes;
	bool is_signed;

	gen_width(g, s, with, &bytes, &is_signed);
	if (bytes < 8 && !is_signed)
		value &= (1ull << (bytes * 8)) - 1;
	return value;
}

static bool gen_fresh_value(struct gen *g, const struct scope *s, const struct ast_expr *e, int *ret_reg);

static bool gen_binary(struct gen *g, const struct scope *s, const struct ast_expr *e, int *ret_reg)
{
	uint64_t value;
	int a, b, r;
	struct seam_op *op;

	if (!gen_value(g, s, e->a, &a))
		return false;
	r = gen_const(g, s, e->b, &value);
	if (r < 0)
		return false;
	if (r) {
		if (is_comparison(e->op))
			value = fit(g, s, e->a, value);
		*ret_reg = gen_temp(g, e->loc);
		op = gen_op(g, e->op, *ret_reg, a, 0, (int64_t)value);
		op->flags = SEAM_OP_IMM;
		return true;
	}
	if (!gen_value(g, s, e->b, &b))
		return false;
	*ret_reg = gen_temp(g, e->loc);
	gen_op(g, e->op, *ret_reg, a, b, 0);
	return true;
}

static bool gen_logic(struct gen *g, const struct scope *s, const struct ast_expr *e, int *ret_reg)
{
	int a, b, first, second;

	if (!gen_value(g, s, e->a, &a))
		return false;
	first = gen_temp(g, e->loc);
	gen_op(g, SEAM_OP_BOOL, first, a, 0, 0);
	if (!gen_value(g, s, e->b, &b))
		return false;
	second = gen_temp(g, e->loc);
	gen_op(g, SEAM_OP_BOOL, second, b, 0, 0);
	*ret_reg = gen_temp(g, e->loc);
	gen_op(g, e->kind == EXPR_ANDAND ? SEAM_OP_AND : SEAM_OP_OR, *ret_reg, first, second, 0);
	return true;
}

/* Registers below the result are free again: it moves to the lowest that the expression took. */
bool gen_value(struct gen *g, const struct scope *s, const struct ast_expr *e, int *ret_reg)
{
	unsigned lowest = g->temp;

	if (!gen_fresh_value(g, s, e, ret_reg))
		return false;
	g->temp = lowest;
	if (*ret_reg >= (int)lowest) {
		g->ops.at[g->ops.n - 1].dst = (uint8_t)lowest;
		*ret_reg = (int)lowest;
		g->temp++;
	}
	return true;
}

static bool gen_fresh_value(struct gen *g, const struct scope *s, const struct ast_expr *e, int *ret_reg)
{
	uint64_t value;
	int a, r = gen_const(g, s, e, &value);

	if (r < 0)
		return false;
	if (r) {
		*ret_reg = gen_temp(g, e->loc);
		gen_op(g, SEAM_OP_SET, *ret_reg, 0, 0, (int64_t)value);
		return true;
	}
	switch (e->kind) {
	case EXPR_NAME:
		return gen_name(g, s, e, false, ret_reg);
	case EXPR_RET:
		*ret_reg = SEAM_REG_RET;
		return true;
	case EXPR_PAGESIZE:
		*ret_reg = gen_temp(g, e->loc);
		gen_op(g, SEAM_OP_PAGESIZE, *ret_reg, 0, 0, 0);
		return true;
	case EXPR_NONBLOCK:
		if (!s->passes) {
			diag_error(g->m->diag, e->loc, "nonblock() only has a meaning in waits and does");
			return false;
		}
		if (!gen_value(g, s, e->a, &a))
			return false;
		*ret_reg = gen_temp(g, e->loc);
		gen_op(g, SEAM_OP_NONBLOCK, *ret_reg, a, 0, 0);
		return true;
	case EXPR_NEW:
		if (e->a->kind == EXPR_NAME)
			return gen_name(g, s, e->a, true, ret_reg);
		if (e->a->kind == EXPR_DEREF)
			return gen_deref(g, s, e->a, true, ret_reg);
		diag_error(g->m->diag, e->loc, "'new' needs a member or '*x' behind it");
		return false;
	case EXPR_DEREF:
		return gen_deref(g, s, e, false, ret_reg);
	case EXPR_NOT:
		if (!gen_value(g, s, e->a, &a))
			return false;
		*ret_reg = gen_temp(g, e->loc);
		gen_op(g, SEAM_OP_NOT, *ret_reg, a, 0, 0);
		return true;
	case EXPR_NEG:
		if (!gen_value(g, s, e->a, &a))
			return false;
		*ret_reg = gen_temp(g, e->loc);
		gen_op(g, SEAM_OP_MUL, *ret_reg, a, 0, -1)->flags = SEAM_OP_IMM;
		return true;
	case EXPR_BINARY:
		return gen_binary(g, s, e, ret_reg);
	case EXPR_ANDAND:
	case EXPR_OROR:
		return gen_logic(g, s, e, ret_reg);
	default:
		return false;
	}
}

bool gen_needs_exit(struct model *m, const struct scope *s, const struct ast_expr *e)
{
	struct gen quiet = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	const struct ast_expr *name = e && e->kind == EXPR_DEREF ? e->a : e;
	struct place p;

	if (!e)
		return false;
	if (e->kind == EXPR_RET || e->kind == EXPR_NEW)
		return true;
	if (name->kind == EXPR_NAME) {
		int param = s->layout && !name->path.n ? gen_param(s, name->name) : -1;

		if (param >= 0)
			return !s->param_values || gen_needs_exit(m, s->outer, s->param_values[param]);
		if (!gen_is_local(s, name->name) || gen_place(&quiet, s, name, &p) <= 0)
			return false;
		return p.in_memory ? p.memory == SEAM_DIR_OUT :
				     e->kind == EXPR_DEREF && p.type && p.type->dir == SEAM_DIR_OUT;
	}
	return gen_needs_exit(m, s, e->a) || gen_needs_exit(m, s, e->b);
}

/* As it was written; inside a class with its parameters replaced by the arguments that they stand for. */
static uint32_t written_text(struct model *m, const struct scope *s, const struct ast_expr *e)
{
	struct buf text = BUF_INIT;
	uint32_t index;

	if (!s->class)
		return model_text(m, e->text, e->text_end);
	for (const char *p = e->text; p < e->text_end;) {
		size_t n = 0;

		while (p + n < e->text_end && (isalnum((unsigned char)p[n]) || p[n] == '_'))
			n++;
		if (n && !(p > e->text && p[-1] == '.'))
			buf_adds(&text, scope_arg(s, arena_strndup(m->arena, p, n)));
		else
			buf_add(&text, p, n ? n : 1);
		p += n ? n : 1;
	}
	index = model_text(m, text.data, text.data + text.len);
	buf_release(&text);
	return index;
}

uint32_t gen_expr_record(struct model *m, const struct scope *s, const struct ast_expr *e)
{
	struct gen g = { .m = m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	struct seam_expr record = { 0 };
	int reg;

	if (!e || !gen_value(&g, s, e, &reg))
		return 0;
	record.first = pool_add(&m->ops, g.ops.at, g.ops.n);
	record.count = (uint16_t)g.ops.n;
	record.result = (uint16_t)reg;
	record.text = written_text(m, s, e);
	return pool_add(&m->exprs, &record, 1);
}
