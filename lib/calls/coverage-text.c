/* SPDX-License-Identifier: BSD-2-Clause */
/* The figures of what is described, and the list of what is not, as text. */
#include "calls/describe-parts.h"

struct undescribed {
	struct seam_out *out;
	enum seam_coverage_where where;
	bool titled;
};

static void put_undescribed(void *user, enum seam_coverage_where where, const char *place, const char *reason)
{
	static const char *const titles[] = { "Arguments without a description:", "Without a description in a case:",
					      "Members without a description:" };
	struct undescribed *u = user;

	if (where != u->where)
		return;
	if (!u->titled)
		seam_out_printf(u->out, "\n%s\n", titles[where]);
	u->titled = true;
	seam_out_printf(u->out, "  %s: %s\n", place, reason);
}

static void put_pointers(struct seam_out *out, const char *what, struct seam_coverage_pointers p)
{
	seam_out_printf(out, "  %-34s %5u of %5u, %5.1f %%\n", what, p.described, p.all,
			p.all ? 100.0 * p.described / p.all : 100.0);
}

static void put_count(struct seam_out *out, const char *what, uint32_t n)
{
	seam_out_printf(out, "  %-34s %5u\n", what, n);
}

void seam_coverage_text(const struct seam_tables *t, enum seam_arch arch, struct seam_out *out)
{
	struct seam_coverage c;

	seam_out_puts(out, "Calls\n");
	for (enum seam_arch a = 0; a < SEAM_ARCH_COUNT; a++) {
		seam_coverage(t, a, &c, NULL, NULL);
		if (a >= SEAM_ARCH_DESCRIBED)
			seam_out_printf(out, "  %-10s %4u, names and numbers only\n", t->arch[a].name, c.calls);
		else
			seam_out_printf(out, "  %-10s %4u, %4u described (%u of them gone), %u arguments; pointers %u of %u\n",
					t->arch[a].name, c.calls, c.described, c.gone, c.args, c.pointers.described,
					c.pointers.all);
	}
	if (arch >= SEAM_ARCH_DESCRIBED)
		return;
	seam_coverage(t, arch, &c, NULL, NULL);
	seam_out_printf(out, "\nPointers whose memory is described, %s\n", t->arch[arch].name);
	put_pointers(out, "arguments", c.pointers);
	put_pointers(out, "arguments that a case describes", c.in_cases);
	put_pointers(out, "members of structures", c.in_structures);
	put_pointers(out, "together",
		     (struct seam_coverage_pointers){ c.pointers.all + c.in_cases.all + c.in_structures.all,
						      c.pointers.described + c.in_cases.described + c.in_structures.described });
	seam_out_printf(out, "\nHow, %s\n", t->arch[arch].name);
	put_count(out, "calls with cases", c.multiplexed);
	put_count(out, "cases", c.cases);
	put_count(out, "values that select a case", c.values);
	put_count(out, "structures", c.structures);
	put_count(out, "members", c.members);
	put_count(out, "sets of constants", c.sets);
	put_count(out, "constants in them", c.constants);
	put_count(out, "effects", c.effects);
	put_count(out, "waits", c.waits);
	put_count(out, "errors", c.errors);
	put_count(out, "capture programs", c.programs);
	put_count(out, "operations in them", c.operations);
	put_count(out, "shapes with a codec by hand", c.shapes);
	for (enum seam_coverage_where where = SEAM_COVERAGE_ARG; where <= SEAM_COVERAGE_MEMBER; where++) {
		struct undescribed u = { out, where, false };

		seam_coverage(t, arch, &c, put_undescribed, &u);
	}
}
