/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of calls, out of the words that people write for them. */
#include "seam/callset.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/util.h"

void seam_callset_init(struct seam_callset *s, const struct seam_tables *t, enum seam_arch arch)
{
	*s = (struct seam_callset){ .t = t, .arch = arch };
}

static const struct seam_arch_tables *calls_of(const struct seam_callset *s)
{
	return &s->t->arch[s->arch];
}

bool seam_callset_has(const struct seam_callset *s, const struct seam_call *call)
{
	const struct seam_arch_tables *a = calls_of(s);
	size_t i;

	if ((uintptr_t)call < (uintptr_t)a->calls || (uintptr_t)call >= (uintptr_t)(a->calls + a->call_count))
		call = seam_call_by_name(s->t, s->arch, seam_string(s->t, call->name));
	if (!call)
		return false;
	i = (size_t)(call - a->calls);
	return i < SEAM_CALLSET_MAX && (s->bits[i / 64] >> (i % 64) & 1);
}

static void set_index(struct seam_callset *s, size_t i, bool in)
{
	uint64_t bit = 1ull << (i % 64);

	if (i >= SEAM_CALLSET_MAX)
		return;
	if (in)
		s->bits[i / 64] |= bit;
	else
		s->bits[i / 64] &= ~bit;
}

static const char *call_name(const struct seam_callset *s, uint32_t i)
{
	return seam_string(s->t, calls_of(s)->calls[i].name);
}

static int no_class(const char *word, struct seam_err *err)
{
	const char *names[SEAM_CLASS_COUNT], *meant;

	for (unsigned i = 0; i < SEAM_CLASS_COUNT; i++)
		names[i] = seam_class_name(1u << i);
	meant = suggest(word + 1, names, SEAM_CLASS_COUNT);
	if (meant)
		return seam_err_set(err, -ENOENT, "there is no class '%s'; did you mean '%%%s'?", word, meant);
	return seam_err_set(err, -ENOENT, "there is no class '%s'", word);
}

static int no_call(const struct seam_callset *s, const char *word, struct seam_err *err)
{
	const char *here = calls_of(s)->name, *meant;
	_cleanup_free_ const char **names = NULL;
	char others[128] = "";
	size_t len = 0;

	for (enum seam_arch arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		if (seam_call_by_name(s->t, arch, word) && len < sizeof(others))
			len += (size_t)snprintf(others + len, sizeof(others) - len, "%s%s", len ? ", " : "",
						s->t->arch[arch].name);
	if (len)
		return seam_err_set(err, -ENOENT, "%s has no call '%s'; it is there on %s (--arch)", here, word, others);
	names = xcalloc(calls_of(s)->call_count + 1, sizeof(*names));
	for (uint32_t i = 0; i < calls_of(s)->call_count; i++)
		names[i] = call_name(s, i);
	meant = suggest(word, names, calls_of(s)->call_count);
	if (meant)
		return seam_err_set(err, -ENOENT, "%s has no call '%s'; did you mean '%s'?", here, word, meant);
	return seam_err_set(err, -ENOENT, "%s has no call '%s'", here, word);
}

static int add_class(struct seam_callset *s, const char *word, bool in, struct seam_err *err)
{
	uint32_t class = seam_class_by_name(word);

	if (!class)
		return no_class(word, err);
	if (s->arch >= SEAM_ARCH_DESCRIBED)
		return seam_err_set(err, -EINVAL, "the calls of %s have no classes: only names and numbers are known",
				    calls_of(s)->name);
	for (uint32_t i = 0; i < calls_of(s)->call_count; i++)
		if (calls_of(s)->calls[i].classes & class)
			set_index(s, i, in);
	return SEAM_CALLSET_MANY;
}

static int add_pattern(struct seam_callset *s, const char *word, bool in, struct seam_err *err)
{
	bool any = false;

	for (uint32_t i = 0; i < calls_of(s)->call_count; i++) {
		if (!glob_match(word, call_name(s, i)))
			continue;
		set_index(s, i, in);
		any = true;
	}
	if (!any)
		return seam_err_set(err, -ENOENT, "no call of %s fits '%s'", calls_of(s)->name, word);
	return SEAM_CALLSET_MANY;
}

static int add_call(struct seam_callset *s, const char *word, bool in, const struct seam_call **ret_call,
		    struct seam_err *err)
{
	const struct seam_call *call;
	uint64_t number;

	if (isdigit((unsigned char)*word)) {
		if (parse_u64(word, &number) < 0)
			return seam_err_set(err, -EINVAL, "'%s' is no number of a call", word);
		call = seam_call_by_number(s->t, s->arch, number);
		if (!call)
			return seam_err_set(err, -ENOENT, "%s has no call with the number %s", calls_of(s)->name, word);
	} else {
		call = seam_call_by_name(s->t, s->arch, word);
		if (!call)
			return no_call(s, word, err);
	}
	set_index(s, (size_t)(call - calls_of(s)->calls), in);
	if (in && ret_call)
		*ret_call = call;
	return SEAM_CALLSET_CALL;
}

static int add_word(struct seam_callset *s, const char *word, const struct seam_call **ret_call, struct seam_err *err)
{
	bool in = *word != '!';
	int r;

	if (!in)
		word++;
	if (!*word)
		return seam_err_set(err, -EINVAL, "the name of a call is missing");
	if (!in && !s->touched)
		for (uint32_t i = 0; i < calls_of(s)->call_count; i++)
			set_index(s, i, true);
	if (*word == '%')
		r = add_class(s, word, in, err);
	else if (glob_is_pattern(word))
		r = add_pattern(s, word, in, err);
	else
		r = add_call(s, word, in, ret_call, err);
	if (r < 0)
		return r;
	s->touched = true;
	return in ? r : SEAM_CALLSET_MINUS;
}

int seam_callset_add(struct seam_callset *s, const char *word, const struct seam_call **ret_call, struct seam_err *err)
{
	_cleanup_free_ char *copy = xstrdup(word);
	char *p = copy, *comma;
	int r;

	do {
		comma = strchr(p, ',');
		if (comma)
			*comma = '\0';
		r = add_word(s, p, ret_call, err);
		if (r < 0)
			return r;
		if (comma)
			p = comma + 1;
	} while (comma);
	return r;
}
