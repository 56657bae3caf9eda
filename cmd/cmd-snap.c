/* SPDX-License-Identifier: BSD-2-Clause */
/* seam snap: a flight recorder writes what it has. */
#include <stdlib.h>

#include "cmd.h"
#include "record-report.h"
#include "seam/recording.h"

static bool quiet;

struct told {
	struct seam_out *out, *errors;
};

static void put(void *user, const struct seam_snapshot *shot)
{
	struct told *t = user;

	seam_out_printf(t->out, "%s\n", shot->path);
	seam_out_flush(t->out);
	if (!quiet)
		report_snapshot(t->errors, "seam snap", shot);
}

static int run(struct cmd_run *c)
{
	struct seam_out errors;
	struct told told = { c->out, &errors };
	char *end;
	long pid = strtol(c->argv[0], &end, 10);
	int r;

	if (pid <= 0 || pid > 0x7fffffff || *end)
		return usage_error(c->cmd, "'%s' is no process: its number is needed", c->argv[0]);
	seam_out_init(&errors, 2);
	r = seam_snap((pid_t)pid, put, &told, c->err);
	seam_out_close(&errors, NULL);
	return r;
}

static const struct opt options[] = {
	{ 'q', "quiet", OPT_FLAG, &quiet, NULL, "Print the name of the file and nothing else.", NULL, false },
	{ 0 },
};

const struct cmd cmd_snap = {
	.name = "snap",
	.summary = "have a flight recorder write what it has in memory",
	.args = "PID",
	.about = "Has the recorder of \"seam record --flight\" write what it has in memory into its next file, and prints the name of that. PID "
		 "is the recorder, or a process that it records; when several recorders do, each of them writes a file. The recording goes "
		 "on meanwhile.\n\n"
		 "Only the user of the recorder, and root, may do that. SIGUSR1 to the recorder does the same.",
	.options = options,
	.min_args = 1,
	.max_args = 1,
	.exec = run,
};
