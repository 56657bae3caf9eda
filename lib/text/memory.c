/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that arguments point to: which shape it has, and whether it is there yet. */
#include "base/util.h"
#include "text/text-parts.h"
#include "text/window.h"

/* Whether the window answers for these bytes; those of them that are there. */
static const unsigned char *in_window(const struct seam_text *x, uint64_t address, size_t *n, enum seam_when when)
{
	const struct seam_text_window *w = x->state.window;
	size_t skip;

	if (!w || when != w->when || address - w->address >= w->asked || *n > w->asked - (address - w->address))
		return NULL;
	skip = (size_t)(address - w->address);
	*n = skip < w->got ? MIN(*n, w->got - skip) : 0;
	return w->bytes + skip;
}

size_t text_read(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when)
{
	const unsigned char *bytes = in_window(x, address, &n, when);

	if (bytes) {
		memcpy(to, bytes, n);
		return n;
	}
	return x->env->read ? x->env->read(x->env->user, address, to, n, when) : 0;
}

void text_window_open(struct seam_text *x, struct seam_text_window *w, uint64_t address, uint64_t n, enum seam_when when)
{
	const struct seam_text_window *outer = x->state.window;

	w->outer = outer;
	if (outer && when == outer->when && address - outer->address < outer->asked &&
	    n <= outer->asked - (address - outer->address))
		return;
	w->address = address;
	w->when = when;
	w->asked = (size_t)MIN(n, sizeof(w->bytes));
	w->got = text_read(x, address, w->bytes, w->asked, when);
	x->state.window = w;
}

void text_window_close(struct seam_text *x, struct seam_text_window *w)
{
	x->state.window = w->outer;
}

bool text_read_exactly(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when)
{
	return text_read(x, address, to, n, when) == n;
}

bool text_is_there(struct seam_text *x, uint64_t address, enum seam_when when)
{
	unsigned char byte;

	return text_read(x, address, &byte, 1, when) == 1;
}

uint64_t text_value_at(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when,
		       bool *ret_ok)
{
	uint64_t value = 0;
	size_t bytes = type->width ? type->width : 8, there = bytes;
	const unsigned char *p = in_window(x, address, &there, when);

	/* most are of these two sizes, and in the window */
	if (p && there == 8 && bytes == 8) {
		memcpy(&value, p, 8);
		*ret_ok = true;
	} else if (p && there == 4 && bytes == 4) {
		memcpy(&value, p, 4);
		*ret_ok = true;
	} else {
		*ret_ok = bytes <= 8 && text_read_exactly(x, address, &value, bytes, when);
	}
	return value;
}

/* How many elements there are: the room, cut to what is valid once the call has returned. */
static uint64_t elements(struct seam_text *x, const struct seam_type *type, enum seam_when when)
{
	uint64_t room = seam_eval(x->t, type->room, x->env), valid;

	if (when == SEAM_AT_ENTRY || !type->valid)
		return (int64_t)room < 0 ? 0 : room;
	valid = seam_eval(x->t, type->valid, x->env);
	if ((int64_t)valid < 0)
		valid = 0;
	return type->room && room < valid ? room : valid;
}

void text_memory(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when)
{
	uint64_t n = type->flags & SEAM_TYPE_ARRAY ? elements(x, type, when) : 0;

	switch (type->kind) {
	case SEAM_KIND_PATH:
		/* what names a file is never cut */
		text_string_at(x, address, n, SIZE_MAX, when);
		break;
	case SEAM_KIND_STR:
		text_string_at(x, address, n, text_string_limit(x), when);
		break;
	case SEAM_KIND_STRS:
		text_strings_at(x, address, when);
		break;
	case SEAM_KIND_STRLIST:
	case SEAM_KIND_DATA:
		text_bytes_at(x, address, n, when);
		break;
	case SEAM_KIND_IOVEC:
		text_vector(x, type, address, n, when);
		break;
	case SEAM_KIND_SOCKADDR:
		text_sockaddr(x, address, n, when);
		break;
	case SEAM_KIND_CMSG:
		text_cmsg(x, address, n, when);
		break;
	case SEAM_KIND_DIRENTS:
	case SEAM_KIND_DIRENTS64:
		text_dirents(x, address, n, type->kind == SEAM_KIND_DIRENTS64, when);
		break;
	case SEAM_KIND_SIGINFO:
		text_siginfo(x, address, when);
		break;
	case SEAM_KIND_SIGSET:
		text_sigset(x, address, type->flags & SEAM_TYPE_ARRAY ? n : 8, when);
		break;
	case SEAM_KIND_FDSET:
	case SEAM_KIND_BITMASK:
		text_bit_numbers(x, address, type->flags & SEAM_TYPE_BYTES ? n * 8 : n, type->kind == SEAM_KIND_FDSET,
				 when);
		break;
	case SEAM_KIND_STRUCT:
		if (type->flags & SEAM_TYPE_BYTES)
			text_structure(x, type, address, n, when);
		else if (type->flags & SEAM_TYPE_ARRAY)
			text_array(x, type, address, n, when);
		else
			text_structure(x, type, address, UINT64_MAX, when);
		break;
	default:
		if (type->flags & SEAM_TYPE_BYTES)
			n /= text_element_bytes(x, type);
		if (x->state.json && !(type->flags & SEAM_TYPE_ARRAY))
			text_element(x, type, address, when);
		else
			text_array(x, type, address, type->flags & SEAM_TYPE_ARRAY ? n : 1, when);
	}
}

/* The number inside an ioctl command says how much there is: shown as bytes. */
static void ioc(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	uint64_t command = seam_eval(x->t, type->room, x->env), bytes = command >> 16 & 0x3fff, way = command >> 30 & 3;

	if (way & 1)
		text_bytes_at(x, address, bytes, SEAM_AT_ENTRY);
	else if ((way & 2) && x->returned && (int64_t)x->env->reg[SEAM_REG_RET] >= 0)
		text_bytes_at(x, address, bytes, SEAM_AT_EXIT);
	else
		text_address(x, address);
}

/* Whether the kernel has written there, as far as is known. */
static bool has_come_out(struct seam_text *x, const struct seam_type *type)
{
	if (!x->returned)
		return false;
	if (type->flags & SEAM_TYPE_AT_EXIT)
		return seam_holds(x->t, type->when, x->env);
	return (int64_t)x->env->reg[SEAM_REG_RET] >= 0 && seam_holds(x->t, type->when, x->env);
}

/* "[16 => 28]": what the program offered and what it got. */
static void changed_number(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	bool before_ok, after_ok, json = x->state.json;
	uint64_t before = text_value_at(x, type, address, SEAM_AT_ENTRY, &before_ok);
	uint64_t after = text_value_at(x, type, address, SEAM_AT_EXIT, &after_ok);
	bool changed = before_ok && after_ok && before != after;

	if (!before_ok && !after_ok) {
		text_address(x, address);
		return;
	}
	text_puts(x->out, json && changed ? "{\"before\": " : json ? "" : "[");
	text_scalar(x, type, before_ok ? before : after, SEAM_AT_ENTRY);
	if (changed) {
		text_puts(x->out, json ? ", \"after\": " : " => ");
		text_scalar(x, type, after, SEAM_AT_EXIT);
	}
	text_puts(x->out, json && changed ? "}" : json ? "" : "]");
	x->state.fresh = false;
}

/*
 * Whether it can be shown as it was and as it is: not where there is a pointer inside, since then what that points to has
 * changed, rather than the structure.
 */
static bool can_be_compared(struct seam_text *x, const struct seam_type *type)
{
	const struct seam_layout *l = &x->t->layouts[type->ref];

	if (type->kind != SEAM_KIND_STRUCT)
		return type->kind == SEAM_KIND_FDSET;
	for (uint32_t i = 0; i < l->fields; i++)
		if (text_is_pointer(&x->t->types[x->t->fields[l->first_field + i].type]))
			return false;
	return true;
}

/* "{a=1} => {a=2}", or one of them if they are the same. */
static void changed_memory(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	struct seam_out *out = x->out, both;
	size_t middle, n;
	bool same, json = x->state.json;

	seam_out_init_mem(&both);
	x->out = &both;
	text_memory(x, type, address, SEAM_AT_ENTRY);
	middle = both.len;
	text_memory(x, type, address, SEAM_AT_EXIT);
	n = both.len - middle;
	same = n == middle && memcmp(both.data, both.data + middle, n) == 0;
	x->out = out;
	if (!same) {
		text_puts(out, json ? "{\"before\": " : "");
		text_put(out, both.data, middle);
		text_puts(out, json ? ", \"after\": " : " => ");
	}
	text_put(out, both.data + middle, n);
	if (!same && json)
		text_putc(out, '}');
	x->state.fresh = false;
	seam_out_release(&both);
}

/* The address, and how many strings there are. */
static void text_closed(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	uint64_t words[TEXT_WINDOW / 8], n = 0;
	size_t got, i = 0;

	text_address(x, address);
	if (type->kind != SEAM_KIND_STRS || !text_is_there(x, address, SEAM_AT_ENTRY))
		return;
	do {
		got = text_read(x, address + n * 8, words, sizeof(words), SEAM_AT_ENTRY) / 8;
		for (i = 0; i < got && words[i]; i++)
			n++;
	} while (i == ARRAY_SIZE(words) && n < TEXT_ITEMS);
	text_count(x, n, "var", i == got);
}

static bool is_number(const struct seam_type *type)
{
	return type->width && !(type->flags & SEAM_TYPE_ARRAY) && type->kind != SEAM_KIND_STRUCT;
}

static void pointed_to(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	bool out = type->dir != SEAM_DIR_IN && has_come_out(x, type);
	bool in = type->dir != SEAM_DIR_OUT &&
		  ((type->flags & SEAM_TYPE_AT_EXIT) || seam_holds(x->t, type->when, x->env));

	if (type->kind == SEAM_KIND_IOC)
		ioc(x, type, address);
	else if (in && out && is_number(type))
		changed_number(x, type, address);
	else if (in && out && can_be_compared(x, type) && text_is_there(x, address, SEAM_AT_ENTRY))
		changed_memory(x, type, address);
	else if (out)
		text_memory(x, type, address, SEAM_AT_EXIT);
	else if (in)
		text_memory(x, type, address, SEAM_AT_ENTRY);
	else
		text_address(x, address);
}

/* A place that tasks have in common: JSON has room for what it is beside where it is. */
static void shared_place(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	if (!text_is_there(x, address, SEAM_AT_ENTRY)) {
		text_address(x, address);
		return;
	}
	text_open(x, '{');
	text_member(x, "at");
	text_address(x, address);
	text_member(x, "is");
	pointed_to(x, type, address);
	text_close(x, '}');
}

void text_pointer(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	bool closed = type->flags & SEAM_TYPE_CLOSED, place = closed && is_number(type);

	if (!address || x->options.hex_addresses || type->kind == SEAM_KIND_OPAQUE)
		text_address(x, address);
	else if (place && x->state.json)
		shared_place(x, type, address);
	else if (place || (closed && text_is_abbreviated(x)))
		text_closed(x, type, address);
	else
		pointed_to(x, type, address);
}
