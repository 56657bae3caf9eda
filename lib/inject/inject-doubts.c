/* SPDX-License-Identifier: BSD-2-Clause */
/* What a rule asks for and no kernel does. */
#include <errno.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "inject/inject-parts.h"
#include "inject/inject-words.h"
#include "seam/out.h"

#define NAMES_TOLD 3u

/* Whether one of its cases may fail so. A kernel without the call says ENOSYS, whatever the call is. */
static bool can_fail(const struct seam_tables *t, const struct seam_call *call, int error)
{
	if (error == ENOSYS || !(call->flags & SEAM_CALL_DESCRIBED))
		return true;
	for (uint32_t i = 0; i < call->variants.count; i++) {
		struct seam_span fails = t->variants[call->variants.first + i].fails;

		for (uint32_t j = 0; j < fails.count; j++)
			if (t->fails[fails.first + j].error == (uint32_t)error)
				return true;
	}
	return false;
}

/* How many of the calls cannot; their names, or the first few, are put to @names. */
static uint32_t cannot_fail(const struct seam_inject_rule *rule, const struct seam_tables *t, int error, struct seam_out *names)
{
	const struct seam_arch_tables *a = &t->arch[seam_arch_native()];
	uint32_t n = 0;

	for (uint32_t i = 0; i < a->call_count; i++) {
		if (!seam_callset_has(&rule->calls, &a->calls[i]) || can_fail(t, &a->calls[i], error))
			continue;
		if (n++ < NAMES_TOLD)
			seam_out_printf(names, "%s%s", n > 1 ? ", " : "", seam_string(t, a->calls[i].name));
	}
	if (n > NAMES_TOLD)
		seam_out_printf(names, " and %u more", n - NAMES_TOLD);
	return n;
}

/* The errors of a rule's only call, so that one can be chosen that it has. */
static void add_errors(const struct seam_inject_rule *rule, const struct seam_tables *t, struct seam_out *out)
{
	const struct seam_arch_tables *a = &t->arch[seam_arch_native()];
	uint32_t i = 0;
	bool any = false;

	while (rule->call_count != 1 || !seam_callset_has(&rule->calls, &a->calls[i]))
		if (rule->call_count != 1 || ++i == a->call_count)
			return;
	if (a->calls[i].variants.count != 1)
		return;
	for (uint32_t j = 0; j < t->variants[a->calls[i].variants.first].fails.count; j++, any = true)
		seam_out_printf(out, "%s%s", any ? " " : "; it fails with ", seam_string(t, t->fails[t->variants[a->calls[i].variants.first].fails.first + j].name));
	if (!any)
		seam_out_puts(out, "; it never fails");
}

unsigned seam_inject_doubts(const struct seam_inject_rule *rule, const struct seam_tables *tables, void (*tell)(void *user, const char *sentence), void *user)
{
	const struct seam_tables *t = tables ? tables : &seam_tables;
	int error = seam_has_failed(rule->result) ? (int)-rule->result : 0;
	struct seam_out names, out;
	unsigned doubts = 0;

	if (!(rule->what & SEAM_INJECT_RESULT) || !error)
		return 0;
	seam_out_init_mem(&names);
	seam_out_init_mem(&out);
	if (!inject_error_name(error)) {
		seam_out_printf(&out, "'%s': no program has ever heard of error %d", rule->text, error);
		doubts = 1;
	} else if (cannot_fail(rule, t, error, &names)) {
		seam_out_printf(&out, "'%s': no kernel gives %s to %s", rule->text, inject_error_name(error), names.data);
		add_errors(rule, t, &out);
		doubts = 1;
	}
	if (doubts && tell)
		tell(user, out.data);
	seam_out_release(&names);
	seam_out_release(&out);
	return doubts;
}
