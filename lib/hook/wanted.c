/* SPDX-License-Identifier: BSD-2-Clause */
/* Which calls a tool has handlers for. */
#include "hook/wanted.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arch/tracee.h"
#include "base/alloc.h"
#include "base/cleanup.h"
#include "calls/traits.h"
#include "seam/callset.h"

static void append(struct wanted_list **list, const struct seam_handler *handler)
{
	size_t n = *list ? (*list)->n : 0;

	*list = xrealloc(*list, sizeof(**list) + (n + 1) * sizeof(handler));
	(*list)->n = n + 1;
	(*list)->at[n] = handler;
}

static bool has_effect(const struct seam_tables *t, const struct seam_call *call, unsigned effect)
{
	for (uint32_t i = 0; i < call->variants.count; i++)
		if (call_does(t, &t->variants[call->variants.first + i], (enum seam_verb)(effect - 1)))
			return true;
	return false;
}

static void add_native(struct wanted *w, const struct seam_handler *handler, const struct seam_callset *set)
{
	const struct seam_arch_tables *a = &w->t->arch[seam_arch_native()];

	for (uint32_t i = 0; i < a->call_count; i++) {
		const struct seam_call *c = &a->calls[i];

		if (c->number < WANTED_NUMBERS && (!set || seam_callset_has(set, c)) && (!handler->effect || has_effect(w->t, c, handler->effect)))
			append(&w->native[c->number], handler);
	}
}

/* Of a 32-bit table there are only names: what holds for the call of the same name here, holds for it. @named: those that are chosen by their own names. */
static void add_compat(struct wanted *w, const struct seam_handler *handler, const struct seam_callset *set, const struct seam_callset *named)
{
	const struct seam_arch_tables *a;
	enum seam_arch arch = arch_compat();

	if (arch == SEAM_ARCH_COUNT)
		return;
	a = &w->t->arch[arch];
	for (uint32_t i = 0; i < a->call_count; i++) {
		const struct seam_call *c = &a->calls[i], *own = seam_call_by_name(w->t, seam_arch_native(), seam_string(w->t, c->name));
		bool all = !set && !handler->effect, by_name = named && !own && seam_callset_has(named, c);

		if (c->number < WANTED_NUMBERS &&
		    (all || by_name || (own && (!set || seam_callset_has(set, own)) && (!handler->effect || has_effect(w->t, own, handler->effect)))))
			append(&w->compat[c->number], handler);
	}
}

/* A call that another machine has, and this one has not, is no mistake: nobody will make it here. */
static bool is_elsewhere(const struct seam_tables *t, const char *word)
{
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		if (seam_call_by_name(t, (enum seam_arch)arch, word))
			return true;
	return false;
}

/* Words with commas between them, each of which may be known here, or to the 32-bit table, or to another machine. */
static int add_words(struct wanted *w, const char *words, struct seam_callset *set, struct seam_callset *named, struct seam_err *err)
{
	_cleanup_free_ char *copy = xstrdup(words);

	seam_callset_init(set, w->t, seam_arch_native());
	if (arch_compat() != SEAM_ARCH_COUNT)
		seam_callset_init(named, w->t, arch_compat());
	for (char *word = copy, *next; word; word = next) {
		next = strchr(word, ',');
		if (next)
			*next++ = 0;
		if (arch_compat() != SEAM_ARCH_COUNT && *word != '!' && *word != '%' && (*word < '0' || *word > '9'))
			seam_callset_add(named, word, NULL, NULL);
		if (seam_callset_add(set, word, NULL, err) >= 0)
			continue;
		if (!is_elsewhere(w->t, word))
			return seam_err_wrap(err, "a handler");
		seam_err_clear(err);
	}
	return 0;
}

/* Numbers that no table has. */
static void add_unknown(struct wanted *w, const struct seam_handler *handler)
{
	append(&w->other, handler);
	for (unsigned i = 0; i < WANTED_NUMBERS; i++) {
		if (!seam_call_by_number(w->t, seam_arch_native(), i))
			append(&w->native[i], handler);
		if (arch_compat() != SEAM_ARCH_COUNT && !seam_call_by_number(w->t, arch_compat(), i))
			append(&w->compat[i], handler);
	}
}

static int add_calls(struct wanted *w, const struct seam_handler *handler, struct seam_err *err)
{
	struct seam_callset set, named = { 0 };
	int r;

	w->calls = true;
	if (!handler->calls) {
		add_native(w, handler, NULL);
		add_compat(w, handler, NULL, NULL);
		if (!handler->effect) {
			add_unknown(w, handler);
			w->every_call = true;
		}
		return 0;
	}
	if (!*handler->calls) {
		add_unknown(w, handler);
		return 0;
	}
	r = add_words(w, handler->calls, &set, &named, err);
	if (r < 0)
		return r;
	add_native(w, handler, &set);
	add_compat(w, handler, &set, arch_compat() == SEAM_ARCH_COUNT ? NULL : &named);
	return 0;
}

int wanted_add(struct wanted *w, const struct seam_handler *h, struct seam_err *err)
{
	if (h->occasion >= SEAM_OCCASION_COUNT)
		return seam_err_set(err, -EINVAL, "a handler for occasion %d: there is none of this number", (int)h->occasion);
	if (h->occasion == SEAM_OCCASION_CALL)
		return add_calls(w, h, err);
	append(&w->occasions[h->occasion], h);
	return 0;
}

int wanted_init(struct wanted *w, const struct seam_tables *t, const struct seam_tool *tool, struct seam_err *err)
{
	int r = 0;

	*w = (struct wanted){ .t = t };
	for (size_t i = 0; i < tool->handler_count && r >= 0; i++)
		r = wanted_add(w, &tool->handlers[i], err);
	return r;
}

void wanted_release(struct wanted *w)
{
	for (unsigned i = 0; i < WANTED_NUMBERS; i++) {
		free(w->native[i]);
		free(w->compat[i]);
	}
	for (unsigned i = 0; i < SEAM_OCCASION_COUNT; i++)
		free(w->occasions[i]);
	free(w->other);
}

const struct wanted_list *wanted_call(const struct wanted *w, bool compat, uint64_t number)
{
	const struct wanted_list *list = number < WANTED_NUMBERS ? (compat ? w->compat : w->native)[number] : NULL;

	return list && list->n ? list : !list ? w->other : NULL;
}

static void stop_at(struct wanted *w, enum seam_arch arch, struct wanted_list **lists, const char *name)
{
	const struct seam_call *c = arch == SEAM_ARCH_COUNT ? NULL : seam_call_by_name(w->t, arch, name);

	if (c && c->number < WANTED_NUMBERS && !lists[c->number])
		lists[c->number] = xcalloc(1, sizeof(**lists));
}

void wanted_stop(struct wanted *w, const char *name)
{
	w->calls = true;
	stop_at(w, seam_arch_native(), w->native, name);
	stop_at(w, arch_compat(), w->compat, name);
}

bool wanted_stops(const struct wanted *w, bool compat, uint64_t number)
{
	return number < WANTED_NUMBERS ? (compat ? w->compat : w->native)[number] != NULL : w->other != NULL;
}
