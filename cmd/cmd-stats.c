/* SPDX-License-Identifier: BSD-2-Clause */
/* seam stats: a trace in figures. */
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "seam/filter.h"
#include "seam/stats.h"
#include "stats-options.h"

static bool json, processes;
static const char *where, *trace, *lines, *by, *sort;

static int run(struct cmd_run *c)
{
	struct seam_stats_options o = { .where = where };
	struct seam_stats_text text;
	struct seam_callset calls;
	struct seam_stats s;
	/* a look at the trace takes its time, and is needed for these alone */
	const enum seam_arch arch = where || trace ? trace_words(c) : seam_arch_native();
	int r;

	r = stats_text_options(c->cmd, by ? by : processes ? "process" : NULL, sort, lines, &text);
	if (r)
		return r;
	if (where) {
		struct seam_filter_options fo = { .arch = arch, .untold = 1u << SEAM_FILTER_CGROUP };
		struct seam_err err = SEAM_ERR_INIT;
		struct seam_filter *f;

		if (seam_filter_new(where, &fo, &f, &err) < 0)
			return usage_error(c->cmd, "%s", err.text);
		seam_filter_free(f);
	}
	if (trace) {
		struct seam_err err = SEAM_ERR_INIT;

		seam_callset_init(&calls, &seam_tables, arch);
		if (seam_callset_add(&calls, strncmp(trace, "trace=", 6) ? trace : trace + 6, NULL, &err) < 0)
			return usage_error(c->cmd, "%s", err.text);
		o.calls = &calls;
	}
	o.files = json || text.tables & (1u << SEAM_STATS_BY_FILE | 1u << SEAM_STATS_BY_PEER | 1u << SEAM_STATS_BY_WAIT);
	r = seam_stats_read(trace_file(c), &o, &s, c->err);
	if (r < 0)
		return trace_failed(c, r);
	if (sort)
		seam_stats_sort(&s, sort);
	if (json)
		seam_stats_json(c->out, &s, text.lines, true);
	else
		seam_stats_print(c->out, &s, &text);
	r = s.lost || s.damages ? EXIT_SEAM_FAILED : 0;
	seam_stats_release(&s);
	return r;
}

static const struct opt options[] = {
	{ 'b', "by", OPT_STRING, &by, "WHAT,...", STATS_BY_HELP, STATS_BY_WORDS, false },
	{ 'p', "processes", OPT_FLAG, &processes, NULL, "The same as --by process.", NULL, false },
	{ 'e', "trace", OPT_STRING, &trace, "SET",
	  "Count only the calls of SET, as in \"openat,%net,!read\"; \"trace=\" before it is allowed.", NULL, false },
	{ 'w', "where", OPT_STRING, &where, "EXPR", "Count only what EXPR holds for; doc/filter.md has the language.", NULL, false },
	{ 'S', "sort", OPT_CHOICE, &sort, "ORDER", STATS_SORT_HELP, STATS_SORT_WORDS, false },
	{ 'n', "lines", OPT_STRING, &lines, "N", "Show only the first N lines of each table.", NULL, false },
	{ 'j', "json", OPT_FLAG, &json, NULL, "Print one object with all of it instead of text; doc/stats.md says what is in it.", NULL, false },
	{ 0 },
};

const struct cmd cmd_stats = {
	.name = "stats",
	.summary = "sum a trace up: counts, errors, times, bytes; by call, process, file, peer, wait",
	.args = "[FILE]",
	.about = "Reads what \"seam record\" has written to FILE (\"seam.trace\" if nothing is said) and prints for each call how often "
		 "it was made, how often it failed and how, and how long it took: together, on average, for half of the calls, for 99 of "
		 "a hundred, at most, and how much of it was spent waiting. What took most time comes first.\n\n"
		 "A call has waited when its description says that it can block as it was called, and it took more than 5 microseconds (where it "
		 "mostly works all the same, a millisecond). "
		 "It was idle when it waited for a time, a signal or whichever of several descriptors came first, else blocked; doc/stats.md says it exactly.\n\n"
		 "\"seam record --stats\" counts without a trace.\n\n"
		 "The exit status is 125 when calls are missing or a part of the file cannot be read; all else is counted.",
	.options = options,
	.complete = "@file",
	.min_args = 0,
	.max_args = 1,
	.exec = run,
};
