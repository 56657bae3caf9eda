/* SPDX-License-Identifier: BSD-2-Clause */
/* What strace's -e chooses, as expressions. */
#include "seam/choice.h"

#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "filter/filter-parts.h"
#include "seam/callset.h"

#define NOTHING "tid < 0"
#define SIGNALS 64

struct words {
	const struct seam_tables *t;
	enum seam_arch arch;
	struct buf set; /* what stands between { and } */
};

static void put_word(struct words *w, bool out, const char *word)
{
	buf_addf(&w->set, "%s%s%s", w->set.len ? ", " : "", out ? "!" : "", word);
}

/* The 32-bit calls of the machine are chosen by name as well. */
static enum seam_arch beside(enum seam_arch arch)
{
	return seam_arch_narrow(arch) == SEAM_ARCH_COUNT ? arch : seam_arch_narrow(arch);
}

static unsigned put_matches(struct words *w, bool out, const regex_t *regex, enum seam_arch arch)
{
	const struct seam_arch_tables *a = &w->t->arch[arch];
	unsigned n = 0;

	for (uint32_t i = 0; i < a->call_count; i++) {
		const char *name = seam_string(w->t, a->calls[i].name);

		if (regexec(regex, name, 0, NULL, 0) != 0 || (arch != w->arch && seam_call_by_name(w->t, w->arch, name)))
			continue;
		put_word(w, out, name);
		n++;
	}
	return n;
}

static int add_regex(struct words *w, bool out, const char *text, struct seam_err *err)
{
	char why[128];
	regex_t regex;
	unsigned n;
	int r = regcomp(&regex, text, REG_EXTENDED | REG_NOSUB);

	if (r) {
		regerror(r, &regex, why, sizeof(why));
		return seam_err_set(err, -EINVAL, "'/%s' is no regular expression: %s", text, why);
	}
	n = put_matches(w, out, &regex, w->arch);
	if (beside(w->arch) != w->arch)
		n += put_matches(w, out, &regex, beside(w->arch));
	regfree(&regex);
	return n ? 0 : seam_err_set(err, -ENOENT, "no call of %s fits '/%s'", w->t->arch[w->arch].name, text);
}

/* "file" for "%file" is how strace once wrote it, and "network" its word for net. */
static const char *class_of(const struct words *w, const char *word)
{
	static const struct {
		const char *word, *class;
	} others[] = { { "network", "%net" }, { "%network", "%net" } };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		if (str_eq(word, others[i].word))
			return others[i].class;
	if (*word != '%' && seam_class_by_name(word) && !seam_call_by_name(w->t, w->arch, word))
		return seam_class_name(seam_class_by_name(word));
	return NULL;
}

static int add_word(struct words *w, const char *word, struct seam_err *err)
{
	bool out = *word == '!', maybe;
	struct seam_err said = SEAM_ERR_INIT;
	struct seam_callset set;
	const char *class;
	int r;

	word += out;
	maybe = *word == '?';
	word += maybe;
	if (*word == '/')
		return add_regex(w, out, word + 1, err);
	class = class_of(w, word);
	if (class) {
		_cleanup_free_ char *with = xasprintf("%s%s", *class == '%' ? "" : "%", class);

		put_word(w, out, with);
		return 0;
	}
	seam_callset_init(&set, w->t, w->arch);
	r = seam_callset_add(&set, word, NULL, &said);
	/* a call that only 32-bit programs have is none of this architecture's, but it can be chosen */
	if (r == -ENOENT && !glob_is_pattern(word) && seam_call_by_name(w->t, beside(w->arch), word))
		r = 0;
	if (r == -ENOENT && maybe)
		return 0;
	if (r < 0)
		return seam_err_set(err, r, "%s", said.text);
	put_word(w, out, word);
	return 0;
}

/* Calls @fn for each of the words between commas. */
static int each_word(const char *text, int (*fn)(void *user, const char *word, struct seam_err *err), void *user,
		     struct seam_err *err)
{
	_cleanup_free_ char *copy = xstrdup(text);
	int r = 0;

	for (char *p = copy, *comma; p && r >= 0; p = comma) {
		comma = strchr(p, ',');
		if (comma)
			*comma++ = '\0';
		r = fn(user, p, err);
	}
	return r;
}

static int add_call_word(void *user, const char *word, struct seam_err *err)
{
	return add_word(user, word, err);
}

static int add_trace(struct seam_choice *s, const char *text, const struct seam_tables *t, enum seam_arch arch,
		     struct seam_err *err)
{
	struct words w = { .t = t, .arch = arch, .set = BUF_INIT };
	bool all_but = *text == '!';
	char *result = NULL;
	int r = 0;

	text += all_but;
	if (str_eq(text, "all") || str_eq(text, "none")) {
		result = str_eq(text, "all") == all_but ? xstrdup(NOTHING) : NULL;
	} else {
		r = each_word(text, add_call_word, &w, err);
		if (r >= 0 && w.set.len)
			/* a number that is in no table may be anything */
			result = xasprintf("%scall in {%s}%s", all_but ? "not " : "", w.set.data,
					   all_but ? "" : " or not call ~ *");
		else if (r >= 0)
			result = all_but ? NULL : xstrdup(NOTHING); /* only such as may be missing, and are */
	}
	buf_release(&w.set);
	if (r < 0)
		return r;
	free(s->trace);
	s->trace = result;
	return 0;
}

static int add_signal_word(void *user, const char *word, struct seam_err *err)
{
	uint64_t *chosen = user, number = 0;
	_cleanup_free_ char *name = xasprintf("%s%s", strncasecmp(word, "SIG", 3) ? "SIG" : "", word);

	if (str_eq(word, "all"))
		*chosen = UINT64_MAX;
	if (str_eq(word, "all") || str_eq(word, "none"))
		return 0;
	if (parse_u64(word, &number) < 0) {
		for (char *c = name; *c; c++)
			if (*c >= 'a' && *c <= 'z')
				*c = (char)(*c - 'a' + 'A');
		number = (uint64_t)filter_signal(name);
	}
	if (!number || number > SIGNALS)
		return seam_err_set(err, -ENOENT, "there is no signal '%s'", word);
	*chosen |= 1ull << (number - 1);
	return 0;
}

static int add_signals(struct seam_choice *s, const char *text, struct seam_err *err)
{
	bool all_but = *text == '!';
	uint64_t chosen = 0;
	int r = each_word(text + all_but, add_signal_word, &chosen, err);

	if (r >= 0)
		s->signals_off = all_but ? chosen : ~chosen;
	return r;
}

enum { SUCCESSFUL = 1, FAILED = 2, UNFINISHED = 4, ALL = 7 };

static int add_status_word(void *user, const char *word, struct seam_err *err)
{
	unsigned *chosen = user;

	if (str_eq(word, "successful"))
		*chosen |= SUCCESSFUL;
	else if (str_eq(word, "failed"))
		*chosen |= FAILED;
	else if (str_eq(word, "unfinished"))
		*chosen |= UNFINISHED;
	else if (str_eq(word, "all"))
		*chosen |= ALL;
	else if (!str_eq(word, "none") && !str_eq(word, "unavailable") && !str_eq(word, "detached"))
		return seam_err_set(err, -EINVAL, "there is no status '%s': successful, failed, unfinished, all, none", word);
	return 0; /* no call is without a known result, or left alone by us */
}

static int add_status(struct seam_choice *s, const char *text, struct seam_err *err)
{
	static const char *const meaning[ALL + 1] = {
		NOTHING,
		"(ret >= 0 or ret < -4095)",
		"ret in {-4095..-1}",
		"(ret >= 0 or ret < 0)",
		"not (ret >= 0 or ret < 0)",
		"not ret in {-4095..-1}",
		"not (ret >= 0 or ret < -4095)",
		NULL,
	};
	bool all_but = *text == '!';
	unsigned chosen = 0;
	int r = each_word(text + all_but, add_status_word, &chosen, err);

	if (r < 0)
		return r;
	if (all_but)
		chosen ^= ALL;
	free(s->status);
	s->status = meaning[chosen] ? xstrdup(meaning[chosen]) : NULL;
	return 0;
}

/* What strace's -e has beside what chooses. */
static int not_here(const char *word, size_t n, struct seam_err *err)
{
	static const char *const prints[] = { "abbrev", "verbose", "raw", "decode-fds", "quiet", "silent", "silence", "a", "v", "x",
					      "q", "kvm", "decode-pids" };

	if ((n == 4 && !strncmp(word, "read", n)) || (n == 5 && !strncmp(word, "write", n)) || (n == 1 && strchr("rw", *word)))
		return seam_err_set(err, -EINVAL, "'%s': the content of every read and write is recorded, as much of it as --snap "
				    "says; --where 'fd == 3' chooses by descriptor", word);
	if ((n == 6 && !strncmp(word, "inject", n)) || (n == 5 && !strncmp(word, "fault", n)))
		return seam_err_set(err, -EINVAL, "'%s': nothing is changed or made to fail here; 'seam inject' does that", word);
	for (size_t i = 0; i < ARRAY_SIZE(prints); i++)
		if (strlen(prints[i]) == n && !strncmp(word, prints[i], n))
			return seam_err_set(err, -EINVAL, "'%s' says how calls are printed, not which: everything is recorded, and "
					    "'seam show --help' has what can be chosen", word);
	return seam_err_set(err, -EINVAL, "'%s': only trace=, signal= and status= choose", word);
}

int seam_choice_add(struct seam_choice *s, const char *word, const struct seam_tables *t, enum seam_arch arch,
		    struct seam_err *err)
{
	static const struct {
		const char *names[3];
		int kind;
	} qualifiers[] = { { { "trace", "t", NULL }, 't' }, { { "signal", "signals", "s" }, 's' }, { { "status", NULL, NULL }, 'r' } };
	size_t n = strcspn(word, "=");
	int kind = word[n] && *word != '/' ? 0 : 't';
	const char *value = kind ? word : word + n + 1;

	for (size_t i = 0; i < ARRAY_SIZE(qualifiers) && !kind; i++)
		for (size_t k = 0; k < ARRAY_SIZE(qualifiers[i].names) && qualifiers[i].names[k]; k++)
			if (strlen(qualifiers[i].names[k]) == n && !strncmp(word, qualifiers[i].names[k], n))
				kind = qualifiers[i].kind;
	if (!kind)
		return not_here(word, n, err);
	if (!*value)
		return seam_err_set(err, -EINVAL, "'%s': what to choose is missing", word);
	return kind == 't' ? add_trace(s, value, t, arch, err) : kind == 's' ? add_signals(s, value, err) : add_status(s, value, err);
}

void seam_choice_release(struct seam_choice *s)
{
	free(s->trace);
	free(s->status);
	*s = (struct seam_choice){ 0 };
}
