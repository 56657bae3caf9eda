/* SPDX-License-Identifier: BSD-2-Clause */
/* Command lines, taken apart by the options table of a verb. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "seam/words.h"

static bool want_help;

const struct opt help_option = { 'h', "help", OPT_FLAG, &want_help, NULL, "Print this help.", NULL, false };

static void vsay(const struct cmd *cmd, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void vsay(const struct cmd *cmd, const char *fmt, va_list ap)
{
	fprintf(stderr, "seam%s%s: ", cmd ? " " : "", cmd ? cmd->name : "");
	vfprintf(stderr, fmt, ap);
}

void say(const struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(cmd, fmt, ap);
	va_end(ap);
}

int usage_error(const struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsay(cmd, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\nTry 'seam%s%s --help'.\n", cmd ? " " : "", cmd ? cmd->name : "");
	return EXIT_USAGE;
}

static bool is_last(const struct opt *opt)
{
	return !opt->name;
}

void options_for_each(const struct opt *table, void (*fn)(const struct opt *opt, void *arg), void *arg)
{
	for (const struct opt *o = table; o && !is_last(o); o++) {
		if (!o->hidden)
			fn(o, arg);
	}
	fn(&help_option, arg);
}

static const struct opt *find_letter(const struct opt *table, char c)
{
	for (const struct opt *o = table; o && !is_last(o); o++) {
		if (o->letter && o->letter == c)
			return o;
	}
	return c == help_option.letter ? &help_option : NULL;
}

static const struct opt *find_name(const struct opt *table, const char *name, size_t len)
{
	for (const struct opt *o = table; o && !is_last(o); o++) {
		if (strlen(o->name) == len && !memcmp(o->name, name, len))
			return o;
	}
	return strlen(help_option.name) == len && !memcmp(help_option.name, name, len) ? &help_option : NULL;
}

/* Whether @word is one of @words, which have blanks between them; else the nearest, or "", goes to @ret_meant. */
static bool word_among(const char *words, const char *word, char *ret_meant, size_t size)
{
	char copies[32][32];
	const char *list[32], *meant;
	size_t n = 0;

	for (const char *p = words; *p && n < 32;) {
		size_t len = strcspn(p, " ");

		if (strlen(word) == len && !memcmp(p, word, len))
			return true;
		snprintf(copies[n], sizeof(copies[n]), "%.*s", (int)len, p);
		list[n] = copies[n];
		n++;
		p += len;
		p += strspn(p, " ");
	}
	meant = seam_suggest(word, list, n);
	snprintf(ret_meant, size, "%s", meant ? meant : "");
	return false;
}

static int store(const struct cmd *cmd, const struct opt *o, const char *value)
{
	char meant[32];

	if (o->type == OPT_FLAG) {
		*(bool *)o->value = true;
		return 0;
	}
	if (o->type == OPT_CHOICE && !word_among(o->complete, value, meant, sizeof(meant))) {
		if (meant[0])
			return usage_error(cmd, "--%s cannot be '%s'; did you mean '%s'?", o->name, value, meant);
		return usage_error(cmd, "--%s cannot be '%s'; it is one of: %s", o->name, value, o->complete);
	}
	if (o->type == OPT_WORDS) {
		char **words = o->value, *old = *words;

		if (asprintf(words, "%s%s%s", old ? old : "", old ? "," : "", value) < 0)
			abort();
		free(old);
		return 0;
	}
	if (o->type == OPT_LIST) {
		struct opt_list *list = o->value;

		if (list->n == OPT_LIST_MAX)
			return usage_error(cmd, "--%s comes more than %d times", o->name, OPT_LIST_MAX);
		list->at[list->n++] = value;
		return 0;
	}
	*(const char **)o->value = value;
	return 0;
}

static int unknown_option(const struct cmd *cmd, const struct opt *table, const char *name, size_t len)
{
	const char *names[64], *meant;
	char word[64];
	size_t n = 0;

	for (const struct opt *o = table; o && !is_last(o) && n < 63; o++) {
		if (!o->hidden)
			names[n++] = o->name;
	}
	names[n++] = help_option.name;
	snprintf(word, sizeof(word), "%.*s", (int)(len < sizeof(word) ? len : sizeof(word) - 1), name);
	meant = seam_suggest(word, names, n);
	if (meant)
		return usage_error(cmd, "there is no option '--%s'; did you mean '--%s'?", word, meant);
	return usage_error(cmd, "there is no option '--%s'", word);
}

/* --name, --name=value, --name value. *i is the index of the word and moves on when the next one is the value. */
static int parse_long(const struct cmd *cmd, const struct opt *table, int argc, char **argv, int *i)
{
	const char *name = argv[*i] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct opt *o = find_name(table, name, len);

	if (!o)
		return unknown_option(cmd, table, name, len);
	if (o->type == OPT_FLAG && value)
		return usage_error(cmd, "--%s takes no value", o->name);
	if (o->type != OPT_FLAG && !value) {
		if (*i + 1 >= argc)
			return usage_error(cmd, "--%s needs a value: --%s %s", o->name, o->name, o->arg);
		value = argv[++*i];
	}
	return store(cmd, o, value);
}

/* -a, -abc, -ovalue, -o value. */
static int parse_letters(const struct cmd *cmd, const struct opt *table, int argc, char **argv, int *i)
{
	for (const char *p = argv[*i] + 1; *p; p++) {
		const struct opt *o = find_letter(table, *p);
		int r;

		if (!o)
			return usage_error(cmd, "there is no option '-%c'", *p);
		if (o->type != OPT_FLAG) {
			if (p[1])
				return store(cmd, o, p + 1);
			if (*i + 1 >= argc)
				return usage_error(cmd, "-%c needs a value: -%c %s", *p, *p, o->arg);
			return store(cmd, o, argv[++*i]);
		}
		r = store(cmd, o, NULL);
		if (r)
			return r;
	}
	return 0;
}

int options_parse(const struct cmd *cmd, const struct opt *table, int argc, char **argv, int *ret_argc,
		  char ***ret_argv, bool *ret_help)
{
	bool first_ends = !cmd || cmd->options_first;
	int kept = 1, i;

	want_help = false;
	for (i = 1; i < argc; i++) {
		int r;

		if (!strcmp(argv[i], "--")) {
			i++;
			break;
		}
		/* "-" alone is an argument: standard input, mostly. */
		if (argv[i][0] != '-' || !argv[i][1]) {
			if (first_ends)
				break;
			argv[kept++] = argv[i];
			continue;
		}
		r = argv[i][1] == '-' ? parse_long(cmd, table, argc, argv, &i) : parse_letters(cmd, table, argc, argv, &i);
		if (r)
			return r;
	}
	for (; i < argc; i++)
		argv[kept++] = argv[i];
	argv[kept] = NULL;
	*ret_argc = kept - 1;
	*ret_argv = argv + 1;
	*ret_help = want_help;
	return 0;
}
