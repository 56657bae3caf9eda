/* SPDX-License-Identifier: BSD-2-Clause */
/* An expression as a tree of comparisons. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "filter/filter-parts.h"

struct parser {
	struct seam_filter *f;
	struct lexer lexer;
	struct token tok; /* the next one */
	uint32_t last_end; /* of the one before it */
	unsigned depth;
};

static bool is(const struct parser *p, const char *s)
{
	size_t n = p->tok.end - p->tok.at;

	return (p->tok.kind == T_PUNCT || p->tok.kind == T_NAME) && strlen(s) == n &&
	       memcmp(p->f->text + p->tok.at, s, n) == 0;
}

static int advance(struct parser *p)
{
	p->last_end = p->tok.end;
	return lexer_next(&p->lexer, &p->tok);
}

/* A call's name follows: it may have characters that mean something else elsewhere. */
static int advance_to_word(struct parser *p, const struct test *t)
{
	int r;

	p->lexer.words = t->field == FIELD_CALL || t->field == FIELD_CLASS;
	r = advance(p);
	p->lexer.words = false;
	return r;
}

#define fail(p, at, ...) filter_error((p)->lexer.err, (p)->f->text, at, __VA_ARGS__)

static char *token_text(const struct parser *p)
{
	return xstrndup(p->f->text + p->tok.at, p->tok.end - p->tok.at);
}

/* "X is missing", where it should have been. */
static int missing(struct parser *p, const char *what)
{
	_cleanup_free_ char *found = token_text(p);

	if (p->tok.kind == T_END)
		return fail(p, p->tok.at, "%s is missing", what);
	return fail(p, p->tok.at, "%s is missing before '%.60s'", what, found);
}

/* What a quoted string says: \x is x. */
static char *unquote(const char *s, size_t n)
{
	char *r = xmalloc(n + 1);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		if (s[i] == '\\' && i + 1 < n)
			i++;
		r[len++] = s[i];
	}
	r[len] = '\0';
	return r;
}

/* Several values may be read before they are put together, so the terms of one are gathered first. */
static int parse_term(struct parser *p)
{
	struct term t = { .at = p->tok.at };
	int r;

	if (is(p, "-")) {
		t.negative = true;
		r = advance(p);
		if (r < 0)
			return r;
	}
	if (p->tok.kind == T_NUMBER || p->tok.kind == T_DURATION) {
		t.number = p->tok.number;
		t.duration = p->tok.kind == T_DURATION;
	} else if (p->tok.kind == T_NAME && !is(p, "and") && !is(p, "or") && !is(p, "not") && !is(p, "in")) {
		t.name = token_text(p);
	} else {
		return missing(p, "a value");
	}
	*list_push(&p->f->terms) = t;
	return advance(p);
}

static int parse_value(struct parser *p, struct value *ret)
{
	int r;

	ret->first = p->f->terms.n;
	for (;;) {
		r = parse_term(p);
		if (r < 0)
			return r;
		ret->n = p->f->terms.n - ret->first;
		if (!is(p, "|"))
			return 0;
		r = advance(p);
		if (r < 0)
			return r;
	}
}

static int parse_item(struct parser *p, struct test *t)
{
	struct item i = { .at = p->tok.at };
	struct value low = { 0 }, high = { 0 };
	int r;

	if (p->tok.kind == T_STRING) {
		bool glob = t->op == CMP_GLOB || t->op == CMP_NOT_GLOB;

		/* in a pattern the backslash has its work still to do */
		i.at--;
		i.text = glob ? token_text(p) : unquote(p->f->text + p->tok.at, p->tok.end - p->tok.at);
	} else if (p->tok.kind == T_WORD || p->tok.kind == T_CLASS) {
		i.text = token_text(p);
	}
	if (i.text) {
		*list_push(&p->f->items) = i;
		t->n++;
		return advance(p);
	}
	r = parse_value(p, &low);
	if (r >= 0 && is(p, "..")) {
		i.range = true;
		r = advance(p);
		if (r >= 0)
			r = parse_value(p, &high);
	}
	if (r < 0)
		return r;
	i.low = low;
	i.high = high;
	*list_push(&p->f->items) = i;
	t->n++;
	return 0;
}

static int parse_set(struct parser *p, struct test *t)
{
	int r;

	do {
		r = advance_to_word(p, t);
		if (r >= 0 && is(p, "}") && !t->n)
			return fail(p, p->tok.at, "this set is empty");
		if (r >= 0)
			r = parse_item(p, t);
		if (r < 0)
			return r;
	} while (is(p, ","));
	return is(p, "}") ? advance(p) : missing(p, "',' or '}'");
}

static int parse_mask(struct parser *p, struct test *t)
{
	uint32_t at;
	int r;

	t->masked = true;
	r = advance(p);
	if (r < 0)
		return r;
	if (is(p, "(")) {
		r = advance(p);
		if (r >= 0)
			r = parse_value(p, &t->mask);
		if (r < 0)
			return r;
		return is(p, ")") ? advance(p) : missing(p, "')'");
	}
	t->mask.first = p->f->terms.n;
	at = p->tok.at;
	r = parse_term(p);
	t->mask.n = 1;
	if (r >= 0 && is(p, "|"))
		return fail(p, at, "put what stands after '&' in parentheses: & (A | B)");
	return r;
}

static int parse_compare(struct parser *p, struct test *t)
{
	static const struct {
		const char *word;
		enum compare op;
	} ops[] = { { "==", CMP_EQ }, { "!=", CMP_NE }, { "<", CMP_LT }, { "<=", CMP_LE }, { ">", CMP_GT },
		    { ">=", CMP_GE }, { "in", CMP_IN }, { "~", CMP_GLOB }, { "!~", CMP_NOT_GLOB } };
	size_t i = 0;
	int r;

	t->op_at = p->tok.at;
	while (i < ARRAY_SIZE(ops) && !is(p, ops[i].word))
		i++;
	if (i == ARRAY_SIZE(ops)) {
		if (!t->masked)
			return missing(p, "a comparison (== != < <= > >= in ~ !~)");
		t->op = CMP_BITS;
		return 0;
	}
	t->op = ops[i].op;
	r = advance_to_word(p, t);
	if (r < 0)
		return r;
	if (t->op == CMP_IN && !is(p, "{"))
		return missing(p, "'{'");
	if (is(p, "{") && (t->op == CMP_IN || t->op == CMP_GLOB || t->op == CMP_NOT_GLOB)) {
		/* the look-ahead has read no word yet */
		return parse_set(p, t);
	}
	return parse_item(p, t);
}

static int new_node(struct parser *p, struct node n, uint32_t *ret)
{
	if (p->f->nodes.n >= FILTER_NODES_MAX || p->f->items.n >= 10 * FILTER_NODES_MAX) {
		fail(p, p->last_end ? p->last_end - 1 : 0, "the expression has too many parts");
		if (p->lexer.err)
			p->lexer.err->code = -E2BIG;
		return -E2BIG;
	}
	*list_push(&p->f->nodes) = n;
	*ret = p->f->nodes.n - 1;
	return 0;
}

static int parse_test(struct parser *p, uint32_t *ret)
{
	struct test t = { .at = p->tok.at, .first = p->f->items.n };
	const char *name;
	int r;

	if (p->tok.kind != T_NAME || is(p, "and") || is(p, "or") || is(p, "in"))
		return missing(p, "a comparison such as ret < 0");
	/* from here on the test belongs to the filter, whatever happens */
	t.name = token_text(p);
	name = str_after(t.name, "arg.");
	t.field = name ? FIELD_NAMED : filter_field(t.name);
	if (name)
		memmove(t.name, name, strlen(name) + 1);
	if (t.field < 0)
		t.field = FIELD_NAMED;
	*list_push(&p->f->tests) = t;
	if (t.field == SEAM_FILTER_CGROUP && p->f->untold & 1u << SEAM_FILTER_CGROUP)
		return fail(p, t.at, "a trace does not say in which cgroup a task was: choose by it when recording");
	if (t.field == SEAM_FILTER_UID && p->f->untold & 1u << SEAM_FILTER_UID)
		return fail(p, t.at, "this trace does not say whose a task was: not all calls that change it are in it");
	r = advance(p);
	if (r >= 0 && is(p, "&"))
		r = parse_mask(p, &t);
	if (r >= 0)
		r = parse_compare(p, &t);
	if (r >= 0)
		r = filter_check(p->f, &t, p->lexer.err);
	p->f->tests.at[p->f->tests.n - 1] = t;
	if (r < 0)
		return r;
	return new_node(p, (struct node){ .kind = NODE_TEST, .a = p->f->tests.n - 1 }, ret);
}

static int parse_or(struct parser *p, uint32_t *ret);

static int parse_not(struct parser *p, uint32_t *ret)
{
	bool negate = is(p, "not"), open = is(p, "(");
	uint32_t at = p->tok.at, inner = 0;
	int r;

	if (!negate && !open)
		return parse_test(p, ret);
	if (++p->depth > FILTER_NESTING_MAX)
		return fail(p, at, "this is nested too deeply");
	r = advance(p);
	if (r >= 0)
		r = negate ? parse_not(p, &inner) : parse_or(p, &inner);
	if (r < 0)
		return r;
	p->depth--;
	if (negate)
		return new_node(p, (struct node){ .kind = NODE_NOT, .a = inner }, ret);
	if (!is(p, ")"))
		return p->tok.kind == T_END ? fail(p, at, "this '(' is never closed") : missing(p, "'and', 'or' or ')'");
	*ret = inner;
	return advance(p);
}

/* A chain; what stands to the left is worked out first. */
static int parse_and(struct parser *p, uint32_t *ret)
{
	uint32_t left, right;
	int r = parse_not(p, &left);

	while (r >= 0 && is(p, "and")) {
		r = advance(p);
		if (r >= 0)
			r = parse_not(p, &right);
		if (r >= 0)
			r = new_node(p, (struct node){ .kind = NODE_AND, .a = left, .b = right }, &left);
	}
	if (r >= 0)
		*ret = left;
	return r;
}

static int parse_or(struct parser *p, uint32_t *ret)
{
	uint32_t left, right;
	int r = parse_and(p, &left);

	while (r >= 0 && is(p, "or")) {
		r = advance(p);
		if (r >= 0)
			r = parse_and(p, &right);
		if (r >= 0)
			r = new_node(p, (struct node){ .kind = NODE_OR, .a = left, .b = right }, &left);
	}
	if (r >= 0)
		*ret = left;
	return r;
}

int filter_parse(struct seam_filter *f, struct seam_err *err)
{
	struct parser p = { .f = f, .lexer = { .text = f->text, .err = err } };
	int r = advance(&p);

	if (r < 0)
		return r;
	if (p.tok.kind == T_END)
		return fail(&p, p.tok.at, "the expression is empty");
	r = parse_or(&p, &f->root);
	if (r < 0)
		return r;
	if (is(&p, ")"))
		return fail(&p, p.tok.at, "this ')' closes nothing");
	return p.tok.kind == T_END ? 0 : missing(&p, "'and' or 'or'");
}
