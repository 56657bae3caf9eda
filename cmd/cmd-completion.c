/* SPDX-License-Identifier: BSD-2-Clause */
/* seam completion: scripts with which a shell completes verbs and options. */
#include <string.h>

#include "cmd.h"

static int run(struct cmd_run *r)
{
	if (!strcmp(r->argv[0], "bash"))
		completion_write_bash(r->out);
	else if (!strcmp(r->argv[0], "zsh"))
		completion_write_zsh(r->out);
	else
		return usage_error(r->cmd, "no completion for '%s'; there is bash and zsh", r->argv[0]);
	return 0;
}

const struct cmd cmd_completion = {
	.name = "completion",
	.summary = "print a completion script for bash or zsh",
	.args = "bash|zsh",
	.about = "Prints a script that teaches the shell the verbs and their options. For one bash session: source <(seam completion bash)",
	.complete = "bash zsh",
	.min_args = 1,
	.max_args = 1,
	.exec = run,
};
