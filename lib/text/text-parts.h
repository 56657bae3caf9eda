/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that write calls as text share. */
#ifndef TEXT_TEXT_PARTS_H
#define TEXT_TEXT_PARTS_H

#include "seam/text.h"

#define TEXT_DEPTH 12 /* of structures inside structures; deeper ones are not opened */

/* numbers */

void text_u64(struct seam_out *out, uint64_t v);
void text_i64(struct seam_out *out, int64_t v);
void text_hex(struct seam_out *out, uint64_t v);
void text_octal(struct seam_out *out, uint64_t v);

/* scalars */

/* Of an integer that is this type, cut or extended to its width. */
uint64_t text_cut(const struct seam_type *type, uint64_t value);
void text_scalar(struct seam_text *x, const struct seam_type *type, uint64_t value);
void text_flags(struct seam_text *x, uint32_t set, uint64_t value, unsigned bytes);
void text_signal(struct seam_text *x, uint64_t number);
void text_error(struct seam_text *x, int number);
/* A set of the tables by its name, 0: there is none. */
uint32_t text_find_set(const struct seam_text *x, const char *name);
/* The name of a value in the set of that name, else the number. */
void text_named(struct seam_text *x, const char *set, uint64_t value, unsigned bytes);

/* memory */

/* Memory of the traced program: bytes that could be read. */
size_t text_read(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when);
bool text_read_exactly(struct seam_text *x, uint64_t address, void *to, size_t n, enum seam_when when);
/* What the pointer points to, or the pointer itself where that is not known. */
void text_pointer(struct seam_text *x, const struct seam_type *type, uint64_t address);
/* A value that stands in memory as part of a structure or an array; repeat: elements in place. */
void text_in_place(struct seam_text *x, const struct seam_type *type, uint32_t repeat, uint64_t address,
		   enum seam_when when);
void text_string_at(struct seam_text *x, uint64_t address, uint64_t most, enum seam_when when);
void text_bytes_at(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
unsigned text_string_limit(const struct seam_text *x);
unsigned text_element_limit(const struct seam_text *x);

/* shapes: each is memory of a form of its own, n bytes of it unless said otherwise */

void text_sockaddr(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_cmsg(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_siginfo(struct seam_text *x, uint64_t address, enum seam_when when);
void text_sigset(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);
void text_dirents(struct seam_text *x, uint64_t address, uint64_t n, bool is_64, enum seam_when when);
void text_wait_status(struct seam_text *x, int status);
/* Bits that are set, as numbers in brackets; n bits. */
void text_bit_numbers(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when);

#endif
