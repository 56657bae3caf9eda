/* SPDX-License-Identifier: BSD-2-Clause */
/* What the descriptions mean: checked, resolved for each architecture, and laid out as the tables will be. */
#ifndef SEAMC_MODEL_H
#define SEAMC_MODEL_H

#include "seam/calls.h"
#include "seamc/ast.h"
#include "seamc/facts.h"
#include "seamc/names.h"
#include "seamc/pool.h"

/* Every table of struct seam_tables that is a pool: record type, member. */
#define MODEL_POOLS(X)                                                                                            \
	X(struct seam_op, ops)                                                                                    \
	X(struct seam_expr, exprs)                                                                                \
	X(struct seam_type, types)                                                                                \
	X(struct seam_arg, args)                                                                                  \
	X(struct seam_field, fields)                                                                              \
	X(struct seam_layout, layouts)                                                                            \
	X(struct seam_const, consts)                                                                              \
	X(struct seam_set, sets)                                                                                  \
	X(struct seam_object, objects)                                                                            \
	X(struct seam_effect, effects)                                                                            \
	X(struct seam_wait, waits)                                                                                \
	X(struct seam_det, dets)                                                                                  \
	X(struct seam_fail, fails)                                                                                \
	X(struct seam_variant, variants)                                                                          \
	X(struct seam_case, cases)                                                                                \
	X(struct seam_select, selects)

struct model {
	struct arena *arena;
	const struct ast *ast;
	struct facts *facts;
	struct diag *diag;
	enum seam_arch arch; /* the one under way */

	struct names names; /* of declarations */
	struct strmap own_consts; /* struct fact_const: defined in descriptions */
	struct strmap set_cache[SEAM_ARCH_DESCRIBED];        /* name -> index, as a pointer */
	struct strmap layout_cache[SEAM_ARCH_DESCRIBED];

	struct pool strings;
#define X(type, name) struct pool name;
	MODEL_POOLS(X)
#undef X
	VEC(struct seam_call) calls[SEAM_ARCH_COUNT];
};

void model_init(struct model *m, const struct ast *ast, struct facts *facts, struct diag *diag);
/* Resolves everything; mistakes go to diag. */
void model_build(struct model *m);
void model_release(struct model *m);

/* The tables as the library has them, pointing into the model. */
struct model_tables {
	struct seam_tables tables;
	VEC(uint16_t) by_number[SEAM_ARCH_COUNT];
};

void model_tables(struct model *m, struct model_tables *ret_tables);

/* For the files that build the model. */

uint32_t model_string(struct model *m, const char *s);
uint32_t model_text(struct model *m, const char *begin, const char *end); /* blanks squeezed */
/* Value of a header's or a description's constant here. 1: yes, 0: not on this architecture, -1: nowhere. */
int model_const(const struct model *m, const char *name, uint64_t *ret_value);

/*
 * Where names are looked up: a call's arguments, or a structure's members and parameters. Expressions find what they
 * need in registers: arguments in 0..5, the structure's address in self.
 */
struct scope {
	const struct scope *outer;    /* where param_values were written */
	struct ast_args args;         /* of the call, as the case has them */
	const struct ast_struct *view; /* may be NULL: no more than its C type */
	const struct fact_struct *layout;
	struct ast_expr *const *param_values; /* NULL: they are in SEAM_REG_PARAM0... */
	int self;
	enum seam_dir memory; /* of the structure that self points to */
	bool whole;           /* its memory is copied by its size in bytes, arrays at its end included */
	int limit;            /* register with that size: members beyond it are 0; 0: there is no such limit */
	const struct ast_class *class; /* its parameters stand for like's arguments */
	const struct ast_like *like;
	bool passes; /* in does and waits: nonblock() is allowed */
};

/* A structure type resolved: its view, if it has one, and its layout. false: reported. */
bool model_struct(struct model *m, const struct ast_type *t, const struct ast_struct **ret_view,
		  const struct fact_struct **ret_layout);
/* Whether it is a structure that other architectures have and this one has not. */
bool struct_only_elsewhere(const struct model *m, const struct ast_type *t);
/* Follows type declarations; NULL: reported. */
const struct ast_type *model_type(struct model *m, const struct ast_type *t);
/* The view that a structure in place has when nobody says which: the one of its C name. NULL: none. */
const struct ast_struct *model_plain_view(struct model *m, const char *cname);
/* What the view says of a member outside of cases, or NULL. */
const struct ast_type *view_always(const struct ast_struct *view, const struct fact_struct *layout,
				   const struct fact_member *member);
/* What it says in any case. */
const struct ast_type *view_member(const struct ast_struct *view, const struct fact_struct *layout,
				   const struct fact_member *member);

/* When case number `which` of the structure holds. */
const struct ast_expr *struct_case_condition(struct model *m, const struct ast_struct *view, size_t which);

uint32_t model_set(struct model *m, const char *name, struct loc loc);
uint32_t model_layout(struct model *m, const struct ast_struct *view, const struct fact_struct *layout, struct loc loc);
uint32_t model_lower_type(struct model *m, const struct scope *s, const struct ast_type *t,
			  const struct fact_member *member);
unsigned scalar_bytes(const struct ast_type *t, const struct fact_member *member);
bool scalar_signed(const struct ast_type *t, const struct fact_member *member);
bool scalar_swapped(const struct ast_type *t); /* its bytes stand in network order */

/* Clauses of one call, class or case, appended to what there is. */
struct clauses {
	VEC(struct seam_effect) effects;
	VEC(struct seam_wait) waits;
	VEC(struct seam_det) dets;
	VEC(struct seam_fail) fails;
	uint32_t classes;
	bool gone;
	unsigned nesting; /* of classes that are like classes */
};

void model_clauses(struct model *m, const struct scope *s, const struct ast_body *body, struct clauses *c);

#endif
