/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files that describe calls share: pieces of text, and questions about the tables. */
#ifndef CALLS_DESCRIBE_PARTS_H
#define CALLS_DESCRIBE_PARTS_H

#include "seam/calls.h"
#include "seam/describe.h"

#define MAX_COMMON 128 /* clauses after these are said with each case */

enum clause { CLAUSE_DOES, CLAUSE_WAITS, CLAUSE_DET, CLAUSE_FAILS, CLAUSE_COUNT };

/* A description under way. */
struct describe {
	const struct seam_tables *t;
	enum seam_arch arch;
	const struct seam_call *call;
	struct seam_out *out;
	unsigned width;
	bool all;
	const char *cases;
	unsigned varying; /* bit i: the cases say different things of argument i */
	bool common[CLAUSE_COUNT][MAX_COMMON]; /* what variant 0 says and every other too */
};

static inline const struct seam_variant *call_variant(const struct seam_tables *t, const struct seam_call *call, uint32_t i)
{
	return &t->variants[call->variants.first + i];
}

static inline const struct seam_arg *variant_arg(const struct seam_tables *t, const struct seam_variant *v, uint32_t i)
{
	return &t->args[v->args.first + i];
}

static inline const char *expr_text(const struct seam_tables *t, uint32_t expr)
{
	return seam_string(t, t->exprs[expr].text);
}

/* Points to memory of the traced program. */
static inline bool is_pointer(const struct seam_type *type)
{
	return type->dir != SEAM_DIR_VALUE || type->kind == SEAM_KIND_IOC || type->kind == SEAM_KIND_OPAQUE;
}

unsigned kind_bytes_of(uint8_t kind);
/* Any integer, or characters: what a structure's member is when nobody says more. */
bool is_plain_number(const struct seam_type *type);
bool same_text(const struct seam_tables *t, uint32_t a, uint32_t b);
/* By what they say, not by where they stand. */
bool same_type(const struct seam_tables *t, uint32_t a, uint32_t b);

/* " if E", " unless E"; nothing without a condition. */
void condition_text(const struct seam_tables *t, uint32_t when, struct seam_out *out);
void object_text(const struct seam_tables *t, uint32_t object, struct seam_out *out);
/* What stands behind "as"; nothing if there is nothing. */
void as_text(const struct seam_tables *t, const struct seam_effect *e, struct seam_out *out);
void effect_text(const struct seam_tables *t, const struct seam_effect *e, struct seam_out *out);
void wait_text(const struct seam_tables *t, const struct seam_variant *v, const struct seam_wait *w, struct seam_out *out);
void det_text(const struct seam_tables *t, const struct seam_variant *v, const struct seam_det *d, struct seam_out *out);
/* "name type if E", with the length of an array in place. */
void field_text(const struct seam_tables *t, const struct seam_field *f, struct seam_out *out);
/* Whether the cases say different things of argument number i. */
bool arg_varies(const struct seam_tables *t, const struct seam_call *call, uint32_t i);

/* In words: what of this memory goes in and comes out, and when. Nothing for what is no pointer. */
void memory_words(const struct seam_tables *t, uint32_t type, struct seam_out *out);
/* The names of a set, most of them. */
void set_text(const struct seam_tables *t, uint32_t set, bool all, struct seam_out *out);

/* Text broken at blanks; it goes on at column `indent`, where the first line is already. */
void write_text(struct describe *d, unsigned indent, const char *text);
void write_structure(struct describe *d, uint32_t layout, unsigned indent, unsigned depth);
void write_arguments(struct describe *d, const struct seam_variant *v, bool of_case);
/* Finds out what is common to all cases; comes first. */
void compare_cases(struct describe *d);
/* Its cases, in short or in full. Returns how many fit d->cases. */
unsigned write_cases(struct describe *d);
/* Effects, waits, determinism and errors that hold in every case, or that are this case's own. */
void write_clauses(struct describe *d, const struct seam_variant *v, bool of_case);

#endif
