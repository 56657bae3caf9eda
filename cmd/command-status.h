/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verb that has run a command exits with. */
#ifndef CMD_COMMAND_STATUS_H
#define CMD_COMMAND_STATUS_H

#include "cmd.h"

/*
 * @r is what running it gave; @no_command: it could not be run. The command's own status, 128 and the number of the signal that killed it; 126, 127 as of a shell after having said
 * why it could not be run; else @r.
 */
int command_status(const struct cmd_run *c, int r, bool no_command, int status);

#endif
