/* SPDX-License-Identifier: BSD-2-Clause */
/* A description as it was written: what the parser makes and the checker reads. */
#ifndef SEAMC_AST_H
#define SEAMC_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seamc/arena.h"
#include "seamc/diag.h"

enum expr_kind {
	EXPR_NUMBER,
	EXPR_NAME,  /* argument, member, constant; path holds the members behind the first name */
	EXPR_RET,
	EXPR_PAGESIZE,
	EXPR_SIZEOF,   /* name */
	EXPR_NONBLOCK, /* a */
	EXPR_NEW,      /* a */
	EXPR_DEREF,    /* a */
	EXPR_NOT,      /* a */
	EXPR_NEG,      /* a */
	EXPR_BINARY,   /* a op b */
	EXPR_ANDAND,
	EXPR_OROR,
};

struct ast_words {
	const char **at; /* as in VEC */
	size_t n, cap;
};

struct ast_expr {
	enum expr_kind kind;
	struct loc loc;
	const char *text, *text_end; /* where it stands in the source */
	uint64_t number;
	const char *name;
	struct ast_words path;
	enum seam_op_code op; /* GT and GE are LT and LE with the sides changed */
	struct ast_expr *a, *b;
};

/* Expressions that nobody wrote. They have no text unless it is set. */
struct ast_expr *ast_expr(struct arena *arena, enum expr_kind kind, struct loc loc, struct ast_expr *a,
			  struct ast_expr *b);
struct ast_expr *ast_number(struct arena *arena, struct loc loc, uint64_t number);
void ast_expr_text(struct ast_expr *e, const char *text);

struct ast_type {
	struct loc loc;
	enum seam_kind kind;
	enum seam_dir dir;
	unsigned width;   /* bits as stated, 0: the kind's own */
	bool big_endian;  /* as stated */
	bool has_extent;
	bool bytes;
	const char *name; /* set, structure, id space, alias; reason of opaque; base of a path */
	struct loc name_loc;
	struct ast_expr *room, *valid, *when;
	struct ast_expr *nofollow, *follow, *empty;
	bool always_nofollow;
	bool chief, closed; /* as stated */
	VEC(struct ast_expr *) args; /* parameters of a structure */
	struct ast_type *of;
	bool is_alias; /* name is a type declaration's */
};

struct ast_value {
	struct loc loc;
	const char *name; /* NULL: number */
	uint64_t number;
};

struct ast_arg {
	const char *name;
	struct loc loc;
	struct ast_type *type;
	int64_t at; /* members: the offset that was stated, or -1 */
};

struct ast_args {
	struct ast_arg *at; /* as in VEC */
	size_t n, cap;
};

struct ast_object {
	struct loc loc;
	bool dir;
	int world;              /* enum seam_world, or -1 */
	struct ast_expr *value; /* else */
	struct ast_expr *length;
};

struct ast_effect {
	struct loc loc;
	enum seam_verb verb;
	bool may;
	struct ast_object *object, *to;
	const char *as; /* words behind "as", or NULL */
	struct ast_object *by[3];
	struct ast_expr *when;
};

struct ast_wait {
	struct loc loc;
	struct ast_object *object;
	struct ast_expr *timeout;
	bool absolute;
	struct ast_expr *when;
};

struct ast_det {
	struct loc loc;
	enum seam_det_verb verb;
	const char *arg, *word;
	const char *error;
};

struct ast_fail {
	struct loc loc;
	const char *name;
	bool list; /* @name */
	struct ast_expr *when;
};

struct ast_like {
	struct loc loc;
	const char *name;
	struct ast_words args;
};

/* The clauses of a call, a class or a case. */
struct ast_body {
	VEC(struct ast_effect) effects;
	VEC(struct ast_wait) waits;
	VEC(struct ast_det) dets;
	VEC(struct ast_fail) fails;
	VEC(struct ast_like) likes;
	uint32_t also; /* enum seam_class */
	bool gone;
};

struct ast_selector {
	struct ast_expr *expr;
	VEC(struct ast_value) values;
};

struct ast_case {
	struct loc loc;
	const char *text, *text_end;
	VEC(struct ast_selector) selectors; /* none: else */
	struct ast_args args;           /* members, in a structure */
	struct ast_type *ret;
	struct ast_body body;
};

/* The number that a description gives itself, for a call that the headers have not got yet. */
struct ast_number {
	struct loc loc; /* of the first one */
	unsigned archs; /* those that have one, as bits */
	uint32_t number[SEAM_ARCH_COUNT];
};

struct ast_call {
	struct loc loc;
	const char *name;
	struct ast_args args;
	struct ast_type *ret;
	bool noreturn;
	unsigned archs; /* bit per enum seam_arch; 0: all */
	struct ast_number number;
	uint32_t group;
	struct ast_body body;
	VEC(struct ast_case) cases;
};

/* What other declarations name; the first member of each of these. */
enum decl_kind { DECL_STRUCT, DECL_SET, DECL_ERRORS, DECL_CLASS, DECL_TYPE, DECL_KINDS };

struct ast_decl {
	struct loc loc;
	const char *name;
	bool used; /* something names it */
};

struct ast_class {
	struct ast_decl decl;
	struct ast_words params;
	struct ast_body body;
};

struct ast_struct {
	struct ast_decl decl;
	const char *cname;
	bool only;
	struct ast_words params;
	struct ast_args members;
	VEC(struct ast_case) cases;
};

struct ast_item {
	struct loc loc;
	const char *name; /* a name or a glob */
	bool has_mask; /* a value of a field inside flags */
	struct ast_value mask;
	bool out;         /* ! */
	bool include;     /* @ */
	bool has_value;
	uint64_t value;
};

/* bits, enum, errors */
struct ast_set {
	struct ast_decl decl;
	bool bits;
	VEC(struct ast_item) items;
};

struct ast_alias {
	struct ast_decl decl;
	struct ast_type *type;
};

struct ast_extend {
	struct loc loc;
	const char *name;
	VEC(struct ast_case) cases;
};

struct ast {
	struct arena *arena;
	VEC(struct ast_call *) calls;
	VEC(struct ast_struct *) structs;
	VEC(struct ast_set *) sets;
	VEC(struct ast_set *) errors;
	VEC(struct ast_class *) classes;
	VEC(struct ast_alias *) aliases;
	VEC(struct ast_extend *) extends;
};

/* Adds what `source` declares. Mistakes go to diag and the rest is read all the same. */
void parse(struct ast *ast, const struct source *source, struct diag *diag);

#endif
