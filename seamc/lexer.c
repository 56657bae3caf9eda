/* SPDX-License-Identifier: BSD-2-Clause */
/* Splits a description into tokens. */
#include "seamc/lexer.h"

#include <ctype.h>
#include <string.h>

static const char *const two_chars[] = { "->", "==", "!=", "<=", ">=", "&&", "||", "<<", ">>" };

void lexer_init(struct lexer *l, const struct source *source, struct diag *diag)
{
	*l = (struct lexer){ .source = source, .diag = diag, .at = source->text, .line_start = source->text, .line = 1 };
}

bool token_is(const struct token *t, const char *text)
{
	size_t n = strlen(text);

	return (t->kind == T_NAME || t->kind == T_PUNCT) && (size_t)(t->end - t->begin) == n &&
	       memcmp(t->begin, text, n) == 0;
}

static struct loc here(const struct lexer *l)
{
	return (struct loc){ l->source, l->line, (unsigned)(l->at - l->line_start) + 1 };
}

/* After these a line cannot end: it goes on. A '*' that touches the word before it is a glob's. */
static bool goes_on(const struct token *t)
{
	static const char *const words[] = { ",", "=",  "&",  "|",  "+",  "-",  "/",  "<",  ">",
					     "&&", "||", "==", "!=", "<=", ">=", "<<", ">>" };

	if (t->kind != T_PUNCT)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (token_is(t, words[i]))
			return true;
	return token_is(t, "*") && t->spaced;
}

static void newline(struct lexer *l)
{
	l->at++;
	l->line++;
	l->line_start = l->at;
	l->line_begun = false;
}

/* Skips what means nothing; true if it stopped at a line end that counts. */
static bool skip_blank(struct lexer *l, bool *ret_spaced)
{
	for (;; *ret_spaced = true) {
		if (*l->at == '#') {
			l->at += strcspn(l->at, "\n");
		} else if (*l->at == '\n') {
			/* A declaration's word at the left margin ends every bracket that was left open, so that one mistake costs
			 * one declaration. */
			bool margin = l->depth && islower((unsigned char)l->at[1]);

			if (margin)
				l->depth = 0;
			if (margin || (l->line_begun && !l->depth && !goes_on(&l->last)))
				return true;
			newline(l);
		} else if (*l->at == ' ' || *l->at == '\t' || *l->at == '\r') {
			l->at++;
		} else {
			return false;
		}
	}
}

static void lex_number(struct lexer *l, struct token *t)
{
	unsigned base = 10;
	bool overflow = false;

	if (*l->at == '0' && (l->at[1] == 'x' || l->at[1] == 'X')) {
		base = 16;
		l->at += 2;
	} else if (*l->at == '0') {
		base = 8;
	}
	while (isxdigit((unsigned char)*l->at)) {
		unsigned digit = isdigit((unsigned char)*l->at) ? (unsigned)(*l->at - '0') :
								  (unsigned)(tolower(*l->at) - 'a') + 10;

		if (digit >= base)
			break;
		overflow |= __builtin_mul_overflow(t->number, (uint64_t)base, &t->number);
		overflow |= __builtin_add_overflow(t->number, (uint64_t)digit, &t->number);
		l->at++;
	}
	t->end = l->at;
	if (overflow)
		diag_error(l->diag, t->loc, "this number does not fit into 64 bits");
	else if (isalnum((unsigned char)*l->at) || *l->at == '_' || (base == 16 && t->end - t->begin == 2))
		diag_error(l->diag, t->loc, "this is no number");
}

static void lex_string(struct lexer *l, struct token *t)
{
	l->at++;
	t->begin = l->at;
	l->at += strcspn(l->at, "\"\n");
	t->end = l->at;
	if (*l->at == '"')
		l->at++;
	else
		diag_error(l->diag, t->loc, "this string has no end on its line");
}

static void lex_punct(struct lexer *l, struct token *t)
{
	t->kind = T_PUNCT;
	for (size_t i = 0; i < sizeof(two_chars) / sizeof(*two_chars); i++)
		if (strncmp(l->at, two_chars[i], 2) == 0)
			l->at++;
	l->at++;
	t->end = l->at;
	if (token_is(t, "(") || token_is(t, "["))
		l->depth++;
	else if ((token_is(t, ")") || token_is(t, "]")) && l->depth)
		l->depth--;
}

struct token lexer_next(struct lexer *l)
{
	struct token t = { 0 };
	bool line_ends;

again:
	t = (struct token){ 0 };
	line_ends = skip_blank(l, &t.spaced);
	t.loc = here(l);
	t.begin = t.end = l->at;
	t.first = !l->line_begun;
	if (line_ends) {
		t.kind = T_NEWLINE;
		newline(l);
	} else if (l->at >= l->source->text + l->source->len) {
		t.kind = T_END;
	} else if (*l->at == ';') {
		t.kind = T_NEWLINE;
		t.end = ++l->at;
	} else {
		l->line_begun = true;
		if (isalpha((unsigned char)*l->at) || *l->at == '_') {
			t.kind = T_NAME;
			while (isalnum((unsigned char)*l->at) || *l->at == '_')
				l->at++;
			t.end = l->at;
		} else if (isdigit((unsigned char)*l->at)) {
			t.kind = T_NUMBER;
			lex_number(l, &t);
		} else if (*l->at == '"') {
			t.kind = T_STRING;
			lex_string(l, &t);
		} else if (*l->at && strchr("()[]{},:=.@!*%&|<>+-/?", *l->at)) {
			lex_punct(l, &t);
		} else {
			unsigned char c = (unsigned char)*l->at++;

			if (c >= 0x20 && c < 0x7f)
				diag_error(l->diag, t.loc, "'%c' has no meaning here", c);
			else
				diag_error(l->diag, t.loc, "a byte 0x%02x has no meaning here", c);
			goto again;
		}
	}
	l->last = t;
	return t;
}
