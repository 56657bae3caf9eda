/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel's headers say: numbers of calls, values of constants, layouts of structures, per architecture. */
#ifndef SEAMC_FACTS_H
#define SEAMC_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strmap.h"
#include "seam/calls.h"
#include "seamc/arena.h"
#include "seamc/diag.h"

struct fact_number {
	const char *name;
	bool have[SEAM_ARCH_COUNT];
	uint32_t number[SEAM_ARCH_COUNT];
};

struct fact_const {
	const char *name;
	bool have[SEAM_ARCH_DESCRIBED];
	uint64_t value[SEAM_ARCH_DESCRIBED];
};

enum c_kind { C_INTEGER, C_CHAR, C_POINTER, C_STRUCT };

struct fact_member {
	const char *name;
	uint32_t offset;
	enum c_kind kind;
	uint32_t bytes; /* of one element; of a structure only after facts_struct() found it */
	bool is_signed;
	const char *of; /* C_STRUCT */
	bool array;
	uint32_t count; /* of an array; 0: flexible */
	bool in_union;
	uint8_t bit, bits; /* a bit field */
};

struct fact_struct {
	const char *name;
	bool is_union;
	uint32_t size;
	VEC(struct fact_member) members;
};

struct facts {
	struct arena *arena;
	VEC(struct fact_number) numbers; /* sorted by name, as the table is */
	struct strmap consts;            /* struct fact_const */
	struct strmap structs[SEAM_ARCH_DESCRIBED];
};

/* What the headers know of this call; NULL: nothing. */
struct fact_number *facts_number(const struct facts *f, const char *name);
/* Puts a call where its name belongs. */
void facts_add_number(struct facts *f, const struct fact_number *n);

/* Reads numbers, constants and layouts from the directory. What is wrong goes to diag. */
void facts_load(struct facts *f, const char *dir, struct diag *diag);
void facts_release(struct facts *f);

/* The same from memory; for tests and fuzzing. */
void facts_parse_numbers(struct facts *f, const struct source *s, struct diag *diag);
void facts_parse_constants(struct facts *f, const struct source *s, struct diag *diag);
void facts_parse_layouts(struct facts *f, const struct source *s, struct diag *diag);

const struct fact_const *facts_const(const struct facts *f, const char *name);
const struct fact_struct *facts_struct(const struct facts *f, enum seam_arch arch, const char *name);
/* By its own name, dotted for inner structures that have none; at: the offset, or -1 for the first. */
const struct fact_member *facts_member(const struct fact_struct *s, const char *name, int64_t at);
/* Bytes that the member takes, arrays in full. */
uint32_t facts_member_size(const struct facts *f, enum seam_arch arch, const struct fact_member *m);

#endif
