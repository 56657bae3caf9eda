/* SPDX-License-Identifier: BSD-2-Clause */
/* seam record: every call of a command, a process, a cgroup or the machine, into a file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chosen-calls.h"
#include "cmd.h"
#include "command-status.h"
#include "pids.h"
#include "record-report.h"
#include "record-stats.h"
#include "seam/recording.h"
#include "seam/words.h"
#include "stats-options.h"

#define MAX_CGROUPS 64
#define DEFAULT_SNAP 256
#define LEAST_FLIGHT (256u << 10)

static const char *output, *snap, *buffer, *level, *how, *engine;
static char *pids, *cgroups;
static const char *rotate, *keep, *flight;
static struct chosen_calls chosen;
static bool all, no_content, no_structures, full, no_duration, traps, drop, quiet;
static bool stats;
static struct record_stats_options figures;

/* Cuts the list, which stays where it is. */
static int parse_cgroups(const struct cmd *cmd, char *list, const char **ret, size_t *ret_n)
{
	for (char *p = list, *comma; p; p = comma) {
		comma = strchr(p, ',');
		if (comma)
			*comma++ = 0;
		if (!*p)
			return usage_error(cmd, "the path of a cgroup is missing before or after a comma");
		if (*ret_n == MAX_CGROUPS)
			return usage_error(cmd, "that is more than %d cgroups", MAX_CGROUPS);
		ret[(*ret_n)++] = p;
	}
	return 0;
}

static int parse_pause(const struct cmd *cmd, enum seam_pause *ret)
{
	int p = how ? seam_pause_by_name(how) : drop ? SEAM_PAUSE_NO : SEAM_PAUSE_BEST;

	if (p < 0)
		return usage_error(cmd, "'%s' is no way to make tasks wait: best, hold, freeze, stop, no", how);
	if (drop && p != SEAM_PAUSE_NO)
		return usage_error(cmd, "with --drop nobody waits: no --pause then");
	*ret = (enum seam_pause)p;
	return 0;
}

static int parse_engine(const struct cmd *cmd, enum seam_engine *ret)
{
	int e = engine ? seam_engine_by_name(engine) : SEAM_ENGINE_BEST;

	if (e < 0)
		return usage_error(cmd, "'%s' is no engine: best, bpf, ptrace", engine);
	if (e == SEAM_ENGINE_PTRACE && (all || cgroups || stats || traps || how || drop))
		return usage_error(cmd, "by ptrace commands and processes are recorded: %s engine bpf", all ? "--all needs" : cgroups ? "--cgroup needs" :
				   stats ? "--stats needs" : traps ? "--traps needs" : "--pause and --drop are about");
	*ret = (enum seam_engine)e;
	return 0;
}

/* A size: 4096, 64K, 16M. */
static int parse_size(const struct cmd *cmd, const char *what, const char *text, uint64_t *ret)
{
	char *end;
	unsigned long long n = strtoull(text, &end, 10);
	unsigned shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;

	if (end == text || *text == '-' || strlen(end) > (shift ? 1u : 0u) || n > UINT64_MAX >> shift)
		return usage_error(cmd, "'%s' is no %s: a number of bytes, with K, M or G if you like", text, what);
	*ret = n << shift;
	return 0;
}

/* Which files are written, and when. */
static int set_files(const struct cmd *cmd, struct seam_record_options *o)
{
	struct seam_err err = SEAM_ERR_INIT;
	int r;

	if (stats && (rotate || keep || flight))
		return usage_error(cmd, "--stats writes no trace: --rotate, --keep and --flight mean nothing with it");
	if (rotate && seam_record_parse_rotate(rotate, &o->rotate_bytes, &o->rotate_ns, &err) < 0)
		return usage_error(cmd, "%s", err.text);
	if (flight) {
		if ((r = parse_size(cmd, "size of memory", flight, &o->flight)))
			return r;
		if (o->flight < LEAST_FLIGHT)
			return usage_error(cmd, "'%s' is too little for a flight recorder: at least 256K", flight);
		if (rotate)
			return usage_error(cmd, "--flight keeps all in memory: there is nothing for --rotate to begin anew");
		if (!level)
			o->level = 1;
	}
	if (keep) {
		if ((r = parse_size(cmd, "number of files", keep, &o->keep)))
			return r;
		if (!o->keep)
			return usage_error(cmd, "--keep 0 would leave nothing: leave it out to keep all");
		if (!rotate && !flight)
			return usage_error(cmd, "--keep says how many files of --rotate or --flight stay: it needs one of them");
	}
	if (!stats && !strcmp(o->output, "-")) {
		if (rotate || flight)
			return usage_error(cmd, "--rotate and --flight need a name for their files, not standard output");
		if (isatty(1))
			return usage_error(cmd, "a trace is nothing to look at: send standard output to a file or a program");
	}
	return 0;
}

/* @e: standard error, for progress and summary. */
static int record(struct cmd_run *c, struct seam_out *e)
{
	pid_t attached[MAX_PIDS];
	const char *groups[MAX_CGROUPS];
	struct seam_record_options o = { .output = output ? output : "seam.trace", .pids = attached, .cgroups = groups, .all = all, .snap = DEFAULT_SNAP,
					 .durations = !no_duration, .traps = traps, .level = 3 };
	struct seam_record_result result;
	struct report report = { .out = e };
	uint64_t number;
	int r;

	r = parse_pids(c->cmd, pids, attached, &o.pid_count);
	if (r)
		return r;
	r = parse_cgroups(c->cmd, cgroups, groups, &o.cgroup_count);
	if (r)
		return r;
	r = parse_pause(c->cmd, &o.pause);
	if (r)
		return r;
	r = parse_engine(c->cmd, &o.engine);
	if (r)
		return r;
	if (c->argc)
		o.command = c->argv;
	if (!!o.command + (o.pid_count || o.cgroup_count) + all != 1)
		return usage_error(c->cmd, "one of a command, -p, --cgroup and -a is needed");
	if (snap && (r = parse_size(c->cmd, "length of content", snap, &o.snap)))
		return r;
	if (!!snap + full + no_content + no_structures > 1)
		return usage_error(c->cmd, "only one of --snap, --full, --no-content and --no-structures can be had");
	if (full)
		o.snap = UINT64_MAX;
	if (no_content || no_structures)
		o.snap = 0;
	o.no_structures = no_structures;
	if (buffer && (r = parse_size(c->cmd, "size of a buffer", buffer, &o.buffer)))
		return r;
	if (level) {
		if ((r = parse_size(c->cmd, "level", level, &number)))
			return r;
		if (number > 19)
			return usage_error(c->cmd, "levels of compression are 0 to 19");
		o.level = (int)number;
	}
	if (stats && cgroups)
		return usage_error(c->cmd, "--stats counts a command, processes or the machine: no --cgroup then");
	if (!stats && (figures.json || figures.by || figures.sort || figures.lines || figures.interval))
		return usage_error(c->cmd, "--json, --by, --sort, --lines and --interval go with --stats");
	if (stats && traps)
		return usage_error(c->cmd, "--stats counts calls: it knows nothing of --traps");
	chosen.stats = stats;
	if ((r = chosen_calls_apply(&chosen, c->cmd, &o)))
		return r;
	if ((r = set_files(c->cmd, &o)))
		return r;
	o.user = &report;
	if (!quiet) {
		o.snapped = report_snapped;
		o.unfollowed = report_children;
		o.fallen_back = report_engine;
	}
	if (isatty(2) && !quiet)
		o.progress = report_progress;
	if (stats) {
		figures.output = output;
		r = record_stats(c->cmd, &figures, &o, &result, c->err);
		if (r == EXIT_USAGE)
			return r;
	} else {
		r = seam_record(&o, &result, c->err);
	}
	report_clear(&report);
	if (r == -EINTR && result.signal) {
		seam_out_printf(e, "seam record: %s\n", c->err->text);
		return 128 + result.signal;
	}
	if (r >= 0 && !quiet && !stats)
		report_summary(e, &o, &result);
	return r >= 0 && result.lost ? EXIT_SEAM_FAILED : command_status(c, r, result.no_command, result.status);
}

static int run(struct cmd_run *c)
{
	struct seam_out errors;
	int r;

	seam_out_init(&errors, 2);
	r = record(c, &errors);
	chosen_calls_release(&chosen);
	seam_out_close(&errors, NULL);
	return r;
}

static const struct opt options[] = {
	{ 'o', "output", OPT_STRING, &output, "FILE", "Write the trace to FILE; \"seam.trace\" if nothing is said. \"-\" is standard output; what COMMAND writes there goes to standard error then.", "@file", false },
	{ 'p', "attach", OPT_WORDS, &pids, "PID,...",
	  "Record processes that run already, with all their threads and the children that they will have. SIGINT ends it.", NULL, false },
	{ 'a', "all", OPT_FLAG, &all, NULL, "Record every task of the machine but the recorder itself. SIGINT ends it.", NULL, false },
	{ 0, "cgroup", OPT_WORDS, &cgroups, "PATH,...",
	  "Record every task in these cgroups of version 2 and below them, those in it already and those that come; who is moved out stays "
	  "recorded. PATH is a folder below /sys/fs/cgroup, or what /proc/PID/cgroup says behind \"0::\". SIGINT ends it.", "@file", false },
	{ 'e', "trace", OPT_LIST, &chosen.e, "SET",
	  "Record only the calls of SET, as in \"openat,%net,!read\" or \"trace=/^open\"; also \"signal=SET\" and \"status=SET\". As "
	  "with strace, ! before all of it means all but these.", NULL, false },
	{ 'w', "where", OPT_STRING, &chosen.where, "EXPR",
	  "Record only the calls that EXPR holds for, as in '(comm == \"nginx\" or ppid == 1) and (ret < 0 or duration > 1ms)'. The "
	  "kernel decides, before anything is copied; doc/filter.md has the language.", NULL, false },
	{ 'z', "successful-only", OPT_FLAG, &chosen.successful, NULL, "Record only calls that succeed.", NULL, false },
	{ 'Z', "failed-only", OPT_FLAG, &chosen.failed, NULL, "Record only calls that fail.", NULL, false },
	{ 's', "snap", OPT_STRING, &snap, "N",
	  "Keep N bytes of each piece of content, 256 if nothing is said. Structures and names are kept in full.", NULL, false },
	{ 0, "full", OPT_FLAG, &full, NULL, "Keep all content, however long. Of what a call writes, all but the first 8 KiB is read after it.", NULL, false },
	{ 0, "no-content", OPT_FLAG, &no_content, NULL, "Keep no content, only how much there was.", NULL, false },
	{ 0, "no-structures", OPT_FLAG, &no_structures, NULL,
	  "Of the memory that arguments point to keep strings and single numbers: neither structures nor content, whose addresses are shown "
	  "instead. A trace is a third as large, and costs less.", NULL, false },
	{ 0, "no-duration", OPT_FLAG, &no_duration, NULL, "See calls only when they return, without their durations, which is cheaper. What went in is read then too.", NULL, false },
	{ 0, "traps", OPT_FLAG, &traps, NULL,
	  "Record page faults of the programs too: address, place in the program, the machine's code.", NULL, false },
	{ 0, "drop", OPT_FLAG, &drop, NULL,
	  "Never stop a task while there is no room for its records: lose them, and count how many.", NULL, false },
	{ 0, "pause", OPT_STRING, &how, "HOW",
	  "How tasks are made to wait while there is no room: \"hold\" in the kernel, at the end of their call, which nobody can see (Linux 6.18); "
	  "\"freeze\" the cgroup of its own that the command gets; \"stop\" by signals, which parents can see; \"no\", as with --drop. "
	  "\"best\" is the first of these that works here, and meant if nothing is said.", "best hold freeze stop no", false },
	{ 0, "engine", OPT_CHOICE, &engine, "ENGINE",
	  "How calls are seen: \"bpf\" from inside the kernel; \"ptrace\" by stopping the tasks at their calls, which needs no privilege, costs more, and knows nothing "
	  "of io_uring; \"best\", meant if nothing is said: bpf, or where that is not to be had ptrace, which it says.", "best bpf ptrace", false },
	{ 0, "buffer", OPT_STRING, &buffer, "SIZE", "Buffers of SIZE for each processor, 2M if nothing is said.", NULL, false },
	{ 0, "level", OPT_STRING, &level, "N", "Compress with zstd at level N, 3 if nothing is said; 0: not at all.", NULL, false },
	{ 0, "stats", OPT_FLAG, &stats, NULL,
	  "Write no trace: count in the kernel and print what \"seam stats\" would, on standard error or to the FILE of --output.", NULL, false },
	{ 0, "interval", OPT_STRING, &figures.interval, "SECONDS",
	  "With --stats: print also what happened in each interval; on a terminal the table is drawn again and again.", NULL, false },
	{ 0, "by", OPT_STRING, &figures.by, "WHAT,...", "With --stats: what the tables are about, call or process or both (all).", "call process all", false },
	{ 0, "sort", OPT_CHOICE, &figures.sort, "ORDER", "With --stats: " STATS_SORT_HELP, STATS_SORT_WORDS, false },
	{ 0, "lines", OPT_STRING, &figures.lines, "N", "With --stats: only the first N lines of each table.", NULL, false },
	{ 0, "json", OPT_FLAG, &figures.json, NULL, "With --stats: an object instead of text; doc/stats.md says what is in it.", NULL, false },
	{ 0, "flight", OPT_STRING, &flight, "SIZE",
	  "A flight recorder: keep only the last SIZE bytes, compressed and in memory, and write them to FILE.000001 and so on when the command is "
	  "killed by a signal or its status is not 0, when another recorded process crashes (not more often than every ten seconds), when a signal ends the recording, on SIGUSR1, and for \"seam snap\". Compresses at "
	  "level 1 if nothing is said.", NULL, false },
	{ 0, "rotate", OPT_STRING, &rotate, "SIZE|TIME",
	  "Begin a new file after so many bytes (64M), or so long (10min); both with a comma between them: what comes first. The files are "
	  "FILE.000001, FILE.000002 and so on behind those that are there already. Each can be read alone, and nothing is lost between "
	  "them.", NULL, false },
	{ 0, "keep", OPT_STRING, &keep, "N", "Of the files of --rotate or --flight keep the last N, those of earlier recordings counted.", NULL, false },
	{ 'q', "quiet", OPT_FLAG, &quiet, NULL, "No progress and no summary.", NULL, false },
	{ 0 },
};

const struct cmd cmd_record = {
	.name = "record",
	.summary = "record every system call of a command, a process, a cgroup or the machine",
	.args = "[COMMAND [ARGUMENT]...]",
	.about = "Runs COMMAND, or attaches to processes or cgroups, and writes every system call that they and their children make into a "
		 "trace: arguments, results, times, the memory that went in and came out. \"seam show\" prints it. The recorder "
		 "works in the kernel, with BPF, which needs root, or CAP_BPF and CAP_PERFMON; for others it is done by ptrace (--engine).\n\n"
		 "Nothing is lost: when the buffers fill faster than they are written, the recorded tasks wait for a moment, "
		 "which they cannot see where the kernel lets them wait inside (--pause). What is lost all the same, with --drop and --all, is counted in the trace at its place and in the summary.\n\n"
		 "The exit status is the command's own, 128 and the signal's number if one killed it, and 125 when calls were lost or "
		 "Seam itself failed.",
	.options = options,
	.min_args = 0,
	.max_args = -1,
	.options_first = true,
	.exec = run,
};
