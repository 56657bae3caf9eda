/* SPDX-License-Identifier: BSD-2-Clause */
/* Structures as descriptions see them: what they say of a member, and in which case it is there. */
#include <string.h>

#include "calls/vocabulary.h"
#include "seamc/guess.h"

bool model_struct(struct model *m, const struct ast_type *t, const struct ast_struct **ret_view,
		  const struct fact_struct **ret_layout)
{
	const struct ast_struct *view = names_get(&m->names, DECL_STRUCT, t->name);
	const char *cname = view ? view->cname : t->name;
	const struct fact_struct *layout = facts_struct(m->facts, m->arch, cname);

	if (!layout) {
		diag_error(m->diag, t->name_loc, "calls/tables/layouts has no structure '%s' on %s%s", cname,
			   arch_words[m->arch], guess_declared(m, DECL_STRUCT, cname));
		return false;
	}
	if ((view ? view->params.n : 0) != t->args.n) {
		diag_error(m->diag, t->name_loc, "struct %s takes %zu parameters, not %zu", t->name,
			   view ? view->params.n : 0, t->args.n);
		return false;
	}
	*ret_view = view;
	*ret_layout = layout;
	return true;
}

bool struct_only_elsewhere(const struct model *m, const struct ast_type *t)
{
	const struct ast_struct *view;
	const char *cname;
	bool elsewhere = false;

	for (unsigned depth = 0; t && t->is_alias && depth < 8; depth++) {
		const struct ast_alias *alias = names_get(&m->names, DECL_TYPE, t->name);

		t = alias ? alias->type : NULL;
	}
	if (!t || t->is_alias || t->kind != SEAM_KIND_STRUCT)
		return false;
	view = names_get(&m->names, DECL_STRUCT, t->name);
	cname = view ? view->cname : t->name;
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++)
		elsewhere |= facts_struct(m->facts, arch, cname) != NULL;
	return elsewhere && !facts_struct(m->facts, m->arch, cname);
}

static const struct ast_type *type_of_member(const struct ast_args *members, const struct fact_struct *layout,
					     const struct fact_member *member)
{
	for (size_t i = 0; i < members->n; i++)
		if (facts_member(layout, members->at[i].name, members->at[i].at) == member)
			return members->at[i].type;
	return NULL;
}

const struct ast_type *view_always(const struct ast_struct *view, const struct fact_struct *layout,
				   const struct fact_member *member)
{
	return view ? type_of_member(&view->members, layout, member) : NULL;
}

const struct ast_struct *model_plain_view(struct model *m, const char *cname)
{
	const struct ast_struct *view = names_get(&m->names, DECL_STRUCT, cname);

	return view && !view->params.n && strcmp(view->cname, cname) == 0 ? view : NULL;
}

const struct ast_type *view_member(const struct ast_struct *view, const struct fact_struct *layout,
				   const struct fact_member *member)
{
	const struct ast_type *t = view_always(view, layout, member);

	for (size_t i = 0; view && !t && i < view->cases.n; i++)
		t = type_of_member(&view->cases.at[i].args, layout, member);
	return t;
}

/* `a` or `b` alone where there is no other. */
static struct ast_expr *join(struct model *m, enum expr_kind kind, struct ast_expr *a, struct ast_expr *b)
{
	return a && b ? ast_expr(m->arena, kind, b->loc, a, b) : a ? a : b;
}

/* EXPR = V V ...: it has one of these values. */
static struct ast_expr *selector_condition(struct model *m, const struct ast_selector *sel)
{
	struct ast_expr *any = NULL;

	for (size_t i = 0; i < sel->values.n; i++) {
		const struct ast_value *v = &sel->values.at[i];
		struct ast_expr *value = ast_expr(m->arena, v->name ? EXPR_NAME : EXPR_NUMBER, v->loc, NULL, NULL);
		struct ast_expr *equal = ast_expr(m->arena, EXPR_BINARY, v->loc, sel->expr, value);

		value->name = v->name;
		value->number = v->number;
		equal->op = SEAM_OP_EQ;
		any = join(m, EXPR_OROR, any, equal);
	}
	return any;
}

/* NULL for `else`. */
static struct ast_expr *case_condition(struct model *m, const struct ast_case *c)
{
	struct ast_expr *all = NULL;

	for (size_t i = 0; i < c->selectors.n; i++)
		all = join(m, EXPR_ANDAND, all, selector_condition(m, &c->selectors.at[i]));
	return all;
}

const struct ast_expr *struct_case_condition(struct model *m, const struct ast_struct *view, size_t which)
{
	const struct ast_case *c = &view->cases.at[which];
	struct ast_expr *e = case_condition(m, c), *other = NULL;

	for (size_t i = 0; i < view->cases.n && !e; i++)
		other = join(m, EXPR_OROR, other, case_condition(m, &view->cases.at[i]));
	if (!e) /* else: none of the others */
		e = other ? ast_expr(m->arena, EXPR_NOT, c->loc, other, NULL) : ast_number(m->arena, c->loc, 1);
	e->text = c->text;
	e->text_end = c->text_end;
	return e;
}
