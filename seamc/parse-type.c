/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads types. */
#include "seamc/parser.h"
#include "calls/vocabulary.h"

/* [room], [room; valid], [; valid], [room bytes; valid] */
static bool parse_extent(struct parser *p, struct ast_type *t)
{
	if (!take(p, "["))
		return true;
	t->has_extent = true;
	if (p->tok.kind != T_NEWLINE) {
		t->room = parse_expr(p);
		if (!t->room)
			return false;
		t->bytes = take(p, "bytes");
	}
	if (p->tok.kind == T_NEWLINE) {
		parser_advance(p);
		t->valid = parse_expr(p);
		if (!t->valid)
			return false;
	}
	return parser_expect(p, "]");
}

static bool parse_path_words(struct parser *p, struct ast_type *t)
{
	for (;;) {
		if (take(p, "nofollow")) {
			if (!at(p, "when"))
				t->always_nofollow = true;
			else if (!parse_condition(p, "when", &t->nofollow))
				return false;
		} else if (take(p, "follow")) {
			if (!at(p, "when"))
				return parser_unexpected(p, "'when' (a path is followed unless said otherwise)");
			if (!parse_condition(p, "when", &t->follow))
				return false;
		} else if (take(p, "empty")) {
			if (!at(p, "when"))
				return parser_unexpected(p, "'when'");
			if (!parse_condition(p, "when", &t->empty))
				return false;
		} else {
			return true;
		}
	}
}

static bool parse_struct_args(struct parser *p, struct ast_type *t)
{
	if (!take(p, "("))
		return true;
	do {
		struct ast_expr *e = parse_expr(p);

		if (!e)
			return false;
		*vec_push(p->arena, &t->args) = e;
	} while (take(p, ","));
	return parser_expect(p, ")");
}

static bool parse_kind(struct parser *p, struct ast_type *t)
{
	const char *word;

	t->name_loc = p->tok.loc;
	word = parser_name(p, "a type");
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
		return (t->name = parser_name(p, "the name of a set")) != NULL;
	case SEAM_KIND_ID:
		return (t->name = parser_name(p, "what it identifies")) != NULL;
	case SEAM_KIND_STRUCT:
		return (t->name = parser_name(p, "the name of a structure")) && parse_struct_args(p, t);
	case SEAM_KIND_PATH:
		if (take(p, "@"))
			return (t->name = parser_name(p, "the argument that the path is relative to")) != NULL;
		return true;
	case SEAM_KIND_OPAQUE:
		if (p->tok.kind != T_STRING)
			return parser_unexpected(p, "the reason, in double quotes");
		t->name = parser_text(p);
		return true;
	case SEAM_KIND_IOC:
		return parser_expect(p, "(") && (t->room = parse_expr(p)) && parser_expect(p, ")");
	default:
		return true;
	}
}

static bool parse_type_into(struct parser *p, struct ast_type *t)
{
	if (take(p, "in"))
		t->dir = SEAM_DIR_IN;
	else if (take(p, "out"))
		t->dir = SEAM_DIR_OUT;
	else if (take(p, "io"))
		t->dir = SEAM_DIR_INOUT;
	if (!parse_kind(p, t))
		return false;
	if (take(p, ":")) {
		if (p->tok.kind != T_NUMBER || (p->tok.number != 8 && p->tok.number != 16 && p->tok.number != 32 &&
						p->tok.number != 64))
			return parser_unexpected(p, "a width of 8, 16, 32 or 64");
		t->width = (unsigned)p->tok.number;
		parser_advance(p);
	}
	t->big_endian = take(p, "be");
	if (!parse_extent(p, t))
		return false;
	if ((t->kind == SEAM_KIND_IOVEC || t->kind == SEAM_KIND_PTRS)) {
		if (!parser_expect(p, "of") || !(t->of = parse_type(p)))
			return false;
	}
	if (t->kind == SEAM_KIND_PATH && !parse_path_words(p, t))
		return false;
	if (!parse_if(p, &t->when))
		return false;
	t->chief = take(p, "chief");
	t->closed = take(p, "closed");
	return true;
}

struct ast_type *parse_type(struct parser *p)
{
	struct ast_type *t = arena_new(p->arena, struct ast_type);
	bool ok = false;

	t->loc = p->tok.loc;
	p->depth++;
	if (!parser_too_deep(p))
		ok = parse_type_into(p, t);
	p->depth--;
	return ok ? t : NULL;
}
