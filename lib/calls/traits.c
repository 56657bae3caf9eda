/* SPDX-License-Identifier: BSD-2-Clause */
/* What the effects of a call say at one glance. */
#include "calls/traits.h"

#include "base/str.h"

bool call_does(const struct seam_tables *t, const struct seam_variant *v, enum seam_verb verb)
{
	for (uint32_t i = 0; i < v->effects.count; i++)
		if (t->effects[v->effects.first + i].verb == verb)
			return true;
	return false;
}

uint8_t call_protection(const struct seam_tables *t, const struct seam_variant *v)
{
	if (!call_does(t, v, SEAM_VERB_MAPS) && !call_does(t, v, SEAM_VERB_PROTECTS))
		return 0;
	for (uint32_t i = 0; i < v->args.count; i++)
		if (str_eq(seam_string(t, t->args[v->args.first + i].name), "prot"))
			return (uint8_t)(i + 1);
	return 0;
}
