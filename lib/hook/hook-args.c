/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of the call, and the structures they point to, by the names that the descriptions give them. */
#include <errno.h>
#include <string.h>

#include "base/str.h"
#include "calls/machine.h"
#include "hook/hook-parts.h"

int seam_arg_index(struct seam_hook *h, const char *name)
{
	const struct seam_tables *t = h->tables;

	for (uint32_t i = 0; h->variant && i < h->variant->args.count; i++)
		if (str_eq(seam_string(t, t->args[h->variant->args.first + i].name), name))
			return (int)i;
	return -1;
}

static const struct seam_type *type_of(struct seam_hook *h, unsigned i)
{
	return &h->tables->types[h->tables->args[h->variant->args.first + i].type];
}

static unsigned need_arg(struct seam_hook *h, const char *name)
{
	int i = seam_arg_index(h, name);

	if (i < 0)
		seam_fail(h, -EINVAL, "%s has no argument '%s'; \"seam calls %s\" tells which it has", h->name ? h->name : "what happens here", name,
			  h->name ? h->name : "");
	return (unsigned)i;
}

int64_t seam_arg(struct seam_hook *h, const char *name)
{
	unsigned i = need_arg(h, name);
	const struct seam_type *type = type_of(h, i);

	if (type->dir != SEAM_DIR_VALUE || (type->flags & SEAM_TYPE_ARRAY))
		return (int64_t)h->args[i];
	return (int64_t)machine_extend(h->args[i], type->width, type->flags & SEAM_TYPE_SIGNED);
}

/* A name up to the next dot. */
static bool is_part(const char *name, const char *part, size_t n)
{
	return strlen(name) == n && !memcmp(name, part, n);
}

static const struct seam_field *find_field(const struct seam_tables *t, uint32_t layout, const char *name, size_t n)
{
	const struct seam_layout *l = &t->layouts[layout];

	for (uint32_t i = 0; i < l->fields; i++)
		if (is_part(seam_string(t, t->fields[l->first_field + i].name), name, n))
			return &t->fields[l->first_field + i];
	return NULL;
}

struct place_of {
	uint64_t address;
	unsigned bytes;
	unsigned bit, bits;
	bool is_signed;
};

/* 0, -ENOENT: there is no such number. */
static int find_member(struct seam_hook *h, const char *arg, const char *member, struct place_of *ret)
{
	const struct seam_tables *t = h->tables;
	unsigned i = need_arg(h, arg);
	const struct seam_type *type = type_of(h, i);

	*ret = (struct place_of){ .address = h->args[i] };
	if (!h->args[i])
		return -EFAULT;
	for (;;) {
		size_t n = strcspn(member, ".");
		const struct seam_field *f;

		if (type->kind != SEAM_KIND_STRUCT)
			return -ENOENT;
		f = find_field(t, type->ref, member, n);
		if (!f || f->repeat)
			return -ENOENT;
		type = &t->types[f->type];
		ret->address += f->offset;
		if (!member[n]) {
			ret->bytes = type->width;
			ret->bit = f->bit;
			ret->bits = f->bits;
			ret->is_signed = type->flags & SEAM_TYPE_SIGNED;
			/* a pointer is a number too */
			if (type->dir != SEAM_DIR_VALUE)
				ret->bytes = 8;
			return ret->bytes && ret->bytes <= 8 ? 0 : -ENOENT;
		}
		/* what another structure is pointed to by is followed; what stands inside is not */
		if (type->dir != SEAM_DIR_VALUE && seam_read(h, ret->address, &ret->address, 8) != 8)
			return -EFAULT;
		member += n + 1;
	}
}

int seam_member(struct seam_hook *h, const char *arg, const char *member, uint64_t *ret)
{
	struct place_of p;
	uint64_t value = 0;
	int r = find_member(h, arg, member, &p);

	if (r < 0)
		return r;
	if (seam_read(h, p.address, &value, p.bytes) != p.bytes)
		return -EFAULT;
	if (p.bits)
		value = value >> p.bit & ((1ull << p.bits) - 1);
	*ret = machine_extend(value, p.bytes, p.is_signed);
	return 0;
}

int seam_set_member(struct seam_hook *h, const char *arg, const char *member, uint64_t value)
{
	struct place_of p;
	uint64_t whole = 0;
	int r = find_member(h, arg, member, &p);

	if (r < 0)
		return r;
	if (p.bits) {
		uint64_t mask = ((1ull << p.bits) - 1) << p.bit;

		if (seam_read(h, p.address, &whole, p.bytes) != p.bytes)
			return -EFAULT;
		value = (whole & ~mask) | (value << p.bit & mask);
	}
	return seam_write(h, p.address, &value, p.bytes);
}

static size_t env_read(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)when;
	return tracee_read((pid_t)((const struct seam_hook *)user)->tid, address, to, n);
}

void hook_env(struct seam_hook *h, struct seam_env *ret)
{
	*ret = (struct seam_env){ .read = env_read, .user = h };
	memcpy(ret->reg, h->args, sizeof(h->args));
	ret->reg[SEAM_REG_RET] = (uint64_t)h->ret;
}

const char *seam_effect_arg(struct seam_hook *h, enum seam_verb verb)
{
	const struct seam_tables *t = h->tables;
	struct seam_env env;

	hook_env(h, &env);
	for (uint32_t i = 0; h->variant && i < h->variant->effects.count; i++) {
		const struct seam_effect *e = &t->effects[h->variant->effects.first + i];
		unsigned arg = t->objects[e->object].arg;

		/* the folder that a path lies in is not what the argument names */
		if (e->verb == verb && !t->objects[e->object].dir && arg < h->variant->args.count && seam_holds(t, e->when, &env))
			return seam_string(t, t->args[h->variant->args.first + arg].name);
	}
	return NULL;
}
