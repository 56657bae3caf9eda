/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command under handlers that do nothing, so that what stands between it and the kernel can be measured: bench-hook none|openat|getppid|every COMMAND [ARGUMENT]... */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "seam/hook.h"

static void on_entry(struct seam_hook *h)
{
	(void)h;
}

static void on_both(struct seam_hook *h)
{
	seam_finish(h);
}

static const struct seam_handler on_openat[] = { SEAM_ON(openat, on_entry) }, on_getppid[] = { SEAM_ON(getppid, on_entry) }, every[] = { SEAM_ON_EVERY_CALL(on_both) };

static const struct {
	const char *name;
	const struct seam_handler *handlers;
} sets[] = { { "none", NULL }, { "openat", on_openat }, { "getppid", on_getppid }, { "every", every } };

int main(int argc, char **argv)
{
	struct seam_run_options o = { .command = argv + 2 };
	struct seam_run_result result;
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_tool tool = { .name = "bench" };
	size_t i = 0;

	while (i < sizeof(sets) / sizeof(sets[0]) && (argc < 3 || strcmp(argv[1], sets[i].name)))
		i++;
	if (i == sizeof(sets) / sizeof(sets[0])) {
		fputs("bench-hook: none, openat, getppid or every, and a command\n", stderr);
		return 2;
	}
	tool.handlers = sets[i].handlers;
	tool.handler_count = sets[i].handlers != NULL;
	if (seam_run(&tool, &o, &result, &err) < 0) {
		fprintf(stderr, "bench-hook: %s\n", err.text);
		return 125;
	}
	return WIFSIGNALED(result.status) ? 128 + WTERMSIG(result.status) : WEXITSTATUS(result.status);
}
