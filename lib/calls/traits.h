/* SPDX-License-Identifier: BSD-2-Clause */
/* What the effects of a call say at one glance. */
#ifndef CALLS_TRAITS_H
#define CALLS_TRAITS_H

#include "seam/calls.h"

/* Whether the case may have such an effect. */
bool call_does(const struct seam_tables *t, const struct seam_variant *v, enum seam_verb verb);
/* 1 + the argument that says whether memory that is mapped can be run; 0: it maps none. */
uint8_t call_protection(const struct seam_tables *t, const struct seam_variant *v);

#endif
