/* SPDX-License-Identifier: BSD-2-Clause */
/* seam help: what each verb does, and the raw parts that man pages are made of. */
#include <string.h>

#include "cmd.h"

static const char *dump;

static int run(struct cmd_run *r)
{
	const struct cmd *about = NULL;

	if (r->argc) {
		int status = cmd_find_or_suggest(r->cmd, r->argv[0], &about);

		if (status)
			return status;
	}
	if (!dump)
		help_write(r->out, about);
	else if (!strcmp(dump, "man"))
		man_write_options(r->out, about);
	else
		for (size_t i = 0; cmds[i]; i++)
			seam_out_printf(r->out, "%s\n", cmds[i]->name);
	return 0;
}

static const struct opt options[] = {
	{ 0, "dump", OPT_CHOICE, &dump, "WHAT", "For the build: the generated part of a man page, or the verbs.", "man verbs", true },
	{ 0 },
};

const struct cmd cmd_help = {
	.name = "help",
	.summary = "say what a verb does and which options it has",
	.args = "[VERB]",
	.about = "Prints the help of VERB, as 'seam VERB --help' does; without a VERB, the list of all of them.",
	.options = options,
	.complete = "@verb",
	.max_args = 1,
	.exec = run,
};
