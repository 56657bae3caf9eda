/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads sets of constants and lists of errors. */
#include "seamc/parser.h"

/* A name with * and ?: tokens that touch. */
static const char *take_glob(struct parser *p)
{
	const char *begin = p->tok.begin;

	if (p->tok.kind != T_NAME && !at(p, "*")) {
		parser_unexpected(p, "a constant or a glob");
		return NULL;
	}
	do {
		parser_advance(p);
	} while (!p->tok.spaced && !p->tok.first &&
		 (p->tok.kind == T_NAME || p->tok.kind == T_NUMBER || at(p, "*") || at(p, "?")));
	return arena_strndup(p->arena, begin, (size_t)(p->prev_end - begin));
}

static bool parse_item(struct parser *p, struct ast_set *set, const struct ast_value *mask)
{
	struct ast_item item = { .loc = p->tok.loc };

	if (mask)
		item.mask = *mask;
	item.has_mask = mask != NULL;

	item.out = take(p, "!");
	item.include = !item.out && take(p, "@");
	item.name = take_glob(p);
	if (!item.name)
		return false;
	if (!item.out && !item.include && take(p, ":")) {
		bool negative = take(p, "-");

		if (p->tok.kind != T_NUMBER)
			return parser_unexpected(p, "the constant's value");
		item.has_value = true;
		item.value = negative ? -p->tok.number : p->tok.number;
		parser_advance(p);
	}
	*vec_push(p->arena, &set->items) = item;
	return true;
}

/* (MASK: item item ...) */
static bool parse_field_items(struct parser *p, struct ast_set *set)
{
	struct ast_value mask = { 0 };

	if (!parse_value(p, &mask) || !parser_expect(p, ":"))
		return false;
	parser_skip_newlines(p);
	while (!at(p, ")")) {
		if (!parse_item(p, set, &mask))
			return false;
		parser_skip_newlines(p);
	}
	return parser_expect(p, ")");
}

/* Lists run on over line ends to the next declaration. */
static bool parse_items(struct parser *p, struct ast_set *set, bool fields)
{
	set->decl.loc = p->tok.loc;
	set->decl.name = parser_name(p, "a name");
	if (!set->decl.name || !parser_expect(p, "="))
		return false;
	for (;;) {
		parser_skip_newlines(p);
		if (parser_at_declaration(p))
			return true;
		if (fields && take(p, "(")) {
			if (!parse_field_items(p, set))
				return false;
		} else if (!parse_item(p, set, NULL)) {
			return false;
		}
		take(p, ",");
	}
}

void parse_set(struct parser *p, bool bits)
{
	struct ast_set *set = arena_new(p->arena, struct ast_set);

	set->bits = bits;
	if (!parse_items(p, set, bits))
		parser_skip_declaration(p);
	if (set->decl.name)
		*vec_push(p->arena, &p->ast->sets) = set;
}

void parse_errors(struct parser *p)
{
	struct ast_set *set = arena_new(p->arena, struct ast_set);

	if (!parse_items(p, set, false))
		parser_skip_declaration(p);
	if (set->decl.name)
		*vec_push(p->arena, &p->ast->errors) = set;
}
