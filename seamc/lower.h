/* SPDX-License-Identifier: BSD-2-Clause */
/* From calls as they are written to calls as the tables have them. */
#ifndef SEAMC_LOWER_H
#define SEAMC_LOWER_H

#include "seamc/model.h"

/* All calls of m->arch. */
void lower_calls(struct model *m);

/* Adds the numbers that descriptions give themselves to those of the headers. */
void model_own_numbers(struct model *m);

/* The programs that copy a variant's memory, and how many values entry keeps for exit. */
void lower_capture(struct model *m, const struct scope *s, struct seam_variant *variant);

#endif
