/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads expressions. */
#include <string.h>

#include "base/util.h"
#include "seamc/parser.h"

static struct ast_expr *parse_binary(struct parser *p, unsigned level);

static struct ast_expr *new_expr(struct parser *p, enum expr_kind kind, const struct token *at)
{
	struct ast_expr *e = arena_new(p->arena, struct ast_expr);

	e->kind = kind;
	e->loc = at->loc;
	e->text = e->text_end = at->begin;
	return e;
}

/* .MEMBER.MEMBER */
static struct ast_expr *parse_members_of(struct parser *p, struct ast_expr *e)
{
	while (take(p, ".")) {
		const char *member = parser_name(p, "the name of a member");

		if (!member)
			return NULL;
		*vec_push(p->arena, &e->path) = member;
	}
	e->text_end = p->prev_end;
	return e;
}

struct ast_expr *parse_place(struct parser *p, const char *what)
{
	struct ast_expr *e = new_expr(p, EXPR_NAME, &p->tok);

	e->name = parser_name(p, what);
	return e->name ? parse_members_of(p, e) : NULL;
}

static struct ast_expr *parse_name(struct parser *p)
{
	struct token start = p->tok;
	struct ast_expr *e;

	if (at(p, "ret") || at(p, "pagesize")) {
		e = new_expr(p, at(p, "ret") ? EXPR_RET : EXPR_PAGESIZE, &start);
		parser_advance(p);
		return e;
	}
	e = new_expr(p, EXPR_NAME, &start);
	e->name = parser_text(p);
	if (at(p, "(")) {
		parser_advance(p);
		if (strcmp(e->name, "sizeof") == 0) {
			e->kind = EXPR_SIZEOF;
			if (!take(p, "struct"))
				take(p, "union");
			e->name = parser_name(p, "the name of a structure");
			if (!e->name)
				return NULL;
		} else if (strcmp(e->name, "nonblock") == 0) {
			e->kind = EXPR_NONBLOCK;
			e->a = parse_expr(p);
			if (!e->a)
				return NULL;
		} else {
			diag_error(p->diag, start.loc, "there is no function '%s', only sizeof and nonblock", e->name);
			return NULL;
		}
		return parser_expect(p, ")") ? e : NULL;
	}
	return parse_members_of(p, e);
}

static struct ast_expr *parse_primary(struct parser *p)
{
	struct token start = p->tok;
	struct ast_expr *e;

	if (p->tok.kind == T_NUMBER) {
		e = new_expr(p, EXPR_NUMBER, &start);
		e->number = p->tok.number;
		parser_advance(p);
		return e;
	}
	if (p->tok.kind == T_NAME)
		return parse_name(p);
	if (take(p, "(")) {
		e = parse_expr(p);
		if (!e || !parser_expect(p, ")"))
			return NULL;
		return e;
	}
	parser_unexpected(p, "a value");
	return NULL;
}

struct ast_expr *parse_unary(struct parser *p)
{
	static const struct {
		const char *text;
		enum expr_kind kind;
	} unary[] = { { "!", EXPR_NOT }, { "-", EXPR_NEG }, { "*", EXPR_DEREF }, { "new", EXPR_NEW } };
	struct token start = p->tok;
	struct ast_expr *e = NULL;

	p->depth++;
	if (parser_too_deep(p))
		goto out;
	for (size_t i = 0; i < ARRAY_SIZE(unary); i++) {
		if (!at(p, unary[i].text))
			continue;
		parser_advance(p);
		e = new_expr(p, unary[i].kind, &start);
		e->a = parse_unary(p);
		if (!e->a)
			e = NULL;
		goto out;
	}
	e = parse_primary(p);
out:
	p->depth--;
	if (e) {
		e->text = start.begin;
		e->text_end = p->prev_end;
	}
	return e;
}

/* Binary operators by how tightly they bind, loosest first. `swap`: a > b is b < a. */
static const struct binary {
	unsigned level;
	const char *text;
	enum expr_kind kind;
	enum seam_op_code op;
	bool swap;
} binaries[] = {
	{ 0, "||", EXPR_OROR, 0, false },
	{ 1, "&&", EXPR_ANDAND, 0, false },
	{ 2, "==", EXPR_BINARY, SEAM_OP_EQ, false },
	{ 2, "!=", EXPR_BINARY, SEAM_OP_NE, false },
	{ 2, "<", EXPR_BINARY, SEAM_OP_LT, false },
	{ 2, "<=", EXPR_BINARY, SEAM_OP_LE, false },
	{ 2, ">", EXPR_BINARY, SEAM_OP_LT, true },
	{ 2, ">=", EXPR_BINARY, SEAM_OP_LE, true },
	{ 3, "|", EXPR_BINARY, SEAM_OP_OR, false },
	{ 4, "&", EXPR_BINARY, SEAM_OP_AND, false },
	{ 5, "<<", EXPR_BINARY, SEAM_OP_SHL, false },
	{ 5, ">>", EXPR_BINARY, SEAM_OP_SHR, false },
	{ 6, "+", EXPR_BINARY, SEAM_OP_ADD, false },
	{ 6, "-", EXPR_BINARY, SEAM_OP_SUB, false },
	{ 7, "*", EXPR_BINARY, SEAM_OP_MUL, false },
	{ 7, "/", EXPR_BINARY, SEAM_OP_DIV, false },
};
#define TIGHTEST 8

static const struct binary *binary_at(const struct parser *p, unsigned level)
{
	for (size_t i = 0; i < ARRAY_SIZE(binaries); i++)
		if (binaries[i].level == level && at(p, binaries[i].text))
			return &binaries[i];
	return NULL;
}

static struct ast_expr *parse_binary(struct parser *p, unsigned level)
{
	struct token start = p->tok;
	struct ast_expr *a;
	const struct binary *op;

	if (level == TIGHTEST)
		return parse_unary(p);
	a = parse_binary(p, level + 1);
	while (a && (op = binary_at(p, level))) {
		struct ast_expr *both = new_expr(p, op->kind, &start), *b;

		parser_advance(p);
		b = parse_binary(p, level + 1);
		if (!b)
			return NULL;
		both->op = op->op;
		both->a = op->swap ? b : a;
		both->b = op->swap ? a : b;
		both->text = start.begin;
		both->text_end = p->prev_end;
		a = both;
	}
	return a;
}

struct ast_expr *parse_expr(struct parser *p)
{
	struct ast_expr *e = NULL;

	p->depth++;
	if (!parser_too_deep(p))
		e = parse_binary(p, 0);
	p->depth--;
	return e;
}

bool parse_condition(struct parser *p, const char *word, struct ast_expr **ret_when)
{
	if (!take(p, word))
		return true;
	*ret_when = parse_expr(p);
	return *ret_when != NULL;
}

/* [if EXPR | unless EXPR] */
bool parse_if(struct parser *p, struct ast_expr **ret_when)
{
	struct token start = p->tok;
	struct ast_expr *not;

	if (!take(p, "unless"))
		return parse_condition(p, "if", ret_when);
	not = new_expr(p, EXPR_NOT, &start);
	not->a = parse_expr(p);
	if (!not->a)
		return false;
	not->text_end = p->prev_end;
	*ret_when = not;
	return true;
}
