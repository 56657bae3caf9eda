/* SPDX-License-Identifier: BSD-2-Clause */
/* A set of system calls, as people name one: names, patterns, numbers, classes, and what to take out again. */
#ifndef SEAM_CALLSET_H
#define SEAM_CALLSET_H

#include <stdbool.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SEAM_CALLSET_MAX = 1024 }; /* calls of one architecture */

struct seam_callset {
	const struct seam_tables *t;
	enum seam_arch arch;
	bool touched; /* something has been added or taken out */
	uint64_t bits[SEAM_CALLSET_MAX / 64]; /* by index in the architecture's calls */
};

enum seam_callset_word {
	SEAM_CALLSET_CALL,  /* one call: its name or its number */
	SEAM_CALLSET_MANY,  /* a pattern or a class */
	SEAM_CALLSET_MINUS, /* something to take out */
};

void seam_callset_init(struct seam_callset *s, const struct seam_tables *t, enum seam_arch arch);

/*
 * Adds what @word names: "openat", "open*", "257", "0x101", "%file", "%reads-status", or takes it out: "!recv*". Out
 * of all calls, if it comes first. Words may be joined by commas. Returns the enum of the last of them; -ENOENT with
 * the sentence if nothing is called so, -EINVAL if it makes no sense. *ret_call, unless NULL, becomes the call if
 * it was one.
 */
int seam_callset_add(struct seam_callset *s, const char *word, const struct seam_call **ret_call, struct seam_err *err);

/* A call of another architecture is asked for by its name. */
bool seam_callset_has(const struct seam_callset *s, const struct seam_call *call);

#ifdef __cplusplus
}
#endif
#endif
