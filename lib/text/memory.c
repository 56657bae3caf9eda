/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory that arguments point to: strings, arrays, structures. */
#include <string.h>

#include "text/text-parts.h"

#define STRING_LIMIT 32
#define ELEMENT_LIMIT 32
#define IOVEC_BYTES 16
#define PIECE 256

unsigned text_string_limit(const struct seam_text *x)
{
	return x->options.string_limit ? x->options.string_limit : STRING_LIMIT;
}

unsigned text_element_limit(const struct seam_text *x)
{
	return x->options.element_limit ? x->options.element_limit : ELEMENT_LIMIT;
}

size_t text_read(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when)
{
	return x->env->read ? x->env->read(x->env->user, address, to, n, when) : 0;
}

bool text_read_exactly(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when)
{
	return text_read(x, address, to, n, when) == n;
}

/* strings */

static void escaped(struct seam_out *out, const unsigned char *s, size_t i, size_t n)
{
	static const char letters[] = "\t\n\v\f\r\"\\", names[] = "tnvfr\"\\";
	const char *found = s[i] ? strchr(letters, s[i]) : NULL;

	if (found) {
		seam_out_putc(out, '\\');
		seam_out_putc(out, names[found - letters]);
	} else if (s[i] >= 0x20 && s[i] < 0x7f) {
		seam_out_putc(out, (char)s[i]);
	} else {
		/* octal as short as the next character lets it be */
		bool digit = i + 1 < n && s[i + 1] >= '0' && s[i + 1] <= '9';

		seam_out_putc(out, '\\');
		if (digit || s[i] >= 0100)
			seam_out_putc(out, (char)('0' + (s[i] >> 6)));
		if (digit || s[i] >= 010)
			seam_out_putc(out, (char)('0' + (s[i] >> 3 & 7)));
		seam_out_putc(out, (char)('0' + (s[i] & 7)));
	}
}

void seam_text_bytes(struct seam_text *x, const void *bytes, size_t n, bool more)
{
	const unsigned char *s = bytes;
	size_t plain = 0;

	seam_out_putc(x->out, '"');
	for (size_t i = 0; i < n; i++) {
		if (s[i] >= 0x20 && s[i] < 0x7f && s[i] != '"' && s[i] != '\\') {
			plain++;
			continue;
		}
		seam_out_write(x->out, s + i - plain, plain);
		plain = 0;
		escaped(x->out, s, i, n);
	}
	seam_out_write(x->out, s + n - plain, plain);
	seam_out_puts(x->out, more ? "\"..." : "\"");
}

void text_bytes_at(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char bytes[4096];
	size_t want = n, got;

	if (want > text_string_limit(x))
		want = text_string_limit(x);
	if (want > sizeof(bytes))
		want = sizeof(bytes);
	got = text_read(x, address, bytes, want, when);
	if (!got && n)
		text_hex(x->out, address);
	else
		seam_text_bytes(x, bytes, got, got < n);
}

/* A string to its NUL, or to `most` bytes if that is not 0. */
void text_string_at(struct seam_text *x, uint64_t address, uint64_t most, enum seam_when when)
{
	char bytes[4096];
	size_t limit = text_string_limit(x), n = 0;

	if (limit > sizeof(bytes) - 1)
		limit = sizeof(bytes) - 1;
	while (n <= limit) {
		/* never across the end of a page, where a string may end with its memory */
		size_t want = PIECE - (address + n) % PIECE, got, length;

		if (want > sizeof(bytes) - n)
			want = sizeof(bytes) - n;
		if (most && want > most - n)
			want = (size_t)(most - n);
		if (!want)
			break;
		got = text_read(x, address + n, bytes + n, want, when);
		if (!got && !n) {
			text_hex(x->out, address);
			return;
		}
		length = strnlen(bytes + n, got);
		n += length;
		if (length < got || got < want || (most && n == most)) {
			seam_text_bytes(x, bytes, n < limit ? n : limit, n > limit);
			return;
		}
	}
	seam_text_bytes(x, bytes, n < limit ? n : limit, true);
}

static void strings_at(struct seam_text *x, uint64_t address, enum seam_when when)
{
	seam_out_putc(x->out, '[');
	for (unsigned i = 0;; i++) {
		uint64_t word;

		if (!text_read_exactly(x, address + i * 8, &word, sizeof(word), when)) {
			text_hex(x->out, address + i * 8);
			break;
		}
		if (!word)
			break;
		if (i)
			seam_out_puts(x->out, ", ");
		if (i == text_element_limit(x)) {
			seam_out_puts(x->out, "...");
			break;
		}
		text_string_at(x, word, 0, when);
	}
	seam_out_putc(x->out, ']');
}

/* One string after the other, each with its NUL. */
static void string_list_at(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	text_bytes_at(x, address, n, when);
}

/* structures */

static uint64_t value_at(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when,
			 bool *ret_ok)
{
	uint64_t value = 0;
	unsigned bytes = type->width ? type->width : 8;

	*ret_ok = bytes <= 8 && text_read_exactly(x, address, &value, bytes, when);
	return value;
}

/* Room that nobody uses is not worth a word while it is 0. */
static bool is_padding(struct seam_text *x, const char *name, const struct seam_field *f, uint64_t address,
		       enum seam_when when)
{
	static const char *const words[] = { "pad", "unused", "reserved", "resv", "spare" };
	const struct seam_type *type = &x->t->types[f->type];
	unsigned char bytes[256] = { 0 };
	size_t n = (size_t)(type->width ? type->width : 1) * (f->repeat ? f->repeat : 1);

	name += strspn(name, "_");
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strncmp(name, words[i], strlen(words[i])) != 0)
			continue;
		if (n > sizeof(bytes))
			n = sizeof(bytes);
		text_read(x, address, bytes, n, when);
		return bytes[0] == 0 && memcmp(bytes, bytes + 1, n - 1) == 0;
	}
	return false;
}

static void bit_field(struct seam_text *x, const struct seam_type *type, const struct seam_field *f, uint64_t address,
		      enum seam_when when)
{
	bool ok;
	uint64_t value = value_at(x, type, address, when, &ok);

	if (ok)
		text_scalar(x, type, value >> f->bit & (f->bits < 64 ? (1ull << f->bits) - 1 : UINT64_MAX));
	else
		seam_out_putc(x->out, '?');
}

/* The structure at this address; bytes: how much of it there is. */
static void structure(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t bytes,
		      enum seam_when when)
{
	const struct seam_layout *l = &x->t->layouts[type->ref];
	struct seam_env *env = x->env;
	uint64_t self = env->reg[SEAM_REG_SELF], params[2] = { env->reg[SEAM_REG_PARAM0], env->reg[SEAM_REG_PARAM0 + 1] };
	uint64_t args[2] = { seam_eval(x->t, type->args[0], env), seam_eval(x->t, type->args[1], env) };
	unsigned char probe;
	bool first = true;

	if (x->depth >= TEXT_DEPTH || !text_read(x, address, &probe, 1, when)) {
		text_hex(x->out, address);
		return;
	}
	x->depth++;
	env->reg[SEAM_REG_SELF] = address;
	memcpy(&env->reg[SEAM_REG_PARAM0], args, sizeof(args));
	seam_out_putc(x->out, '{');
	for (uint32_t i = 0; i < l->fields; i++) {
		const struct seam_field *f = &x->t->fields[l->first_field + i];
		const struct seam_type *ft = &x->t->types[f->type];
		const char *name = seam_string(x->t, f->name);
		unsigned width = ft->dir == SEAM_DIR_VALUE && ft->width ? ft->width : 1;

		if (f->offset + width > bytes || ft->kind == SEAM_KIND_UNUSED)
			continue;
		if (!seam_holds(x->t, f->when, env) ||
		    (ft->dir == SEAM_DIR_VALUE && !(ft->flags & SEAM_TYPE_AT_EXIT) && !seam_holds(x->t, ft->when, env)))
			continue;
		if (is_padding(x, name, f, address + f->offset, when))
			continue;
		if (!first)
			seam_out_puts(x->out, ", ");
		first = false;
		seam_out_puts(x->out, name);
		seam_out_putc(x->out, '=');
		if (f->bits)
			bit_field(x, ft, f, address + f->offset, when);
		else
			text_in_place(x, ft, f->repeat, address + f->offset, when);
	}
	seam_out_putc(x->out, '}');
	x->depth--;
	env->reg[SEAM_REG_SELF] = self;
	memcpy(&env->reg[SEAM_REG_PARAM0], params, sizeof(params));
}

/* arrays */

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

static unsigned element_bytes(const struct seam_text *x, const struct seam_type *type)
{
	switch (type->kind) {
	case SEAM_KIND_STRUCT:
		return x->t->layouts[type->ref].size;
	case SEAM_KIND_IOVEC:
		return IOVEC_BYTES;
	case SEAM_KIND_PTRS:
		return 8;
	default:
		return type->width ? type->width : 1;
	}
}

static void element(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when)
{
	uint64_t value;
	bool ok;

	switch (type->kind) {
	case SEAM_KIND_STRUCT:
		structure(x, type, address, UINT64_MAX, when);
		break;
	case SEAM_KIND_PTRS:
		if (text_read_exactly(x, address, &value, sizeof(value), when))
			text_pointer(x, &x->t->types[type->ref], value);
		else
			text_hex(x->out, address);
		break;
	default:
		value = value_at(x, type, address, when, &ok);
		if (ok)
			text_scalar(x, type, value);
		else
			text_hex(x->out, address);
	}
}

static void array(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned bytes = element_bytes(x, type);
	unsigned char probe;

	if (n && !text_read(x, address, &probe, 1, when)) {
		text_hex(x->out, address);
		return;
	}
	seam_out_putc(x->out, '[');
	for (uint64_t i = 0; i < n; i++) {
		if (i)
			seam_out_puts(x->out, ", ");
		if (i == text_element_limit(x)) {
			seam_out_puts(x->out, "...");
			break;
		}
		element(x, type, address + i * bytes, when);
	}
	seam_out_putc(x->out, ']');
}

/* `left`: bytes that are valid over all parts. */
static void vector(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t n, enum seam_when when)
{
	const struct seam_type *of = &x->t->types[type->ref];
	bool shown = of->dir != SEAM_DIR_OUT || (x->returned && (int64_t)x->env->reg[SEAM_REG_RET] >= 0);
	enum seam_when data_when = of->dir == SEAM_DIR_OUT ? SEAM_AT_EXIT : SEAM_AT_ENTRY;
	uint64_t left = of->valid && x->returned ? seam_eval(x->t, of->valid, x->env) : UINT64_MAX;

	seam_out_putc(x->out, '[');
	for (uint64_t i = 0; i < n; i++) {
		uint64_t part[2], here;

		if (i)
			seam_out_puts(x->out, ", ");
		if (i == text_element_limit(x)) {
			seam_out_puts(x->out, "...");
			break;
		}
		if (!text_read_exactly(x, address + i * sizeof(part), part, sizeof(part), when)) {
			text_hex(x->out, address + i * sizeof(part));
			break;
		}
		here = part[1] < left ? part[1] : left;
		seam_out_puts(x->out, "{iov_base=");
		if (part[0] && shown && of->kind == SEAM_KIND_DATA)
			text_bytes_at(x, part[0], here, data_when);
		else if (part[0])
			text_hex(x->out, part[0]);
		else
			seam_out_puts(x->out, "NULL");
		seam_out_puts(x->out, ", iov_len=");
		text_u64(x->out, part[1]);
		seam_out_putc(x->out, '}');
		if (left != UINT64_MAX)
			left -= here;
	}
	seam_out_putc(x->out, ']');
}

/* pointers */

static void memory_at(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when)
{
	uint64_t n = type->flags & SEAM_TYPE_ARRAY ? elements(x, type, when) : 0;

	switch (type->kind) {
	case SEAM_KIND_PATH:
	case SEAM_KIND_STR:
		/* a buffer with a known number of bytes, not all of which are a string */
		if ((type->flags & SEAM_TYPE_ARRAY) && type->valid)
			text_string_at(x, address, n, when);
		else
			text_string_at(x, address, type->flags & SEAM_TYPE_ARRAY ? n : 0, when);
		break;
	case SEAM_KIND_STRS:
		strings_at(x, address, when);
		break;
	case SEAM_KIND_STRLIST:
		string_list_at(x, address, n, when);
		break;
	case SEAM_KIND_DATA:
		text_bytes_at(x, address, n, when);
		break;
	case SEAM_KIND_IOVEC:
		vector(x, type, address, n, when);
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
		text_bit_numbers(x, address, type->flags & SEAM_TYPE_BYTES ? n * 8 : n, when);
		break;
	case SEAM_KIND_STRUCT:
		if (type->flags & SEAM_TYPE_BYTES)
			structure(x, type, address, n, when);
		else if (type->flags & SEAM_TYPE_ARRAY)
			array(x, type, address, n, when);
		else
			structure(x, type, address, UINT64_MAX, when);
		break;
	default:
		if (type->flags & SEAM_TYPE_BYTES)
			n /= element_bytes(x, type);
		array(x, type, address, type->flags & SEAM_TYPE_ARRAY ? n : 1, when);
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
		text_hex(x->out, address);
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
	bool before_ok, after_ok;
	uint64_t before = value_at(x, type, address, SEAM_AT_ENTRY, &before_ok);
	uint64_t after = value_at(x, type, address, SEAM_AT_EXIT, &after_ok);

	if (!before_ok && !after_ok) {
		text_hex(x->out, address);
		return;
	}
	seam_out_putc(x->out, '[');
	text_scalar(x, type, before_ok ? before : after);
	if (before_ok && after_ok && before != after) {
		seam_out_puts(x->out, " => ");
		text_scalar(x, type, after);
	}
	seam_out_putc(x->out, ']');
}

static bool is_number(const struct seam_type *type)
{
	return type->width && !(type->flags & SEAM_TYPE_ARRAY) && type->kind != SEAM_KIND_STRUCT;
}

void text_pointer(struct seam_text *x, const struct seam_type *type, uint64_t address)
{
	bool out = type->dir != SEAM_DIR_IN && has_come_out(x, type);
	bool in = type->dir != SEAM_DIR_OUT &&
		  ((type->flags & SEAM_TYPE_AT_EXIT) || seam_holds(x->t, type->when, x->env));

	if (!address)
		seam_out_puts(x->out, "NULL");
	else if (x->options.hex_addresses || type->kind == SEAM_KIND_OPAQUE)
		text_hex(x->out, address);
	else if (type->kind == SEAM_KIND_IOC)
		ioc(x, type, address);
	else if (in && out && is_number(type))
		changed_number(x, type, address);
	else if (out)
		memory_at(x, type, address, SEAM_AT_EXIT);
	else if (in)
		memory_at(x, type, address, SEAM_AT_ENTRY);
	else
		text_hex(x->out, address);
}

void text_in_place(struct seam_text *x, const struct seam_type *type, uint32_t repeat, uint64_t address,
		   enum seam_when when)
{
	uint64_t value;
	bool ok;

	if (type->dir != SEAM_DIR_VALUE || type->kind == SEAM_KIND_OPAQUE) {
		struct seam_type pointer = { .kind = SEAM_KIND_ADDR, .width = type->width ? type->width : 8 };

		if (pointer.width > 8 || type->dir != SEAM_DIR_VALUE)
			pointer.width = 8;
		value = value_at(x, &pointer, address, when, &ok);
		if (ok)
			text_pointer(x, type, value);
		else
			text_hex(x->out, address);
	} else if (repeat && type->kind == SEAM_KIND_STR) {
		text_string_at(x, address, repeat, when);
	} else if (repeat && type->width == 1 && type->kind != SEAM_KIND_ENUM && type->kind != SEAM_KIND_BITS) {
		text_bytes_at(x, address, repeat, when);
	} else if (repeat) {
		array(x, type, address, repeat, when);
	} else if (type->width && !(type->flags & SEAM_TYPE_ARRAY) && type->kind != SEAM_KIND_STRUCT &&
		   type->kind != SEAM_KIND_SIGSET) {
		element(x, type, address, when);
	} else if (type->kind == SEAM_KIND_SIGSET) {
		text_sigset(x, address, type->width ? type->width : 8, when);
	} else {
		memory_at(x, type, address, when);
	}
}
