/* SPDX-License-Identifier: BSD-2-Clause */
/* seam version: the name of this build. */
#include "cmd.h"
#include "seam/version.h"

static int run(struct cmd_run *r)
{
	seam_out_printf(r->out, "seam %s\n", seam_version());
	return 0;
}

const struct cmd cmd_version = {
	.name = "version",
	.summary = "print the name of this build",
	.about = "Prints the version, and the commit that it was built from.",
	.exec = run,
};
