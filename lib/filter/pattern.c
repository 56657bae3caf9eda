/* SPDX-License-Identifier: BSD-2-Clause */
/* Cuts patterns into the tokens that the kernel compares. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "filter/pattern.h"

/* Where the bracket at @p ends, NULL if it does not: then it is a byte as others. */
static const char *bracket_end(const char *p)
{
	const char *q = p + 1;

	q += *q == '!' || *q == '^';
	for (bool first = true; *q && (first || *q != ']'); first = false) {
		if (*q++ == '\\' && *q)
			q++;
		if (*q == '-' && q[1] && q[1] != ']')
			q += 2;
	}
	return *q == ']' ? q + 1 : NULL;
}

/* The bytes that fit: asked of the one that says what patterns mean. */
static void fill_bracket(uint64_t bits[4], const char *p, const char *end)
{
	char pattern[FILTER_TEXT], byte[2] = { 0 };

	memset(bits, 0, 4 * sizeof(*bits));
	snprintf(pattern, sizeof(pattern), "%.*s", (int)(end - p), p);
	for (unsigned c = 1; c < 256; c++) {
		byte[0] = (char)c;
		if (glob_match(pattern, byte))
			bits[c / 64] |= 1ull << (c % 64);
	}
}

struct cutter {
	struct filter_pattern *p;
	unsigned brackets;
	int last; /* index of the last star, or -1 */
	bool head; /* nothing but bytes so far */
	bool full;
};

static void put_byte(struct cutter *c, unsigned char byte)
{
	struct filter_pattern *p = c->p;

	if (c->head && p->head_bytes < FILTER_HEAD) {
		((unsigned char *)p->head)[p->head_bytes++] = byte;
		return;
	}
	c->head = false;
	if (p->token_count == FILTER_TOKENS)
		c->full = true;
	else
		p->tokens[p->token_count++] = byte;
}

static void put_token(struct cutter *c, unsigned token)
{
	c->head = false;
	if (c->p->token_count == FILTER_TOKENS) {
		c->full = true;
		return;
	}
	if (token == FILTER_TOKEN_ANY)
		c->last = c->p->token_count;
	c->p->tokens[c->p->token_count++] = (uint16_t)token;
}

static void cut_glob(struct cutter *c, const char *s)
{
	const char *end;

	while (*s && !c->full) {
		if (*s == '*') {
			put_token(c, FILTER_TOKEN_ANY);
			s += strspn(s, "*");
		} else if (*s == '?') {
			put_token(c, FILTER_TOKEN_ONE);
			s++;
		} else if (*s == '[' && (end = bracket_end(s))) {
			if (c->brackets == FILTER_BRACKETS || (size_t)(end - s) >= FILTER_TEXT) {
				c->full = true;
				return;
			}
			fill_bracket(c->p->brackets[c->brackets], s, end);
			put_token(c, FILTER_TOKEN_BRACKETS + c->brackets++);
			s = end;
		} else {
			s += *s == '\\' && s[1];
			put_byte(c, (unsigned char)*s++);
		}
	}
}

bool filter_pattern_make(struct filter_pattern *p, const char *text, bool glob)
{
	struct cutter c = { .p = p, .last = -1, .head = true };

	memset(p, 0, sizeof(*p));
	if (glob)
		cut_glob(&c, text);
	else
		for (; *text && !c.full; text++)
			put_byte(&c, (unsigned char)*text);
	/* a head alone: with its NUL it is the whole string */
	if (c.head && p->head_bytes < FILTER_HEAD) {
		p->head_bytes++;
		return true;
	}
	/* a star alone behind it: that is all there is to ask */
	if (c.last == 0 && p->token_count == 1) {
		p->token_count = 0;
		return true;
	}
	if (c.last >= 0) {
		p->tokens[c.last] = FILTER_TOKEN_LAST;
		p->after_last = (uint16_t)(p->token_count - c.last - 1);
	}
	put_token(&c, FILTER_TOKEN_END);
	return !c.full;
}
