/* SPDX-License-Identifier: BSD-2-Clause */
/* The handler of every call that a rule is about. Like any handler it includes seam/ headers only. */
#include "inject/inject-parts.h"

/* What happens to this call: the rules that are due, and what they come to together. */
struct due {
	const struct seam_inject_rule **rules;
	uint32_t *numbers; /* of the rules, */
	uint32_t *nth;     /* and which of the calls that they count this is */
	size_t n;
	const struct seam_inject_rule *result; /* the last one that has a result */
	bool after;                            /* which comes when the call has been made */
	struct inject_cut cut;
	bool is_cut;
};

static struct inject_shared *shared_of(struct seam_hook *h)
{
	return h->shared;
}

static uint32_t *counts(struct seam_hook *h, const struct injector *in)
{
	struct inject_shared *s = shared_of(h);

	switch (in->o->count) {
	case SEAM_INJECT_BY_PROCESS:
		return h->process_state;
	case SEAM_INJECT_BY_TREE:
		return (uint32_t *)(void *)&s->tallies[s->tally_count];
	case SEAM_INJECT_BY_TASK:
	default:
		return h->task_state;
	}
}

/* The place of the call in this machine's table, also of a 32-bit one. SEAM_NO_CALL: it has none. */
static uint32_t index_of(const struct seam_hook *h)
{
	const struct seam_arch_tables *a = &h->tables->arch[seam_arch_native()];
	const struct seam_call *call = h->call;

	if (call && h->compat)
		call = seam_call_by_name(h->tables, seam_arch_native(), h->name);
	return call ? (uint32_t)(call - a->calls) : SEAM_NO_CALL;
}

/* Counts the call for each of its rules, and tells which are due. */
static void find_due(struct seam_hook *h, const struct injector *in, uint32_t first, struct due *due)
{
	uint32_t *count = counts(h, in), slots = 0;

	for (uint32_t i = first; i; i = in->slots[i - 1].next)
		slots++;
	due->rules = seam_alloc(h, slots * sizeof(const struct seam_inject_rule *));
	due->numbers = seam_alloc(h, slots * sizeof(*due->numbers));
	due->nth = seam_alloc(h, slots * sizeof(*due->nth));
	for (uint32_t i = first; i; i = in->slots[i - 1].next) {
		const struct inject_slot *slot = &in->slots[i - 1];
		const struct seam_inject_rule *rule = in->o->rules[slot->rule];
		uint32_t n = __atomic_add_fetch(&count[i - 1], 1, __ATOMIC_RELAXED);

		__atomic_add_fetch(&shared_of(h)->tallies[slot->rule].seen, 1, __ATOMIC_RELAXED);
		if (!seam_inject_is_due(&rule->when, n))
			continue;
		due->numbers[due->n] = slot->rule;
		due->nth[due->n] = n;
		due->rules[due->n++] = rule;
		if (rule->what & SEAM_INJECT_RESULT)
			due->result = rule;
	}
}

static void tell(struct seam_hook *h, const struct injector *in, const struct due *due, size_t i, const char *why)
{
	const struct seam_inject_rule *rule = due->rules[i];
	const char *who, *how = "";

	if (!in->o->log)
		return;
	who = h->tid == h->pid ? seam_format(h, "%u", h->pid) : seam_format(h, "%u/%u", h->pid, h->tid);
	if (why)
		how = seam_format(h, "%s: %s", rule->what == SEAM_INJECT_SHORT ? ", left alone" : ", not short", why);
	else if (due->is_cut && (rule->what & SEAM_INJECT_SHORT))
		how = seam_format(h, ", %llu of %llu bytes", (unsigned long long)due->cut.bytes, (unsigned long long)due->cut.whole);
	else if (rule == due->result && due->after)
		how = ", after the call was made";
	seam_print(h, "%s %s #%u: rule %u, %s%s\n", who, h->name, due->nth[i], due->numbers[i] + 1, in->told[due->numbers[i]], how);
}

/* The first one that can have it makes the call short. Counts and tells what is done. */
static void prepare(struct seam_hook *h, const struct injector *in, struct due *due)
{
	due->after = due->result && !due->result->instead &&
		     (due->result->order == SEAM_INJECT_AFTER ||
		      (due->result->order == SEAM_INJECT_AS_KERNEL && inject_done_all_the_same(h, due->result->result)));
	for (size_t i = 0; i < due->n; i++) {
		struct inject_tally *tally = &shared_of(h)->tallies[due->numbers[i]];
		const char *why = NULL;

		if (due->rules[i]->what & SEAM_INJECT_SHORT) {
			why = due->is_cut || due->result ? "another rule is about its result" : inject_cut(h, due->rules[i], in->o->strict, &due->cut);
			due->is_cut |= !why;
		}
		if (why && !tally->why)
			tally->why = why;
		__atomic_add_fetch(why && due->rules[i]->what == SEAM_INJECT_SHORT ? &tally->passed : &tally->done, 1, __ATOMIC_RELAXED);
		tell(h, in, due, i, why);
	}
}

static void sleep_all(struct seam_hook *h, const struct due *due, bool exit)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < due->n; i++)
		ns += exit ? due->rules[i]->delay_exit : due->rules[i]->delay_enter;
	if (ns)
		seam_sleep(h, ns);
}

static void poke_all(struct seam_hook *h, const struct due *due, const uint64_t *args, bool exit)
{
	for (size_t i = 0; i < due->n; i++)
		for (size_t j = 0; j < due->rules[i]->poke_count; j++) {
			const struct seam_inject_poke *p = &due->rules[i]->pokes[j];

			if (p->at_exit == exit)
				seam_write(h, args[p->arg], p->bytes, p->n);
		}
}

static void signal_all(struct seam_hook *h, const struct due *due)
{
	for (size_t i = 0; i < due->n; i++)
		if (due->rules[i]->what & SEAM_INJECT_SIGNAL)
			seam_send_signal(h, due->rules[i]->signal);
}

static void make_call(struct seam_hook *h, const struct due *due)
{
	if (!due->result) {
		seam_finish(h);
		if (due->is_cut)
			inject_cut_done(h, &due->cut);
		return;
	}
	if (due->result->instead)
		seam_set_call(h, due->result->instead);
	if (due->after || due->result->instead) {
		seam_finish(h);
		seam_set_result(h, due->result->result);
	} else {
		seam_skip(h, due->result->result);
	}
}

/* True: it is the one that runs the command, which is ours and not the program's. */
static bool is_start(struct seam_hook *h, const struct injector *in)
{
	struct inject_shared *s = shared_of(h);

	if (s->started || !in->command)
		return false;
	if (!h->call || !inject_executes(h->tables, h->call)) {
		s->started = true;
		return false;
	}
	s->started = !seam_has_failed(seam_finish(h));
	return true;
}

void inject_on_call(struct seam_hook *h)
{
	const struct injector *in = h->tool->user;
	uint32_t index = index_of(h);
	struct due due = { 0 };
	unsigned what = 0;
	uint64_t args[SEAM_MAX_ARGS];

	if (is_start(h, in) || index == SEAM_NO_CALL || !in->first[index])
		return;
	find_due(h, in, in->first[index], &due);
	if (!due.n)
		return;
	for (size_t i = 0; i < due.n; i++)
		what |= due.rules[i]->what;
	for (unsigned i = 0; i < SEAM_MAX_ARGS; i++)
		args[i] = h->args[i];
	prepare(h, in, &due);
	sleep_all(h, &due, false);
	poke_all(h, &due, args, false);
	signal_all(h, &due);
	if (due.result || due.is_cut || (what & (SEAM_INJECT_DELAY_EXIT | SEAM_INJECT_POKE_EXIT)))
		make_call(h, &due);
	poke_all(h, &due, args, true);
	sleep_all(h, &due, true);
}
