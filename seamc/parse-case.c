/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the cases of calls and structures. */
#include "seamc/parser.h"

bool parse_value(struct parser *p, struct ast_value *ret_value)
{
	bool negative;

	ret_value->loc = p->tok.loc;
	negative = take(p, "-");
	if (p->tok.kind == T_NUMBER) {
		ret_value->number = negative ? -p->tok.number : p->tok.number;
		parser_advance(p);
		return true;
	}
	ret_value->name = parser_name(p, "a constant");
	return ret_value->name != NULL;
}

/* EXPR = V V ..., EXPR = V ...: */
static bool parse_selectors(struct parser *p, struct ast_case *c)
{
	if (take(p, "else")) {
		c->text_end = p->prev_end;
		return parser_expect(p, ":");
	}
	do {
		struct ast_selector s = { 0 };

		parser_skip_newlines(p);
		s.expr = parse_expr(p);
		if (!s.expr || !parser_expect(p, "="))
			return false;
		parser_skip_newlines(p);
		while (!at(p, ":") && !at(p, ",")) {
			struct ast_value v = { 0 };

			if (!parse_value(p, &v))
				return false;
			*vec_push(p->arena, &s.values) = v;
			parser_skip_newlines(p);
		}
		if (!s.values.n)
			return parser_unexpected(p, "a constant");
		*vec_push(p->arena, &c->selectors) = s;
	} while (take(p, ","));
	c->text_end = p->prev_end;
	return parser_expect(p, ":");
}

static bool parse_refinement(struct parser *p, struct ast_case *c)
{
	struct ast_arg a = { .loc = p->tok.loc, .at = -1 };

	a.name = parser_name(p, "a clause or an argument");
	if (!a.name || !(a.type = parse_type(p)))
		return false;
	*vec_push(p->arena, &c->args) = a;
	return true;
}

static bool parse_case_part(struct parser *p, struct ast_case *c)
{
	switch (parse_clause(p, &c->body)) {
	case CLAUSE_OK:
		return parser_end_clause(p);
	case CLAUSE_BAD:
		return false;
	case NO_CLAUSE:
		break;
	}
	while (!at_clause_end(p) && !at(p, "->")) {
		if (!parse_refinement(p, c))
			return false;
		if (!take(p, ","))
			break;
	}
	if (take(p, "->") && !(c->ret = parse_type(p)))
		return false;
	return parser_end_clause(p);
}

struct ast_case parse_case_head(struct parser *p)
{
	struct ast_case c = { .loc = p->tok.loc };

	parser_advance(p);
	c.text = p->tok.begin;
	if (!parse_selectors(p, &c))
		parser_skip_clause(p);
	return c;
}

struct ast_case parse_case(struct parser *p)
{
	struct ast_case c = parse_case_head(p);

	for (;;) {
		parser_skip_newlines(p);
		if (at(p, "case") || parser_at_declaration(p))
			return c;
		if (!parse_case_part(p, &c))
			parser_skip_clause(p);
	}
}
