/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads structures. */
#include "seamc/parser.h"

static bool parse_member(struct parser *p, struct ast_arg *ret_member)
{
	*ret_member = (struct ast_arg){ .loc = p->tok.loc, .at = -1 };
	ret_member->name = parser_name(p, "the name of a member");
	while (ret_member->name && take(p, ".")) {
		const char *inner = parser_name(p, "the name of a member");

		ret_member->name = inner ? arena_printf(p->arena, "%s.%s", ret_member->name, inner) : NULL;
	}
	if (!ret_member->name)
		return false;
	if (take(p, "@")) {
		if (p->tok.kind != T_NUMBER || p->tok.number > INT32_MAX)
			return parser_unexpected(p, "the offset of the member");
		ret_member->at = (int64_t)p->tok.number;
		parser_advance(p);
	}
	ret_member->type = parse_type(p);
	return ret_member->type != NULL;
}

/* Members and cases up to the '}'. */
static bool parse_members(struct parser *p, struct ast_struct *s)
{
	struct ast_case *current = NULL;

	for (;;) {
		struct ast_arg member;

		parser_skip_newlines(p);
		if (take(p, "}"))
			return true;
		if (parser_at_declaration(p))
			return parser_unexpected(p, "'}'");
		if (at(p, "case")) {
			struct ast_case c = parse_case_head(p);

			current = vec_push(p->arena, &s->cases);
			*current = c;
			continue;
		}
		if (!parse_member(p, &member) || (!take(p, ",") && !parser_end_clause(p))) {
			parser_skip_clause(p);
			continue;
		}
		if (current)
			*vec_push(p->arena, &current->args) = member;
		else
			*vec_push(p->arena, &s->members) = member;
	}
}

static bool parse_struct_into(struct parser *p, struct ast_struct *s)
{
	s->decl.loc = p->tok.loc;
	s->decl.name = s->cname = parser_name(p, "the name of a structure");
	if (!s->decl.name || !parser_name_list(p, "a parameter", &s->params))
		return false;
	if (take(p, "of")) {
		if (!take(p, "struct"))
			take(p, "union");
		if (!(s->cname = parser_name(p, "the name of a C structure")))
			return false;
	}
	s->only = take(p, "only");
	if (!at(p, "{"))
		return parser_end_clause(p); /* nothing means more than its C type */
	parser_advance(p);
	return parse_members(p, s);
}

void parse_struct(struct parser *p)
{
	struct ast_struct *s = arena_new(p->arena, struct ast_struct);

	p->in_struct = true;
	if (!parse_struct_into(p, s))
		parser_skip_declaration(p);
	p->in_struct = false;
	if (s->cname)
		*vec_push(p->arena, &p->ast->structs) = s;
}
