/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads what a call does, waits on, how it can fail, and what a deterministic run makes of it. */
#include <string.h>

#include "seamc/guess.h"
#include "seamc/parser.h"
#include "base/util.h"
#include "calls/vocabulary.h"

static struct ast_object *parse_object(struct parser *p)
{
	struct ast_object *o = arena_new(p->arena, struct ast_object);
	bool paren = false;

	o->loc = p->tok.loc;
	o->world = -1;
	if (at(p, "dir")) {
		parser_advance(p);
		if (!parser_expect(p, "("))
			return NULL;
		o->dir = paren = true;
	}
	o->value = parse_unary(p);
	if (!o->value)
		return NULL;
	if (take(p, "[")) {
		o->length = parse_expr(p);
		if (!o->length || !parser_expect(p, "]"))
			return NULL;
	}
	if (paren && !parser_expect(p, ")"))
		return NULL;
	return o;
}

static const char *guess_verb(const struct parser *p, const char *word)
{
	struct guess g = { .arena = p->arena, .diag = p->diag };

	guess_words(&g, verb_words, SEAM_VERB_COUNT);
	return guess_text(&g, word);
}

/* "words" and objects, or one of the two. */
static bool parse_as(struct parser *p, struct ast_effect *e)
{
	size_t n = 0;

	if (p->tok.kind == T_STRING) {
		e->as = parser_text(p);
	}
	while (!at_clause_end(p) && !at(p, ",") && !at(p, "if") && !at(p, "unless")) {
		if (n == ARRAY_SIZE(e->by))
			return parser_unexpected(p, "the end of the clause");
		e->by[n] = parse_object(p);
		if (!e->by[n++])
			return false;
	}
	return n || e->as || parser_unexpected(p, "words in quotes, or an argument");
}

static bool parse_effect(struct parser *p, struct ast_body *body)
{
	struct ast_effect e = { .loc = p->tok.loc };
	const char *word;

	e.may = take(p, "may");
	word = parser_name(p, "a verb (reads, writes, opens, closes, creates, ...)");
	if (!word)
		return false;
	if (strcmp(word, "lets") == 0) {
		if (take(p, "read"))
			e.verb = SEAM_VERB_LETS_READ;
		else if (take(p, "write"))
			e.verb = SEAM_VERB_LETS_WRITE;
		else
			return parser_unexpected(p, "'read' or 'write'");
	} else if (strcmp(word, "reads") == 0 || strcmp(word, "writes") == 0) {
		bool reads = *word == 'r';

		if (take(p, "status"))
			e.verb = reads ? SEAM_VERB_READS_STATUS : SEAM_VERB_WRITES_STATUS;
		else if (take(p, "content"))
			e.verb = reads ? SEAM_VERB_READS_CONTENT : SEAM_VERB_WRITES_CONTENT;
		else
			return parser_unexpected(p, "'status' or 'content'");
	} else {
		int verb = word_verb(word);

		if (verb < 0) {
			diag_error(p->diag, e.loc, "there is no verb '%s'%s", word, guess_verb(p, word));
			return false;
		}
		e.verb = (enum seam_verb)verb;
	}
	if (!at_clause_end(p) && !at(p, ",") && !at(p, "if") && !at(p, "unless")) {
		e.object = parse_object(p);
		if (!e.object)
			return false;
		if (take(p, "to") && !(e.to = parse_object(p)))
			return false;
		if (take(p, "as") && !parse_as(p, &e))
			return false;
	} else if (e.verb != SEAM_VERB_FORKS && e.verb != SEAM_VERB_EXITS && e.verb != SEAM_VERB_UNKNOWN) {
		return parser_unexpected(p, "what the verb is about");
	}
	if (!parse_if(p, &e.when))
		return false;
	*vec_push(p->arena, &body->effects) = e;
	return true;
}

static bool parse_wait(struct parser *p, struct ast_body *body)
{
	struct ast_wait w = { .loc = p->tok.loc };

	if (!parser_expect(p, "on") || !(w.object = parse_object(p)))
		return false;
	if (at(p, "for") || at(p, "until")) {
		w.absolute = at(p, "until");
		parser_advance(p);
		w.timeout = parse_place(p, "the argument with the timeout");
		if (!w.timeout)
			return false;
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

	d->arg = parser_name(p, "an argument");
	if (!d->arg)
		return false;
	while (ok && take(p, ".")) {
		const char *name = parser_name(p, "the name of a member");

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

	if (take(p, "stable")) {
		d.verb = SEAM_DET_STABLE;
	} else if (take(p, "virtual")) {
		d.verb = SEAM_DET_VIRTUAL;
		if (!(d.word = parser_name(p, "what is virtual (time, pid, random, ...)")))
			return false;
	} else if (take(p, "sorted")) {
		d.verb = SEAM_DET_SORTED;
		if (!(d.arg = parser_name(p, "an argument")))
			return false;
		if (take(p, "by") && !(d.word = parser_name(p, "the name of a member")))
			return false;
	} else if (take(p, "masked")) {
		d.verb = SEAM_DET_MASKED;
		if (!parse_arg_member(p, &d))
			return false;
		while (p->tok.kind == T_NAME) {
			*vec_push(p->arena, &body->dets) = d;
			if (!parse_arg_member(p, &d))
				return false;
		}
	} else if (take(p, "scheduled")) {
		d.verb = SEAM_DET_SCHEDULED;
	} else if (take(p, "refused")) {
		d.verb = SEAM_DET_REFUSED;
		if (!(d.error = parser_name(p, "the error")))
			return false;
	} else if (take(p, "by")) {
		d.verb = SEAM_DET_BY_FD;
		if (!parser_expect(p, "fd") || !(d.arg = parser_name(p, "the argument with the descriptor")))
			return false;
	} else {
		return parser_unexpected_word(p, "stable, virtual, sorted, masked, scheduled, refused or by fd", det_words,
					      SEAM_DET_COUNT);
	}
	*vec_push(p->arena, &body->dets) = d;
	return true;
}

static bool parse_fails(struct parser *p, struct ast_body *body)
{
	size_t first = body->fails.n;
	struct ast_expr *when = NULL;

	while (!at_clause_end(p) && !at(p, "if") && !at(p, "unless")) {
		struct ast_fail f = { .loc = p->tok.loc };

		f.list = take(p, "@");
		f.name = parser_name(p, "an error or @list");
		if (!f.name)
			return false;
		*vec_push(p->arena, &body->fails) = f;
		take(p, ",");
	}
	if (!parse_if(p, &when))
		return false;
	for (size_t i = first; i < body->fails.n; i++)
		body->fails.at[i].when = when;
	return true;
}

bool parse_like(struct parser *p, struct ast_body *body)
{
	struct ast_like like = { .loc = p->tok.loc };

	like.name = parser_name(p, "the name of a class");
	if (!like.name || !parser_name_list(p, "an argument", &like.args))
		return false;
	*vec_push(p->arena, &body->likes) = like;
	return true;
}

bool parse_groups(struct parser *p, uint32_t *ret_groups)
{
	do {
		struct token at = p->tok;
		const char *word;
		uint32_t class;

		take(p, "%");
		word = parser_name(p, "a class of calls");
		if (!word)
			return false;
		class = word_class(word);
		if (!class || class < SEAM_CLASS_FILE) {
			diag_error(p->diag, at.loc,
				   "there is no group '%s', only file desc net process memory ipc time signal", word);
			return false;
		}
		*ret_groups |= class;
		take(p, ",");
	} while (p->tok.kind == T_NAME || at(p, "%"));
	return true;
}

static bool parse_effects(struct parser *p, struct ast_body *body)
{
	do {
		if (!parse_effect(p, body))
			return false;
	} while (take(p, ","));
	return true;
}

static bool parse_dets(struct parser *p, struct ast_body *body)
{
	do {
		if (!parse_det(p, body))
			return false;
	} while (take(p, ","));
	return true;
}

enum clause parse_clause(struct parser *p, struct ast_body *body)
{
	bool ok;

	if (take(p, "does"))
		ok = parse_effects(p, body);
	else if (take(p, "det"))
		ok = parse_dets(p, body);
	else if (take(p, "waits"))
		ok = parse_wait(p, body);
	else if (take(p, "fails"))
		ok = parse_fails(p, body);
	else if (take(p, "like"))
		ok = parse_like(p, body);
	else if (take(p, "also"))
		ok = parse_groups(p, &body->also);
	else if (take(p, "gone"))
		ok = body->gone = true;
	else
		return NO_CLAUSE;
	return ok ? CLAUSE_OK : CLAUSE_BAD;
}

bool parse_some_clause(struct parser *p, struct ast_body *body)
{
	static const char *const words[] = { "does", "det", "waits", "fails", "like", "also", "gone", "on", "number", "case" };

	switch (parse_clause(p, body)) {
	case CLAUSE_OK:
		return true;
	case NO_CLAUSE:
		return parser_unexpected_word(p, "a clause", words, ARRAY_SIZE(words));
	default:
		return false;
	}
}
