/* SPDX-License-Identifier: BSD-2-Clause */
/* The command: finds the verb, parses its options, runs it, and turns what it returns into an exit status. */
#include <stdio.h>
#include <unistd.h>

#include "cmd.h"
#include "seam/version.h"

static bool want_version;

const struct opt main_options[] = {
	{ 'V', "version", OPT_FLAG, &want_version, NULL, "Print the name of this build.", NULL, false },
	{ 0 },
};

static int run_cmd(const struct cmd *cmd, int argc, char **argv, struct seam_out *out, struct seam_err *err)
{
	struct cmd_run run = { .cmd = cmd, .out = out, .err = err };
	bool help = false;
	int r;

	r = options_parse(cmd, cmd->options, argc, argv, &run.argc, &run.argv, &help);
	if (r)
		return r;
	if (help) {
		help_write(out, cmd);
		return 0;
	}
	if (run.argc < cmd->min_args)
		return usage_error(cmd, run.argc ? "too few arguments" : "an argument is missing");
	if (cmd->max_args >= 0 && run.argc > cmd->max_args)
		return usage_error(cmd, "'%s' is one argument too many", run.argv[cmd->max_args]);
	return cmd->exec(&run);
}

static int run_main(int argc, char **argv, struct seam_out *out, struct seam_err *err, const struct cmd **ret_cmd)
{
	bool help = false;
	int r;

	r = options_parse(NULL, main_options, argc, argv, &argc, &argv, &help);
	if (r)
		return r;
	if (want_version) {
		seam_out_printf(out, "seam %s\n", seam_version());
		return 0;
	}
	if (help) {
		help_write(out, NULL);
		return 0;
	}
	if (!argc)
		return usage_error(NULL, "a verb is missing");
	r = cmd_find_or_suggest(NULL, argv[0], ret_cmd);
	return r ? r : run_cmd(*ret_cmd, argc, argv, out, err);
}

int main(int argc, char **argv)
{
	struct seam_err err = SEAM_ERR_INIT, lost = SEAM_ERR_INIT;
	const struct cmd *cmd = NULL;
	struct seam_out out;
	int r;

	seam_out_init(&out, STDOUT_FILENO);
	r = run_main(argc, argv, &out, &err, &cmd);
	if (seam_out_close(&out, &lost) < 0) {
		say(cmd, "%s\n", lost.text);
		if (r >= 0)
			r = EXIT_SEAM_FAILED;
	}
	if (r < 0) {
		say(cmd, "%s\n", err.text);
		r = EXIT_SEAM_FAILED;
	}
	return r;
}
