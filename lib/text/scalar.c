/* SPDX-License-Identifier: BSD-2-Clause */
/* Values that fit into a register: numbers, flags, names. */
#include <arpa/inet.h>

#include "base/str.h"
#include "base/util.h"
#include "text/text-parts.h"

#define FILE_TYPE_MASK 0170000u
#define CWD (-100)
#define KIB 1024
#define BILLION 1000000000

uint64_t text_cut(const struct seam_type *type, uint64_t value)
{
	unsigned shift;

	if (!type->width || type->width >= 8)
		return value;
	shift = 64 - type->width * 8u;
	return type->flags & SEAM_TYPE_SIGNED ? (uint64_t)((int64_t)(value << shift) >> shift) : value << shift >> shift;
}

/* sets of constants */

const char *text_const_name(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes)
{
	uint32_t at = (uint32_t)(value ^ value >> 7 ^ set * 31u) % ARRAY_SIZE(x->state.names);
	const char *name;

	if (x->state.names[at].set == set && x->state.names[at].value == value)
		return x->state.names[at].name ? seam_string(x->t, x->state.names[at].name) : NULL;
	name = seam_const_name(x->t, set, value, bytes);
	x->state.names[at].set = set;
	x->state.names[at].value = value;
	x->state.names[at].name = name ? (uint32_t)(name - x->t->strings) : 0;
	return name;
}

/* What all names of the set begin with, to the last underscore. */
static void put_prefix(struct seam_text *x, uint32_t set)
{
	const struct seam_set *s = &x->t->sets[set];
	const char *first = s->count ? seam_string(x->t, x->t->consts[s->first].name) : "";
	size_t n = strlen(first);

	for (uint32_t i = 1; i < s->count; i++) {
		const char *name = seam_string(x->t, x->t->consts[s->first + i].name);
		size_t same = 0;

		while (same < n && name[same] == first[same])
			same++;
		n = same;
	}
	while (n && first[n - 1] != '_')
		n--;
	text_put(x->out, first, n);
}

static void comment(struct seam_text *x, uint32_t set)
{
	text_put(x->out, " /* ", 4);
	put_prefix(x, set);
	text_puts(x->out, "??? */");
}

void text_unnamed(struct seam_text *x, uint32_t set, uint64_t value)
{
	text_hex(x->out, value);
	comment(x, set);
}

static void put_flags(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes)
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
			text_putc(x->out, '|');
		text_puts(x->out, seam_string(x->t, c->name));
		left &= ~mask;
		any = true;
	}
	if (any && left) {
		text_putc(x->out, '|');
		text_hex(x->out, left);
	} else if (left) {
		text_unnamed(x, set, left);
	} else if (!any) {
		const char *zero = text_const_name(x, set, 0, bytes ? bytes : 8);

		text_puts(x->out, zero ? zero : "0");
	}
}

/* The same few combinations come again and again. */
void text_flags(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes)
{
	uint32_t key = set << 4 | bytes, at = (uint32_t)(value ^ value >> 7 ^ value >> 15 ^ set * 31u) % ARRAY_SIZE(x->state.flags);
	struct seam_out *out = x->out;
	uint64_t begin = out->flushed + out->len;
	size_t n;

	if (x->state.flags[at].size && x->state.flags[at].key == key && x->state.flags[at].value == value) {
		text_put(out, x->state.flags[at].text, x->state.flags[at].size);
		return;
	}
	put_flags(x, set, value, bytes);
	n = (size_t)(out->flushed + out->len - begin);
	if (out->error || n > out->len || n > sizeof(x->state.flags[at].text))
		return;
	x->state.flags[at].key = key;
	x->state.flags[at].value = value;
	x->state.flags[at].size = (uint8_t)n;
	memcpy(x->state.flags[at].text, out->data + out->len - n, n);
}

void text_named(struct seam_text *x, enum text_set which, uint64_t value, unsigned bytes)
{
	static const char *const names[TEXT_SET_COUNT] = { [TEXT_SET_AF] = "af", [TEXT_SET_SOL] = "sol" };
	uint32_t *set = &x->state.sets[which];
	const char *name;

	if (!*set) {
		uint32_t i = 1;

		while (x->t->sets[i].name && strcmp(seam_string(x->t, x->t->sets[i].name), names[which]) != 0)
			i++;
		*set = x->t->sets[i].name ? i : UINT32_MAX;
	}
	name = *set != UINT32_MAX ? text_const_name(x, *set, value, bytes) : NULL;
	text_words(x);
	if (name)
		text_puts(x->out, name);
	else if (*set != UINT32_MAX)
		text_unnamed(x, *set, value);
	else
		text_hex(x->out, value);
	text_words_end(x);
}

/* A set of an enum as wide as a pointer has names for a few values; the others are numbers or addresses. */
static void constant(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	const char *name = text_const_name(x, type->ref, value, type->width);

	if (name)
		text_puts(x->out, name);
	else if (type->width == 8 && value < BILLION)
		text_u64(x->out, value);
	else if (type->width == 8)
		text_hex(x->out, value);
	else
		text_unnamed(x, type->ref, value);
}

/* numbers that mean something */

static void mode(struct seam_text *x, uint64_t value)
{
	static const char *const types[16] = {
		[001] = "S_IFIFO|", [002] = "S_IFCHR|", [004] = "S_IFDIR|",  [006] = "S_IFBLK|",
		[010] = "S_IFREG|", [012] = "S_IFLNK|", [014] = "S_IFSOCK|",
	};
	const char *type = types[(value & FILE_TYPE_MASK) >> 12];

	if (type) {
		text_puts(x->out, type);
		value &= ~(uint64_t)FILE_TYPE_MASK;
	}
	/* at least three digits */
	text_puts(x->out, !value ? "00" : value < 010 ? "0" : "");
	text_octal(x->out, value);
}

/* The kernel's new_encode_dev(): 12 bits of major number between 8 and 12 of minor. */
static void device(struct seam_text *x, uint64_t value)
{
	text_puts(x->out, "makedev(");
	text_hex(x->out, (value >> 8 & 0xfff) | (value >> 32 & ~0xfffull));
	text_put(x->out, ", ", 2);
	text_hex(x->out, (value & 0xff) | (value >> 12 & ~0xffull & 0xffffffff));
	text_putc(x->out, ')');
}

static void limit(struct seam_text *x, uint64_t value)
{
	if (value == UINT64_MAX) {
		text_words(x);
		text_puts(x->out, "RLIM64_INFINITY");
		text_words_end(x);
	} else if (!x->state.json && value > KIB && value % KIB == 0) {
		text_u64(x->out, value / KIB);
		text_puts(x->out, "*1024");
	} else {
		text_u64(x->out, value);
	}
}

void text_descriptor(struct seam_text *x, int fd, enum seam_when when)
{
	bool json = x->state.json, arrow;
	const char *what = x->descriptor && (fd >= 0 || fd == CWD) ? x->descriptor(x->user, fd, when) : NULL;

	if (json && what)
		text_puts(x->out, "{\"fd\": ");
	if (fd == CWD)
		text_puts(x->out, json ? "\"AT_FDCWD\"" : "AT_FDCWD");
	else
		text_i64(x->out, fd);
	if (!what)
		return;
	if (json) {
		text_puts(x->out, ", \"is\": ");
		seam_text_bytes(x, what, strlen(what), false);
		text_putc(x->out, '}');
		return;
	}
	/* as in a string, but between other brackets; the arrow of a socket is no bracket */
	arrow = *what != '/' && *what != '>';
	text_putc(x->out, '<');
	for (size_t n = strlen(what), i = 0;; i++) {
		size_t plain = plain_length(what + i, n - i, '>', '>');
		unsigned char c;

		text_put(x->out, what + i, plain);
		i += plain;
		if (i == n)
			break;
		c = (unsigned char)what[i];
		if (c == '>' && arrow && what[i - 1] == '-') {
			text_putc(x->out, '>');
			continue;
		}
		text_putc(x->out, '\\');
		text_putc(x->out, (char)('0' + (c >> 6)));
		text_putc(x->out, (char)('0' + (c >> 3 & 7)));
		text_putc(x->out, (char)('0' + (c & 7)));
	}
	text_putc(x->out, '>');
}

static void in_function(struct seam_text *x, const char *function, const char *address, const char *into)
{
	if (!x->state.json)
		text_puts(x->out, function);
	text_putc(x->out, '"');
	text_puts(x->out, address);
	text_putc(x->out, '"');
	if (x->state.json)
		return;
	if (into) {
		text_put(x->out, ", &", 3);
		text_puts(x->out, into);
	}
	text_putc(x->out, ')');
}

void text_ip4(struct seam_text *x, const unsigned char *address)
{
	char text[16];
	size_t at = 0;

	for (int i = 0; i < 4; i++) {
		unsigned v = address[i];

		if (i)
			text[at++] = '.';
		if (v >= 100)
			text[at++] = (char)('0' + v / 100);
		if (v >= 10)
			text[at++] = (char)('0' + v / 10 % 10);
		text[at++] = (char)('0' + v % 10);
	}
	text[at] = '\0';
	in_function(x, "inet_addr(", text, NULL);
}

void text_ip6(struct seam_text *x, const unsigned char *address, const char *into)
{
	char text[INET6_ADDRSTRLEN];

	in_function(x, "inet_pton(AF_INET6, ", inet_ntop(AF_INET6, address, text, sizeof(text)) ? text : "", into);
}

/* What JSON has as a number. */
static void number(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	if (type->flags & SEAM_TYPE_SIGNED)
		text_i64(x->out, (int64_t)value);
	else
		text_u64(x->out, value);
}

/* What JSON has as a string. */
static void words(struct seam_text *x, const struct seam_type *type, uint64_t value)
{
	switch (type->kind) {
	case SEAM_KIND_BITS:
		text_flags(x, type->ref, value, type->width);
		break;
	case SEAM_KIND_ENUM:
		constant(x, type, value);
		break;
	case SEAM_KIND_MODE:
		mode(x, value);
		break;
	case SEAM_KIND_DEV:
		device(x, value);
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
		text_hex(x->out, value);
	}
}

/* The bytes stand in the other order: htons(80). */
static void network_order(struct seam_text *x, const struct seam_type *type, uint64_t value, enum seam_when when)
{
	static const char *const functions[] = { [2] = "htons(", [4] = "htonl(", [8] = "htobe64(" };
	struct seam_type host = *type;
	bool named = !x->state.json && (type->width == 2 || type->width == 4 || type->width == 8);

	host.flags &= (uint8_t)~SEAM_TYPE_BE;
	if (type->width > 1 && type->width <= 8)
		value = __builtin_bswap64(value) >> (64 - type->width * 8);
	if (named)
		text_puts(x->out, functions[type->width]);
	text_scalar(x, &host, value, when);
	if (named)
		text_putc(x->out, ')');
}

void text_scalar(struct seam_text *x, const struct seam_type *type, uint64_t value, enum seam_when when)
{
	if (type->flags & SEAM_TYPE_BE && type->kind != SEAM_KIND_IP4 && type->kind != SEAM_KIND_IP6) {
		network_order(x, type, value, when);
		return;
	}
	value = text_cut(type, value);
	switch (type->kind) {
	case SEAM_KIND_FD:
	case SEAM_KIND_DIRFD:
		text_descriptor(x, (int32_t)value, when);
		break;
	case SEAM_KIND_IP4:
		text_ip4(x, (const unsigned char *)&value);
		break;
	case SEAM_KIND_IP6:
		text_ip6(x, (const unsigned char *)(const uint64_t[2]){ value }, NULL);
		break;
	case SEAM_KIND_UID:
	case SEAM_KIND_GID:
		/* "leave it as it is" */
		if (value == (type->width == 2 ? 0xffffu : 0xffffffffu))
			text_put(x->out, "-1", 2);
		else
			text_u64(x->out, value);
		break;
	case SEAM_KIND_ID:
		if (type->width == 4)
			text_i64(x->out, (int32_t)value);
		else
			text_u64(x->out, value);
		break;
	case SEAM_KIND_LIMIT:
		limit(x, value);
		break;
	case SEAM_KIND_ADDR:
		text_address(x, value);
		break;
	case SEAM_KIND_BITS:
	case SEAM_KIND_ENUM:
	case SEAM_KIND_HEX:
	case SEAM_KIND_UNUSED:
	case SEAM_KIND_MODE:
	case SEAM_KIND_DEV:
	case SEAM_KIND_SIGNAL:
	case SEAM_KIND_ERRNO:
	case SEAM_KIND_WSTATUS:
		text_words(x);
		words(x, type, value);
		text_words_end(x);
		break;
	default:
		number(x, type, value);
	}
}
