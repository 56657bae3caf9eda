/* SPDX-License-Identifier: BSD-2-Clause */
/* Structures, and arrays of whatever it is. */
#include "base/util.h"
#include "text/text-parts.h"
#include "text/window.h"

#define IOVEC_BYTES 16

static bool is_zero(struct seam_text *x, uint64_t address, size_t n, enum seam_when when)
{
	unsigned char bytes[256] = { 0 };

	n = MIN(n, sizeof(bytes));
	text_read(x, address, bytes, n, when);
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, n - 1) == 0;
}

/* Room that nobody uses is not worth a word while it is 0. */
static bool is_padding(struct seam_text *x, const char *name, const struct seam_field *f, uint64_t address,
		       enum seam_when when)
{
	static const char *const words[] = { "pad", "unused", "reserved", "resv", "spare" };
	const struct seam_type *type = &x->t->types[f->type];
	size_t n = (size_t)(type->width ? type->width : 1) * (f->repeat ? f->repeat : 1);

	if (name[0] && name[1] == '_')
		name++; /* f_spare */
	while (*name == '_')
		name++;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (name[0] == words[i][0] && name[1] == words[i][1] && strncmp(name, words[i], strlen(words[i])) == 0)
			return is_zero(x, address, n, when);
	}
	return false;
}

static void bit_field(struct seam_text *x, const struct seam_type *type, const struct seam_field *f, uint64_t address,
		      enum seam_when when)
{
	bool ok;
	uint64_t value = text_value_at(x, type, address, when, &ok);

	if (ok)
		text_scalar(x, type, value >> f->bit & (f->bits < 64 ? (1ull << f->bits) - 1 : UINT64_MAX), when);
	else
		text_address(x, address);
}

/* A value that stands in memory as part of a structure or an array; repeat: elements in place. */
static void in_place(struct seam_text *x, const struct seam_type *type, uint32_t repeat, uint64_t address,
		     enum seam_when when)
{
	uint64_t value = 0;

	if (text_is_pointer(type)) {
		size_t bytes = type->dir == SEAM_DIR_VALUE && type->width && type->width < 8 ? type->width : 8;

		if (text_read_exactly(x, address, &value, bytes, when))
			text_pointer(x, type, value);
		else
			text_address(x, address);
	} else if (repeat && type->kind == SEAM_KIND_STR) {
		text_string_at(x, address, repeat, text_string_limit(x), when);
	} else if (repeat && type->width == 1 && type->kind != SEAM_KIND_ENUM && type->kind != SEAM_KIND_BITS) {
		text_bytes_at(x, address, repeat, when);
	} else if (repeat) {
		text_array(x, type, address, repeat, when);
	} else if (type->kind == SEAM_KIND_SIGSET) {
		text_sigset(x, address, type->width ? type->width : 8, when);
	} else if (type->width && !(type->flags & SEAM_TYPE_ARRAY) && type->kind != SEAM_KIND_STRUCT) {
		text_element(x, type, address, when);
	} else {
		text_memory(x, type, address, when);
	}
}

static bool is_shown(struct seam_text *x, const struct seam_field *f, const char *name, uint64_t address, uint64_t bytes,
		     enum seam_when when)
{
	const struct seam_type *type = &x->t->types[f->type];
	unsigned width = type->dir == SEAM_DIR_VALUE && type->width ? type->width : 1;

	if (f->offset + width > bytes || type->kind == SEAM_KIND_UNUSED || !seam_holds(x->t, f->when, x->env))
		return false;
	if (type->dir == SEAM_DIR_VALUE && !(type->flags & SEAM_TYPE_AT_EXIT) && !seam_holds(x->t, type->when, x->env))
		return false;
	if (type->kind == SEAM_KIND_STRUCT && !x->t->layouts[type->ref].fields)
		return false;
	return !is_padding(x, name, f, address + f->offset, when);
}

static bool has_chiefs(struct seam_text *x, const struct seam_layout *l)
{
	for (uint32_t i = 0; i < l->fields; i++)
		if (x->t->types[x->t->fields[l->first_field + i].type].flags & SEAM_TYPE_CHIEF)
			return true;
	return false;
}

void text_structure(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t bytes,
		    enum seam_when when)
{
	const struct seam_layout *l = &x->t->layouts[type->ref];
	struct seam_env *env = x->env;
	struct seam_text_window window;
	uint64_t self = env->reg[SEAM_REG_SELF], params[2] = { env->reg[SEAM_REG_PARAM0], env->reg[SEAM_REG_PARAM0 + 1] };
	uint64_t args[2] = { seam_eval(x->t, type->args[0], env), seam_eval(x->t, type->args[1], env) };
	bool chiefs = text_is_abbreviated(x) && has_chiefs(x, l);

	if (x->state.depth >= TEXT_DEPTH || !bytes) {
		text_address(x, address);
		return;
	}
	text_window_open(x, &window, address, MIN(bytes, l->size ? l->size : 1), when);
	if (!text_is_there(x, address, when)) {
		text_window_close(x, &window);
		text_address(x, address);
		return;
	}
	x->state.depth++;
	env->reg[SEAM_REG_SELF] = address;
	memcpy(&env->reg[SEAM_REG_PARAM0], args, sizeof(args));
	text_open(x, '{');
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &x->t->fields[l->first_field + i];
		const struct seam_type *ft = &x->t->types[f->type];
		const char *name = seam_string(x->t, f->name);

		if ((chiefs && !(ft->flags & SEAM_TYPE_CHIEF)) || !is_shown(x, f, name, address, bytes, when))
			continue;
		text_member(x, name);
		if (f->bits)
			bit_field(x, ft, f, address + f->offset, when);
		else
			in_place(x, ft, f->repeat, address + f->offset, when);
	}
	if (chiefs)
		text_more(x);
	text_close(x, '}');
	x->state.depth--;
	text_window_close(x, &window);
	env->reg[SEAM_REG_SELF] = self;
	memcpy(&env->reg[SEAM_REG_PARAM0], params, sizeof(params));
}

unsigned text_element_bytes(const struct seam_text *x, const struct seam_type *type)
{
	unsigned bytes = type->width;

	if (type->kind == SEAM_KIND_STRUCT)
		bytes = x->t->layouts[type->ref].size;
	else if (type->kind == SEAM_KIND_IOVEC)
		bytes = IOVEC_BYTES;
	else if (type->kind == SEAM_KIND_PTRS)
		bytes = 8;
	return bytes ? bytes : 1;
}

void text_element(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when)
{
	unsigned char wide[16];
	uint64_t value;
	bool ok;

	switch (type->kind) {
	case SEAM_KIND_STRUCT:
		text_structure(x, type, address, UINT64_MAX, when);
		break;
	case SEAM_KIND_PTRS:
		if (text_read_exactly(x, address, &value, sizeof(value), when))
			text_pointer(x, &x->t->types[type->ref], value);
		else
			text_address(x, address);
		break;
	case SEAM_KIND_IP6:
		if (text_read_exactly(x, address, wide, sizeof(wide), when))
			text_ip6(x, wide, NULL);
		else
			text_address(x, address);
		break;
	default:
		value = text_value_at(x, type, address, when, &ok);
		if (ok)
			text_scalar(x, type, value, when);
		else
			text_address(x, address);
	}
}

void text_array(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned bytes = text_element_bytes(x, type);
	uint64_t shown = MIN(n, text_element_limit(x)), i;
	struct seam_text_window window;

	if (x->state.depth >= TEXT_DEPTH) {
		text_address(x, address);
		return;
	}
	text_window_open(x, &window, address, MIN(shown * bytes, TEXT_WINDOW), when);
	if (n && !text_is_there(x, address, when)) {
		text_window_close(x, &window);
		text_address(x, address);
		return;
	}
	x->state.depth++;
	text_open(x, '[');
	for (i = 0; i < shown && !text_is_enough(x, i); i++) {
		/* memory that ends before the array does */
		if (i && !text_is_there(x, address + i * bytes, when)) {
			text_item(x);
			text_words(x);
			text_puts(x->out, "... /* ");
			text_hex(x->out, address + i * bytes);
			text_puts(x->out, " */");
			text_words_end(x);
			n = i;
			break;
		}
		text_item(x);
		text_element(x, type, address + i * bytes, when);
	}
	if (i < n)
		text_more(x);
	text_close(x, ']');
	x->state.depth--;
	text_window_close(x, &window);
}

/* `left`: bytes that are valid over all parts. */
void text_vector(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t n, enum seam_when when)
{
	const struct seam_type *of = &x->t->types[type->ref];
	bool shown = of->dir != SEAM_DIR_OUT || (x->returned && (int64_t)x->env->reg[SEAM_REG_RET] >= 0);
	enum seam_when data_when = of->dir == SEAM_DIR_OUT ? SEAM_AT_EXIT : SEAM_AT_ENTRY;
	uint64_t left = of->valid && x->returned ? seam_eval(x->t, of->valid, x->env) : UINT64_MAX;
	uint64_t part[2];

	if (n && !text_read_exactly(x, address, part, sizeof(part), when)) {
		text_address(x, address);
		return;
	}
	text_open(x, '[');
	for (uint64_t i = 0; i < n; i++) {
		uint64_t here;

		if (text_is_enough(x, i)) {
			text_more(x);
			break;
		}
		if (i && !text_read_exactly(x, address + i * sizeof(part), part, sizeof(part), when)) {
			text_more(x);
			break;
		}
		here = MIN(part[1], left);
		text_item(x);
		text_open(x, '{');
		text_member(x, "iov_base");
		if (part[0] && shown && of->kind == SEAM_KIND_DATA)
			text_bytes_at(x, part[0], here, data_when);
		else
			text_address(x, part[0]);
		text_member_u64(x, "iov_len", part[1]);
		text_close(x, '}');
		if (left != UINT64_MAX)
			left -= here;
	}
	text_close(x, ']');
}
