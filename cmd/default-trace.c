/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace that verbs read if no FILE is said. */
#include <errno.h>

#include "cmd.h"

const char *trace_file(const struct cmd_run *c)
{
	return c->argc ? c->argv[0] : "seam.trace";
}

int trace_failed(struct cmd_run *c, int r)
{
	if (r != -ENOENT || c->argc)
		return r;
	seam_err_clear(c->err);
	return seam_err_set(c->err, r, "there is no seam.trace here: say which FILE, or make one with 'seam record COMMAND'");
}
