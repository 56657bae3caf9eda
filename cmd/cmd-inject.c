/* SPDX-License-Identifier: BSD-2-Clause */
/* seam inject: faults, delays, short calls and signals for the calls of a command. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "command-status.h"
#include "pids.h"
#include "seam/inject.h"

static struct opt_list expressions;
static const char *log_file, *count_by;
static char *pids;
static bool per_task, per_tree, strict, verbose, quiet;

static int open_log(struct cmd_run *c, int *ret)
{
	*ret = verbose ? 2 : 0;
	if (!log_file)
		return 0;
	*ret = open(log_file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	return *ret < 0 ? seam_err_errno(c->err, -errno, "cannot write %s", log_file) : 0;
}

static int parse_count(const struct cmd *cmd, enum seam_inject_count *ret)
{
	static const char *const words[] = {
		[SEAM_INJECT_BY_TASK] = "task", [SEAM_INJECT_BY_PROCESS] = "process", [SEAM_INJECT_BY_TREE] = "tree",
	};

	if (!!count_by + per_task + per_tree > 1)
		return usage_error(cmd, "only one of --count, --per-task and --per-tree can be had");
	*ret = per_tree ? SEAM_INJECT_BY_TREE : SEAM_INJECT_BY_TASK;
	if (!count_by)
		return 0;
	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], count_by)) {
			*ret = (enum seam_inject_count)i;
			return 0;
		}
	return usage_error(cmd, "'%s' is nothing to count by: task, process, tree", count_by);
}

static void tell_doubt(void *user, const char *sentence)
{
	say(user, "%s\n", sentence);
}

static int parse_rules(const struct cmd *cmd, struct seam_inject_rule **rules, size_t *ret_n)
{
	unsigned doubts = 0;

	if (!expressions.n)
		return usage_error(cmd, "what is to be injected is missing: -e openat:error=ENOENT");
	for (size_t i = 0; i < expressions.n; i++) {
		struct seam_err err = SEAM_ERR_INIT;

		if (seam_inject_parse(expressions.at[i], NULL, &rules[i], &err) < 0)
			return usage_error(cmd, "%s", err.text);
		(*ret_n)++;
		doubts += seam_inject_doubts(rules[i], NULL, quiet && !strict ? NULL : tell_doubt, (void *)(uintptr_t)cmd);
	}
	if (strict && doubts)
		return usage_error(cmd, "with --strict nothing is injected that no kernel does");
	return 0;
}

/* What of the rules did not come about, which a user would else not see. */
static void tell_fates(const struct cmd *cmd, struct seam_inject_rule *const *rules, const struct seam_inject_result *result)
{
	static const char *const by[] = { "by no single task", "by no single process", "by all together not" };
	enum seam_inject_count count = SEAM_INJECT_BY_TASK;

	parse_count(cmd, &count);
	for (size_t i = 0; i < result->fate_count; i++) {
		const struct seam_inject_fate *f = &result->fates[i];
		unsigned long long seen = f->seen, passed = f->passed;

		if (!f->calls)
			say(cmd, "'%s' has no call left: later rules are for the same ones; with :also they stand beside it\n", rules[i]->text);
		else if (f->done)
			continue;
		else if (f->passed)
			say(cmd, "'%s' was due and never done (%llu): %s\n", rules[i]->text, passed, f->why);
		else if (!f->seen)
			say(cmd, "'%s' was never due: %s made\n", rules[i]->text, rules[i]->call_count == 1 ? "that call was not" : "none of these calls was");
		else
			say(cmd, "'%s' was never due: %s made, but %s often enough (%llu in all)\n", rules[i]->text, rules[i]->call_count == 1 ? "the call was" : "calls were",
			    by[count], seen);
	}
}

static int inject(struct cmd_run *c, struct seam_inject_rule **rules, size_t *rule_count)
{
	pid_t attached[MAX_PIDS];
	struct seam_run_options run = { .pids = attached };
	struct seam_inject_options o = { .rules = rules, .strict = strict, .run = &run };
	struct seam_inject_result result = { 0 };
	int r;

	if (c->argc)
		run.command = c->argv;
	r = parse_pids(c->cmd, pids, attached, &run.pid_count);
	if (r)
		return r;
	if (!run.command == !run.pid_count)
		return usage_error(c->cmd, "one of a command and -p is needed");
	r = parse_count(c->cmd, &o.count);
	if (r)
		return r;
	r = parse_rules(c->cmd, rules, rule_count);
	if (r)
		return r;
	o.rule_count = *rule_count;
	r = open_log(c, &o.log);
	if (r < 0)
		return r;
	r = seam_inject_run(&o, &result, c->err);
	if (log_file)
		close(o.log);
	if (r >= 0 && !quiet)
		tell_fates(c->cmd, rules, &result);
	r = command_status(c, r, result.run.no_command, result.run.status);
	seam_inject_result_release(&result);
	return r;
}

static int run(struct cmd_run *c)
{
	struct seam_inject_rule *rules[OPT_LIST_MAX] = { NULL };
	size_t n = 0;
	int r = inject(c, rules, &n);

	while (n)
		seam_inject_rule_free(rules[--n]);
	return r;
}

static const struct opt options[] = {
	{ 'e', "inject", OPT_LIST, &expressions, "RULE",
	  "What happens to which calls: \"SET:error=ENOSPC\", as strace has it, with \"inject=\" or \"fault=\" before it if you like. SET is that of seam show -e. After it, with colons "
	  "between: error=NAME, retval=N, signal=NAME, delay_enter=TIME, delay_exit=TIME, poke_enter=@argN=BYTES, poke_exit=@argN=BYTES, short=N, short=half, short=N%, "
	  "syscall=CALL, when=FIRST[..LAST][+[STEP]], before, after, also. Can be given several times.", NULL, false },
	{ 'p', "attach", OPT_WORDS, &pids, "PID,...", "Processes that run already, with all their threads and the children that they will have. SIGINT ends it: they go on as if nothing had been.", NULL, false },
	{ 'c', "count", OPT_CHOICE, &count_by, "BY", "Whose calls are counted for when=: those of each task by itself, which is meant if nothing is said and what strace does; of each process; of the whole tree.", "task process tree", false },
	{ 0, "per-task", OPT_FLAG, &per_task, NULL, "The same as --count=task.", NULL, false },
	{ 0, "per-tree", OPT_FLAG, &per_tree, NULL, "The same as --count=tree.", NULL, false },
	{ 0, "strict", OPT_FLAG, &strict, NULL, "Inject nothing that no kernel does: errors that a call cannot fail with are refused, short writes of a few bytes to a pipe left out.", NULL, false },
	{ 'o', "output", OPT_STRING, &log_file, "FILE", "Write a line for each injection to FILE: process, call, which one, what.", "@file", false },
	{ 'v', "verbose", OPT_FLAG, &verbose, NULL, "Write these lines to standard error.", NULL, false },
	{ 'q', "quiet", OPT_FLAG, &quiet, NULL, "Say nothing of rules that are doubtful or were never due.", NULL, false },
	{ 0 },
};

const struct cmd cmd_inject = {
	.name = "inject",
	.summary = "make calls of a command fail, come late, be short or bring signals",
	.args = "-e RULE [COMMAND [ARGUMENT]...]",
	.about = "Runs COMMAND, or attaches to processes, and has chosen calls of them and of all their children fail, return what you say, be delayed, read or write less than they were asked to, or bring a signal. "
		 "The rules are strace's, and mean the same. Needs no privilege; calls that no rule is about run at full speed.\n\n"
		 "What a kernel does although it reports an error is done: close() closes. At the end rules that were never due are told.\n\n"
		 "The exit status is the command's own, 128 and the signal's number if one killed it, 2 if a rule makes no sense, and 125 when Seam itself failed.",
	.options = options,
	.min_args = 0,
	.max_args = -1,
	.options_first = true,
	.exec = run,
};
