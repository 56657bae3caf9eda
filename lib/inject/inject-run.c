/* SPDX-License-Identifier: BSD-2-Clause */
/* A run under rules: which call has which rules, the handler for all of them, and what became of each. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "inject/inject-parts.h"
#include "seam/out.h"

/* The last rule for a call puts those before it away, unless it is beside them. */
static void add_slots(struct injector *in, const struct seam_tables *t, const struct seam_arch_tables *a)
{
	size_t rules = in->o->rule_count;

	in->first = xcalloc(a->call_count, sizeof(*in->first));
	in->slots = xcalloc(rules * a->call_count, sizeof(*in->slots));
	for (uint32_t call = 0; call < a->call_count; call++) {
		uint32_t *at = &in->first[call], from = 0;

		for (uint32_t i = 0; i < rules; i++)
			if (!in->o->rules[i]->also && seam_callset_has(&in->o->rules[i]->calls, &a->calls[call]))
				from = i;
		for (uint32_t i = from; i < rules; i++) {
			const struct seam_inject_rule *rule = in->o->rules[i];

			if (!seam_callset_has(&rule->calls, &a->calls[call]) || (rule->what == SEAM_INJECT_SHORT && !inject_call_short(t, &a->calls[call])))
				continue;
			in->slots[in->slot_count] = (struct inject_slot){ .rule = i };
			*at = in->slot_count + 1;
			at = &in->slots[in->slot_count++].next;
			in->result->fates[i].calls++;
		}
	}
}

/* What a rule does, without which calls and when. */
static char *told_of(const struct seam_inject_rule *rule)
{
	_cleanup_free_ char *copy = xstrdup(rule->text);
	struct seam_out out;
	char *word = strchr(copy, ':'), *told;

	seam_out_init_mem(&out);
	while (word) {
		char *colon = strchr(++word, ':');

		if (colon)
			*colon = 0;
		if (*word && !str_starts(word, "when=") && !str_eq(word, "also"))
			seam_out_printf(&out, "%s%s", out.len ? ":" : "", word);
		word = colon;
	}
	told = xstrdup(out.len ? out.data : "error=ENOSYS");
	seam_out_release(&out);
	return told;
}

/* Calls that have rules, and those that run programs: before the command's first one nothing is counted. */
static char *names_of(const struct injector *in, const struct seam_tables *t, const struct seam_arch_tables *a)
{
	struct seam_out out;
	char *names;

	seam_out_init_mem(&out);
	for (uint32_t i = 0; i < a->call_count; i++)
		if (in->first[i] || (in->command && inject_executes(t, &a->calls[i])))
			seam_out_printf(&out, "%s%s", out.len ? "," : "", seam_string(t, a->calls[i].name));
	names = xstrdup(out.data);
	seam_out_release(&out);
	return names;
}

/* Nobody inherits how often others have made a call: a state is all zeros at first. */
static void begin_at_zero(void *child, const void *parent, enum seam_occasion how)
{
	(void)child;
	(void)parent;
	(void)how;
}

static void injector_release(struct injector *in)
{
	for (size_t i = 0; in->told && i < in->o->rule_count; i++)
		free(in->told[i]);
	free(in->told);
	free(in->first);
	free(in->slots);
}

static void begin(void *shared, void *user)
{
	struct inject_shared *s = shared;

	s->tally_count = (uint32_t)((const struct injector *)user)->o->rule_count;
}

static void end(void *shared, void *user)
{
	const struct injector *in = user;
	const struct inject_shared *s = shared;

	for (uint32_t i = 0; i < s->tally_count; i++) {
		struct seam_inject_fate *fate = &in->result->fates[i];

		fate->seen = s->tallies[i].seen;
		fate->done = s->tallies[i].done;
		fate->passed = s->tallies[i].passed;
		fate->why = s->tallies[i].why;
	}
}

int seam_inject_run(const struct seam_inject_options *o, struct seam_inject_result *ret, struct seam_err *err)
{
	struct seam_run_options run = *o->run;
	const struct seam_tables *t = run.tables ? run.tables : &seam_tables;
	const struct seam_arch_tables *a = &t->arch[seam_arch_native()];
	struct injector in = { .o = o, .command = run.command != NULL, .result = ret };
	_cleanup_free_ char *names = NULL;
	struct seam_handler handler = { SEAM_OCCASION_CALL, NULL, 0, inject_on_call };
	struct seam_tool tool = { .name = "inject", .handlers = &handler, .handler_count = 1, .inherit_task = begin_at_zero, .inherit_process = begin_at_zero,
				  .begin = begin, .end = end, .user = &in };
	size_t bytes;
	int r;

	*ret = (struct seam_inject_result){ .fates = xcalloc(o->rule_count + 1, sizeof(*ret->fates)), .fate_count = o->rule_count };
	add_slots(&in, t, a);
	in.told = xcalloc(o->rule_count + 1, sizeof(*in.told));
	for (size_t i = 0; i < o->rule_count; i++)
		in.told[i] = told_of(o->rules[i]);
	names = names_of(&in, t, a);
	handler.calls = names;
	bytes = in.slot_count * sizeof(uint32_t);
	tool.shared_bytes = sizeof(struct inject_shared) + o->rule_count * sizeof(struct inject_tally);
	if (o->count == SEAM_INJECT_BY_TASK)
		tool.task_bytes = bytes;
	else if (o->count == SEAM_INJECT_BY_PROCESS)
		tool.process_bytes = bytes;
	else
		tool.shared_bytes += bytes;
	run.out = o->log;
	tool.handler_count = *names ? 1 : 0;
	r = seam_run(&tool, &run, &ret->run, err);
	injector_release(&in);
	return r;
}

void seam_inject_result_release(struct seam_inject_result *r)
{
	free(r->fates);
	*r = (struct seam_inject_result){ 0 };
}
