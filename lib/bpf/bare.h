/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables for a recording without structures: programs that copy strings and single numbers, and nothing else. */
#ifndef BPF_BARE_H
#define BPF_BARE_H

#include "seam/calls.h"

struct bare {
	struct seam_tables tables; /* those that were given, with operations and variants of our own */
	struct seam_op *ops;
	struct seam_variant *variants;
};

/* What a program has to do only for what is left out is left out, too; so most of them are one piece or nothing. */
void bare_make(struct bare *b, const struct seam_tables *t);
void bare_release(struct bare *b);

#endif
