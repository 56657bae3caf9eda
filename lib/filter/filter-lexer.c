/* SPDX-License-Identifier: BSD-2-Clause */
/* Words, numbers, durations and strings of an expression, and messages that point into it. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/time.h"
#include "filter/filter-parts.h"

#define SHOWN 76 /* columns of an expression in a message */

/* The beginning of a character in UTF-8. */
static bool begins(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

static unsigned columns(const char *s, size_t n)
{
	unsigned count = 0;

	for (size_t i = 0; i < n; i++)
		count += begins(s[i]);
	return count;
}

/* What is printed of a byte: no terminal is told to do something else. */
static void add_shown(struct buf *b, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_addc(b, (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? ' ' : s[i]);
}

int filter_error(struct seam_err *err, const char *text, uint32_t at, const char *fmt, ...)
{
	_cleanup_buf_ struct buf b = BUF_INIT, what = BUF_INIT;
	uint32_t line = 1, start = 0, end, from, to;
	va_list ap;

	for (uint32_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			line++;
			start = i + 1;
		}
	}
	end = start + (uint32_t)strcspn(text + start, "\n");
	/* of a long line only what stands around the place */
	from = at - start > SHOWN / 2 && end - start > SHOWN ? at - SHOWN / 2 : start;
	to = end - from > SHOWN ? from + SHOWN : end;
	while (from > start && !begins(text[from]))
		from--;
	while (to < end && !begins(text[to]))
		to++;
	va_start(ap, fmt);
	buf_vaddf(&what, fmt, ap);
	va_end(ap);
	if (start || text[end])
		buf_addf(&b, "line %u, ", line);
	buf_addf(&b, "column %u: %.*s\n  ", columns(text + start, at - start) + 1, 250, what.data);
	buf_adds(&b, from > start ? "..." : "");
	add_shown(&b, text + from, to - from);
	buf_adds(&b, to < end ? "...\n  " : "\n  ");
	buf_addn(&b, ' ', columns(text + from, at - from) + (from > start ? 3 : 0));
	buf_addc(&b, '^');
	return seam_err_set(err, -EINVAL, "%s", b.data);
}

static bool is_word(int c)
{
	return isalnum(c) || c == '_';
}

static const char *const units[] = { "ns", "us", "ms", "s", "min", "h", "d" };

/* The length of a unit of time here, as a whole word. */
static size_t unit_here(const char *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		size_t n = strlen(units[i]);

		if (strncmp(s, units[i], n) == 0 && !is_word((unsigned char)s[n]))
			return n;
	}
	return 0;
}

static int lex_number(struct lexer *l, struct token *t)
{
	const char *s = l->text + l->at, *p = s, *q;
	_cleanup_free_ char *copy = NULL;
	int r;

	while (is_word((unsigned char)*p))
		p++;
	if (*p == '.' && isdigit((unsigned char)p[1]))
		for (p++; is_word((unsigned char)*p);)
			p++;
	/* "1 ms" */
	q = p + strspn(p, " ");
	if (q > p && unit_here(q))
		p = q + unit_here(q);
	copy = xstrndup(s, (size_t)(p - s));
	t->end = l->at = (uint32_t)(p - l->text);
	t->kind = T_NUMBER;
	r = parse_u64(copy, &t->number);
	if (r == -EINVAL)
		r = parse_size(copy, &t->number);
	if (r == -EINVAL && !isdigit((unsigned char)copy[strlen(copy) - 1])) {
		t->kind = T_DURATION;
		r = duration_parse(copy, &t->number);
	}
	if (r == -ERANGE)
		return filter_error(l->err, l->text, t->at, "%s does not fit into 64 bits", copy);
	if (r < 0)
		return filter_error(l->err, l->text, t->at, "'%s' is no number", copy);
	return 0;
}

static int lex_string(struct lexer *l, struct token *t)
{
	char quote = l->text[l->at++];

	t->kind = T_STRING;
	t->at = l->at;
	while (l->text[l->at] && l->text[l->at] != quote)
		l->at += l->text[l->at] == '\\' && l->text[l->at + 1] ? 2 : 1;
	t->end = l->at;
	if (!l->text[l->at])
		return filter_error(l->err, l->text, t->at - 1, "this string has no end: %c is missing", quote);
	l->at++;
	return 0;
}

/* What a call may be named by. */
static bool is_call_word(char c)
{
	return is_word((unsigned char)c) || (c && strchr("*?%!-[]^.", c));
}

static int lex_punct(struct lexer *l, struct token *t)
{
	static const char *const doubles[] = { "==", "!=", "<=", ">=", "!~", ".." };
	static const struct {
		const char *wrong, *right;
	} habits[] = { { "&&", "and" }, { "||", "or" }, { "=~", "~" }, { "=", "==" }, { "!", "not" } };
	const char *s = l->text + l->at;

	t->kind = T_PUNCT;
	for (size_t i = 0; i < ARRAY_SIZE(doubles); i++) {
		if (strncmp(s, doubles[i], 2) == 0) {
			t->end = l->at += 2;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(habits); i++)
		if (str_starts(s, habits[i].wrong))
			return filter_error(l->err, l->text, t->at, "'%s' is written '%s' here", habits[i].wrong,
					    habits[i].right);
	if (strchr("(){},<>~&|-", *s)) {
		t->end = ++l->at;
		return 0;
	}
	if (*s > 0x20 && *s < 0x7f)
		return filter_error(l->err, l->text, t->at, "'%c' has no meaning here", *s);
	return filter_error(l->err, l->text, t->at, "the byte 0x%02x has no meaning here", (unsigned char)*s);
}

int lexer_next(struct lexer *l, struct token *ret)
{
	struct token t = { 0 };
	int r = 0;
	char c;

	l->at += (uint32_t)strspn(l->text + l->at, " \t\r\n");
	t.at = t.end = l->at;
	c = l->text[l->at];
	if (!c) {
		t.kind = T_END;
	} else if (c == '"' || c == '\'') {
		r = lex_string(l, &t);
	} else if (l->words && is_call_word(c)) {
		t.kind = T_WORD;
		while (is_call_word(l->text[l->at]))
			l->at++;
		t.end = l->at;
	} else if (isdigit((unsigned char)c)) {
		r = lex_number(l, &t);
	} else if (is_word((unsigned char)c)) {
		t.kind = T_NAME;
		/* "arg.fd" is one word */
		while (is_word((unsigned char)l->text[l->at]) ||
		       (l->text[l->at] == '.' && isalpha((unsigned char)l->text[l->at + 1])))
			l->at++;
		t.end = l->at;
	} else if (c == '%') {
		t.kind = T_CLASS;
		l->at++;
		while (is_word((unsigned char)l->text[l->at]) || l->text[l->at] == '-')
			l->at++;
		t.end = l->at;
	} else {
		r = lex_punct(l, &t);
	}
	if (r < 0)
		return r;
	*ret = t;
	return 0;
}
