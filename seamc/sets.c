/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of constants, resolved. */
#include <stdlib.h>

#include "base/str.h"
#include "seamc/guess.h"

struct set_builder {
	struct model *m;
	VEC(struct seam_const) consts;
	struct strmap names;
	unsigned depth;
};

static void set_add(struct set_builder *b, const char *name, uint64_t value, uint64_t mask, const char *field)
{
	if (strmap_put(&b->names, name, b))
		return;
	*vec_push(b->m->arena, &b->consts) =
		(struct seam_const){ .value = value, .mask = mask, .name = model_string(b->m, name),
				     .field = field ? model_string(b->m, field) : 0 };
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
			set_add(b, c->name, c->value[b->m->arch], mask, item->mask.name);
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
				diag_error(b->m->diag, item->mask.loc, "there is no constant '%s'%s", item->mask.name,
					   guess_const(b->m, item->mask.name));
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
				diag_error(b->m->diag, item->loc, "there is no constant '%s'%s", item->name,
					   guess_const(b->m, item->name));
			if (r > 0)
				set_add(b, item->name, value, mask, item->mask.name);
		}
	}
}

static void add_set(struct set_builder *b, const struct ast_set *set)
{
	if (b->depth++ > 8) {
		diag_error(b->m->diag, set->decl.loc, "the set '%s' includes itself", set->decl.name);
		return;
	}
	add_items(b, set, false); /* names before globs */
	for (size_t i = 0; i < set->items.n; i++) {
		const struct ast_item *item = &set->items.at[i];
		const struct ast_set *other = item->include ? names_get(&b->m->names, DECL_SET, item->name) : NULL;

		if (other)
			add_set(b, other);
		else if (item->include)
			diag_error(b->m->diag, item->loc, "there is no set '%s'%s", item->name,
				   guess_declared(b->m, DECL_SET, item->name));
	}
	add_items(b, set, true);
	for (size_t i = 0; i < set->items.n; i++)
		if (set->items.at[i].out)
			set_remove(b, set->items.at[i].name);
	b->depth--;
}

/* Values that only one name should have: the first name keeps it. */
static void drop_aliases(struct set_builder *b)
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
	const struct ast_set *set = names_get(&m->names, DECL_SET, name);
	struct set_builder b = { .m = m };
	struct seam_set record;
	uint32_t index;

	if (cached)
		return (uint32_t)(uintptr_t)cached;
	if (!set) {
		diag_error(m->diag, loc, "there is no set '%s'%s", name, guess_declared(m, DECL_SET, name));
		return 0;
	}
	add_set(&b, set);
	drop_aliases(&b);
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

