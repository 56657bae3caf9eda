/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verb that has run a command exits with. */
#include "command-status.h"

#include <errno.h>
#include <sys/wait.h>

int command_status(const struct cmd_run *c, int r, bool no_command, int status)
{
	if (r < 0 && no_command && (r == -ENOENT || r == -EACCES || r == -ENOEXEC)) {
		say(c->cmd, "%s\n", c->err->text);
		return r == -ENOENT ? 127 : 126;
	}
	if (r < 0)
		return r;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
