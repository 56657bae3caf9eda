/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that write calls as text share. */
#ifndef TEXT_TEXT_PARTS_H
#define TEXT_TEXT_PARTS_H

#include <string.h>

#include "base/out-room.h"
#include "seam/text.h"

#define TEXT_DEPTH 12 /* of structures inside structures; deeper ones are not opened */
#define TEXT_ITEMS 65536 /* of one argument: memory can point to itself */

/* output */

static inline void text_put(struct seam_out *out, const void *p, size_t n)
{
	out_put(out, p, n);
}

static inline void text_putc(struct seam_out *out, char c)
{
	out_putc(out, c);
}

static inline void text_puts(struct seam_out *out, const char *s)
{
	out_puts(out, s);
}

static inline bool text_is_abbreviated(const struct seam_text *x)
{
	return x->options.abbreviated && !x->state.json;
}

static inline bool text_is_pointer(const struct seam_type *type)
{
	return type->dir != SEAM_DIR_VALUE || type->kind == SEAM_KIND_IOC || type->kind == SEAM_KIND_OPAQUE;
}

/*
 * Parts, in either language: "{a=1, b=[2, 3]}" or {"a":1,"b":[2,3]}. The commas are placed by these; what JSON has no
 * form of its own for (flags, addresses) stands between text_words() and text_words_end(), which are its quotes.
 */
void text_open(struct seam_text *x, char bracket);
void text_close(struct seam_text *x, char bracket);

static inline void text_item(struct seam_text *x)
{
	if (!x->state.fresh)
		text_put(x->out, ", ", 2);
	x->state.fresh = false;
	x->state.items++;
}

/* Inline, so that of a name that is known here only bytes are left. */
static inline void text_member(struct seam_text *x, const char *name)
{
	size_t n = strlen(name);
	char *to = out_room(x->out, n + 6);

	if (!x->state.fresh) {
		memcpy(to, ", ", 2);
		to += 2;
	}
	x->state.fresh = false;
	x->state.items++;
	if (x->state.json)
		*to++ = '"';
	memcpy(to, name, n);
	to += n;
	if (x->state.json) {
		memcpy(to, "\": ", 3);
		to += 3;
	} else {
		*to++ = '=';
	}
	out_filled(x->out, to);
}

/* How many there are of what stays closed, as a comment; more: not all of them could be counted. */
void text_count(struct seam_text *x, uint64_t n, const char *what, bool more);
/* There is more than is shown. */
void text_more(struct seam_text *x);

static inline void text_words(struct seam_text *x)
{
	if (x->state.json)
		text_putc(x->out, '"');
}

static inline void text_words_end(struct seam_text *x)
{
	text_words(x);
}

/* numbers */

#define TEXT_DIGITS 20
/* Where at least TEXT_DIGITS may stand; returns the end. */
char *text_digits(char *to, uint64_t v);
void text_u64(struct seam_out *out, uint64_t v);
void text_i64(struct seam_out *out, int64_t v);
void text_hex(struct seam_out *out, uint64_t v);
void text_octal(struct seam_out *out, uint64_t v);
/* An address, NULL if it is 0. */
void text_address(struct seam_text *x, uint64_t v);
/* A member that is a number. */
static inline void text_member_u64(struct seam_text *x, const char *name, uint64_t v)
{
	text_member(x, name);
	text_u64(x->out, v);
}

static inline void text_member_i64(struct seam_text *x, const char *name, int64_t v)
{
	text_member(x, name);
	text_i64(x->out, v);
}

void text_member_hex(struct seam_text *x, const char *name, uint64_t v);
/* A member that is one number inside the name of a function, as htons(80); JSON has the number. */
void text_member_in(struct seam_text *x, const char *name, const char *function, uint64_t v);

/* scalars */

/* Of an integer that is this type, cut or extended to its width. */
uint64_t text_cut(const struct seam_type *type, uint64_t value);
void text_scalar(struct seam_text *x, const struct seam_type *type, uint64_t value, enum seam_when when);
void text_flags(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes);
void text_signal(struct seam_text *x, uint64_t number);
void text_error(struct seam_text *x, int number);
/* The descriptor, and what the caller knows it to be. */
void text_descriptor(struct seam_text *x, int fd, enum seam_when when);
/* Four or sixteen bytes of an address. */
void text_ip4(struct seam_text *x, const unsigned char *address);
/* into: the member of the structure that it stands in, if it has no name before it. */
void text_ip6(struct seam_text *x, const unsigned char *address, const char *into);
/* seam_const_name(), which remembers. */
const char *text_const_name(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes);
/* A number that has no name in a set; the comment beside it says what kind of name is missing. */
void text_unnamed(struct seam_text *x, uint32_t set, uint64_t value);
/* The sets that shapes ask for by name. */
enum text_set { TEXT_SET_AF, TEXT_SET_SOL, TEXT_SET_COUNT };
void text_named(struct seam_text *x, enum text_set set, uint64_t value, unsigned bytes);

/* memory */

/* Memory of the traced program: bytes that could be read. */
size_t text_read(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when);
bool text_read_exactly(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when);
/* One byte, to see whether there is anything. */
bool text_is_there(struct seam_text *x, uint64_t address, enum seam_when when);
/* What the pointer points to, or the pointer itself where that is not known. */
void text_pointer(struct seam_text *x, const struct seam_type *type, uint64_t address);
/* The memory itself. */
void text_memory(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when);
uint64_t text_value_at(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when,
		       bool *ret_ok);
/* The structure at this address; bytes: how much of it there is. */
void text_structure(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t bytes,
		    enum seam_when when);
/* n elements; one of them. */
void text_array(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t n, enum seam_when when);
void text_element(struct seam_text *x, const struct seam_type *type, uint64_t address, enum seam_when when);
unsigned text_element_bytes(const struct seam_text *x, const struct seam_type *type);
unsigned text_string_limit(const struct seam_text *x);
unsigned text_element_limit(const struct seam_text *x);
/* Whether element i of an array is one too many. */
bool text_is_enough(const struct seam_text *x, uint64_t i);

/* strings */

/* To its NUL, or to `most` bytes if that is not 0; `limit`: of what is shown. */
void text_string_at(struct seam_text *x, uint64_t address, uint64_t most, size_t limit, enum seam_when when);
void text_bytes_at(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_strings_at(struct seam_text *x, uint64_t address, enum seam_when when);

/* shapes: each is memory of a form of its own, n bytes of it unless said otherwise */

void text_vector(struct seam_text *x, const struct seam_type *type, uint64_t address, uint64_t n, enum seam_when when);
void text_sockaddr(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_cmsg(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_siginfo(struct seam_text *x, uint64_t address, enum seam_when when);
void text_sigset(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_dirents(struct seam_text *x, uint64_t address, uint64_t n, bool is_64, enum seam_when when);
void text_wait_status(struct seam_text *x, int status);
/* Bits that are set, as numbers in brackets; n bits. */
void text_bit_numbers(struct seam_text *x, uint64_t address, uint64_t n, bool descriptors, enum seam_when when);

#endif
