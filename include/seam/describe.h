/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tables say of a call, as text for people and as JSON for programs. */
#ifndef SEAM_DESCRIBE_H
#define SEAM_DESCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/json.h"
#include "seam/out.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All of these take the tables to look into: the library's own are seam_tables. */

/* A type in the words of the language: "in path@dfd nofollow when flags & O_NOFOLLOW", "out data[count; ret]". */
void seam_type_text(const struct seam_tables *t, uint32_t type, struct seam_out *out);

/*
 * "read(fd fd, buf out data[count; ret], count size) -> size", on one line. A call that is not described has no more
 * than its name. An argument that each case gives a meaning of its own stands there as "ARG ...".
 */
void seam_call_signature(const struct seam_tables *t, const struct seam_call *call, struct seam_out *out);

struct seam_describe_options {
	unsigned width;   /* columns to wrap at; 0: 80 */
	bool all;         /* long lists and nested structures in full, and every case */
	const char *cases; /* show these cases in full: a pattern for the names of what selects them; NULL: none */
};

/*
 * The whole description, for a person. Returns how many cases of the call fit options->cases; 0 without it.
 * @arch is the one that @call belongs to.
 */
unsigned seam_call_describe(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call,
			    const struct seam_describe_options *options, struct seam_out *out);

/* One object; doc/calls-json.md has the schema. */
void seam_call_json(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call,
		    struct seam_json *j);

/*
 * A capture program, one operation a line, each line after `indent` blanks: "t0 = load u32 arg1+8". The registers are
 * arg0 to arg5, ret, self, p0 to p3 and t0 on.
 */
void seam_program_text(const struct seam_tables *t, struct seam_span program, unsigned indent, struct seam_out *out);

/* Whether a word of what selects this case ("cmd = F_GETLK F_SETLK") fits the pattern: the values, not what is tested. */
bool seam_case_fits(const struct seam_tables *t, const struct seam_variant *variant, const char *pattern);
/* The value that was probably meant by ; false if none is near. */
bool seam_case_suggest(const struct seam_tables *t, const struct seam_call *call, const char *word, char *ret_meant,
		       size_t size);

struct seam_coverage_pointers {
	uint32_t all, described;
};

/* What there is for one architecture, and how much of it is described. */
struct seam_coverage {
	uint32_t calls, described, gone;
	uint32_t args; /* of all calls, each once */
	struct seam_coverage_pointers pointers; /* arguments that point to memory, in any case of the call */
	struct seam_coverage_pointers in_cases; /* each case's own, where it says something of its own */
	struct seam_coverage_pointers in_structures;
	uint32_t multiplexed, cases, values;
	uint32_t structures, members;
	uint32_t sets, constants;
	uint32_t programs, operations;
	uint32_t effects, waits, errors;
	uint32_t shapes; /* kinds of memory that need a codec of their own, and are used */
};

enum seam_coverage_where { SEAM_COVERAGE_ARG, SEAM_COVERAGE_CASE, SEAM_COVERAGE_MEMBER };

/* Calls @undescribed, if it is not NULL, for each pointer whose memory is not described: its place, and the reason. */
void seam_coverage(const struct seam_tables *t, enum seam_arch arch, struct seam_coverage *ret_coverage,
		   void (*undescribed)(void *user, enum seam_coverage_where where, const char *place, const char *reason),
		   void *user);

#ifdef __cplusplus
}
#endif
#endif
