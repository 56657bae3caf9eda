/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a description: recursive descent, one function per sentence of the language. */
#include <string.h>

#include "base/util.h"
#include "seamc/ast.h"
#include "seamc/lexer.h"
#include "seamc/vocabulary.h"

#define MAX_DEPTH 60 /* of brackets and unary operators: hostile input must not exhaust the stack */

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

static const char *const declarations[] = {
	"call", "struct", "enum", "bits", "errors", "class", "type", "extend", "group",
};

/* tokens */

static void advance(struct parser *p)
{
	p->prev_end = p->tok.end;
	p->tok = lexer_next(&p->lexer);
}

static bool is(const struct parser *p, const char *text)
{
	return token_is(&p->tok, text);
}

static bool accept(struct parser *p, const char *text)
{
	if (!is(p, text))
		return false;
	advance(p);
	return true;
}

static bool at_clause_end(const struct parser *p)
{
	return p->tok.kind == T_NEWLINE || p->tok.kind == T_END;
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

/* Always false, so that callers can return it. */
static bool unexpected(struct parser *p, const char *wanted)
{
	diag_error(p->diag, p->tok.loc, "expected %s, found %s", wanted, token_text(p, &p->tok));
	return false;
}

static bool expect(struct parser *p, const char *text)
{
	if (accept(p, text))
		return true;
	return unexpected(p, arena_printf(p->arena, "'%s'", text));
}

static const char *take_text(struct parser *p)
{
	const char *s = arena_strndup(p->arena, p->tok.begin, (size_t)(p->tok.end - p->tok.begin));

	advance(p);
	return s;
}

static const char *expect_name(struct parser *p, const char *what)
{
	if (p->tok.kind == T_NAME)
		return take_text(p);
	unexpected(p, what);
	return NULL;
}

static bool at_declaration(const struct parser *p)
{
	if (p->tok.kind == T_END)
		return true;
	if (p->tok.kind != T_NAME || p->tok.loc.col != 1)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(declarations); i++)
		if (is(p, declarations[i]))
			return true;
	return false;
}

static void skip_newlines(struct parser *p)
{
	while (p->tok.kind == T_NEWLINE)
		advance(p);
}

/* The end of the structure that is being read. */
static bool at_brace(const struct parser *p)
{
	return p->in_struct && is(p, "}");
}

static void skip_clause(struct parser *p)
{
	while (!at_clause_end(p) && !at_brace(p))
		advance(p);
}

static void skip_declaration(struct parser *p)
{
	while (!at_declaration(p))
		advance(p);
}

static bool end_clause(struct parser *p)
{
	if (p->tok.kind == T_NEWLINE) {
		advance(p);
		return true;
	}
	if (p->tok.kind == T_END || at_brace(p))
		return true;
	return unexpected(p, "the end of the clause");
}

static bool too_deep(struct parser *p)
{
	if (p->depth <= MAX_DEPTH)
		return false;
	diag_error(p->diag, p->tok.loc, "this is nested too deeply");
	return true;
}

/* expressions */

static struct ast_expr *parse_expr(struct parser *p);
static struct ast_expr *parse_binary(struct parser *p, unsigned level);

static struct ast_expr *new_expr(struct parser *p, enum expr_kind kind, const struct token *at)
{
	struct ast_expr *e = arena_new(p->arena, struct ast_expr);

	e->kind = kind;
	e->loc = at->loc;
	e->text = e->text_end = at->begin;
	return e;
}

static struct ast_expr *parse_name(struct parser *p)
{
	struct token start = p->tok;
	struct ast_expr *e;

	if (is(p, "ret") || is(p, "pagesize")) {
		e = new_expr(p, is(p, "ret") ? EXPR_RET : EXPR_PAGESIZE, &start);
		advance(p);
		return e;
	}
	e = new_expr(p, EXPR_NAME, &start);
	e->name = take_text(p);
	if (is(p, "(")) {
		advance(p);
		if (strcmp(e->name, "sizeof") == 0) {
			e->kind = EXPR_SIZEOF;
			if (!accept(p, "struct"))
				accept(p, "union");
			e->name = expect_name(p, "the name of a structure");
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
		return expect(p, ")") ? e : NULL;
	}
	while (is(p, ".")) {
		const char *member;

		advance(p);
		member = expect_name(p, "the name of a member");
		if (!member)
			return NULL;
		*vec_push(p->arena, &e->path) = member;
	}
	return e;
}

static struct ast_expr *parse_primary(struct parser *p)
{
	struct token start = p->tok;
	struct ast_expr *e;

	if (p->tok.kind == T_NUMBER) {
		e = new_expr(p, EXPR_NUMBER, &start);
		e->number = p->tok.number;
		advance(p);
		return e;
	}
	if (p->tok.kind == T_NAME)
		return parse_name(p);
	if (accept(p, "(")) {
		e = parse_expr(p);
		if (!e || !expect(p, ")"))
			return NULL;
		return e;
	}
	unexpected(p, "a value");
	return NULL;
}

static struct ast_expr *parse_unary(struct parser *p)
{
	static const struct {
		const char *text;
		enum expr_kind kind;
	} unary[] = { { "!", EXPR_NOT }, { "-", EXPR_NEG }, { "*", EXPR_DEREF }, { "new", EXPR_NEW } };
	struct token start = p->tok;
	struct ast_expr *e = NULL;

	p->depth++;
	if (too_deep(p))
		goto out;
	for (size_t i = 0; i < ARRAY_SIZE(unary); i++) {
		if (!is(p, unary[i].text))
			continue;
		advance(p);
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
		if (binaries[i].level == level && is(p, binaries[i].text))
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

		advance(p);
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

static struct ast_expr *parse_expr(struct parser *p)
{
	struct ast_expr *e = NULL;

	p->depth++;
	if (!too_deep(p))
		e = parse_binary(p, 0);
	p->depth--;
	return e;
}

static bool parse_condition(struct parser *p, const char *word, struct ast_expr **ret_when)
{
	if (!accept(p, word))
		return true;
	*ret_when = parse_expr(p);
	return *ret_when != NULL;
}

/* [if EXPR | unless EXPR] */
static bool parse_if(struct parser *p, struct ast_expr **ret_when)
{
	struct token start = p->tok;
	struct ast_expr *not;

	if (!accept(p, "unless"))
		return parse_condition(p, "if", ret_when);
	not = new_expr(p, EXPR_NOT, &start);
	not->a = parse_expr(p);
	if (!not->a)
		return false;
	not->text_end = p->prev_end;
	*ret_when = not;
	return true;
}

/* types */

/* [room], [room; valid], [; valid], [room bytes; valid] */
static bool parse_extent(struct parser *p, struct ast_type *t)
{
	if (!accept(p, "["))
		return true;
	t->has_extent = true;
	if (p->tok.kind != T_NEWLINE) {
		t->room = parse_expr(p);
		if (!t->room)
			return false;
		t->bytes = accept(p, "bytes");
	}
	if (p->tok.kind == T_NEWLINE) {
		advance(p);
		t->valid = parse_expr(p);
		if (!t->valid)
			return false;
	}
	return expect(p, "]");
}

static bool parse_path_words(struct parser *p, struct ast_type *t)
{
	for (;;) {
		if (accept(p, "nofollow")) {
			if (!is(p, "when"))
				t->always_nofollow = true;
			else if (!parse_condition(p, "when", &t->nofollow))
				return false;
		} else if (accept(p, "follow")) {
			if (!is(p, "when"))
				return unexpected(p, "'when' (a path is followed unless said otherwise)");
			if (!parse_condition(p, "when", &t->follow))
				return false;
		} else if (accept(p, "empty")) {
			if (!is(p, "when"))
				return unexpected(p, "'when'");
			if (!parse_condition(p, "when", &t->empty))
				return false;
		} else {
			return true;
		}
	}
}

static struct ast_type *parse_type(struct parser *p);

static bool parse_struct_args(struct parser *p, struct ast_type *t)
{
	if (!accept(p, "("))
		return true;
	do {
		struct ast_expr *e = parse_expr(p);

		if (!e)
			return false;
		*vec_push(p->arena, &t->args) = e;
	} while (accept(p, ","));
	return expect(p, ")");
}

static bool parse_kind(struct parser *p, struct ast_type *t)
{
	const char *word;

	t->name_loc = p->tok.loc;
	word = expect_name(p, "a type");
	if (!word)
		return false;
	t->kind = (enum seam_kind)word_kind(word);
	if (t->kind == SEAM_KIND_NONE) {
		t->is_alias = true;
		t->name = word;
		return true;
	}
	t->name_loc = p->tok.loc;
	switch (t->kind) {
	case SEAM_KIND_BITS:
	case SEAM_KIND_ENUM:
		return (t->name = expect_name(p, "the name of a set")) != NULL;
	case SEAM_KIND_ID:
		return (t->name = expect_name(p, "what it identifies")) != NULL;
	case SEAM_KIND_STRUCT:
		return (t->name = expect_name(p, "the name of a structure")) && parse_struct_args(p, t);
	case SEAM_KIND_PATH:
		if (accept(p, "@"))
			return (t->name = expect_name(p, "the argument that the path is relative to")) != NULL;
		return true;
	case SEAM_KIND_OPAQUE:
		if (p->tok.kind != T_STRING)
			return unexpected(p, "the reason, in double quotes");
		t->name = take_text(p);
		return true;
	case SEAM_KIND_IOC:
		return expect(p, "(") && (t->room = parse_expr(p)) && expect(p, ")");
	default:
		return true;
	}
}

static bool parse_type_into(struct parser *p, struct ast_type *t)
{
	if (accept(p, "in"))
		t->dir = SEAM_DIR_IN;
	else if (accept(p, "out"))
		t->dir = SEAM_DIR_OUT;
	else if (accept(p, "io"))
		t->dir = SEAM_DIR_INOUT;
	if (!parse_kind(p, t))
		return false;
	if (accept(p, ":")) {
		if (p->tok.kind != T_NUMBER || (p->tok.number != 8 && p->tok.number != 16 && p->tok.number != 32 &&
						p->tok.number != 64))
			return unexpected(p, "a width of 8, 16, 32 or 64");
		t->width = (unsigned)p->tok.number;
		advance(p);
	}
	if (!parse_extent(p, t))
		return false;
	if ((t->kind == SEAM_KIND_IOVEC || t->kind == SEAM_KIND_PTRS)) {
		if (!expect(p, "of") || !(t->of = parse_type(p)))
			return false;
	}
	if (t->kind == SEAM_KIND_PATH && !parse_path_words(p, t))
		return false;
	return parse_if(p, &t->when);
}

static struct ast_type *parse_type(struct parser *p)
{
	struct ast_type *t = arena_new(p->arena, struct ast_type);
	bool ok = false;

	t->loc = p->tok.loc;
	p->depth++;
	if (!too_deep(p))
		ok = parse_type_into(p, t);
	p->depth--;
	return ok ? t : NULL;
}

/* clauses */

static struct ast_object *parse_object(struct parser *p)
{
	struct ast_object *o = arena_new(p->arena, struct ast_object);
	bool paren = false;

	o->loc = p->tok.loc;
	o->world = -1;
	if (is(p, "dir")) {
		advance(p);
		if (!expect(p, "("))
			return NULL;
		o->dir = paren = true;
	}
	o->value = parse_unary(p);
	if (!o->value)
		return NULL;
	if (accept(p, "[")) {
		o->length = parse_expr(p);
		if (!o->length || !expect(p, "]"))
			return NULL;
	}
	if (paren && !expect(p, ")"))
		return NULL;
	return o;
}

static bool parse_effect(struct parser *p, struct ast_body *body)
{
	struct ast_effect e = { .loc = p->tok.loc };
	const char *word;

	e.may = accept(p, "may");
	word = expect_name(p, "a verb (reads, writes, opens, closes, creates, ...)");
	if (!word)
		return false;
	if (strcmp(word, "reads") == 0 || strcmp(word, "writes") == 0) {
		bool reads = *word == 'r';

		if (accept(p, "status"))
			e.verb = reads ? SEAM_VERB_READS_STATUS : SEAM_VERB_WRITES_STATUS;
		else if (accept(p, "content"))
			e.verb = reads ? SEAM_VERB_READS_CONTENT : SEAM_VERB_WRITES_CONTENT;
		else
			return unexpected(p, "'status' or 'content'");
	} else {
		int verb = word_verb(word);

		if (verb < 0) {
			diag_error(p->diag, e.loc, "there is no verb '%s'", word);
			return false;
		}
		e.verb = (enum seam_verb)verb;
	}
	if (!at_clause_end(p) && !is(p, ",") && !is(p, "if") && !is(p, "unless")) {
		e.object = parse_object(p);
		if (!e.object)
			return false;
		if (accept(p, "to") && !(e.to = parse_object(p)))
			return false;
	} else if (e.verb != SEAM_VERB_FORKS && e.verb != SEAM_VERB_EXITS && e.verb != SEAM_VERB_UNKNOWN) {
		return unexpected(p, "what the verb is about");
	}
	if (!parse_if(p, &e.when))
		return false;
	*vec_push(p->arena, &body->effects) = e;
	return true;
}

static bool parse_wait(struct parser *p, struct ast_body *body)
{
	struct ast_wait w = { .loc = p->tok.loc };

	if (!expect(p, "on") || !(w.object = parse_object(p)))
		return false;
	if (is(p, "for") || is(p, "until")) {
		w.absolute = is(p, "until");
		advance(p);
		w.timeout_loc = p->tok.loc;
		w.timeout = expect_name(p, "the argument with the timeout");
		if (!w.timeout)
			return false;
		/* a member: the structure's pointer is what matters to whoever waits */
		while (accept(p, ".")) {
			const char *member = expect_name(p, "the name of a member");

			if (!member)
				return false;
			w.timeout = arena_printf(p->arena, "%s.%s", w.timeout, member);
		}
	}
	if (!parse_if(p, &w.when))
		return false;
	*vec_push(p->arena, &body->waits) = w;
	return true;
}

/* ARG or ARG.MEMBER.MEMBER */
static bool parse_arg_member(struct parser *p, struct ast_det *d)
{
	struct buf member = BUF_INIT;
	bool ok = true;

	d->arg = expect_name(p, "an argument");
	if (!d->arg)
		return false;
	while (ok && accept(p, ".")) {
		const char *name = expect_name(p, "the name of a member");

		ok = name != NULL;
		if (ok)
			buf_addf(&member, "%s%s", member.len ? "." : "", name);
	}
	d->word = arena_strndup(p->arena, member.data, member.len);
	buf_release(&member);
	return ok;
}

static bool parse_det(struct parser *p, struct ast_body *body)
{
	struct ast_det d = { .loc = p->tok.loc };

	if (accept(p, "stable")) {
		d.verb = SEAM_DET_STABLE;
	} else if (accept(p, "virtual")) {
		d.verb = SEAM_DET_VIRTUAL;
		if (!(d.word = expect_name(p, "what is virtual (time, pid, random, ...)")))
			return false;
	} else if (accept(p, "sorted")) {
		d.verb = SEAM_DET_SORTED;
		if (!(d.arg = expect_name(p, "an argument")))
			return false;
		if (accept(p, "by") && !(d.word = expect_name(p, "the name of a member")))
			return false;
	} else if (accept(p, "masked")) {
		d.verb = SEAM_DET_MASKED;
		if (!parse_arg_member(p, &d))
			return false;
		while (p->tok.kind == T_NAME) {
			*vec_push(p->arena, &body->dets) = d;
			if (!parse_arg_member(p, &d))
				return false;
		}
	} else if (accept(p, "scheduled")) {
		d.verb = SEAM_DET_SCHEDULED;
	} else if (accept(p, "refused")) {
		d.verb = SEAM_DET_REFUSED;
		if (!(d.error = expect_name(p, "the error")))
			return false;
	} else if (accept(p, "by")) {
		d.verb = SEAM_DET_BY_FD;
		if (!expect(p, "fd") || !(d.arg = expect_name(p, "the argument with the descriptor")))
			return false;
	} else {
		return unexpected(p, "stable, virtual, sorted, masked, scheduled, refused or by fd");
	}
	*vec_push(p->arena, &body->dets) = d;
	return true;
}

static bool parse_fails(struct parser *p, struct ast_body *body)
{
	size_t first = body->fails.n;
	struct ast_expr *when = NULL;

	while (!at_clause_end(p) && !is(p, "if") && !is(p, "unless")) {
		struct ast_fail f = { .loc = p->tok.loc };

		f.list = accept(p, "@");
		f.name = expect_name(p, "an error or @list");
		if (!f.name)
			return false;
		*vec_push(p->arena, &body->fails) = f;
		accept(p, ",");
	}
	if (!parse_if(p, &when))
		return false;
	for (size_t i = first; i < body->fails.n; i++)
		body->fails.at[i].when = when;
	return true;
}

static bool parse_like(struct parser *p, struct ast_body *body)
{
	struct ast_like like = { .loc = p->tok.loc };
	const char *arg;

	like.name = expect_name(p, "the name of a class");
	if (!like.name)
		return false;
	if (accept(p, "(") && !accept(p, ")")) {
		do {
			if (!(arg = expect_name(p, "an argument")))
				return false;
			*vec_push(p->arena, &like.args) = arg;
		} while (accept(p, ","));
		if (!expect(p, ")"))
			return false;
	}
	*vec_push(p->arena, &body->likes) = like;
	return true;
}

static bool parse_groups(struct parser *p, uint32_t *ret_groups)
{
	do {
		struct token at = p->tok;
		const char *word;
		uint32_t class;

		accept(p, "%");
		word = expect_name(p, "a class of calls");
		if (!word)
			return false;
		class = word_class(word);
		if (!class || class < SEAM_CLASS_FILE) {
			diag_error(p->diag, at.loc,
				   "there is no group '%s', only file desc net process memory ipc time signal", word);
			return false;
		}
		*ret_groups |= class;
		accept(p, ",");
	} while (p->tok.kind == T_NAME || is(p, "%"));
	return true;
}

static bool parse_effects(struct parser *p, struct ast_body *body)
{
	do {
		if (!parse_effect(p, body))
			return false;
	} while (accept(p, ","));
	return true;
}

static bool parse_dets(struct parser *p, struct ast_body *body)
{
	do {
		if (!parse_det(p, body))
			return false;
	} while (accept(p, ","));
	return true;
}

enum clause { NO_CLAUSE, CLAUSE_OK, CLAUSE_BAD };

/* One of does, det, waits, fails, like, also, gone. */
static enum clause parse_clause(struct parser *p, struct ast_body *body)
{
	bool ok;

	if (accept(p, "does"))
		ok = parse_effects(p, body);
	else if (accept(p, "det"))
		ok = parse_dets(p, body);
	else if (accept(p, "waits"))
		ok = parse_wait(p, body);
	else if (accept(p, "fails"))
		ok = parse_fails(p, body);
	else if (accept(p, "like"))
		ok = parse_like(p, body);
	else if (accept(p, "also"))
		ok = parse_groups(p, &body->also);
	else if (accept(p, "gone"))
		ok = body->gone = true;
	else
		return NO_CLAUSE;
	return ok ? CLAUSE_OK : CLAUSE_BAD;
}

/* cases */

static bool parse_value(struct parser *p, struct ast_value *ret_value)
{
	bool negative;

	ret_value->loc = p->tok.loc;
	negative = accept(p, "-");
	if (p->tok.kind == T_NUMBER) {
		ret_value->number = negative ? -p->tok.number : p->tok.number;
		advance(p);
		return true;
	}
	ret_value->name = expect_name(p, "a constant");
	return ret_value->name != NULL;
}

/* EXPR = V V ..., EXPR = V ...: */
static bool parse_selectors(struct parser *p, struct ast_case *c)
{
	if (accept(p, "else")) {
		c->text_end = p->prev_end;
		return expect(p, ":");
	}
	do {
		struct ast_selector s = { 0 };

		skip_newlines(p);
		s.expr = parse_expr(p);
		if (!s.expr || !expect(p, "="))
			return false;
		skip_newlines(p);
		while (!is(p, ":") && !is(p, ",")) {
			struct ast_value v = { 0 };

			if (!parse_value(p, &v))
				return false;
			*vec_push(p->arena, &s.values) = v;
			skip_newlines(p);
		}
		if (!s.values.n)
			return unexpected(p, "a constant");
		*vec_push(p->arena, &c->selectors) = s;
	} while (accept(p, ","));
	c->text_end = p->prev_end;
	return expect(p, ":");
}

static bool parse_refinement(struct parser *p, struct ast_case *c)
{
	struct ast_arg a = { .loc = p->tok.loc, .at = -1 };

	a.name = expect_name(p, "a clause or an argument");
	if (!a.name || !(a.type = parse_type(p)))
		return false;
	*vec_push(p->arena, &c->args) = a;
	return true;
}

static bool parse_case_part(struct parser *p, struct ast_case *c)
{
	switch (parse_clause(p, &c->body)) {
	case CLAUSE_OK:
		return end_clause(p);
	case CLAUSE_BAD:
		return false;
	case NO_CLAUSE:
		break;
	}
	while (!at_clause_end(p) && !is(p, "->")) {
		if (!parse_refinement(p, c))
			return false;
		if (!accept(p, ","))
			break;
	}
	if (accept(p, "->") && !(c->ret = parse_type(p)))
		return false;
	return end_clause(p);
}

static struct ast_case parse_case(struct parser *p)
{
	struct ast_case c = { .loc = p->tok.loc };

	advance(p);
	c.text = p->tok.begin;
	if (!parse_selectors(p, &c))
		skip_clause(p);
	for (;;) {
		skip_newlines(p);
		if (is(p, "case") || at_declaration(p))
			return c;
		if (!parse_case_part(p, &c))
			skip_clause(p);
	}
}

/* declarations */

static bool parse_archs(struct parser *p, unsigned *ret_archs)
{
	while (p->tok.kind == T_NAME && !is(p, "like")) {
		struct token at = p->tok;
		const char *name = take_text(p);
		int arch = word_arch(name);

		if (arch < 0 || arch >= SEAM_ARCH_DESCRIBED) {
			diag_error(p->diag, at.loc, "'%s' is no architecture: x86_64, arm64 or riscv64", name);
			return false;
		}
		*ret_archs |= 1u << arch;
	}
	return true;
}

static bool parse_call_args(struct parser *p, struct ast_call *call)
{
	if (!expect(p, "("))
		return false;
	if (accept(p, ")"))
		return true;
	do {
		struct ast_arg a = { .loc = p->tok.loc, .at = -1 };

		a.name = expect_name(p, "the name of an argument");
		if (!a.name || !(a.type = parse_type(p)))
			return false;
		*vec_push(p->arena, &call->args) = a;
	} while (accept(p, ","));
	return expect(p, ")");
}

static bool parse_call_head(struct parser *p, struct ast_call *call)
{
	call->loc = p->tok.loc;
	call->name = expect_name(p, "the name of a call");
	if (!call->name || !parse_call_args(p, call))
		return false;
	/* the arrow may stand on the next line, under the arguments */
	if (!expect(p, "->"))
		return false;
	if (accept(p, "none"))
		call->noreturn = true;
	else if (!(call->ret = parse_type(p)))
		return false;
	for (;;) {
		if (accept(p, "like")) {
			if (!parse_like(p, &call->body))
				return false;
		} else if (accept(p, "on")) {
			if (!parse_archs(p, &call->archs))
				return false;
		} else {
			return end_clause(p);
		}
	}
}

static bool parse_call_clause(struct parser *p, struct ast_call *call)
{
	if (accept(p, "on"))
		return parse_archs(p, &call->archs);
	switch (parse_clause(p, &call->body)) {
	case CLAUSE_OK:
		return true;
	case NO_CLAUSE:
		return unexpected(p, "a clause");
	case CLAUSE_BAD:
		break;
	}
	return false;
}

static void parse_call(struct parser *p)
{
	struct ast_call *call = arena_new(p->arena, struct ast_call);

	call->group = p->group;
	if (!parse_call_head(p, call)) {
		skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->calls) = call;
	for (;;) {
		skip_newlines(p);
		if (at_declaration(p))
			return;
		if (is(p, "case")) {
			struct ast_case c = parse_case(p);

			*vec_push(p->arena, &call->cases) = c;
			continue;
		}
		if (!parse_call_clause(p, call) || !end_clause(p))
			skip_clause(p);
	}
}

static void parse_class(struct parser *p)
{
	struct ast_class *class = arena_new(p->arena, struct ast_class);
	const char *param;

	class->loc = p->tok.loc;
	class->name = expect_name(p, "the name of a class");
	if (!class->name)
		goto bad;
	if (accept(p, "(") && !accept(p, ")")) {
		do {
			if (!(param = expect_name(p, "a parameter")))
				goto bad;
			*vec_push(p->arena, &class->params) = param;
		} while (accept(p, ","));
		if (!expect(p, ")"))
			goto bad;
	}
	*vec_push(p->arena, &p->ast->classes) = class;
	for (;;) {
		skip_newlines(p);
		if (at_declaration(p))
			return;
		switch (parse_clause(p, &class->body)) {
		case CLAUSE_OK:
			if (!end_clause(p))
				skip_clause(p);
			break;
		case NO_CLAUSE:
			unexpected(p, "a clause");
			__attribute__((fallthrough));
		case CLAUSE_BAD:
			skip_clause(p);
			break;
		}
	}
bad:
	skip_declaration(p);
}

static bool parse_member(struct parser *p, struct ast_arg *ret_member)
{
	*ret_member = (struct ast_arg){ .loc = p->tok.loc, .at = -1 };
	ret_member->name = expect_name(p, "the name of a member");
	while (ret_member->name && accept(p, ".")) {
		const char *inner = expect_name(p, "the name of a member");

		ret_member->name = inner ? arena_printf(p->arena, "%s.%s", ret_member->name, inner) : NULL;
	}
	if (!ret_member->name)
		return false;
	if (accept(p, "@")) {
		if (p->tok.kind != T_NUMBER || p->tok.number > INT32_MAX)
			return unexpected(p, "the offset of the member");
		ret_member->at = (int64_t)p->tok.number;
		advance(p);
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

		skip_newlines(p);
		if (accept(p, "}"))
			return true;
		if (at_declaration(p))
			return unexpected(p, "'}'");
		if (is(p, "case")) {
			struct ast_case c = { .loc = p->tok.loc };

			advance(p);
			c.text = p->tok.begin;
			if (!parse_selectors(p, &c))
				skip_clause(p);
			current = vec_push(p->arena, &s->cases);
			*current = c;
			continue;
		}
		if (!parse_member(p, &member) || (!accept(p, ",") && !end_clause(p))) {
			skip_clause(p);
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
	const char *param;

	s->loc = p->tok.loc;
	s->name = s->cname = expect_name(p, "the name of a structure");
	if (!s->name)
		return false;
	if (accept(p, "(") && !accept(p, ")")) {
		do {
			if (!(param = expect_name(p, "a parameter")))
				return false;
			*vec_push(p->arena, &s->params) = param;
		} while (accept(p, ","));
		if (!expect(p, ")"))
			return false;
	}
	if (accept(p, "of")) {
		if (!accept(p, "struct"))
			accept(p, "union");
		if (!(s->cname = expect_name(p, "the name of a C structure")))
			return false;
	}
	s->only = accept(p, "only");
	if (!is(p, "{"))
		return end_clause(p); /* nothing means more than its C type */
	advance(p);
	return parse_members(p, s);
}

static void parse_struct(struct parser *p)
{
	struct ast_struct *s = arena_new(p->arena, struct ast_struct);

	p->in_struct = true;
	if (!parse_struct_into(p, s))
		skip_declaration(p);
	p->in_struct = false;
	if (s->cname)
		*vec_push(p->arena, &p->ast->structs) = s;
}

/* A name with * and ?: tokens that touch. */
static const char *take_glob(struct parser *p)
{
	const char *begin = p->tok.begin;

	if (p->tok.kind != T_NAME && !is(p, "*")) {
		unexpected(p, "a constant or a glob");
		return NULL;
	}
	do {
		advance(p);
	} while (!p->tok.spaced && !p->tok.first &&
		 (p->tok.kind == T_NAME || p->tok.kind == T_NUMBER || is(p, "*") || is(p, "?")));
	return arena_strndup(p->arena, begin, (size_t)(p->prev_end - begin));
}

static bool parse_item(struct parser *p, struct ast_set *set, const struct ast_value *mask)
{
	struct ast_item item = { .loc = p->tok.loc };

	if (mask)
		item.mask = *mask;
	item.has_mask = mask != NULL;

	item.out = accept(p, "!");
	item.include = !item.out && accept(p, "@");
	item.name = take_glob(p);
	if (!item.name)
		return false;
	if (!item.out && !item.include && accept(p, ":")) {
		bool negative = accept(p, "-");

		if (p->tok.kind != T_NUMBER)
			return unexpected(p, "the constant's value");
		item.has_value = true;
		item.value = negative ? -p->tok.number : p->tok.number;
		advance(p);
	}
	*vec_push(p->arena, &set->items) = item;
	return true;
}

/* (MASK: item item ...) */
static bool parse_field_items(struct parser *p, struct ast_set *set)
{
	struct ast_value mask = { 0 };

	if (!parse_value(p, &mask) || !expect(p, ":"))
		return false;
	skip_newlines(p);
	while (!is(p, ")")) {
		if (!parse_item(p, set, &mask))
			return false;
		skip_newlines(p);
	}
	return expect(p, ")");
}

/* Lists run on over line ends to the next declaration. */
static bool parse_items(struct parser *p, struct ast_set *set, bool fields)
{
	set->loc = p->tok.loc;
	set->name = expect_name(p, "a name");
	if (!set->name || !expect(p, "="))
		return false;
	for (;;) {
		skip_newlines(p);
		if (at_declaration(p))
			return true;
		if (fields && accept(p, "(")) {
			if (!parse_field_items(p, set))
				return false;
		} else if (!parse_item(p, set, NULL)) {
			return false;
		}
		accept(p, ",");
	}
}

static void parse_set(struct parser *p, bool bits)
{
	struct ast_set *set = arena_new(p->arena, struct ast_set);

	set->bits = bits;
	if (!parse_items(p, set, bits))
		skip_declaration(p);
	if (set->name)
		*vec_push(p->arena, &p->ast->sets) = set;
}

static void parse_errors(struct parser *p)
{
	struct ast_set *set = arena_new(p->arena, struct ast_set);

	if (!parse_items(p, set, false))
		skip_declaration(p);
	if (set->name)
		*vec_push(p->arena, &p->ast->errors) = set;
}

static void parse_alias(struct parser *p)
{
	struct ast_alias *alias = arena_new(p->arena, struct ast_alias);

	alias->loc = p->tok.loc;
	alias->name = expect_name(p, "a name");
	if (!alias->name || !expect(p, "=") || !(alias->type = parse_type(p)) || !end_clause(p)) {
		skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->aliases) = alias;
}

static void parse_extend(struct parser *p)
{
	struct ast_extend *extend = arena_new(p->arena, struct ast_extend);

	extend->loc = p->tok.loc;
	extend->name = expect_name(p, "the name of a call");
	if (!extend->name || !end_clause(p)) {
		skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->extends) = extend;
	for (;;) {
		skip_newlines(p);
		if (at_declaration(p))
			return;
		if (is(p, "case")) {
			struct ast_case c = parse_case(p);

			*vec_push(p->arena, &extend->cases) = c;
		} else {
			unexpected(p, "'case'");
			skip_clause(p);
		}
	}
}

static void parse_group(struct parser *p)
{
	p->group = 0;
	if (accept(p, "none"))
		return;
	if (!parse_groups(p, &p->group))
		skip_declaration(p);
}

void parse(struct ast *ast, const struct source *source, struct diag *diag)
{
	struct parser p = { .ast = ast, .arena = ast->arena, .diag = diag };

	lexer_init(&p.lexer, source, diag);
	p.tok = lexer_next(&p.lexer);
	for (;;) {
		skip_newlines(&p);
		if (p.tok.kind == T_END)
			return;
		if (!at_declaration(&p)) {
			unexpected(&p, "a declaration (call, struct, enum, bits, errors, class, type, extend, group)");
			skip_declaration(&p);
		} else if (accept(&p, "call")) {
			parse_call(&p);
		} else if (accept(&p, "struct")) {
			parse_struct(&p);
		} else if (accept(&p, "enum")) {
			parse_set(&p, false);
		} else if (accept(&p, "bits")) {
			parse_set(&p, true);
		} else if (accept(&p, "errors")) {
			parse_errors(&p);
		} else if (accept(&p, "class")) {
			parse_class(&p);
		} else if (accept(&p, "type")) {
			parse_alias(&p);
		} else if (accept(&p, "extend")) {
			parse_extend(&p);
		} else if (accept(&p, "group")) {
			parse_group(&p);
		}
	}
}
