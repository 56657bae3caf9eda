/* SPDX-License-Identifier: BSD-2-Clause */
/* Types, sets of constants and structures, resolved. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "seamc/gen.h"
#include "calls/vocabulary.h"

/* sets */

struct set_builder {
	struct model *m;
	VEC(struct seam_const) consts;
	struct strmap names;
	unsigned depth;
};

static void set_add(struct set_builder *b, const char *name, uint64_t value, uint64_t mask)
{
	if (strmap_put(&b->names, name, b))
		return;
	*vec_push(b->m->arena, &b->consts) =
		(struct seam_const){ .value = value, .mask = mask, .name = model_string(b->m, name) };
}

static void set_remove(struct set_builder *b, const char *glob)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->consts.n; i++) {
		const char *name = pool_at(&b->m->strings, b->consts.at[i].name);

		if (!glob_match(glob, name))
			b->consts.at[kept++] = b->consts.at[i];
		else
			strmap_remove(&b->names, name);
	}
	b->consts.n = kept;
}

static void add_globbed(struct set_builder *b, const struct ast_item *item, uint64_t mask)
{
	struct strmap_entry *e;
	bool any = false;

	strmap_for_each(e, &b->m->facts->consts) {
		const struct fact_const *c = e->value;

		if (!glob_match(item->name, c->name))
			continue;
		any = true;
		if (c->have[b->m->arch])
			set_add(b, c->name, c->value[b->m->arch], mask);
	}
	if (!any)
		diag_error(b->m->diag, item->loc, "no constant in calls/tables fits '%s'", item->name);
}

static void add_items(struct set_builder *b, const struct ast_set *set, bool globs)
{
	for (size_t i = 0; i < set->items.n; i++) {
		const struct ast_item *item = &set->items.at[i];
		uint64_t value, mask = item->mask.number;
		int r;

		if (item->has_mask && item->mask.name) {
			r = model_const(b->m, item->mask.name, &mask);
			if (r < 0)
				diag_error(b->m->diag, item->mask.loc, "there is no constant '%s'", item->mask.name);
			if (r <= 0)
				continue;
		}
		if (item->out || item->include) {
			continue;
		} else if (glob_is_pattern(item->name)) {
			if (globs)
				add_globbed(b, item, mask);
		} else if (!globs) {
			r = model_const(b->m, item->name, &value);
			if (r < 0)
				diag_error(b->m->diag, item->loc, "there is no constant '%s' in calls/tables", item->name);
			if (r > 0)
				set_add(b, item->name, value, mask);
		}
	}
}

static void add_set(struct set_builder *b, const struct ast_set *set)
{
	if (b->depth++ > 8) {
		diag_error(b->m->diag, set->loc, "the set '%s' includes itself", set->name);
		return;
	}
	add_items(b, set, false); /* names before globs */
	for (size_t i = 0; i < set->items.n; i++) {
		const struct ast_item *item = &set->items.at[i];
		const struct ast_set *other = item->include ? strmap_get(&b->m->set_decls, item->name) : NULL;

		if (other)
			add_set(b, other);
		else if (item->include)
			diag_error(b->m->diag, item->loc, "there is no set '%s'", item->name);
	}
	add_items(b, set, true);
	for (size_t i = 0; i < set->items.n; i++)
		if (set->items.at[i].out)
			set_remove(b, set->items.at[i].name);
	b->depth--;
}

/* Values that only one name should have: the first name keeps it. */
static void drop_aliases(struct set_builder *b, bool bits)
{
	struct strmap seen = STRMAP_INIT;
	size_t kept = 0;

	for (size_t i = 0; i < b->consts.n; i++) {
		char key[64];

		snprintf(key, sizeof(key), "%llx/%llx", (unsigned long long)b->consts.at[i].value,
			 (unsigned long long)b->consts.at[i].mask);
		if (!strmap_put(&seen, key, b))
			b->consts.at[kept++] = b->consts.at[i];
	}
	(void)bits;
	b->consts.n = kept;
	strmap_release(&seen);
}

/* One of: by value, so that it can be searched. Flags: fields first, then those of several bits before those of one. */
static int compare_values(const void *pa, const void *pb)
{
	const struct seam_const *a = pa, *b = pb;

	return a->value < b->value ? -1 : a->value > b->value;
}

static int compare_flags(const void *pa, const void *pb)
{
	const struct seam_const *a = pa, *b = pb;
	int many_a = __builtin_popcountll(a->value), many_b = __builtin_popcountll(b->value);

	if (!a->mask != !b->mask)
		return a->mask ? -1 : 1;
	if (a->mask != b->mask)
		return a->mask < b->mask ? -1 : 1;
	if (!a->mask && many_a != many_b && (many_a > 1 || many_b > 1))
		return many_a > many_b ? -1 : 1;
	return compare_values(a, b);
}

uint32_t model_set(struct model *m, const char *name, struct loc loc)
{
	void *cached = strmap_get(&m->set_cache[m->arch], name);
	const struct ast_set *set = strmap_get(&m->set_decls, name);
	struct set_builder b = { .m = m };
	struct seam_set record;
	uint32_t index;

	if (cached)
		return (uint32_t)(uintptr_t)cached;
	if (!set) {
		diag_error(m->diag, loc, "there is no set '%s': declare it with bits or enum", name);
		return 0;
	}
	add_set(&b, set);
	drop_aliases(&b, set->bits);
	if (b.consts.n)
		qsort(b.consts.at, b.consts.n, sizeof(*b.consts.at), set->bits ? compare_flags : compare_values);
	record = (struct seam_set){
		.name = model_string(m, name),
		.first = pool_add(&m->consts, b.consts.at, b.consts.n),
		.count = (uint32_t)b.consts.n,
		.bits = set->bits,
	};
	strmap_release(&b.names);
	index = pool_add(&m->sets, &record, 1);
	strmap_put(&m->set_cache[m->arch], name, (void *)(uintptr_t)index);
	return index;
}

/* type declarations */

const struct ast_type *model_type(struct model *m, const struct ast_type *t)
{
	for (unsigned depth = 0; t->is_alias; depth++) {
		const struct ast_alias *alias = strmap_get(&m->aliases, t->name);
		struct ast_type *both;

		if (!alias || depth > 8) {
			diag_error(m->diag, t->name_loc, alias ? "the type '%s' stands for itself" : "there is no type '%s'",
				   t->name);
			return NULL;
		}
		both = arena_new(m->arena, struct ast_type);
		*both = *alias->type;
		both->loc = t->loc;
		if (t->dir)
			both->dir = t->dir;
		if (t->width)
			both->width = t->width;
		if (t->has_extent) {
			both->has_extent = true;
			both->bytes = t->bytes;
			both->room = t->room;
			both->valid = t->valid;
		}
		if (t->when)
			both->when = t->when;
		t = both;
	}
	return t;
}

bool model_struct(struct model *m, const struct ast_type *t, const struct ast_struct **ret_view,
		  const struct fact_struct **ret_layout)
{
	const struct ast_struct *view = strmap_get(&m->views, t->name);
	const char *cname = view ? view->cname : t->name;
	const struct fact_struct *layout = facts_struct(m->facts, m->arch, cname);

	if (!layout) {
		diag_error(m->diag, t->name_loc, "calls/tables/layouts has no structure '%s' on %s", cname,
			   arch_words[m->arch]);
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
		const struct ast_alias *alias = strmap_get(&m->aliases, t->name);

		t = alias ? alias->type : NULL;
	}
	if (!t || t->is_alias || t->kind != SEAM_KIND_STRUCT)
		return false;
	view = strmap_get(&m->views, t->name);
	cname = view ? view->cname : t->name;
	for (enum seam_arch arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++)
		elsewhere |= facts_struct(m->facts, arch, cname) != NULL;
	return elsewhere && !facts_struct(m->facts, m->arch, cname);
}

static const struct ast_type *find_member(const struct ast_arg *members, size_t n, const struct fact_struct *layout,
					  const struct fact_member *member)
{
	for (size_t i = 0; i < n; i++)
		if (facts_member(layout, members[i].name, members[i].at) == member)
			return members[i].type;
	return NULL;
}

const struct ast_type *view_member(const struct ast_struct *view, const struct fact_struct *layout,
				   const struct fact_member *member)
{
	const struct ast_type *t;

	if (!view)
		return NULL;
	t = find_member(view->members.at, view->members.n, layout, member);
	for (size_t i = 0; !t && i < view->cases.n; i++)
		t = find_member(view->cases.at[i].args.at, view->cases.at[i].args.n, layout, member);
	return t;
}

unsigned scalar_bytes(const struct ast_type *t, const struct fact_member *member)
{
	if (member && member->kind != C_STRUCT && (!t || t->dir == SEAM_DIR_VALUE))
		return member->bytes;
	if (!t)
		return 0;
	return t->width ? t->width / 8 : kind_bytes[t->kind];
}

bool scalar_signed(const struct ast_type *t, const struct fact_member *member)
{
	if (t) {
		switch (t->kind) {
		case SEAM_KIND_I8:
		case SEAM_KIND_I16:
		case SEAM_KIND_I32:
		case SEAM_KIND_I64:
		case SEAM_KIND_INT:
		case SEAM_KIND_OFF:
		case SEAM_KIND_FD:
		case SEAM_KIND_DIRFD:
		case SEAM_KIND_PID:
		case SEAM_KIND_TID:
		case SEAM_KIND_SEC:
		case SEAM_KIND_MSEC:
		case SEAM_KIND_USEC:
		case SEAM_KIND_NSEC:
		case SEAM_KIND_TICKS:
		case SEAM_KIND_SIGNAL:
		case SEAM_KIND_ERRNO:
		case SEAM_KIND_WSTATUS:
			return true;
		default:
			return false;
		}
	}
	return member && member->is_signed;
}

static bool is_scalar_kind(enum seam_kind kind)
{
	return kind_bytes[kind] != 0;
}

/* Types whose memory has a size only when somebody says it. */
static bool wants_extent(const struct ast_type *t)
{
	switch (t->kind) {
	case SEAM_KIND_DATA:
	case SEAM_KIND_IOVEC:
	case SEAM_KIND_PTRS:
	case SEAM_KIND_SOCKADDR:
	case SEAM_KIND_CMSG:
	case SEAM_KIND_DIRENTS:
	case SEAM_KIND_DIRENTS64:
	case SEAM_KIND_STRLIST:
	case SEAM_KIND_FDSET:
	case SEAM_KIND_BITMASK:
		return true;
	case SEAM_KIND_PATH:
	case SEAM_KIND_STR:
	case SEAM_KIND_SIGSET:
		return t->dir == SEAM_DIR_OUT;
	default:
		return false;
	}
}

static void check_type(struct model *m, const struct ast_type *t, const struct fact_member *member)
{
	bool pointer = t->dir != SEAM_DIR_VALUE;

	if (pointer && (t->kind == SEAM_KIND_ADDR || t->kind == SEAM_KIND_UNUSED || t->kind == SEAM_KIND_OPAQUE ||
			t->kind == SEAM_KIND_IOC) && !t->has_extent && t->kind != SEAM_KIND_ADDR)
		diag_error(m->diag, t->loc, "'%s' takes no in, out or io", kind_words[t->kind]);
	if (!pointer && !member && !is_scalar_kind(t->kind) && t->kind != SEAM_KIND_OPAQUE && t->kind != SEAM_KIND_IOC)
		diag_error(m->diag, t->loc, "say in, out or io: '%s' is memory that an argument points to",
			   kind_words[t->kind]);
	if (pointer && wants_extent(t) && !t->room && !t->valid)
		diag_error(m->diag, t->loc, "'%s' needs its size: %s[SIZE]", kind_words[t->kind], kind_words[t->kind]);
	if (t->valid && t->dir == SEAM_DIR_IN)
		diag_error(m->diag, t->loc, "memory that goes in is valid as a whole: no '; VALID'");
	if (t->dir == SEAM_DIR_OUT && (t->kind == SEAM_KIND_STRS))
		diag_error(m->diag, t->loc, "'strs' can only go in");
}

static uint32_t lower_checked(struct model *m, const struct scope *s, const struct ast_type *t,
			      const struct fact_member *member);

static uint32_t path_condition(struct model *m, const struct scope *s, const struct ast_type *t)
{
	static const struct ast_expr always = { .kind = EXPR_NUMBER, .number = 1, .text = "1", .text_end = (char *)0 };
	struct ast_expr *e;

	if (t->always_nofollow && !t->nofollow && !t->follow) {
		e = arena_new(m->arena, struct ast_expr);
		*e = always;
		e->text = "always";
		e->text_end = e->text + 6;
		return gen_expr_record(m, s, e);
	}
	if (t->follow) {
		e = arena_new(m->arena, struct ast_expr);
		e->kind = EXPR_NOT;
		e->loc = t->follow->loc;
		e->a = t->follow;
		e->text = arena_printf(m->arena, "!(%.*s)", (int)(t->follow->text_end - t->follow->text),
				       t->follow->text);
		e->text_end = e->text + strlen(e->text);
		return gen_expr_record(m, s, e);
	}
	return gen_expr_record(m, s, t->nofollow);
}

static void lower_path(struct model *m, const struct scope *s, const struct ast_type *t, struct seam_type *record)
{
	if (t->name) {
		struct ast_expr *base = arena_new(m->arena, struct ast_expr);

		base->kind = EXPR_NAME;
		base->loc = t->name_loc;
		base->name = t->name;
		base->text = t->name;
		base->text_end = t->name + strlen(t->name);
		record->base = gen_expr_record(m, s, base);
	}
	record->nofollow = path_condition(m, s, t);
	record->empty = gen_expr_record(m, s, t->empty);
}

static void lower_struct(struct model *m, const struct scope *s, const struct ast_type *t, struct seam_type *record)
{
	const struct ast_struct *view;
	const struct fact_struct *layout;

	if (!model_struct(m, t, &view, &layout))
		return;
	record->ref = model_layout(m, view, layout, t->name_loc);
	for (size_t i = 0; i < t->args.n; i++) {
		if (i >= 2)
			diag_error(m->diag, t->args.at[i]->loc, "a structure has at most two parameters");
		else
			record->args[i] = gen_expr_record(m, s, t->args.at[i]);
	}
}

uint32_t model_lower_type(struct model *m, const struct scope *s, const struct ast_type *t,
			  const struct fact_member *member)
{
	t = model_type(m, t);
	if (!t)
		return 0;
	check_type(m, t, member);
	return lower_checked(m, s, t, member);
}

static uint32_t lower_checked(struct model *m, const struct scope *s, const struct ast_type *t,
			      const struct fact_member *member)
{
	struct seam_type record = { 0 };
	const struct ast_type *of;

	record.kind = (uint8_t)t->kind;
	record.dir = (uint8_t)t->dir;
	record.width = (uint8_t)scalar_bytes(t, t->dir == SEAM_DIR_VALUE ? member : NULL);
	if (member && member->kind == C_STRUCT && t->dir == SEAM_DIR_VALUE)
		record.width = (uint8_t)facts_member_size(m->facts, m->arch, member);
	if (is_scalar_kind(t->kind) && scalar_signed(t, NULL))
		record.flags |= SEAM_TYPE_SIGNED;
	if (t->bytes)
		record.flags |= SEAM_TYPE_BYTES;
	if (t->has_extent)
		record.flags |= SEAM_TYPE_ARRAY;
	switch (t->kind) {
	case SEAM_KIND_BITS:
	case SEAM_KIND_ENUM:
		record.ref = model_set(m, t->name, t->name_loc);
		break;
	case SEAM_KIND_STRUCT:
		lower_struct(m, s, t, &record);
		break;
	case SEAM_KIND_ID:
	case SEAM_KIND_OPAQUE:
		record.word = model_string(m, t->name);
		break;
	case SEAM_KIND_PATH:
		lower_path(m, s, t, &record);
		break;
	case SEAM_KIND_IOVEC: /* each part brings its own size */
		of = model_type(m, t->of);
		record.ref = of ? lower_checked(m, s, of, NULL) : 0;
		break;
	case SEAM_KIND_PTRS:
		record.ref = model_lower_type(m, s, t->of, NULL);
		break;
	default:
		break;
	}
	record.room = gen_expr_record(m, s, t->room);
	record.valid = gen_expr_record(m, s, t->valid);
	record.when = gen_expr_record(m, s, t->when);
	if (t->when && gen_needs_exit(m, s, t->when))
		record.flags |= SEAM_TYPE_AT_EXIT;
	return pool_add(&m->types, &record, 1);
}

/* structures */

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
		diag_error(m->diag, b->scope.view ? b->scope.view->loc : (struct loc){ 0 },
			   "struct %s: the member %s is a pointer: say what it points to, or that it is addr or opaque",
			   b->scope.layout->name, member->name);
		break;
	case C_STRUCT: {
		const struct ast_struct *view = strmap_get(&m->views, member->of);
		const struct fact_struct *layout = facts_struct(m->facts, m->arch, member->of);

		if (view && (view->params.n || strcmp(view->cname, member->of) != 0))
			view = NULL;
		if (!layout) /* an empty one: the tables leave these out */
			return 0;
		record.kind = SEAM_KIND_STRUCT;
		record.ref = model_layout(m, view, layout, b->scope.view ? b->scope.view->loc : (struct loc){ 0 });
		break;
	}
	}
	return pool_add(&m->types, &record, 1);
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

	f.type = type ? model_lower_type(b->m, &b->scope, type, member) : plain_type(b, member);
	/* a description with an extent of its own counts the elements itself */
	if (member->array && !(type && type->has_extent))
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
		diag_error(b->m->diag, a->loc, "struct %s has no member '%s'", b->scope.layout->name, a->name);
	return NULL;
}

/* The condition under which a case of a structure holds: its own selectors, and none of the cases before. */
static struct ast_expr *case_condition(struct model *m, const struct ast_case *c)
{
	struct ast_expr *all = NULL;

	for (size_t i = 0; i < c->selectors.n; i++) {
		const struct ast_selector *sel = &c->selectors.at[i];
		struct ast_expr *any = NULL;

		for (size_t v = 0; v < sel->values.n; v++) {
			const struct ast_value *value = &sel->values.at[v];
			struct ast_expr *e = arena_new(m->arena, struct ast_expr), *k = arena_new(m->arena, struct ast_expr);

			k->kind = value->name ? EXPR_NAME : EXPR_NUMBER;
			k->loc = value->loc;
			k->name = value->name;
			k->number = value->number;
			e->kind = EXPR_BINARY;
			e->op = SEAM_OP_EQ;
			e->loc = value->loc;
			e->a = sel->expr;
			e->b = k;
			if (any) {
				struct ast_expr *either = arena_new(m->arena, struct ast_expr);

				*either = (struct ast_expr){ .kind = EXPR_OROR, .loc = e->loc, .a = any, .b = e };
				any = either;
			} else {
				any = e;
			}
		}
		if (all) {
			struct ast_expr *both = arena_new(m->arena, struct ast_expr);

			*both = (struct ast_expr){ .kind = EXPR_ANDAND, .loc = any->loc, .a = all, .b = any };
			all = both;
		} else {
			all = any;
		}
	}
	return all;
}

const struct ast_expr *struct_case_condition(struct model *m, const struct ast_struct *view, size_t which)
{
	const struct ast_case *c = &view->cases.at[which];
	struct ast_expr *e = case_condition(m, c), *none = NULL;

	if (!e) { /* else: none of the others */
		for (size_t i = 0; i < view->cases.n; i++) {
			struct ast_expr *other = case_condition(m, &view->cases.at[i]);

			if (!other)
				continue;
			if (none) {
				struct ast_expr *either = arena_new(m->arena, struct ast_expr);

				*either = (struct ast_expr){ .kind = EXPR_OROR, .loc = other->loc, .a = none, .b = other };
				none = either;
			} else {
				none = other;
			}
		}
		e = arena_new(m->arena, struct ast_expr);
		*e = (struct ast_expr){ .kind = none ? EXPR_NOT : EXPR_NUMBER, .loc = c->loc, .a = none, .number = 1 };
	}
	e->text = c->text;
	e->text_end = c->text_end;
	return e;
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
		const struct ast_type *type =
			view ? find_member(view->members.at, view->members.n, layout, member) : NULL;
		bool in_case = view && !type && view_member(view, layout, member);

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
	const char *key = view ? view->name : arena_printf(m->arena, ".%s", layout->name);
	void *cached = strmap_get(&m->layout_cache[m->arch], key);
	struct seam_layout record;
	uint32_t index;

	if (cached == IN_PROGRESS) {
		diag_error(m->diag, loc, "struct %s contains or points to itself: make that pointer an addr",
			   view ? view->name : layout->name);
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
		.name = model_string(m, view ? view->name : layout->name),
		.size = layout->size,
		.first_field = pool_add(&m->fields, b.fields.at, b.fields.n),
		.fields = (uint16_t)b.fields.n,
		.params = view ? (uint16_t)view->params.n : 0,
	};
	index = pool_add(&m->layouts, &record, 1);
	strmap_put(&m->layout_cache[m->arch], key, (void *)(uintptr_t)index);
	return index;
}
