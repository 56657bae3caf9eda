/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The programs that copy what a call passes and what comes back: one to run before it, one after it. They are
 * straight lines with jumps forward and loops over arrays, so that a loop in BPF can walk them as well as one in C.
 */
#include <string.h>

#include "seamc/gen-capture.h"
#include "seamc/lower.h"

#define MAX_NESTING 8
#define SIGINFO_BYTES 128
#define IOVEC_BYTES 16

bool copies(const struct capture *c, const struct ast_type *t)
{
	switch (t->dir) {
	case SEAM_DIR_IN:
		return !at_exit(c);
	case SEAM_DIR_OUT:
		return at_exit(c);
	case SEAM_DIR_INOUT:
		return true;
	default:
		return false;
	}
}

size_t jump_if_zero(struct capture *c, int reg)
{
	gen_op(&c->g, SEAM_OP_JZ, 0, reg, 0, 0);
	return c->g.ops.n - 1;
}

void land(struct capture *c, size_t jump)
{
	size_t over = c->g.ops.n - jump - 1;

	if (over > UINT16_MAX)
		diag_error(c->g.m->diag, (struct loc){ 0 }, "a capture program is longer than its jumps can reach");
	if (over)
		c->g.ops.at[jump].k = (uint16_t)over;
	else
		c->g.ops.n = jump; /* nothing to jump over: no jump */
}

#define NO_JUMP SIZE_MAX

/* Jumps over what follows if the call failed. */
static size_t if_succeeded(struct capture *c, struct loc loc)
{
	int reg;

	if (!at_exit(c) || c->after_success)
		return NO_JUMP;
	reg = gen_temp(&c->g, loc);
	gen_op(&c->g, SEAM_OP_LT, reg, SEAM_REG_RET, 0, 0)->flags = SEAM_OP_IMM;
	gen_op(&c->g, SEAM_OP_JNZ, 0, reg, 0, 0);
	return c->g.ops.n - 1;
}

/* The type's own condition, as far as it can be tested now. false: reported. */
static bool if_holds(struct capture *c, const struct scope *s, const struct ast_type *t, size_t *ret_jump)
{
	int reg;

	*ret_jump = NO_JUMP;
	if (!t->when || (!at_exit(c) && gen_needs_exit(c->g.m, s, t->when)))
		return true;
	if (!gen_value(&c->g, s, t->when, &reg))
		return false;
	*ret_jump = jump_if_zero(c, reg);
	return true;
}

/* sizes */

static unsigned element_bytes(struct capture *c, const struct ast_type *t)
{
	switch (t->kind) {
	case SEAM_KIND_IOVEC:
		return IOVEC_BYTES;
	case SEAM_KIND_PTRS:
		return 8;
	case SEAM_KIND_STRUCT: {
		const struct ast_struct *view;
		const struct fact_struct *layout;

		return model_struct(c->g.m, t, &view, &layout) ? layout->size : 1;
	}
	default:
		return scalar_bytes(t, NULL) ? scalar_bytes(t, NULL) : 1;
	}
}

static void op_imm(struct capture *c, enum seam_op_code code, int reg, int64_t imm)
{
	gen_op(&c->g, code, reg, reg, 0, imm)->flags = SEAM_OP_IMM;
}

bool capture_elements(struct capture *c, const struct scope *s, const struct ast_type *t, int *ret_reg)
{
	bool valid_too = t->valid && at_exit(c) && (copies(c, t) || t->dir == SEAM_DIR_INOUT);
	int room, valid;

	if (!t->room && !valid_too) {
		*ret_reg = gen_temp(&c->g, t->loc);
		gen_op(&c->g, SEAM_OP_SET, *ret_reg, 0, 0, 1);
		return true;
	}
	if (t->room && !gen_value(&c->g, s, t->room, &room))
		return false;
	if (valid_too && !gen_value(&c->g, s, t->valid, &valid))
		return false;
	if (t->room && valid_too) {
		*ret_reg = gen_temp(&c->g, t->loc);
		gen_op(&c->g, SEAM_OP_MIN, *ret_reg, room, valid, 0);
	} else {
		*ret_reg = t->room ? room : valid;
	}
	return true;
}

int capture_bytes(struct capture *c, const struct ast_type *t, int count)
{
	unsigned bytes = element_bytes(c, t);
	int reg;

	if (t->bytes)
		return count;
	if (t->kind == SEAM_KIND_FDSET || t->kind == SEAM_KIND_BITMASK) {
		reg = gen_temp(&c->g, t->loc);
		gen_op(&c->g, SEAM_OP_ADD, reg, count, 0, 63)->flags = SEAM_OP_IMM;
		op_imm(c, SEAM_OP_SHR, reg, 6);
		op_imm(c, SEAM_OP_SHL, reg, 3);
		return reg;
	}
	if (bytes == 1)
		return count;
	reg = gen_temp(&c->g, t->loc);
	gen_op(&c->g, SEAM_OP_MUL, reg, count, 0, bytes)->flags = SEAM_OP_IMM;
	return reg;
}

void capture_copy(struct capture *c, const struct ast_type *t, int pointer, int bytes)
{
	struct seam_op *op = gen_op(&c->g, SEAM_OP_MEM, 0, pointer, bytes, 0);

	if (t->kind == SEAM_KIND_DATA)
		op->flags |= SEAM_OP_DATA;
}

static void copy_fixed(struct capture *c, const struct ast_type *t, int pointer, int64_t bytes)
{
	capture_copy(c, t, pointer, 0);
	c->g.ops.at[c->g.ops.n - 1].flags |= SEAM_OP_IMM;
	c->g.ops.at[c->g.ops.n - 1].imm = bytes;
}

/* pointers */

static void capture_strings(struct capture *c, const struct scope *s, const struct ast_type *t, int pointer)
{
	int reg;

	if (!t->has_extent) {
		gen_op(&c->g, SEAM_OP_STR, 0, pointer, 0, 0)->flags = SEAM_OP_IMM;
		return;
	}
	if (!capture_elements(c, s, t, &reg))
		return;
	if (t->valid && at_exit(c))
		capture_copy(c, t, pointer, reg);
	else if (t->dir == SEAM_DIR_IN)
		capture_copy(c, t, pointer, reg);
	else
		gen_op(&c->g, SEAM_OP_STR, 0, pointer, reg, 0);
}

/* The number that an ioctl command carries says how many bytes go which way: _IOC_WRITE is 1, _IOC_READ 2. */
static void capture_ioc(struct capture *c, const struct scope *s, const struct ast_type *t, int pointer)
{
	int command, bytes, way;
	size_t jump;

	if (!gen_value(&c->g, s, t->room, &command))
		return;
	way = gen_temp(&c->g, t->loc);
	bytes = gen_temp(&c->g, t->loc);
	gen_op(&c->g, SEAM_OP_SHR, way, command, 0, 30)->flags = SEAM_OP_IMM;
	op_imm(c, SEAM_OP_AND, way, at_exit(c) ? 2 : 1);
	jump = jump_if_zero(c, way);
	gen_op(&c->g, SEAM_OP_SHR, bytes, command, 0, 16)->flags = SEAM_OP_IMM;
	op_imm(c, SEAM_OP_AND, bytes, 0x3fff);
	capture_copy(c, t, pointer, bytes);
	land(c, jump);
}

static void each(struct capture *c, const struct scope *s, const struct ast_type *t, int pointer, int count)
{
	unsigned bytes = element_bytes(c, t), temp = c->g.temp;
	int element = gen_temp(&c->g, t->loc);
	size_t loop, begin = c->g.ops.n;
	struct scope inner = { .outer = s, .param_values = t->args.at, .self = element, .memory = t->dir };

	gen_op(&c->g, SEAM_OP_EACH, element, pointer, count, 0)->k = (uint16_t)bytes;
	loop = c->g.ops.n - 1;
	if (t->kind == SEAM_KIND_PTRS) {
		const struct ast_type *of = model_type(c->g.m, t->of);
		int target = gen_temp(&c->g, t->loc);

		gen_op(&c->g, SEAM_OP_LOAD, target, element, 0, 0)->k = 8;
		if (of)
			capture_target(c, s, of, target);
		if (c->g.ops.n == loop + 2)
			c->g.ops.n = begin;
	} else {
		if (!model_struct(c->g.m, t, &inner.view, &inner.layout))
			return;
		capture_members(c, &inner);
		if (c->g.ops.n == loop + 1)
			c->g.ops.n = begin;
	}
	if (c->g.ops.n > loop)
		c->g.ops.at[loop].imm = (int64_t)(c->g.ops.n - loop - 1);
	c->g.temp = temp;
}

static void capture_vector(struct capture *c, const struct scope *s, const struct ast_type *t, int pointer, int count)
{
	const struct ast_type *of = model_type(c->g.m, t->of);
	struct seam_op *op;
	int limit = 0;

	if (!of || !copies(c, of))
		return;
	if (of->valid && at_exit(c) && !gen_value(&c->g, s, of->valid, &limit))
		return;
	op = gen_op(&c->g, SEAM_OP_VEC, 0, pointer, count, 0);
	op->flags = SEAM_OP_DATA;
	if (of->valid && at_exit(c))
		op->k = (uint16_t)limit;
	else
		op->k = UINT16_MAX;
}

/* One structure, or an array of them, and what hangs on it. */
static void capture_struct(struct capture *c, const struct scope *s, const struct ast_type *t, int pointer)
{
	struct scope inner = { .outer = s, .param_values = t->args.at, .self = pointer, .memory = t->dir };
	int count = -1;

	if (!model_struct(c->g.m, t, &inner.view, &inner.layout))
		return;
	if (t->has_extent) {
		if (!capture_elements(c, s, t, &count))
			return;
		if (copies(c, t))
			capture_copy(c, t, pointer, capture_bytes(c, t, count));
		if (!t->bytes) {
			each(c, s, t, pointer, count);
			return;
		}
	} else if (copies(c, t)) {
		copy_fixed(c, t, pointer, inner.layout->size);
	}
	if (t->bytes) {
		inner.whole = true;
		inner.limit = count;
	}
	capture_members(c, &inner);
}

static void capture_memory(struct capture *c, const struct scope *s, const struct ast_type *t, int pointer)
{
	int count;

	switch (t->kind) {
	case SEAM_KIND_STRUCT:
		capture_struct(c, s, t, pointer);
		return;
	case SEAM_KIND_IOVEC:
	case SEAM_KIND_PTRS:
		if (!capture_elements(c, s, t, &count))
			return;
		if (copies(c, t))
			capture_copy(c, t, pointer, capture_bytes(c, t, count));
		if (t->kind == SEAM_KIND_IOVEC)
			capture_vector(c, s, t, pointer, count);
		else
			each(c, s, t, pointer, count);
		return;
	default:
		break;
	}
	if (!copies(c, t))
		return;
	switch (t->kind) {
	case SEAM_KIND_PATH:
	case SEAM_KIND_STR:
		capture_strings(c, s, t, pointer);
		break;
	case SEAM_KIND_STRS:
		gen_op(&c->g, SEAM_OP_STRS, 0, pointer, 0, 0);
		break;
	case SEAM_KIND_SIGINFO:
		copy_fixed(c, t, pointer, SIGINFO_BYTES);
		break;
	default:
		if (!t->has_extent) {
			copy_fixed(c, t, pointer, t->kind == SEAM_KIND_SIGSET ? 8 : element_bytes(c, t));
		} else if (capture_elements(c, s, t, &count)) {
			capture_copy(c, t, pointer, capture_bytes(c, t, count));
		}
	}
}

void capture_target(struct capture *c, const struct scope *s, const struct ast_type *type, int pointer)
{
	const struct ast_type *t = model_type(c->g.m, type);
	size_t begin = c->g.ops.n, success = NO_JUMP, holds = NO_JUMP, body;
	unsigned temp = c->g.temp;
	bool own_test, was = c->after_success;

	if (!t)
		return;
	if (c->nesting++ > MAX_NESTING) {
		diag_error(c->g.m->diag, t->loc, "pointers are nested too deeply here");
		goto out;
	}
	own_test = t->when && gen_needs_exit(c->g.m, s, t->when);
	if (copies(c, t) && !own_test)
		success = if_succeeded(c, t->loc);
	if (success != NO_JUMP)
		c->after_success = true;
	if (!if_holds(c, s, t, &holds))
		goto out;
	body = c->g.ops.n;
	if (t->kind == SEAM_KIND_IOC)
		capture_ioc(c, s, t, pointer);
	else
		capture_memory(c, s, t, pointer);
	if (c->g.ops.n == body) {
		c->g.ops.n = begin;
	} else {
		if (holds != NO_JUMP)
			land(c, holds);
		if (success != NO_JUMP)
			land(c, success);
	}
out:
	c->after_success = was;
	c->nesting--;
	c->g.temp = temp;
}

static bool tests_result_itself(struct model *m, const struct scope *s, const struct ast_type *t)
{
	return t->when && gen_needs_exit(m, s, t->when);
}

static bool is_pointer(const struct ast_type *t)
{
	return t->dir != SEAM_DIR_VALUE || t->kind == SEAM_KIND_IOC;
}

/* All arguments in one phase. After the call: first what needs its success, under one test, then the rest. */
static void capture_args(struct capture *c, const struct scope *s)
{
	for (int pass = 0; pass < (at_exit(c) ? 2 : 1); pass++) {
		size_t jump = NO_JUMP, begin;

		if (at_exit(c) && pass == 0) {
			jump = if_succeeded(c, (struct loc){ 0 });
			c->after_success = true;
		}
		begin = c->g.ops.n;
		for (size_t i = 0; i < s->args.n; i++) {
			const struct ast_type *t = model_type(c->g.m, s->args.at[i].type);

			if (!t || !is_pointer(t))
				continue;
			if (at_exit(c) && tests_result_itself(c->g.m, s, t) != (pass == 1))
				continue;
			capture_target(c, s, t, SEAM_REG_ARG0 + (int)i);
		}
		c->after_success = false;
		if (jump != NO_JUMP) {
			if (c->g.ops.n == begin)
				c->g.ops.n = jump - 1;
			else
				land(c, jump);
		}
		c->g.temp = SEAM_REG_TEMP0;
	}
}

static struct seam_span finish(struct model *m, struct gen *g)
{
	struct seam_span span = { 0 };

	if (!g->ops.n)
		return span;
	gen_op(g, SEAM_OP_END, 0, 0, 0, 0);
	span.first = pool_add(&m->ops, g->ops.at, g->ops.n);
	span.count = (uint32_t)g->ops.n;
	return span;
}

void lower_capture(struct model *m, const struct scope *s, struct seam_variant *variant)
{
	struct capture before = { .g = { .m = m, .phase = GEN_ENTRY, .temp = SEAM_REG_TEMP0 } };
	struct capture after = { .g = { .m = m, .phase = GEN_EXIT, .temp = SEAM_REG_TEMP0 } };

	capture_args(&after, s);
	capture_args(&before, s);
	for (size_t i = 0; i < after.g.saves.n; i++) {
		const struct gen_save *save = &after.g.saves.at[i];
		int reg;

		before.g.temp = SEAM_REG_TEMP0;
		if (gen_value(&before.g, &save->scope, save->expr, &reg))
			gen_op(&before.g, SEAM_OP_SAVE, 0, reg, 0, 0)->k = (uint16_t)i;
	}
	variant->saves = (uint32_t)after.g.saves.n;
	variant->entry = finish(m, &before.g);
	variant->exit = finish(m, &after.g);
}
