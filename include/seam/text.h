/* SPDX-License-Identifier: BSD-2-Clause */
/* A call that was made, as text: the names of flags, the members of structures, strings, errors. */
#ifndef SEAM_TEXT_H
#define SEAM_TEXT_H

#include "seam/calls.h"
#include "seam/out.h"

#ifdef __cplusplus
extern "C" {
#endif

struct seam_text_options {
	unsigned string_limit;  /* bytes of a string or of content that are shown; 0: 32 */
	unsigned element_limit; /* elements of an array; 0: 32 */
	bool names;             /* arguments with their names: "openat(dfd=AT_FDCWD, ..." */
	bool hex_addresses;     /* pointers stay numbers, whatever is known of their memory */
};

/*
 * A call as the tables and a source of its memory have it. env->reg holds the arguments and, once it has returned, the
 * result; env->read() gives memory as it was at entry or at exit. The text is what strace users know:
 * openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3
 */
struct seam_text {
	const struct seam_tables *t;
	enum seam_arch arch;
	const struct seam_call *call; /* NULL: its number is not in the tables */
	uint64_t number;
	const struct seam_variant *variant; /* NULL: found out from the arguments */
	struct seam_env *env;
	struct seam_text_options options;
	struct seam_out *out;
	bool returned; /* memory that comes out can be shown */
	unsigned depth;
};

/* "name(argument, ...)" without the result. */
void seam_text_call(struct seam_text *x);
/* "3", "-1 ENOENT (No such file or directory)", "0x7f0000000000", "?" (it never returns). */
void seam_text_result(struct seam_text *x);
/* One value of this type, as it stands in a register. */
void seam_text_value(struct seam_text *x, uint32_t type, uint64_t value);
/* Bytes in double quotes, with what cannot be printed escaped; "..." behind it when there were more. */
void seam_text_bytes(struct seam_text *x, const void *bytes, size_t n, bool more);

#ifdef __cplusplus
}
#endif
#endif
