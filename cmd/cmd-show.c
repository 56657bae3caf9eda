/* SPDX-License-Identifier: BSD-2-Clause */
/* seam show: a trace as text. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "seam/deeds.h"
#include "seam/filter.h"
#include "seam/show.h"

#define MAX_PIDS 256
#define DEFAULT_COLUMN 40
#define MAX_FDS 64

static bool names, numbers, json, tasks, tree, images, own_pids, follow, verbose, day, epoch, start, elapsed, durations, events;
static const char *trace, *string, *since, *until, *where, *column, *path, *output;
static char *pids, *fds, *kinds;

static int parse_when(const struct cmd *cmd, const char *text, struct seam_moment *ret)
{
	struct seam_err err = SEAM_ERR_INIT;

	return seam_moment_parse(text, ret, &err) < 0 ? usage_error(cmd, "%s", err.text) : 0;
}

static int parse_pids(const struct cmd *cmd, uint32_t *ret, size_t *ret_n)
{
	*ret_n = 0;
	for (const char *p = pids; p && *p;) {
		char *end;
		unsigned long n = strtoul(p, &end, 10);

		if (!n || end == p || (*end && *end != ','))
			return usage_error(cmd, "'%s' is no process: numbers, with commas between them", pids);
		if (*ret_n == MAX_PIDS)
			return usage_error(cmd, "that is more than %d processes", MAX_PIDS);
		ret[(*ret_n)++] = (uint32_t)n;
		p = *end ? end + 1 : end;
	}
	return 0;
}

static int parse_column(const struct cmd *cmd, unsigned *ret)
{
	char *end;
	unsigned long n = strtoul(column, &end, 10);

	if (end == column || *end || n > 1000)
		return usage_error(cmd, "'%s' is no column: a number up to 1000", column);
	*ret = (unsigned)n;
	return 0;
}

static int parse_fds(const struct cmd *cmd, int *ret, size_t *ret_n)
{
	for (const char *p = fds; p && *p;) {
		char *end;
		unsigned long n = strtoul(p, &end, 10);

		if (end == p || *p == '-' || (*end && *end != ',') || n > INT32_MAX)
			return usage_error(cmd, "'%s' is no descriptor: numbers, with commas between them", fds);
		if (*ret_n == MAX_FDS)
			return usage_error(cmd, "that is more than %d descriptors", MAX_FDS);
		ret[(*ret_n)++] = (int)n;
		p = *end ? end + 1 : end;
	}
	return 0;
}

/* To the file that was asked for; the failure that came first is the one that is told. */
static int show_to(struct cmd_run *c, const char *file, const struct seam_show_options *o, struct seam_show_result *result)
{
	struct stat from, to;
	struct seam_out out;
	int fd, r, closed;

	if (!output)
		return seam_show(file, o, c->out, result, c->err);
	if (stat(file, &from) == 0 && stat(output, &to) == 0 && from.st_dev == to.st_dev && from.st_ino == to.st_ino)
		return usage_error(c->cmd, "%s is the trace itself", output);
	fd = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return seam_err_errno(c->err, -errno, "cannot write %s", output);
	seam_out_init(&out, fd);
	r = seam_show(file, o, &out, result, c->err);
	closed = seam_out_close(&out, r < 0 ? NULL : c->err);
	if (close(fd) < 0 && closed >= 0 && r >= 0)
		closed = seam_err_errno(c->err, -errno, "cannot write %s", output);
	return r < 0 ? r : closed;
}

/* What is shown instead of calls has a form of its own. */
static int check_events(const struct cmd *cmd, uint64_t *ret)
{
	struct seam_err err = SEAM_ERR_INIT;
	const char *other = tree ? "--tree" : images ? "--images" : tasks ? "--tasks" : durations ? "--durations" : names ? "--names" :
			    numbers ? "--numbers" : verbose ? "--no-abbrev" : string ? "--string" : column ? "--columns" : NULL;

	if (!events)
		return kinds ? usage_error(cmd, "--kinds is about --events, which is not there") : 0;
	if (other)
		return usage_error(cmd, "%s does not go with --events", other);
	*ret = SEAM_DEED_ALL;
	return kinds && seam_deed_kinds(kinds, ret, &err) < 0 ? usage_error(cmd, "%s", err.text) : 0;
}

static int run(struct cmd_run *c)
{
	uint32_t wanted[MAX_PIDS];
	int wanted_fds[MAX_FDS];
	struct seam_show_options o = { .durations = durations, .names = names, .json = json, .tasks = tasks, .tree = tree,
				      .follow = follow, .verbose = verbose, .images = images, .own_pids = own_pids, .column = DEFAULT_COLUMN, .numbers = numbers,
				      .path = path };
	struct seam_show_result result;
	struct seam_callset calls;
	/* a look at the trace takes its time, and is needed for these alone */
	const enum seam_arch arch = where || trace ? trace_words(c) : seam_arch_native();
	const char *file = trace_file(c);
	int r;

	if (day + epoch + start + elapsed > 1)
		return usage_error(c->cmd, "only one clock can be shown");
	o.clock = day ? SEAM_SHOW_DAY : epoch ? SEAM_SHOW_EPOCH : start ? SEAM_SHOW_START :
		  elapsed ? SEAM_SHOW_ELAPSED : SEAM_SHOW_NO_CLOCK;
	if ((r = check_events(c->cmd, &o.events)))
		return r;
	if ((r = parse_pids(c->cmd, wanted, &o.pid_count)))
		return r;
	if ((r = parse_fds(c->cmd, wanted_fds, &o.fd_count)))
		return r;
	o.fds = o.fd_count ? wanted_fds : NULL;
	o.where = where;
	if (where) {
		struct seam_filter_options fo = { .arch = arch, .untold = 1u << SEAM_FILTER_CGROUP };
		struct seam_err err = SEAM_ERR_INIT;
		struct seam_filter *f;

		if (seam_filter_new(where, &fo, &f, &err) < 0)
			return usage_error(c->cmd, "%s", err.text);
		seam_filter_free(f);
	}
	if (o.pid_count)
		o.pids = wanted;
	if (column && (r = parse_column(c->cmd, &o.column)))
		return r;
	if (string) {
		char *end;
		unsigned long n = strtoul(string, &end, 10);

		if (end == string || *end || n < 1 || n > 1u << 20)
			return usage_error(c->cmd, "'%s' is no length of strings: a number from 1 to 1048576", string);
		o.string_limit = (unsigned)n;
	}
	if ((since && (r = parse_when(c->cmd, since, &o.since))) || (until && (r = parse_when(c->cmd, until, &o.until))))
		return r;
	if (trace) {
		struct seam_err err = SEAM_ERR_INIT;

		seam_callset_init(&calls, &seam_tables, arch);
		if (seam_callset_add(&calls, strncmp(trace, "trace=", 6) ? trace : trace + 6, NULL, &err) < 0)
			return usage_error(c->cmd, "%s", err.text);
		o.calls = &calls;
	}
	if (follow && isatty(STDERR_FILENO) && access(file, F_OK) != 0)
		say(c->cmd, "waiting for %s\n", file);
	r = show_to(c, file, &o, &result);
	if (r > 0)
		return r;
	if (r < 0)
		return trace_failed(c, r);
	if (*result.chosen && isatty(2))
		say(c->cmd, "this is not all that was done: only %s was recorded\n", result.chosen);
	return result.lost || result.damages ? EXIT_SEAM_FAILED : 0;
}

static const struct opt options[] = {
	{ 'e', "trace", OPT_STRING, &trace, "SET", "Show only the calls of SET, as in \"openat,%net,!read\".", NULL, false },
	{ 'w', "where", OPT_STRING, &where, "EXPR",
	  "Show only what EXPR holds for, as in 'call in {%file} and ret < 0 and duration > 1ms'; doc/filter.md has the language.",
	  NULL, false },
	{ 'p', "task", OPT_WORDS, &pids, "PID,...", "Show only these processes or threads.", NULL, false },
	{ 'P', "path", OPT_STRING, &path, "GLOB",
	  "Show only the calls that touch a path that fits GLOB, by its name or through a descriptor, as in '/etc/*'.", NULL, false },
	{ 0, "fd", OPT_WORDS, &fds, "N,...", "Show only the calls that have to do with these descriptors.", NULL, false },
	{ 0, "since", OPT_STRING, &since, "TIME",
	  "Begin at TIME: 1.5 or 20ms (after the trace began), -2s (before it ends), 14:03:07 (of the day), 2026-11-21T14:03 or "
	  "@1795281514 (a date).", NULL, false },
	{ 0, "until", OPT_STRING, &until, "TIME", "End at TIME, which is written in the same ways.", NULL, false },
	{ 0, "tree", OPT_FLAG, &tree, NULL,
	  "Show the processes instead of their calls: who made whom, when, for how long, what they ran, how they ended, how many calls "
	  "they made (of those that other options select) and how many failed.", NULL, false },
	{ 0, "events", OPT_FLAG, &events, NULL,
	  "Show instead what was done to the world: files opened, made, renamed, removed, looked for, connections, what was sent, processes. "
	  "A line each, also of what failed; much is told the first time only. doc/events.md says what each kind is. -e and the like choose the "
	  "calls that they come from.", NULL, false },
	{ 0, "kinds", OPT_WORDS, &kinds, "KIND,...", "Show of these events only those of the kinds, as in \"FileOpened,FileRemoved\"; \"changes\": what alters something, and succeeds.", NULL, false },
	{ 's', "string", OPT_STRING, &string, "N", "Show up to N bytes of a string, 32 if nothing is said (JSON: all that the trace has). Paths are never cut.",
	  NULL, false },
	{ 'v', "no-abbrev", OPT_FLAG, &verbose, NULL, "Show all of structures, environments, directories and arrays. JSON always has them.",
	  NULL, false },
	{ 'a', "columns", OPT_STRING, &column, "N", "Put results into column N, if the call ends before it; 40 if nothing is said.", NULL, false },
	{ 'n', "numbers", OPT_FLAG, &numbers, NULL, "Show descriptors as numbers only, without what they are.", NULL, false },
	{ 'N', "names", OPT_FLAG, &names, NULL, "Show arguments with their names.", NULL, false },
	{ 't', "day", OPT_FLAG, &day, NULL, "Begin lines with the time of day.", NULL, false },
	{ 0, "epoch", OPT_FLAG, &epoch, NULL, "Begin lines with the seconds since 1970.", NULL, false },
	{ 0, "start", OPT_FLAG, &start, NULL, "Begin lines with the seconds since the trace began.", NULL, false },
	{ 'r', "elapsed", OPT_FLAG, &elapsed, NULL, "Begin lines with the seconds since the line before.", NULL, false },
	{ 'T', "durations", OPT_FLAG, &durations, NULL, "Show how long each call took.", NULL, false },
	{ 'o', "output", OPT_STRING, &output, "FILE", "Write to FILE instead of standard output.", "@file", false },
	{ 'j', "json", OPT_FLAG, &json, NULL, "Print one object a line instead of text.", NULL, false },
	{ 0, "tasks", OPT_FLAG, &tasks, NULL, "Show also which tasks were made, what they run, and their names.", NULL, false },
	{ 0, "own-pids", OPT_FLAG, &own_pids, NULL,
	  "Begin lines with the number that a task has in its own pid namespace, as getpid() and gettid() return it there.", NULL, false },
	{ 0, "images", OPT_FLAG, &images, NULL,
	  "Show instead which files stood in memory to be run: process, addresses, protection, offset in the file, build id, name.", NULL, false },
	{ 'f', "follow", OPT_FLAG, &follow, NULL, "Go on while the file is being written; wait for it if it is not there yet.", NULL, false },
	{ 0 },
};

const struct cmd cmd_show = {
	.name = "show",
	.summary = "print a trace, a line for each call",
	.args = "[FILE]",
	.about = "Prints what \"seam record\" has written to FILE (\"seam.trace\" if nothing is said) in the form of strace: a line for "
		 "each call, in the order in which the calls returned, with the thread that made it. Signals stand between "
		 "\"---\", ends of tasks between \"+++\", what is missing between \"!!!\". What \"seam record --rotate\" has made of FILE is shown in a row."
		 "\n\n"
		 "The exit status is 125 when calls are missing or a part of the file cannot be read; all else is shown.",
	.options = options,
	.complete = "@file",
	.min_args = 0,
	.max_args = 1,
	.exec = run,
};
