/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of verbs: a new one is declared and named here, and nowhere else. */
#include "cmd.h"

#include <string.h>

extern const struct cmd cmd_doctor;
extern const struct cmd cmd_help;
extern const struct cmd cmd_version;
extern const struct cmd cmd_completion;

const struct cmd *const cmds[] = {
	&cmd_doctor,
	&cmd_help,
	&cmd_version,
	&cmd_completion,
	NULL,
};

const struct cmd *cmd_find(const char *name)
{
	for (size_t i = 0; cmds[i]; i++) {
		if (!strcmp(cmds[i]->name, name))
			return cmds[i];
	}
	return NULL;
}
