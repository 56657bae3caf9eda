/* SPDX-License-Identifier: BSD-2-Clause */
/* The values in a rule: errors, signals, times, bytes, and which calls are meant by their number. */
#include "inject/inject-words.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"

#define NAMED_ERRORS 134
#define SIGNALS 64
#define FIRST_REALTIME 32

/* Of the second name of a number the C library knows nothing. */
static const struct {
	const char *name;
	int number;
} other_errors[] = { { "EWOULDBLOCK", EWOULDBLOCK }, { "EDEADLOCK", EDEADLOCK }, { "ENOTSUP", EOPNOTSUPP } };

const char *inject_error_name(int error)
{
	return strerrorname_np(error);
}

static int no_error(const char *word, struct seam_err *err)
{
	const char *names[NAMED_ERRORS] = { NULL }, *meant;
	char upper[32];
	size_t n = 0;

	for (; word[n] && n + 1 < sizeof(upper); n++)
		upper[n] = (char)toupper((unsigned char)word[n]);
	upper[n] = 0;
	for (int i = 1; i < NAMED_ERRORS; i++)
		names[i] = strerrorname_np(i);
	meant = suggest(upper, names, NAMED_ERRORS);
	if (meant)
		return seam_err_set(err, -ENOENT, "there is no error '%s'; did you mean '%s'?", word, meant);
	return seam_err_set(err, -ENOENT, "there is no error '%s'", word);
}

int inject_word_error(const char *word, int *ret, struct seam_err *err)
{
	uint32_t number;

	if (isdigit((unsigned char)*word)) {
		if (strspn(word, "0123456789") != strlen(word) || strlen(word) > 6 || (number = (uint32_t)strtoul(word, NULL, 10)) < 1 || number > SEAM_MAX_ERROR)
			return seam_err_set(err, -EINVAL, "'%s' is no number of an error: 1 to %d", word, SEAM_MAX_ERROR);
		*ret = (int)number;
		return 0;
	}
	for (int i = 1; i < NAMED_ERRORS; i++) {
		const char *name = strerrorname_np(i);

		if (name && !strcasecmp(name, word)) {
			*ret = i;
			return 0;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(other_errors); i++)
		if (!strcasecmp(other_errors[i].name, word)) {
			*ret = other_errors[i].number;
			return 0;
		}
	return no_error(word, err);
}

/* "RTMIN+3", "RTMAX-1", "RT_2": strace counts the last from 32 on, the C library those before from its own first one. 0: it is none. */
static int realtime_signal(const char *word)
{
	int base = !strncasecmp(word, "RTMIN", 5) ? SIGRTMIN : !strncasecmp(word, "RTMAX", 5) ? SIGRTMAX : !strncasecmp(word, "RT_", 3) ? FIRST_REALTIME : 0;
	const char *rest = word + (base == FIRST_REALTIME ? 3 : 5);
	int sign = base == SIGRTMAX ? -1 : 1;
	uint32_t n = 0;

	if (!base)
		return 0;
	if (base != FIRST_REALTIME && *rest && *rest++ != (sign < 0 ? '-' : '+'))
		return 0;
	if ((*rest || base == FIRST_REALTIME || rest[-1] == '+' || rest[-1] == '-') && (!isdigit((unsigned char)*rest) || parse_u32(rest, &n) < 0 || n > SIGNALS))
		return 0;
	base += sign * (int)n;
	return base >= FIRST_REALTIME && base <= SIGNALS ? base : 0;
}

int inject_word_signal(const char *word, int *ret, struct seam_err *err)
{
	const char *name = !strncasecmp(word, "SIG", 3) ? word + 3 : word, *names[FIRST_REALTIME] = { NULL }, *meant;
	char upper[32];
	uint32_t number;
	size_t n = 0;
	int r;

	if (isdigit((unsigned char)*word)) {
		if (parse_u32(word, &number) < 0 || number < 1 || number > SIGNALS)
			return seam_err_set(err, -EINVAL, "'%s' is no number of a signal: 1 to %d", word, SIGNALS);
		*ret = (int)number;
		return 0;
	}
	for (int i = 1; i < FIRST_REALTIME; i++) {
		names[i] = sigabbrev_np(i);
		if (names[i] && !strcasecmp(names[i], name)) {
			*ret = i;
			return 0;
		}
	}
	r = realtime_signal(name);
	if (r) {
		*ret = r;
		return 0;
	}
	for (; name[n] && n + 1 < sizeof(upper); n++)
		upper[n] = (char)toupper((unsigned char)name[n]);
	upper[n] = 0;
	meant = suggest(upper, names, FIRST_REALTIME);
	if (meant)
		return seam_err_set(err, -ENOENT, "there is no signal '%s'; did you mean 'SIG%s'?", word, meant);
	return seam_err_set(err, -ENOENT, "there is no signal '%s'", word);
}

int inject_word_result(const char *word, int64_t *ret, struct seam_err *err)
{
	uint64_t number;

	if (*word == '-' ? parse_i64(word, ret) < 0 : parse_u64(word, &number) < 0)
		return seam_err_set(err, -EINVAL, "'%s' is no result: a number of 64 bits", word);
	if (*word != '-')
		*ret = (int64_t)number;
	return 0;
}

int inject_word_delay(const char *word, uint64_t *ret_ns, struct seam_err *err)
{
	static const struct {
		const char *word;
		double ns;
	} units[] = { { "", 1e3 }, { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
	char *end;
	double value = *word == '.' || isdigit((unsigned char)*word) ? strtod(word, &end) : -1;

	if (value < 0)
		return seam_err_set(err, -EINVAL, "'%s' is no time: microseconds, or a number with ns, us, ms or s after it", word);
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		if (!str_eq(end, units[i].word))
			continue;
		if (value * units[i].ns > 1e18)
			return seam_err_set(err, -EINVAL, "'%s' is more than thirty years", word);
		value *= units[i].ns;
		*ret_ns = (uint64_t)value;
		*ret_ns += (double)*ret_ns < value;
		return 0;
	}
	return seam_err_set(err, -EINVAL, "'%s' is no unit of time: ns, us, ms or s, and microseconds without one", end);
}

int inject_word_short(const char *word, uint64_t *ret_n, bool *ret_percent, struct seam_err *err)
{
	_cleanup_free_ char *copy = xstrdup(word);
	size_t n = strlen(copy);
	uint64_t number;
	bool percent = n && copy[n - 1] == '%';

	if (str_eq(word, "half")) {
		*ret_n = 50;
		*ret_percent = true;
		return 0;
	}
	if (percent)
		copy[n - 1] = 0;
	if (!isdigit((unsigned char)*copy) || parse_u64(copy, &number) < 0)
		return seam_err_set(err, -EINVAL, "'%s' is no length: a number of bytes, \"half\", or so many %%", word);
	if (!number)
		return seam_err_set(err, -EINVAL, "no call is short by all: to read 0 bytes is the end of the file, which retval=0 makes");
	if (percent && number >= 100)
		return seam_err_set(err, -EINVAL, "'%s' would not be short: 1%% to 99%%", word);
	*ret_n = number;
	*ret_percent = percent;
	return 0;
}

/* A number at the beginning of @s, which moves behind it. */
static int next_number(const char **s, const char *what, uint32_t *ret, struct seam_err *err)
{
	size_t n = strspn(*s, "0123456789");
	unsigned long long value = n && n < 12 ? strtoull(*s, NULL, 10) : 0;

	if (!n)
		return seam_err_set(err, -EINVAL, "the %s is missing: FIRST, FIRST..LAST, and +STEP after these", what);
	if (!value || value >= UINT32_MAX)
		return seam_err_set(err, -EINVAL, "the %s is %.*s; calls are counted from 1 to %u", what, (int)n, *s, UINT32_MAX - 1);
	*ret = (uint32_t)value;
	*s += n;
	return 0;
}

int inject_word_when(const char *word, struct seam_inject_when *ret, struct seam_err *err)
{
	struct seam_inject_when when = { .last = UINT32_MAX };
	const char *s = word;
	int r = next_number(&s, "first call", &when.first, err);

	if (r >= 0 && s[0] == '.' && s[1] == '.') {
		s += 2;
		when.step = 1;
		r = next_number(&s, "last call", &when.last, err);
		if (r >= 0 && when.last < when.first)
			return seam_err_set(err, -EINVAL, "the last call, %u, is before the first, %u", when.last, when.first);
	}
	if (r >= 0 && *s == '+') {
		s++;
		when.step = 1;
		if (*s)
			r = next_number(&s, "step", &when.step, err);
	}
	if (r < 0)
		return r;
	if (*s)
		return seam_err_set(err, -EINVAL, "'%s' does not belong to FIRST[..LAST][+[STEP]]", s);
	*ret = when;
	return 0;
}

static int hex_bytes(const char *word, size_t n, struct seam_inject_poke *poke, struct seam_err *err)
{
	if (!n || n % 2 || strspn(word, "0123456789abcdefABCDEF") < n)
		return seam_err_set(err, -EINVAL, "'%.*s' are no bytes: two hexadecimal digits for each", (int)n, word);
	poke->n = n / 2;
	poke->bytes = xmalloc(poke->n);
	for (size_t i = 0; i < poke->n; i++) {
		char pair[] = { word[2 * i], word[2 * i + 1], 0 };

		poke->bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return 0;
}

int inject_word_pokes(const char *word, bool at_exit, struct seam_inject_rule *rule, struct seam_err *err)
{
	for (const char *p = word;;) {
		size_t n = strcspn(p, ",");
		struct seam_inject_poke poke = { .at_exit = at_exit };
		int r;

		if (n < 6 || memcmp(p, "@arg", 4) != 0 || p[4] < '1' || p[4] > '0' + SEAM_MAX_ARGS || p[5] != '=')
			return seam_err_set(err, -EINVAL, "'%.*s' is no memory: @arg1=00ff, up to @arg%d", (int)n, p, SEAM_MAX_ARGS);
		poke.arg = (unsigned)(p[4] - '1');
		for (size_t i = 0; i < rule->poke_count; i++)
			if (rule->pokes[i].arg == poke.arg && rule->pokes[i].at_exit == at_exit)
				return seam_err_set(err, -EINVAL, "@arg%u is there twice", poke.arg + 1);
		r = hex_bytes(p + 6, n - 6, &poke, err);
		if (r < 0)
			return r;
		rule->pokes[rule->poke_count++] = poke;
		if (!p[n])
			return 0;
		p += n + 1;
	}
}
