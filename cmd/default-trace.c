/* SPDX-License-Identifier: BSD-2-Clause */
/* The trace that verbs read. */
#include <errno.h>
#include <sys/stat.h>

#include "cmd.h"
#include "seam/trace.h"

const char *trace_file(const struct cmd_run *c)
{
	return c->argc ? c->argv[0] : "seam.trace";
}

enum seam_arch trace_words(const struct cmd_run *c)
{
	enum seam_arch arch = seam_arch_native();
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_trace *t;
	struct stat st;

	/* what is no file can be read once only */
	if (stat(trace_file(c), &st) < 0 || !S_ISREG(st.st_mode) || seam_trace_open(&t, trace_file(c), NULL, &err) < 0)
		return arch;
	arch = seam_trace_arch(t);
	seam_trace_close(t);
	return arch;
}

int trace_failed(struct cmd_run *c, int r)
{
	if (r != -ENOENT || c->argc)
		return r;
	seam_err_clear(c->err);
	return seam_err_set(c->err, r, "there is no seam.trace here: say which FILE, or make one with 'seam record COMMAND'");
}
