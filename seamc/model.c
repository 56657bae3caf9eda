/* SPDX-License-Identifier: BSD-2-Clause */
/* What the descriptions mean: names, constants, and the frame around the other files that build the model. */
#include "seamc/model.h"

#include <ctype.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "seamc/lower.h"
#include "calls/vocabulary.h"

/* Constants that descriptions define are the same everywhere. */
static void declare_own_consts(struct model *m, const struct ast_set *set)
{
	for (size_t i = 0; i < set->items.n; i++) {
		const struct ast_item *item = &set->items.at[i];
		struct fact_const *c;

		if (!item->has_value)
			continue;
		if (facts_const(m->facts, item->name)) {
			diag_error(m->diag, item->loc, "the headers define %s: no value is needed", item->name);
			continue;
		}
		c = arena_new(m->arena, struct fact_const);
		c->name = item->name;
		for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
			c->have[arch] = true;
			c->value[arch] = item->value;
		}
		strmap_put(&m->own_consts, item->name, c);
	}
}

#define DECLARE(kind, decls)                                                                                      \
	for (size_t i = 0; i < (decls).n; i++)                                                                    \
		names_declare(&m->names, kind, &(decls).at[i]->decl, m->diag)

static void declare_all(struct model *m)
{
	const struct ast *ast = m->ast;

	DECLARE(DECL_STRUCT, ast->structs);
	DECLARE(DECL_SET, ast->sets);
	DECLARE(DECL_ERRORS, ast->errors);
	DECLARE(DECL_CLASS, ast->classes);
	DECLARE(DECL_TYPE, ast->aliases);
	for (size_t i = 0; i < ast->sets.n; i++)
		declare_own_consts(m, ast->sets.at[i]);
}

void model_init(struct model *m, const struct ast *ast, struct facts *facts, struct diag *diag)
{
	*m = (struct model){ .arena = ast->arena, .ast = ast, .facts = facts, .diag = diag };
	pool_init(&m->strings, 1);
#define X(type, name) pool_init(&m->name, sizeof(type));
	MODEL_POOLS(X)
#undef X
	declare_all(m);
	model_own_numbers(m);
}

void model_build(struct model *m)
{
	for (m->arch = 0; m->arch < SEAM_ARCH_COUNT; m->arch++)
		lower_calls(m);
	if (!m->diag->errors) /* what a mistake left out is used in truth */
		names_report_unused(&m->names, m->diag);
}

void model_release(struct model *m)
{
	pool_release(&m->strings);
#define X(type, name) pool_release(&m->name);
	MODEL_POOLS(X)
#undef X
	names_release(&m->names);
	strmap_release(&m->own_consts);
	for (int arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		strmap_release(&m->set_cache[arch]);
		strmap_release(&m->layout_cache[arch]);
	}
}

uint32_t model_string(struct model *m, const char *s)
{
	return s && *s ? pool_add(&m->strings, s, strlen(s) + 1) : 0;
}

uint32_t model_text(struct model *m, const char *begin, const char *end)
{
	struct buf text = BUF_INIT;
	uint32_t index;

	for (const char *p = begin; p < end; p++) {
		if (*p == '#')
			p += strcspn(p, "\n");
		if (p < end && !isspace((unsigned char)*p))
			buf_addc(&text, *p);
		else if (text.len && text.data[text.len - 1] != ' ')
			buf_addc(&text, ' ');
	}
	while (text.len && text.data[text.len - 1] == ' ')
		buf_truncate(&text, text.len - 1);
	index = model_string(m, text.data);
	buf_release(&text);
	return index;
}

int model_const(const struct model *m, const char *name, uint64_t *ret_value)
{
	const struct fact_const *c = facts_const(m->facts, name);

	if (!c)
		c = strmap_get(&m->own_consts, name);
	if (!c)
		return -1;
	if (!c->have[m->arch])
		return 0;
	*ret_value = c->value[m->arch];
	return 1;
}

void model_tables(struct model *m, struct model_tables *ret_tables)
{
	struct seam_tables *t = &ret_tables->tables;

	*ret_tables = (struct model_tables){ 0 };
	t->strings = m->strings.data;
#define X(type, name) t->name = (const type *)(const void *)m->name.data;
	MODEL_POOLS(X)
#undef X
	t->set_count = (uint32_t)m->sets.n;
	t->op_count = (uint32_t)m->ops.n;
	t->variant_count = (uint32_t)m->variants.n;
	t->version = "";
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		struct seam_arch_tables *a = &t->arch[arch];
		uint32_t largest = 0;

		/* numbers above this are no part of a dense table: arm's private calls begin at 0xf0000 */
		const uint32_t dense = 4096;

		for (size_t i = 0; i < m->calls[arch].n; i++)
			if (m->calls[arch].at[i].number < dense && m->calls[arch].at[i].number >= largest)
				largest = m->calls[arch].at[i].number + 1;
		for (uint32_t i = 0; i < largest; i++)
			*vec_push(m->arena, &ret_tables->by_number[arch]) = UINT16_MAX;
		for (size_t i = 0; i < m->calls[arch].n; i++)
			if (m->calls[arch].at[i].number < dense)
				ret_tables->by_number[arch].at[m->calls[arch].at[i].number] = (uint16_t)i;
		a->name = arch_words[arch];
		a->calls = m->calls[arch].at;
		a->call_count = (uint32_t)m->calls[arch].n;
		a->by_number = ret_tables->by_number[arch].at;
		a->number_count = largest;
	}
}
