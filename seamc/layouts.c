/* SPDX-License-Identifier: BSD-2-Clause */
/* Structures, resolved: their members, and the cases in which they are there. */
#include <string.h>

#include "seamc/gen.h"
#include "seamc/guess.h"

struct layout_builder {
	struct model *m;
	struct scope scope;
	VEC(struct seam_field) fields;
};

static enum seam_kind integer_kind(const struct fact_member *m)
{
	static const enum seam_kind kinds[2][4] = {
		{ SEAM_KIND_U8, SEAM_KIND_U16, SEAM_KIND_U32, SEAM_KIND_U64 },
		{ SEAM_KIND_I8, SEAM_KIND_I16, SEAM_KIND_I32, SEAM_KIND_I64 },
	};

	return kinds[m->is_signed][__builtin_ctz(m->bytes)];
}

/* A member that no description names: it means what its C type says. */
static uint32_t plain_type(struct layout_builder *b, const struct fact_member *member)
{
	struct model *m = b->m;
	struct seam_type record = { 0 };

	switch (member->kind) {
	case C_INTEGER:
		record.kind = (uint8_t)integer_kind(member);
		record.width = (uint8_t)member->bytes;
		record.flags = member->is_signed ? SEAM_TYPE_SIGNED : 0;
		break;
	case C_CHAR:
		record.kind = member->array ? SEAM_KIND_STR : SEAM_KIND_I8;
		record.width = 1;
		break;
	case C_POINTER:
		record.kind = SEAM_KIND_ADDR;
		record.width = 8;
		diag_error(m->diag, b->scope.view ? b->scope.view->decl.loc : (struct loc){ 0 },
			   "struct %s: the member %s is a pointer: say what it points to, or that it is addr or opaque",
			   b->scope.layout->name, member->name);
		break;
	case C_STRUCT: {
		const struct fact_struct *layout = facts_struct(m->facts, m->arch, member->of);

		if (!layout) /* an empty one: the tables leave these out */
			return 0;
		record.kind = SEAM_KIND_STRUCT;
		record.ref = model_layout(m, model_plain_view(m, member->of), layout, b->scope.view ? b->scope.view->decl.loc : (struct loc){ 0 });
		break;
	}
	}
	return pool_add(&m->types, &record, 1);
}

/* Whether the type takes all elements of the array that the member is in C. */
static bool is_whole(const struct model *m, uint32_t type)
{
	return ((const struct seam_type *)pool_at(&m->types, type))->kind == SEAM_KIND_IP6;
}

static void add_field(struct layout_builder *b, const char *name, const struct fact_member *member,
		      const struct ast_type *type, uint32_t when)
{
	struct seam_field f = {
		.name = model_string(b->m, name),
		.offset = member->offset,
		.when = when,
		.bit = member->bit,
		.bits = member->bits,
	};

	/* an array of no elements, of which nobody says how many there are */
	if (!type && member->array && !member->count)
		return;
	f.type = type ? model_lower_type(b->m, &b->scope, type, member) : plain_type(b, member);
	/* a description with an extent of its own counts the elements itself */
	if (member->array && !(type && type->has_extent) && !is_whole(b->m, f.type))
		f.repeat = member->count > UINT16_MAX ? UINT16_MAX : (uint16_t)member->count;
	*vec_push(b->m->arena, &b->fields) = f;
}

/* Whether another architecture's structure has this member: then it is only left out here. */
static bool member_elsewhere(const struct model *m, const char *structure, const struct ast_arg *a)
{
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		const struct fact_struct *layout = facts_struct(m->facts, arch, structure);

		if (layout && facts_member(layout, a->name, a->at))
			return true;
	}
	return false;
}

static const struct fact_member *expect_member(struct layout_builder *b, const struct ast_arg *a,
					       struct fact_member *scratch)
{
	const struct fact_member *member = facts_member(b->scope.layout, a->name, a->at);
	struct gen g = { .m = b->m, .phase = GEN_EXPR, .temp = SEAM_REG_TEMP0 };
	struct ast_expr e = { .kind = EXPR_NAME, .loc = a->loc };
	struct scope plain = b->scope;
	struct place p;
	char *copy, *save = NULL;

	if (member)
		return member;
	/* a member of a structure inside, named with dots */
	plain.view = NULL;
	copy = arena_strndup(b->m->arena, a->name, strlen(a->name));
	e.name = strtok_r(copy, ".", &save);
	for (char *w = strtok_r(NULL, ".", &save); w; w = strtok_r(NULL, ".", &save))
		*vec_push(b->m->arena, &e.path) = w;
	if (e.path.n && gen_place(&g, &plain, &e, &p) > 0) {
		*scratch = *p.member;
		scratch->offset = (uint32_t)p.offset;
		return scratch;
	}
	if (!member_elsewhere(b->m, b->scope.layout->name, a))
		diag_error(b->m->diag, a->loc, "struct %s has no member '%s'%s", b->scope.layout->name, a->name,
			   guess_member(b->m, b->scope.layout, a->name));
	return NULL;
}

static void add_cases(struct layout_builder *b)
{
	const struct ast_struct *view = b->scope.view;

	for (size_t i = 0; i < view->cases.n; i++) {
		const struct ast_case *c = &view->cases.at[i];
		uint32_t when = gen_expr_record(b->m, &b->scope, struct_case_condition(b->m, view, i));

		for (size_t a = 0; a < c->args.n; a++) {
			struct fact_member scratch;
			const struct fact_member *member = expect_member(b, &c->args.at[a], &scratch);

			if (member)
				add_field(b, c->args.at[a].name, member, c->args.at[a].type, when);
		}
	}
}

/* In the order of memory; what stands in a union only where it is named. */
static void add_members(struct layout_builder *b)
{
	const struct ast_struct *view = b->scope.view;
	const struct fact_struct *layout = b->scope.layout;

	for (size_t i = 0; i < layout->members.n; i++) {
		const struct fact_member *member = &layout->members.at[i];
		const struct ast_type *type = view_always(view, layout, member);
		bool in_case = !type && view_member(view, layout, member);

		if (type)
			add_field(b, member->name, member, type, 0);
		else if (!in_case && !member->in_union && !layout->is_union && !(view && view->only))
			add_field(b, member->name, member, NULL, 0);
	}
	if (!view)
		return;
	for (size_t i = 0; i < view->members.n; i++) {
		struct fact_member scratch;
		const struct fact_member *member = expect_member(b, &view->members.at[i], &scratch);

		if (member == &scratch)
			add_field(b, view->members.at[i].name, member, view->members.at[i].type, 0);
	}
	add_cases(b);
}

static int compare_fields(const void *pa, const void *pb)
{
	const struct seam_field *a = pa, *b = pb;

	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->bit < b->bit ? -1 : a->bit > b->bit;
}

#define IN_PROGRESS ((void *)(uintptr_t)UINT32_MAX)

uint32_t model_layout(struct model *m, const struct ast_struct *view, const struct fact_struct *layout, struct loc loc)
{
	struct layout_builder b = {
		.m = m,
		.scope = { .view = view, .layout = layout, .self = SEAM_REG_SELF, .memory = SEAM_DIR_INOUT },
	};
	const char *key = view ? view->decl.name : arena_printf(m->arena, ".%s", layout->name);
	void *cached = strmap_get(&m->layout_cache[m->arch], key);
	struct seam_layout record;
	uint32_t index;

	if (cached == IN_PROGRESS) {
		diag_error(m->diag, loc, "struct %s contains or points to itself: make that pointer an addr",
			   view ? view->decl.name : layout->name);
		return 0;
	}
	if (cached)
		return (uint32_t)(uintptr_t)cached;
	strmap_put(&m->layout_cache[m->arch], key, IN_PROGRESS);
	add_members(&b);
	if (b.fields.n) {
		/* qsort is not stable: cases that share an offset keep the order in which they were written */
		for (size_t i = 1; i < b.fields.n; i++) {
			struct seam_field f = b.fields.at[i];
			size_t at = i;

			while (at && compare_fields(&b.fields.at[at - 1], &f) > 0) {
				b.fields.at[at] = b.fields.at[at - 1];
				at--;
			}
			b.fields.at[at] = f;
		}
	}
	record = (struct seam_layout){
		.name = model_string(m, view ? view->decl.name : layout->name),
		.size = layout->size,
		.first_field = pool_add(&m->fields, b.fields.at, b.fields.n),
		.fields = (uint16_t)b.fields.n,
		.params = view ? (uint16_t)view->params.n : 0,
	};
	index = pool_add(&m->layouts, &record, 1);
	strmap_put(&m->layout_cache[m->arch], key, (void *)(uintptr_t)index);
	return index;
}
