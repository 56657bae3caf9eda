/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes operations of the capture machine: expressions, and around them the programs of a call. */
#ifndef SEAMC_GEN_H
#define SEAMC_GEN_H

#include "seamc/model.h"

enum gen_phase {
	GEN_EXPR,  /* for a table: whoever evaluates it knows both sides of the call */
	GEN_ENTRY, /* runs before the call */
	GEN_EXIT,  /* runs after it */
};

/* A value that has to be read before the call and is wanted after it. */
struct gen_save {
	const char *key;
	struct scope scope;
	const struct ast_expr *expr;
};

struct gen {
	struct model *m;
	enum gen_phase phase;
	VEC(struct seam_op) ops;
	unsigned temp; /* next free register */
	VEC(struct gen_save) saves;
};

/* What a name stands for. */
struct place {
	bool in_memory;
	int reg;        /* the value, or the base address */
	int64_t offset;
	enum seam_dir memory;
	const struct ast_type *type; /* NULL: only the member's C type is known */
	const struct fact_member *member;
	int arg; /* the argument it hangs on, or -1 */
	const struct ast_struct *view; /* in_memory: the structure it is a member of */
	const struct fact_struct *layout;
	int limit; /* as in struct scope */
};

/* What a name stands for in a class: the argument that its user gave; any other name is itself. */
const char *scope_arg(const struct scope *s, const char *name);
/* The number of a parameter of the scope's structure, or -1. */
int gen_param(const struct scope *s, const char *name);
/* Whether it is an argument, a member or a parameter, and so no constant. */
bool gen_is_local(const struct scope *s, const char *name);
struct seam_op *gen_op(struct gen *g, enum seam_op_code code, int dst, int a, int b, int64_t imm);
int gen_temp(struct gen *g, struct loc loc);
/* 1: it is a constant, 0: it is none, -1: reported. */
int gen_const(struct gen *g, const struct scope *s, const struct ast_expr *e, uint64_t *ret_value);
/* Value into a register. false: reported. */
bool gen_value(struct gen *g, const struct scope *s, const struct ast_expr *e, int *ret_reg);
/* 1 found, 0 no such name, -1 reported. */
int gen_place(struct gen *g, const struct scope *s, const struct ast_expr *e, struct place *ret_place);
/* The value of what a place stands for, or of what it points to, in a register. false: reported. */
bool gen_load_place(struct gen *g, const struct place *p, bool at_exit, struct loc loc, int *ret_reg);
bool gen_load_target(struct gen *g, const struct place *p, int pointer, bool at_exit, struct loc loc, int *ret_reg);
/* Whether the value is only known when the call is over. */
bool gen_needs_exit(struct model *m, const struct scope *s, const struct ast_expr *e);
/* As a record of the expression table; 0 for NULL or after a report. */
uint32_t gen_expr_record(struct model *m, const struct scope *s, const struct ast_expr *e);
/* Bytes and sign of what an expression is made of, for comparing constants with it. */
void gen_width(struct gen *g, const struct scope *s, const struct ast_expr *e, unsigned *ret_bytes, bool *ret_signed);

#endif
