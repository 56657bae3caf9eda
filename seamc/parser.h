/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the parser share: the token under way, and one function per sentence of the language. Those that
 * return a pointer or a bool have reported what is wrong when it is NULL or false.
 */
#ifndef SEAMC_PARSER_H
#define SEAMC_PARSER_H

#include "seamc/ast.h"
#include "seamc/lexer.h"

struct parser {
	struct lexer lexer;
	struct token tok;
	const char *prev_end; /* where the token before this one ends */
	struct ast *ast;
	struct arena *arena;
	struct diag *diag;
	unsigned depth;
	bool in_struct; /* between { and } */
	uint32_t group;
};


/* tokens: parser.c */

void parser_advance(struct parser *p);
/* Reports what stands there instead. Always false, so that callers can return it. */
bool parser_unexpected(struct parser *p, const char *wanted);
/* The same; one of these words may have been meant. */
bool parser_unexpected_word(struct parser *p, const char *wanted, const char *const *words, size_t n);
/* Takes this word or reports that it is missing. */
bool parser_expect(struct parser *p, const char *text);
/* The token's text; it is taken, whatever it is. */
const char *parser_text(struct parser *p);
const char *parser_name(struct parser *p, const char *what);
/* (NAME, NAME, ...) if there is a bracket. */
bool parser_name_list(struct parser *p, const char *what, struct ast_words *ret_names);
bool parser_at_declaration(const struct parser *p); /* or at the end: parse-decl.c */
void parser_skip_newlines(struct parser *p);
void parser_skip_clause(struct parser *p);
void parser_skip_declaration(struct parser *p);
bool parser_end_clause(struct parser *p);
bool parser_too_deep(struct parser *p);

static inline bool at(const struct parser *p, const char *text)
{
	return token_is(&p->tok, text);
}

static inline bool take(struct parser *p, const char *text)
{
	if (!at(p, text))
		return false;
	parser_advance(p);
	return true;
}

static inline bool at_clause_end(const struct parser *p)
{
	return p->tok.kind == T_NEWLINE || p->tok.kind == T_END;
}

/* parse-expr.c */

struct ast_expr *parse_expr(struct parser *p);
struct ast_expr *parse_unary(struct parser *p); /* no binary operator outside brackets */
/* NAME or NAME.MEMBER.MEMBER, and nothing else. */
struct ast_expr *parse_place(struct parser *p, const char *what);
bool parse_condition(struct parser *p, const char *word, struct ast_expr **ret_when); /* [WORD EXPR] */
bool parse_if(struct parser *p, struct ast_expr **ret_when); /* [if EXPR | unless EXPR] */

/* parse-type.c */

struct ast_type *parse_type(struct parser *p);

/* parse-clause.c */

enum clause { NO_CLAUSE, CLAUSE_OK, CLAUSE_BAD };

/* One of does, det, waits, fails, like, also, gone. */
enum clause parse_clause(struct parser *p, struct ast_body *body);
/* The same; false also if there is no clause. */
bool parse_some_clause(struct parser *p, struct ast_body *body);
bool parse_like(struct parser *p, struct ast_body *body);
bool parse_groups(struct parser *p, uint32_t *ret_groups);

/* parse-case.c */

bool parse_value(struct parser *p, struct ast_value *ret_value); /* NUMBER or CONSTANT */
struct ast_case parse_case_head(struct parser *p); /* case EXPR = V V ...: */
struct ast_case parse_case(struct parser *p);

/* parse-struct.c, parse-set.c: behind the declaration's word */

void parse_struct(struct parser *p);
void parse_set(struct parser *p, bool bits);
void parse_errors(struct parser *p);

#endif
