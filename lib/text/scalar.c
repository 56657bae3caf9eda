/* SPDX-License-Identifier: BSD-2-Clause */
/* Values that fit into a register: numbers, flags, names. */
#include <string.h>

#include "text/text-parts.h"

#define FILE_TYPE_MASK 0170000u

uint64_t text_cut(const struct seam_type *type, uint64_t value)
{
	unsigned shift;

	if (!type->width || type->width >= 8)
		return value;
	shift = 64 - type->width * 8u;
	return type->flags & SEAM_TYPE_SIGNED ? (uint64_t)((int64_t)(value << shift) >> shift) : value << shift >> shift;
}

void text_flags(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes)
{
	const struct seam_set *s = &x->t->sets[set];
	uint64_t all = bytes && bytes < 8 ? (1ull << (bytes * 8)) - 1 : UINT64_MAX, left = value & all;
	bool any = false;

	for (uint32_t i = 0; i < s->count; i++) {
		const struct seam_const *c = &x->t->consts[s->first + i];
		uint64_t bits = c->value & all, mask = c->mask ? c->mask & all : bits;

		/* a name for nothing is only shown when there is nothing else; a field always has a value */
		if (c->mask ? (value & mask) != bits : !bits || (left & mask) != bits)
			continue;
		if (any)
			seam_out_putc(x->out, '|');
		seam_out_puts(x->out, seam_string(x->t, c->name));
		left &= ~mask;
		any = true;
	}
	if (!left && any)
		return;
	if (!any && !left) {
		const char *zero = seam_const_name(x->t, set, 0, bytes ? bytes : 8);

		seam_out_puts(x->out, zero ? zero : "0");
		return;
	}
	if (any)
		seam_out_putc(x->out, '|');
	text_hex(x->out, left);
}

uint32_t text_find_set(const struct seam_text *x, const char *name)
{
	/* the sets are few hundred and asked for by name only where a shape is written by hand */
	for (uint32_t i = 1; x->t->sets[i].name; i++)
		if (strcmp(seam_string(x->t, x->t->sets[i].name), name) == 0)
			return i;
	return 0;
}

void text_named(struct seam_text *x, const char *set, uint64_t value, unsigned bytes)
{
	uint32_t index = text_find_set(x, set);
	const char *name = index ? seam_const_name(x->t, index, value, bytes) : NULL;

	if (name)
		seam_out_puts(x->out, name);
	else
		text_u64(x->out, value);
}

static void mode(struct seam_text *x, uint64_t value)
{
	static const struct {
		unsigned type;
		const char *name;
	} types[] = {
		{ 0140000, "S_IFSOCK" }, { 0120000, "S_IFLNK" }, { 0100000, "S_IFREG" }, { 0060000, "S_IFBLK" },
		{ 0040000, "S_IFDIR" },	 { 0020000, "S_IFCHR" }, { 0010000, "S_IFIFO" },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if ((value & FILE_TYPE_MASK) != types[i].type)
			continue;
		seam_out_puts(x->out, types[i].name);
		seam_out_putc(x->out, '|');
		value &= ~(uint64_t)FILE_TYPE_MASK;
	}
	/* at least three digits */
	seam_out_puts(x->out, value < 010 ? "00" : value < 0100 ? "0" : "");
	text_octal(x->out, value);
}

/* The kernel's new_encode_dev(): 12 bits of major number between 8 and 12 of minor. */
static void device(struct seam_text *x, uint64_t value)
{
	seam_out_puts(x->out, "makedev(");
	text_hex(x->out, (value >> 8 & 0xfff) | (value >> 32 & ~0xfffull));
	seam_out_puts(x->out, ", ");
	text_hex(x->out, (value & 0xff) | (value >> 12 & ~0xffull & 0xffffffff));
	seam_out_putc(x->out, ')');
}

static void id(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	/* "leave it as it is" */
	if (value == (type->width == 2 ? 0xffffu : 0xffffffffu))
		seam_out_puts(x->out, "-1");
	else
		text_u64(x->out, value);
}

static void constant(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	const char *name = seam_const_name(x->t, type->ref, value, type->width);

	if (name) {
		seam_out_puts(x->out, name);
		return;
	}
	text_hex(x->out, value);
	seam_out_printf(x->out, " /* %s? */", seam_string(x->t, x->t->sets[type->ref].name));
}

void text_scalar(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	value = text_cut(type, value);
	switch (type->kind) {
	case SEAM_KIND_BITS:
		text_flags(x, type->ref, value, type->width);
		break;
	case SEAM_KIND_ENUM:
		constant(x, type, value);
		break;
	case SEAM_KIND_ADDR:
		if (!value)
			seam_out_puts(x->out, "NULL");
		else
			text_hex(x->out, value);
		break;
	case SEAM_KIND_HEX:
	case SEAM_KIND_UNUSED:
		text_hex(x->out, value);
		break;
	case SEAM_KIND_DIRFD:
		if ((int32_t)value == -100)
			seam_out_puts(x->out, "AT_FDCWD");
		else
			text_i64(x->out, (int32_t)value);
		break;
	case SEAM_KIND_MODE:
		mode(x, value);
		break;
	case SEAM_KIND_DEV:
		device(x, value);
		break;
	case SEAM_KIND_UID:
	case SEAM_KIND_GID:
		id(x, type, value);
		break;
	case SEAM_KIND_SIGNAL:
		text_signal(x, value);
		break;
	case SEAM_KIND_ERRNO:
		text_error(x, (int)value);
		break;
	case SEAM_KIND_WSTATUS:
		text_wait_status(x, (int)value);
		break;
	default:
		if (type->flags & SEAM_TYPE_SIGNED)
			text_i64(x->out, (int64_t)value);
		else
			text_u64(x->out, value);
	}
}
