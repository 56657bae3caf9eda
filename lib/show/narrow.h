/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of a 32-bit table, of which there are only names: what the 64-bit call of the same name says about their arguments. */
#ifndef SHOW_NARROW_H
#define SHOW_NARROW_H

#include "seam/calls.h"

/* The call of the 64-bit table with the same arguments in the same places, and its architecture; NULL: none for sure. */
const struct seam_call *narrow_own(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call,
				   enum seam_arch *ret_arch);
/* As seam_env.read: what a 32-bit program's memory means is not known. */
size_t narrow_read(void *user, uint64_t address, void *to, size_t n, enum seam_when when);

#endif
