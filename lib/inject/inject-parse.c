/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules out of their text: SET, and what happens to its calls, with colons between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "inject/inject-parts.h"
#include "inject/inject-words.h"
#include "seam/choice.h"
#include "seam/filter.h"

void seam_inject_rule_free(struct seam_inject_rule *rule)
{
	if (!rule)
		return;
	for (size_t i = 0; i < rule->poke_count; i++)
		free(rule->pokes[i].bytes);
	free(rule->instead);
	free(rule->text);
	free(rule);
}

static void cleanup_rule(struct seam_inject_rule **rule)
{
	seam_inject_rule_free(*rule);
}

bool seam_inject_is_due(const struct seam_inject_when *when, uint64_t n)
{
	if (n < when->first || n > when->last)
		return false;
	return when->step ? (n - when->first) % when->step == 0 : n == when->first;
}

/* What is being read: the text as it was given, and where in it the present word begins. */
struct reading {
	const char *text;
	struct seam_inject_rule *rule;
	const struct seam_tables *t;
	struct seam_err *err;
	bool fault;     /* without a result it is ENOSYS */
	unsigned given; /* words that were there, by their place in the table */
};

struct word {
	const char *name;
	unsigned what;
	bool bare; /* without a value */
	int (*read)(struct reading *r, const char *value);
};

static int read_error(struct reading *r, const char *value)
{
	int error, code = inject_word_error(value, &error, r->err);

	if (code >= 0)
		r->rule->result = -error;
	return code;
}

static int read_retval(struct reading *r, const char *value)
{
	return inject_word_result(value, &r->rule->result, r->err);
}

static int read_signal(struct reading *r, const char *value)
{
	return inject_word_signal(value, &r->rule->signal, r->err);
}

static int read_delay_enter(struct reading *r, const char *value)
{
	return inject_word_delay(value, &r->rule->delay_enter, r->err);
}

static int read_delay_exit(struct reading *r, const char *value)
{
	return inject_word_delay(value, &r->rule->delay_exit, r->err);
}

static int read_poke_enter(struct reading *r, const char *value)
{
	return inject_word_pokes(value, false, r->rule, r->err);
}

static int read_poke_exit(struct reading *r, const char *value)
{
	return inject_word_pokes(value, true, r->rule, r->err);
}

static int read_short(struct reading *r, const char *value)
{
	return inject_word_short(value, &r->rule->short_to, &r->rule->short_percent, r->err);
}

static int read_when(struct reading *r, const char *value)
{
	return inject_word_when(value, &r->rule->when, r->err);
}

static int read_before(struct reading *r, const char *value)
{
	(void)value;
	r->rule->order = SEAM_INJECT_BEFORE;
	return 0;
}

static int read_after(struct reading *r, const char *value)
{
	(void)value;
	r->rule->order = SEAM_INJECT_AFTER;
	return 0;
}

static int read_also(struct reading *r, const char *value)
{
	(void)value;
	r->rule->also = true;
	return 0;
}

static int read_instead(struct reading *r, const char *value)
{
	const struct seam_call *call = seam_call_by_name(r->t, seam_arch_native(), value);

	if (!call)
		return seam_err_set(r->err, -ENOENT, "%s has no call '%s'", r->t->arch[seam_arch_native()].name, value);
	if (!inject_is_harmless(r->t, call))
		return seam_err_set(r->err, -EINVAL, "%s cannot be made in place of another: only calls that take no argument, change nothing and do not wait, as getpid", value);
	r->rule->instead = xstrdup(value);
	return 0;
}

enum { WORD_ERROR, WORD_RETVAL, WORD_WHEN, WORD_SYSCALL, WORD_BEFORE, WORD_AFTER };

static const struct word words[] = {
	[WORD_ERROR] = { "error", SEAM_INJECT_RESULT, false, read_error },
	[WORD_RETVAL] = { "retval", SEAM_INJECT_RESULT, false, read_retval },
	[WORD_WHEN] = { "when", 0, false, read_when },
	[WORD_SYSCALL] = { "syscall", 0, false, read_instead },
	[WORD_BEFORE] = { "before", 0, true, read_before },
	[WORD_AFTER] = { "after", 0, true, read_after },
	{ "also", 0, true, read_also },
	{ "signal", SEAM_INJECT_SIGNAL, false, read_signal },
	{ "delay_enter", SEAM_INJECT_DELAY_ENTER, false, read_delay_enter },
	{ "delay_exit", SEAM_INJECT_DELAY_EXIT, false, read_delay_exit },
	{ "poke_enter", SEAM_INJECT_POKE_ENTER, false, read_poke_enter },
	{ "poke_exit", SEAM_INJECT_POKE_EXIT, false, read_poke_exit },
	{ "short", SEAM_INJECT_SHORT, false, read_short },
};

static int no_word(struct reading *r, const char *name)
{
	const char *names[ARRAY_SIZE(words)], *meant;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		names[i] = words[i].name;
	meant = suggest(name, names, ARRAY_SIZE(words));
	if (meant)
		return seam_err_set(r->err, -EINVAL, "there is no '%s'; did you mean '%s'?", name, meant);
	return seam_err_set(r->err, -EINVAL, "there is no '%s': error, retval, signal, delay_enter, delay_exit, poke_enter, poke_exit, short, syscall, when, before, after, also", name);
}

static bool both(const struct reading *r, unsigned a, unsigned b)
{
	return (r->given >> a & 1) && (r->given >> b & 1);
}

/* "error=ENOSPC"; @word is ours to cut. */
static int read_word(struct reading *r, char *word)
{
	char *value = strchr(word, '=');
	size_t i = 0;

	if (value)
		*value++ = 0;
	while (i < ARRAY_SIZE(words) && strcmp(words[i].name, word) != 0)
		i++;
	if (i == ARRAY_SIZE(words))
		return no_word(r, word);
	if (words[i].bare && value)
		return seam_err_set(r->err, -EINVAL, "'%s' takes no value", word);
	if (!words[i].bare && !value)
		return seam_err_set(r->err, -EINVAL, "'%s' needs a value: %s=...", word, word);
	/* of several times the last one counts, as with strace */
	if ((r->given >> i & 1) && i != WORD_WHEN)
		return seam_err_set(r->err, -EINVAL, "'%s' is there twice", word);
	r->given |= 1u << i;
	if (both(r, WORD_ERROR, WORD_RETVAL) || both(r, WORD_BEFORE, WORD_AFTER))
		return seam_err_set(r->err, -EINVAL, "only one of '%s' can be had", both(r, WORD_BEFORE, WORD_AFTER) ? "before' and 'after" : "error' and 'retval");
	r->rule->what |= words[i].what;
	return words[i].read(r, value);
}

/* Nothing is asked of a call but which it is. */
static enum seam_filter_known no_number(void *user, enum seam_filter_field field, uint64_t *ret)
{
	(void)user;
	(void)field;
	(void)ret;
	return SEAM_FILTER_ABSENT;
}

static int read_set(struct reading *r, const char *set)
{
	const struct seam_filter_options fo = { .t = r->t, .arch = seam_arch_native(), .lenient = true };
	const struct seam_arch_tables *a = &r->t->arch[fo.arch];
	_cleanup_free_ char *word = xasprintf("trace=%s", set);
	struct seam_choice choice = { 0 };
	struct seam_filter *f = NULL;
	int code;

	if (!*set)
		return seam_err_set(r->err, -EINVAL, "which calls is missing before the first colon");
	code = seam_choice_add(&choice, word, r->t, fo.arch, r->err);
	if (code >= 0 && choice.trace)
		code = seam_filter_new(choice.trace, &fo, &f, r->err);
	seam_callset_init(&r->rule->calls, r->t, fo.arch);
	for (uint32_t i = 0; code >= 0 && i < a->call_count && i < SEAM_CALLSET_MAX; i++) {
		struct seam_filter_view view = { .call = &a->calls[i], .number = no_number };

		if (f && seam_filter_ask(f, &view) != SEAM_FILTER_YES)
			continue;
		r->rule->calls.bits[i / 64] |= 1ull << (i % 64);
		r->rule->call_count++;
	}
	seam_filter_free(f);
	seam_choice_release(&choice);
	if (code >= 0 && !r->rule->call_count)
		return seam_err_set(r->err, -EINVAL, "'%s' is no call of %s", set, a->name);
	return code;
}

/* What can only be told of the whole. */
static int check(struct reading *r)
{
	struct seam_inject_rule *rule = r->rule;

	if (r->fault && !(rule->what & SEAM_INJECT_RESULT)) {
		rule->what |= SEAM_INJECT_RESULT;
		rule->result = -ENOSYS;
	}
	if (!rule->what)
		return seam_err_set(r->err, -EINVAL, "what is to happen is missing: error=, retval=, signal=, delay_enter=, delay_exit=, poke_enter=, poke_exit= or short=");
	if ((rule->instead || rule->order != SEAM_INJECT_AS_KERNEL) && !(rule->what & SEAM_INJECT_RESULT))
		return seam_err_set(r->err, -EINVAL, "'%s' goes with error= or retval=", rule->instead ? "syscall" : rule->order == SEAM_INJECT_BEFORE ? "before" : "after");
	if (rule->instead && rule->order != SEAM_INJECT_AS_KERNEL)
		return seam_err_set(r->err, -EINVAL, "with 'syscall' the call itself is not made: neither before nor after");
	if ((rule->what & SEAM_INJECT_SHORT) && (rule->what & SEAM_INJECT_RESULT))
		return seam_err_set(r->err, -EINVAL, "a short call has a result of its own: no error= and no retval= with short=");
	if ((rule->what & SEAM_INJECT_SHORT) && !inject_any_short(rule, r->t))
		return seam_err_set(r->err, -EINVAL, "none of these calls reads or writes a number of bytes: short= has nothing to make shorter");
	return 0;
}

static int read_rule(struct reading *r, const char *after)
{
	_cleanup_free_ char *copy = xstrdup(after);
	const char *word = copy;
	int code = 0;

	for (char *p = copy, *colon; p && code >= 0; p = colon) {
		colon = strchr(p, ':');
		if (colon)
			*colon++ = 0;
		word = p;
		if (p == copy)
			code = read_set(r, p);
		else if (*p)
			code = read_word(r, p);
	}
	if (code >= 0) {
		word = copy;
		code = check(r);
	}
	if (code < 0 && r->err)
		seam_err_wrap(r->err, "'%s', column %zu", r->text, (size_t)(after - r->text) + (size_t)(word - copy) + 1);
	return code;
}

int seam_inject_parse(const char *text, const struct seam_tables *t, struct seam_inject_rule **ret, struct seam_err *err)
{
	__attribute__((cleanup(cleanup_rule))) struct seam_inject_rule *rule = xcalloc(1, sizeof(*rule));
	struct reading r = { .text = text, .rule = rule, .t = t ? t : &seam_tables, .err = err };
	const char *fault = str_after(text, "fault="), *after = fault ? fault : str_after(text, "inject=");
	int code;

	if (!after)
		after = text;
	r.fault = fault;
	rule->text = xstrdup(after);
	rule->when = (struct seam_inject_when){ 1, UINT32_MAX, 1 };
	code = read_rule(&r, after);
	if (code < 0)
		return code;
	*ret = steal_ptr(&rule);
	return 0;
}
