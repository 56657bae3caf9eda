/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of calls: those of the headers, and for calls newer than the headers those that descriptions give. */
#include "calls/vocabulary.h"
#include "seamc/lower.h"

static const char *holder(const struct model *m, int arch, uint32_t number)
{
	for (size_t i = 0; i < m->facts->numbers.n; i++) {
		const struct fact_number *n = &m->facts->numbers.at[i];

		if (n->have[arch] && n->number[arch] == number)
			return n->name;
	}
	return NULL;
}

static void own_number(struct model *m, const struct ast_call *call)
{
	struct fact_number *known = facts_number(m->facts, call->name), n = { .name = call->name };

	if (known)
		n = *known;
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++) {
		uint32_t number = call->number.number[arch];
		const char *other;

		if (!(call->number.archs >> arch & 1))
			continue;
		/* a number for all is for those that have the call */
		if (arch < SEAM_ARCH_DESCRIBED && call->archs && !(call->archs >> arch & 1))
			continue;
		if (n.have[arch]) {
			diag_error(m->diag, call->number.loc, "calls/tables/numbers has the number of '%s' on %s: %u", call->name,
				   arch_words[arch], n.number[arch]);
			return;
		}
		other = holder(m, arch, number);
		if (other) {
			diag_error(m->diag, call->number.loc, "%u is the number of '%s' on %s", number, other,
				   arch_words[arch]);
			return;
		}
		n.have[arch] = true;
		n.number[arch] = number;
	}
	if (known)
		*known = n;
	else
		facts_add_number(m->facts, &n);
}

void model_own_numbers(struct model *m)
{
	for (size_t i = 0; i < m->ast->calls.n; i++)
		if (m->ast->calls.at[i]->number.archs)
			own_number(m, m->ast->calls.at[i]);
}
