/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command under a tool that must not be noticed: hook-tool [-p PID | -s] empty|log|inject|entry|finish|wrong COMMAND [ARGUMENT]... */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seam/hook.h"

static void on_inject(struct seam_hook *h)
{
	int64_t pid = seam_inject(h, "getpid");

	/* a program that has forbidden itself calls is asked for none */
	if (pid != (int64_t)h->pid && pid != -1)
		seam_fail(h, -EIO, "getpid() says %lld in process %u", (long long)pid, h->pid);
}

static void on_log(struct seam_hook *h)
{
	seam_finish(h);
	seam_print(h, "%u %s = %lld\n", h->tid, h->name, (long long)h->ret);
}

static void on_entry(struct seam_hook *h)
{
	(void)h;
}

static void on_finish(struct seam_hook *h)
{
	seam_finish(h);
}

static void on_wrong(struct seam_hook *h)
{
	seam_arg(h, "nosuch");
}

static const struct seam_handler wrongs[] = { SEAM_ON_EVERY_CALL(on_wrong) };
static const struct seam_handler injects[] = { SEAM_ON_EVERY_CALL(on_inject) }, logs[] = { SEAM_ON_EVERY_CALL(on_log) },
				 enters[] = { SEAM_ON(openat, on_entry) }, finishes[] = { SEAM_ON_EVERY_CALL(on_finish) };

static const struct {
	const char *name;
	const struct seam_handler *handlers;
} modes[] = { { "empty", NULL }, { "log", logs }, { "inject", injects }, { "entry", enters }, { "finish", finishes }, { "wrong", wrongs } };

int main(int argc, char **argv)
{
	struct seam_run_options o = { 0 };
	struct seam_run_result result;
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_tool tool = { .name = "hook-tool" };
	const char *log = getenv("HOOK_TOOL_LOG");
	pid_t pid = 0;
	int option, r;

	while ((option = getopt(argc, argv, "+p:s")) != -1) {
		if (option == 'p')
			pid = (pid_t)strtol(optarg, NULL, 10);
		else if (option == 's')
			o.refuse_setuid = true;
	}
	for (size_t i = 0; optind < argc && i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, argv[optind])) {
			tool.handlers = modes[i].handlers;
			tool.handler_count = modes[i].handlers != NULL;
		}
	if (pid) {
		o.pids = &pid;
		o.pid_count = 1;
	} else {
		o.command = argv + optind + 1;
	}
	if (log) {
		FILE *f = fopen(log, "we");

		o.out = f ? fileno(f) : 2;
	}
	r = seam_run(&tool, &o, &result, &err);
	if (r < 0) {
		fprintf(stderr, "hook-tool: %s\n", err.text);
		return result.no_command ? 127 : 125;
	}
	return WIFSIGNALED(result.status) ? 128 + WTERMSIG(result.status) : WEXITSTATUS(result.status);
}
