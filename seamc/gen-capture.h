/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files share that write capture programs. */
#ifndef SEAMC_GEN_CAPTURE_H
#define SEAMC_GEN_CAPTURE_H

#include "seamc/gen.h"

struct capture {
	struct gen g;
	unsigned nesting;
	bool after_success; /* ret >= 0 has been tested around here */
};

static inline bool at_exit(const struct capture *c)
{
	return c->g.phase == GEN_EXIT;
}

/* Whether the pointer's own memory is copied in this phase. */
bool copies(const struct capture *c, const struct ast_type *t);
/* Jumps are patched when it is known how far they go. */
size_t jump_if_zero(struct capture *c, int reg);
void land(struct capture *c, size_t jump);
/* Number of elements now: the room, cut to what is valid after the call. Not a register to write to. */
bool capture_elements(struct capture *c, const struct scope *s, const struct ast_type *t, int *ret_reg);
/* The bytes of so many elements, in a register. */
int capture_bytes(struct capture *c, const struct ast_type *t, int count);
void capture_copy(struct capture *c, const struct ast_type *t, int pointer, int bytes);
/* What the pointer in this register points to, under its conditions. */
void capture_target(struct capture *c, const struct scope *s, const struct ast_type *type, int pointer);

/* What hangs on the members of the structure at s->self: gen-members.c */
void capture_members(struct capture *c, const struct scope *s);

#endif
