/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of a 32-bit table, of which there are only names: what the 64-bit call of the same name says about their arguments. */
#include "base/str.h"
#include "base/util.h"
#include "seam/calls.h"

/* Not what a word of 32 bits holds: such an argument takes two, or is another thing there. */
static bool is_wide(uint8_t kind)
{
	switch (kind) {
	case SEAM_KIND_I64:
	case SEAM_KIND_U64:
	case SEAM_KIND_OFF:
	case SEAM_KIND_SEC:
	case SEAM_KIND_USEC:
	case SEAM_KIND_NSEC:
	case SEAM_KIND_TICKS:
	case SEAM_KIND_LIMIT:
		return true;
	default:
		return false;
	}
}

const struct seam_call *seam_call_wide(const struct seam_tables *t, enum seam_arch arch, const struct seam_call *call, enum seam_arch *ret_arch)
{
	/* the same name for something else: one pointer to all arguments, another order */
	static const char *const others[] = { "mmap", "select", "clone" };
	enum seam_arch own_arch = seam_arch_wide(arch);
	const char *name = seam_string(t, call->name);
	const struct seam_call *own = seam_call_by_name(t, own_arch, name);
	struct seam_span args;

	if (!own || !(own->flags & SEAM_CALL_DESCRIBED))
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (str_eq(name, others[i]))
			return NULL;
	args = t->variants[own->variants.first].args;
	for (uint32_t i = 0; i < args.count; i++)
		if (is_wide(t->types[t->args[args.first + i].type].kind))
			return NULL;
	*ret_arch = own_arch;
	return own;
}

