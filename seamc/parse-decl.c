/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads declarations. */
#include "base/util.h"
#include "seamc/parser.h"
#include "calls/vocabulary.h"

/* One of the first `count` architectures. */
static bool parse_arch(struct parser *p, int count, unsigned *ret_archs)
{
	struct token at = p->tok;
	const char *name = parser_text(p);
	int arch = word_arch(name);

	if (arch < 0 || arch >= count) {
		diag_error(p->diag, at.loc, "'%s' is no architecture: x86_64, arm64 or riscv64", name);
		return false;
	}
	*ret_archs |= 1u << arch;
	return true;
}

static bool parse_archs(struct parser *p, unsigned *ret_archs)
{
	while (p->tok.kind == T_NAME && !at(p, "like"))
		if (!parse_arch(p, SEAM_ARCH_DESCRIBED, ret_archs))
			return false;
	return true;
}

/* number N, the same on every described architecture, or number ARCH=N ... */
static bool parse_number(struct parser *p, struct ast_number *n)
{
	if (!n->archs)
		n->loc = p->tok.loc;
	do {
		unsigned archs = 0;

		if (p->tok.kind == T_NAME && (!parse_arch(p, SEAM_ARCH_COUNT, &archs) || !parser_expect(p, "=")))
			return false;
		if (p->tok.kind != T_NUMBER || p->tok.number > UINT32_MAX)
			return parser_unexpected(p, "the number of the call");
		for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
			if (archs ? archs >> arch & 1 : arch < SEAM_ARCH_DESCRIBED) {
				n->number[arch] = (uint32_t)p->tok.number;
				n->archs |= 1u << arch;
			}
		parser_advance(p);
	} while (p->tok.kind == T_NAME);
	return true;
}

static bool parse_call_args(struct parser *p, struct ast_call *call)
{
	if (!parser_expect(p, "("))
		return false;
	if (take(p, ")"))
		return true;
	do {
		struct ast_arg a = { .loc = p->tok.loc, .at = -1 };

		a.name = parser_name(p, "the name of an argument");
		if (!a.name || !(a.type = parse_type(p)))
			return false;
		*vec_push(p->arena, &call->args) = a;
	} while (take(p, ","));
	return parser_expect(p, ")");
}

static bool parse_call_head(struct parser *p, struct ast_call *call)
{
	call->loc = p->tok.loc;
	call->name = parser_name(p, "the name of a call");
	if (!call->name || !parse_call_args(p, call))
		return false;
	if (!parser_expect(p, "->"))
		return false;
	if (take(p, "none"))
		call->noreturn = true;
	else if (!(call->ret = parse_type(p)))
		return false;
	for (;;) {
		if (take(p, "like")) {
			if (!parse_like(p, &call->body))
				return false;
		} else if (take(p, "on")) {
			if (!parse_archs(p, &call->archs))
				return false;
		} else {
			return parser_end_clause(p);
		}
	}
}

static bool parse_call_clause(struct parser *p, struct ast_call *call)
{
	if (take(p, "on"))
		return parse_archs(p, &call->archs);
	if (take(p, "number"))
		return parse_number(p, &call->number);
	return parse_some_clause(p, &call->body);
}

static void parse_call(struct parser *p)
{
	struct ast_call *call = arena_new(p->arena, struct ast_call);

	call->group = p->group;
	if (!parse_call_head(p, call)) {
		parser_skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->calls) = call;
	for (;;) {
		parser_skip_newlines(p);
		if (parser_at_declaration(p))
			return;
		if (at(p, "case")) {
			struct ast_case c = parse_case(p);

			*vec_push(p->arena, &call->cases) = c;
			continue;
		}
		if (!parse_call_clause(p, call) || !parser_end_clause(p))
			parser_skip_clause(p);
	}
}

static void parse_class(struct parser *p)
{
	struct ast_class *class = arena_new(p->arena, struct ast_class);

	class->decl.loc = p->tok.loc;
	class->decl.name = parser_name(p, "the name of a class");
	if (!class->decl.name || !parser_name_list(p, "a parameter", &class->params)) {
		parser_skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->classes) = class;
	for (;;) {
		parser_skip_newlines(p);
		if (parser_at_declaration(p))
			return;
		if (!parse_some_clause(p, &class->body) || !parser_end_clause(p))
			parser_skip_clause(p);
	}
}

static void parse_alias(struct parser *p)
{
	struct ast_alias *alias = arena_new(p->arena, struct ast_alias);

	alias->decl.loc = p->tok.loc;
	alias->decl.name = parser_name(p, "a name");
	if (!alias->decl.name || !parser_expect(p, "=") || !(alias->type = parse_type(p)) || !parser_end_clause(p)) {
		parser_skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->aliases) = alias;
}

static void parse_extend(struct parser *p)
{
	struct ast_extend *extend = arena_new(p->arena, struct ast_extend);

	extend->loc = p->tok.loc;
	extend->name = parser_name(p, "the name of a call");
	if (!extend->name || !parser_end_clause(p)) {
		parser_skip_declaration(p);
		return;
	}
	*vec_push(p->arena, &p->ast->extends) = extend;
	for (;;) {
		parser_skip_newlines(p);
		if (parser_at_declaration(p))
			return;
		if (at(p, "case")) {
			struct ast_case c = parse_case(p);

			*vec_push(p->arena, &extend->cases) = c;
		} else {
			parser_unexpected(p, "'case'");
			parser_skip_clause(p);
		}
	}
}

static void parse_group(struct parser *p)
{
	p->group = 0;
	if (take(p, "none"))
		return;
	if (!parse_groups(p, &p->group))
		parser_skip_declaration(p);
}

static void parse_enum(struct parser *p)
{
	parse_set(p, false);
}

static void parse_bits(struct parser *p)
{
	parse_set(p, true);
}

static const struct declaration {
	const char *word;
	void (*parse)(struct parser *p);
} declarations[] = {
	{ "call", parse_call },	    { "struct", parse_struct }, { "enum", parse_enum },
	{ "bits", parse_bits },	    { "errors", parse_errors }, { "class", parse_class },
	{ "type", parse_alias },    { "extend", parse_extend }, { "group", parse_group },
};

/* Only at the left margin, so that members and arguments may bear these names. */
static const struct declaration *declaration_here(const struct parser *p)
{
	if (p->tok.kind != T_NAME || p->tok.loc.col != 1)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(declarations); i++)
		if (at(p, declarations[i].word))
			return &declarations[i];
	return NULL;
}

bool parser_at_declaration(const struct parser *p)
{
	return p->tok.kind == T_END || declaration_here(p);
}

static void no_declaration(struct parser *p)
{
	const char *words[ARRAY_SIZE(declarations)];

	for (size_t i = 0; i < ARRAY_SIZE(declarations); i++)
		words[i] = declarations[i].word;
	parser_unexpected_word(p, "a declaration (call, struct, enum, bits, errors, class, type, extend, group)", words,
			       ARRAY_SIZE(words));
}

void parse(struct ast *ast, const struct source *source, struct diag *diag)
{
	struct parser p = { .ast = ast, .arena = ast->arena, .diag = diag };
	const struct declaration *d;

	lexer_init(&p.lexer, source, diag);
	p.tok = lexer_next(&p.lexer);
	for (;;) {
		parser_skip_newlines(&p);
		if (p.tok.kind == T_END)
			return;
		d = declaration_here(&p);
		if (d) {
			parser_advance(&p);
			d->parse(&p);
		} else {
			no_declaration(&p);
			parser_skip_declaration(&p);
		}
	}
}
