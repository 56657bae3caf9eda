/* SPDX-License-Identifier: BSD-2-Clause */
/* What the examples of this folder have in common: each runs a command with its tool, and ends as the command does. */
#ifndef EXAMPLES_HOOK_MAIN_H
#define EXAMPLES_HOOK_MAIN_H

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

#include "seam/hook.h"
#include "seam/words.h"

/*
 * The tool's own @words are the first arguments, and tool->user in a handler; then comes the command. @usage: what they are called.
 * 125: Seam has failed, 127: the command cannot be run.
 */
static inline int run_tool(struct seam_tool *tool, int words, const char *usage, int argc, char **argv)
{
	struct seam_run_options options = { .command = argv + 1 + words };
	struct seam_run_result result;
	struct seam_err err = SEAM_ERR_INIT;

	if (argc < words + 2) {
		fprintf(stderr, "Usage: %s %sCOMMAND [ARGUMENT]...\n", tool->name, usage);
		return 2;
	}
	tool->user = argv + 1;
	if (seam_run(tool, &options, &result, &err) < 0) {
		fprintf(stderr, "%s: %s\n", tool->name, err.text);
		return result.no_command ? 127 : 125;
	}
	return WIFSIGNALED(result.status) ? 128 + WTERMSIG(result.status) : WEXITSTATUS(result.status);
}

/* The tool's own words. */
static inline const char *word_of(const struct seam_hook *h, int i)
{
	return ((char **)h->tool->user)[i];
}

#endif
