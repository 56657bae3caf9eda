/* SPDX-License-Identifier: BSD-2-Clause */
/* seam calls: what Seam knows of the system calls. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cmd.h"
#include "seam/calls.h"
#include "seam/callset.h"
#include "seam/describe.h"
#include "seam/json.h"
#include "seam/words.h"

static bool json, list, all, coverage, names;
static const char *arch_name;

static const struct seam_tables *const t = &seam_tables;

/* Columns of the terminal; 0: no terminal, so nothing is cut. */
static unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long n = columns ? strtoul(columns, NULL, 10) : 0;

	if (n >= 20 && n < 10000)
		return (unsigned)n;
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return isatty(STDOUT_FILENO) ? 80 : 0;
}

/* the list */

struct line {
	const struct seam_call *call;
	char content[5]; /* status and content, read and written */
	char classes[64];
};

/* "rw-W": reads status, writes status, reads content, writes content. */
static void short_classes(struct line *l)
{
	static const char letters[] = "rwRW";
	size_t len = 0;

	for (unsigned i = 0; i < 4; i++)
		l->content[i] = l->call->classes & (1u << i) ? letters[i] : '-';
	l->content[4] = '\0';
	l->classes[0] = '\0';
	for (uint32_t bit = SEAM_CLASS_FILE; bit < 1u << SEAM_CLASS_COUNT; bit <<= 1)
		if ((l->call->classes & bit) && len + 12 < sizeof(l->classes)) {
			const char *name = seam_class_name(bit);

			if (len)
				l->classes[len++] = ',';
			memcpy(l->classes + len, name, strlen(name) + 1);
			len += strlen(name);
		}
}

static int compare_numbers(const void *pa, const void *pb)
{
	const struct line *a = pa, *b = pb;

	return a->call->number < b->call->number ? -1 : a->call->number > b->call->number;
}

static void put_line(struct seam_out *out, const struct line *l, int name_width, int class_width, bool described,
		     unsigned width)
{
	const char *name = seam_string(t, l->call->name);
	size_t room = width ? width : SIZE_MAX, used = 6 + (size_t)name_width;
	struct seam_out text;

	seam_out_printf(out, "%4u  ", l->call->number);
	seam_out_style(out, SEAM_BOLD);
	if (!described) {
		seam_out_puts(out, name);
		seam_out_style(out, SEAM_PLAIN);
		seam_out_putc(out, '\n');
		return;
	}
	seam_out_printf(out, "%-*s", name_width, name);
	seam_out_style(out, SEAM_FAINT);
	seam_out_printf(out, "  %s  %-*s  ", l->content, class_width, l->classes);
	seam_out_style(out, SEAM_PLAIN);
	used += 2 + 4 + 2 + (size_t)class_width + 2;
	seam_out_init_mem(&text);
	seam_call_signature(t, l->call, &text);
	/* the name stands there already */
	if (text.len - strlen(name) + used > room && room > used + 3)
		seam_out_printf(out, "%.*s...\n", (int)(room - used - 3), text.data + strlen(name));
	else
		seam_out_printf(out, "%s\n", text.data + strlen(name));
	seam_out_release(&text);
}

static void put_list(struct seam_out *out, const struct seam_callset *set)
{
	const struct seam_arch_tables *a = &t->arch[set->arch];
	struct line *lines = calloc(a->call_count + 1, sizeof(*lines));
	int name_width = 0, class_width = 0;
	uint32_t n = 0;

	if (!lines)
		abort();
	for (uint32_t i = 0; i < a->call_count; i++) {
		struct line *l = &lines[n];

		if (!seam_callset_has(set, &a->calls[i]))
			continue;
		l->call = &a->calls[i];
		short_classes(l);
		if ((int)strlen(seam_string(t, l->call->name)) > name_width)
			name_width = (int)strlen(seam_string(t, l->call->name));
		if ((int)strlen(l->classes) > class_width)
			class_width = (int)strlen(l->classes);
		n++;
	}
	qsort(lines, n, sizeof(*lines), compare_numbers);
	for (uint32_t i = 0; i < n; i++)
		put_line(out, &lines[i], name_width, class_width, set->arch < SEAM_ARCH_DESCRIBED, terminal_width());
	free(lines);
}

/* JSON */

static void put_json(struct seam_out *out, const struct seam_callset *set)
{
	const struct seam_arch_tables *a = &t->arch[set->arch];
	struct seam_json j;

	seam_json_init(&j, out, true);
	seam_json_begin_array(&j);
	for (uint32_t i = 0; i < a->call_count; i++)
		if (seam_callset_has(set, &a->calls[i]))
			seam_call_json(t, set->arch, &a->calls[i], &j);
	seam_json_end_array(&j);
	seam_out_putc(out, '\n');
}

static int put_names(struct seam_out *out, enum seam_arch arch)
{
	for (uint32_t i = 0; i < t->arch[arch].call_count; i++)
		seam_out_printf(out, "%s\n", seam_string(t, t->arch[arch].calls[i].name));
	for (uint32_t bit = 1; bit < 1u << SEAM_CLASS_COUNT; bit <<= 1)
		seam_out_printf(out, "%%%s\n", seam_class_name(bit));
	return 0;
}

/* coverage */

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

static int put_coverage(struct seam_out *out, enum seam_arch arch)
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
		return 0;
	seam_coverage(t, arch, &c, NULL, NULL);
	seam_out_printf(out, "\nPointers whose memory is described, %s\n", t->arch[arch].name);
	put_pointers(out, "arguments", c.pointers);
	put_pointers(out, "arguments that a case describes", c.in_cases);
	put_pointers(out, "members of structures", c.in_structures);
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
	return 0;
}

/* one call after the other */

struct wanted {
	const struct seam_call *call;
	const char *cases;
};

static bool has_case(const struct seam_call *call, const char *pattern)
{
	for (uint32_t i = 0; i < call->variants.count; i++)
		if (seam_case_fits(t, &t->variants[call->variants.first + i], pattern))
			return true;
	return false;
}

/* CALL:CASE. 0, or an exit status after having said why not. */
static int want_case(struct cmd_run *run, struct seam_callset *set, const char *word, const char *colon,
		     struct wanted *ret_wanted)
{
	const struct seam_call *call = NULL;
	char name[128], meant[64];
	int r;

	snprintf(name, sizeof(name), "%.*s", (int)(colon - word), word);
	r = seam_callset_add(set, name, &call, run->err);
	if (r < 0)
		return usage_error(run->cmd, "%s", run->err->text);
	if (r != SEAM_CALLSET_CALL || !call)
		return usage_error(run->cmd, "before the ':' in '%s' there must be one call", word);
	if (call->variants.count < 2)
		return usage_error(run->cmd, "%s has no cases", name);
	if (!has_case(call, colon + 1)) {
		if (seam_case_suggest(t, call, colon + 1, meant, sizeof(meant)))
			return usage_error(run->cmd, "%s has no case '%s'; did you mean '%s'?", name, colon + 1, meant);
		return usage_error(run->cmd, "%s has no case '%s'", name, colon + 1);
	}
	*ret_wanted = (struct wanted){ call, colon + 1 };
	return 0;
}

static void add_wanted(struct wanted *wanted, size_t *n, const struct seam_call *call)
{
	for (size_t i = 0; i < *n; i++)
		if (wanted[i].call == call && !wanted[i].cases)
			return;
	wanted[(*n)++] = (struct wanted){ call, NULL };
}

/* Only single calls are described at length; patterns and classes are lists. */
static int parse_words(struct cmd_run *run, struct seam_callset *set, struct wanted *wanted, size_t *ret_wanted,
		       bool *ret_list)
{
	*ret_wanted = 0;
	*ret_list = list || !run->argc;
	for (int i = 0; i < run->argc; i++) {
		const char *word = run->argv[i], *colon = strchr(word, ':');
		const struct seam_call *call = NULL;
		int r;

		if (colon) {
			r = want_case(run, set, word, colon, &wanted[(*ret_wanted)++]);
			if (r)
				return r;
			continue;
		}
		r = seam_callset_add(set, word, &call, run->err);
		if (r < 0)
			return usage_error(run->cmd, "%s", run->err->text);
		if (r == SEAM_CALLSET_CALL && call && !strchr(word, ','))
			add_wanted(wanted, ret_wanted, call);
		else
			*ret_list = !all || list;
	}
	return 0;
}

static void put_descriptions(struct seam_out *out, const struct seam_callset *set, const struct wanted *wanted, size_t n)
{
	struct seam_describe_options options = { .width = terminal_width(), .all = all };
	const struct seam_arch_tables *a = &t->arch[set->arch];
	bool first = true;

	if (options.width > 120)
		options.width = 120;
	for (size_t i = 0; i < n; i++) {
		if (!first)
			seam_out_putc(out, '\n');
		first = false;
		options.cases = wanted[i].cases;
		seam_call_describe(t, set->arch, wanted[i].call, &options, out);
	}
	/* what a pattern chose */
	for (uint32_t i = 0; i < a->call_count; i++) {
		bool named = false;

		for (size_t k = 0; k < n && !named; k++)
			named = wanted[k].call == &a->calls[i];
		if (named || !seam_callset_has(set, &a->calls[i]))
			continue;
		if (!first)
			seam_out_putc(out, '\n');
		first = false;
		options.cases = NULL;
		seam_call_describe(t, set->arch, &a->calls[i], &options, out);
	}
}

static int unknown_arch(struct cmd_run *run)
{
	const char *known[SEAM_ARCH_COUNT], *meant;

	for (int i = 0; i < SEAM_ARCH_COUNT; i++)
		known[i] = t->arch[i].name;
	meant = seam_suggest(arch_name, known, SEAM_ARCH_COUNT);
	if (meant)
		return usage_error(run->cmd, "there is no architecture '%s'; did you mean '%s'?", arch_name, meant);
	return usage_error(run->cmd, "there is no architecture '%s'; it is one of: x86_64 arm64 riscv64 i386 arm", arch_name);
}

static int run(struct cmd_run *r)
{
	int arch = arch_name ? seam_arch_by_name(t, arch_name) : (int)seam_arch_native();
	struct wanted *wanted;
	struct seam_callset set;
	bool as_list;
	size_t n;
	int status;

	if (arch < 0)
		return unknown_arch(r);
	if (names)
		return put_names(r->out, (enum seam_arch)arch);
	if (coverage)
		return r->argc || json ? usage_error(r->cmd, "--coverage is about all calls, and is text") :
					   put_coverage(r->out, (enum seam_arch)arch);
	wanted = calloc((size_t)r->argc + 1, sizeof(*wanted));
	if (!wanted)
		abort();
	seam_callset_init(&set, t, (enum seam_arch)arch);
	if (!r->argc)
		seam_callset_add(&set, "*", NULL, NULL);
	status = parse_words(r, &set, wanted, &n, &as_list);
	if (status)
		goto out;
	if (json)
		put_json(r->out, &set);
	else if (as_list)
		put_list(r->out, &set);
	else
		put_descriptions(r->out, &set, wanted, n);
out:
	free(wanted);
	return status;
}

static const struct opt options[] = {
	{ 'A', "arch", OPT_STRING, &arch_name, "ARCH",
	  "The calls of ARCH: x86_64, arm64, riscv64, and with names and numbers only i386 and arm. Without it those of this "
	  "machine.",
	  "x86_64 arm64 riscv64 i386 arm", false },
	{ 'a', "all", OPT_FLAG, &all, NULL,
	  "Leave nothing out: long sets of constants, structures inside structures, every case; and describe what a pattern or "
	  "a class names instead of listing it.",
	  NULL, false },
	{ 'l', "list", OPT_FLAG, &list, NULL, "List also what is named by itself, a line for each call.", NULL, false },
	{ 'j', "json", OPT_FLAG, &json, NULL, "Print an array of objects, one for each call.", NULL, false },
	{ 'c', "coverage", OPT_FLAG, &coverage, NULL,
	  "Print how many calls, arguments and pointers are described, and which pointers are not and why.", NULL, false },
	{ 0, "names", OPT_FLAG, &names, NULL, "Print the words that can be given, for completion.", NULL, true },
	{ 0 },
};

const struct cmd cmd_calls = {
	.name = "calls",
	.summary = "show what is known of the system calls",
	.args = "[CALL]...",
	.about = "Without an argument lists all calls of an architecture by number: the number, the name, what the call does "
		 "(r reads status, w writes status, R reads content, W writes content), its classes, and its arguments.\n\n"
		 "CALL is a name or a number, and its whole description is shown: what goes in and comes out and when, what the "
		 "call does to the world, what it can wait for, what a deterministic run makes of it, and which errors it can "
		 "return. CALL:CASE shows a case of a call that does many things, as in ioctl:TIOCGWINSZ or fcntl:F_GETLK; CASE "
		 "may be a pattern.\n\n"
		 "A pattern (open*) or a class lists what it fits: %file %desc %net %process %memory %ipc %time %signal, as "
		 "strace has them, and %reads-status %writes-status %reads-content %writes-content. A '!' before a name, pattern "
		 "or class takes it out again: seam calls %net '!recv*'.",
	.options = options,
	.complete = "!seam calls --names",
	.max_args = -1,
	.exec = run,
};
