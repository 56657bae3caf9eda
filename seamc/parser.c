/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a description by recursive descent: the tokens, and how to go on after a mistake. */
#include "seamc/parser.h"

#include "base/util.h"
#include "seamc/guess.h"

#define MAX_DEPTH 60 /* of brackets and unary operators: hostile input must not exhaust the stack */

void parser_advance(struct parser *p)
{
	p->prev_end = p->tok.end;
	p->tok = lexer_next(&p->lexer);
}

static const char *token_text(struct parser *p, const struct token *t)
{
	switch (t->kind) {
	case T_END:
		return "the end of the file";
	case T_NEWLINE:
		return *t->begin == ';' ? "';'" : "the end of the line";
	default:
		return arena_printf(p->arena, "'%.*s'", (int)MIN((size_t)(t->end - t->begin), (size_t)60), t->begin);
	}
}

bool parser_unexpected(struct parser *p, const char *wanted)
{
	diag_error(p->diag, p->tok.loc, "expected %s, found %s", wanted, token_text(p, &p->tok));
	return false;
}

bool parser_unexpected_word(struct parser *p, const char *wanted, const char *const *words, size_t n)
{
	struct guess g = { .arena = p->arena, .diag = p->diag };
	const char *found = token_text(p, &p->tok), *meant = "";

	if (p->tok.kind == T_NAME) {
		guess_words(&g, words, n);
		meant = guess_text(&g, arena_strndup(p->arena, p->tok.begin, (size_t)(p->tok.end - p->tok.begin)));
	}
	diag_error(p->diag, p->tok.loc, "expected %s, found %s%s", wanted, found, meant);
	return false;
}

bool parser_expect(struct parser *p, const char *text)
{
	if (take(p, text))
		return true;
	return parser_unexpected(p, arena_printf(p->arena, "'%s'", text));
}

const char *parser_text(struct parser *p)
{
	const char *s = arena_strndup(p->arena, p->tok.begin, (size_t)(p->tok.end - p->tok.begin));

	parser_advance(p);
	return s;
}

const char *parser_name(struct parser *p, const char *what)
{
	if (p->tok.kind == T_NAME)
		return parser_text(p);
	parser_unexpected(p, what);
	return NULL;
}

bool parser_name_list(struct parser *p, const char *what, struct ast_words *ret_names)
{
	if (!take(p, "(") || take(p, ")"))
		return true;
	do {
		const char *name = parser_name(p, what);

		if (!name)
			return false;
		*vec_push(p->arena, ret_names) = name;
	} while (take(p, ","));
	return parser_expect(p, ")");
}

void parser_skip_newlines(struct parser *p)
{
	while (p->tok.kind == T_NEWLINE)
		parser_advance(p);
}

/* The end of the structure that is being read. */
static bool at_brace(const struct parser *p)
{
	return p->in_struct && at(p, "}");
}

void parser_skip_clause(struct parser *p)
{
	while (!at_clause_end(p) && !at_brace(p))
		parser_advance(p);
}

void parser_skip_declaration(struct parser *p)
{
	while (!parser_at_declaration(p))
		parser_advance(p);
}

bool parser_end_clause(struct parser *p)
{
	if (p->tok.kind == T_NEWLINE) {
		parser_advance(p);
		return true;
	}
	if (p->tok.kind == T_END || at_brace(p))
		return true;
	return parser_unexpected(p, "the end of the clause");
}

bool parser_too_deep(struct parser *p)
{
	if (p->depth <= MAX_DEPTH)
		return false;
	diag_error(p->diag, p->tok.loc, "this is nested too deeply");
	return true;
}
