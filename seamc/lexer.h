/* SPDX-License-Identifier: BSD-2-Clause */
/* Splits a description into tokens. Line ends are tokens where they end a clause. */
#ifndef SEAMC_LEXER_H
#define SEAMC_LEXER_H

#include <stdbool.h>
#include <stdint.h>

#include "seamc/diag.h"

enum token_kind {
	T_END,
	T_NEWLINE, /* also ';' */
	T_NAME,
	T_NUMBER,
	T_STRING,
	T_PUNCT, /* one of ()[]{},:=.@!*%&|<>+-/? or "->" "==" "!=" "<=" ">=" "&&" "||" "<<" ">>" */
};

struct token {
	enum token_kind kind;
	struct loc loc;
	const char *begin, *end;
	uint64_t number;
	bool spaced;     /* white space stands before it */
	bool first;      /* first of its line */
};

struct lexer {
	const struct source *source;
	struct diag *diag;
	const char *at;
	const char *line_start;
	unsigned line;
	unsigned depth; /* open ( and [ : line ends inside mean nothing */
	bool line_begun;
	struct token last;
};

void lexer_init(struct lexer *l, const struct source *source, struct diag *diag);
struct token lexer_next(struct lexer *l);
bool token_is(const struct token *t, const char *text); /* this word or punctuation */

#endif
