/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists the constants and structures that descriptions name. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/strmap.h"
#include "seamc/emit.h"

struct needs {
	const struct ast *ast;
	struct strmap lines;
	struct strmap views;
	struct strmap own; /* constants that the descriptions define themselves */
};

static void need(struct needs *n, const char *what, const char *name)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "%s %s", what, name);
	strmap_put(&n->lines, line.data, n);
	buf_release(&line);
}

static void need_const(struct needs *n, const char *name)
{
	if (name && !strmap_has(&n->own, name))
		need(n, "const", name);
}

static void need_struct(struct needs *n, const char *name)
{
	const struct ast_struct *view = strmap_get(&n->views, name);

	need(n, "struct", view ? view->cname : name);
}

/* Constants of the headers begin with a capital, after underscores perhaps; arguments and members never do. */
static bool is_constant(const char *name)
{
	return isupper((unsigned char)name[strspn(name, "_")]);
}

static void walk_expr(struct needs *n, const struct ast_expr *e)
{
	if (!e)
		return;
	if (e->kind == EXPR_SIZEOF)
		need_struct(n, e->name);
	else if (e->kind == EXPR_NAME && !e->path.n && is_constant(e->name))
		need_const(n, e->name);
	walk_expr(n, e->a);
	walk_expr(n, e->b);
}

static void walk_type(struct needs *n, const struct ast_type *t)
{
	if (!t)
		return;
	if (t->kind == SEAM_KIND_STRUCT)
		need_struct(n, t->name);
	walk_expr(n, t->room);
	walk_expr(n, t->valid);
	walk_expr(n, t->when);
	walk_expr(n, t->nofollow);
	walk_expr(n, t->follow);
	walk_expr(n, t->empty);
	for (size_t i = 0; i < t->args.n; i++)
		walk_expr(n, t->args.at[i]);
	walk_type(n, t->of);
}

static void walk_body(struct needs *n, const struct ast_body *b)
{
	for (size_t i = 0; i < b->effects.n; i++) {
		const struct ast_effect *e = &b->effects.at[i];

		walk_expr(n, e->when);
		if (e->object)
			walk_expr(n, e->object->length);
	}
	for (size_t i = 0; i < b->waits.n; i++)
		walk_expr(n, b->waits.at[i].when);
	for (size_t i = 0; i < b->dets.n; i++)
		need_const(n, b->dets.at[i].error);
	for (size_t i = 0; i < b->fails.n; i++) {
		if (!b->fails.at[i].list)
			need_const(n, b->fails.at[i].name);
		walk_expr(n, b->fails.at[i].when);
	}
}

static void walk_case(struct needs *n, const struct ast_case *c)
{
	for (size_t i = 0; i < c->selectors.n; i++) {
		const struct ast_selector *s = &c->selectors.at[i];

		walk_expr(n, s->expr);
		for (size_t v = 0; v < s->values.n; v++)
			need_const(n, s->values.at[v].name);
	}
	for (size_t i = 0; i < c->args.n; i++)
		walk_type(n, c->args.at[i].type);
	walk_type(n, c->ret);
	walk_body(n, &c->body);
}

static void walk_set(struct needs *n, const struct ast_set *set)
{
	for (size_t i = 0; i < set->items.n; i++) {
		const struct ast_item *item = &set->items.at[i];

		need_const(n, item->mask.name);
		if (!item->has_value && !item->include && !item->out)
			need_const(n, item->name);
	}
}

static void note_own(struct needs *n, const struct ast_set *set)
{
	for (size_t i = 0; i < set->items.n; i++)
		if (set->items.at[i].has_value)
			strmap_put(&n->own, set->items.at[i].name, n);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void emit_needs(const struct ast *ast, struct buf *out)
{
	struct needs n = { .ast = ast };
	struct strmap_entry *e;
	const char **lines;
	size_t count = 0;

	for (size_t i = 0; i < ast->structs.n; i++)
		strmap_put(&n.views, ast->structs.at[i]->decl.name, ast->structs.at[i]);
	for (size_t i = 0; i < ast->sets.n; i++)
		note_own(&n, ast->sets.at[i]);
	for (size_t i = 0; i < ast->sets.n; i++)
		walk_set(&n, ast->sets.at[i]);
	for (size_t i = 0; i < ast->errors.n; i++)
		walk_set(&n, ast->errors.at[i]);
	for (size_t i = 0; i < ast->aliases.n; i++)
		walk_type(&n, ast->aliases.at[i]->type);
	for (size_t i = 0; i < ast->classes.n; i++)
		walk_body(&n, &ast->classes.at[i]->body);
	for (size_t i = 0; i < ast->structs.n; i++) {
		const struct ast_struct *s = ast->structs.at[i];

		need(&n, "struct", s->cname);
		for (size_t m = 0; m < s->members.n; m++)
			walk_type(&n, s->members.at[m].type);
		for (size_t c = 0; c < s->cases.n; c++)
			walk_case(&n, &s->cases.at[c]);
	}
	for (size_t i = 0; i < ast->calls.n; i++) {
		const struct ast_call *call = ast->calls.at[i];

		for (size_t a = 0; a < call->args.n; a++)
			walk_type(&n, call->args.at[a].type);
		walk_type(&n, call->ret);
		walk_body(&n, &call->body);
		for (size_t c = 0; c < call->cases.n; c++)
			walk_case(&n, &call->cases.at[c]);
	}
	for (size_t i = 0; i < ast->extends.n; i++)
		for (size_t c = 0; c < ast->extends.at[i]->cases.n; c++)
			walk_case(&n, &ast->extends.at[i]->cases.at[c]);

	lines = arena_alloc(ast->arena, (n.lines.len + 1) * sizeof(*lines));
	strmap_for_each(e, &n.lines)
		lines[count++] = e->key;
	qsort(lines, count, sizeof(*lines), compare);
	buf_adds(out, "# What descriptions want of the headers, as seamc --needs prints it.\n");
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "%s\n", lines[i]);
	strmap_release(&n.lines);
	strmap_release(&n.views);
	strmap_release(&n.own);
}
