/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of verbs: a new one is declared and named here, and nowhere else. */
#include "cmd.h"

#include <string.h>

#include "seam/words.h"

extern const struct cmd cmd_calls;
extern const struct cmd cmd_record;
extern const struct cmd cmd_snap;
extern const struct cmd cmd_show;
extern const struct cmd cmd_stats;
extern const struct cmd cmd_events;
extern const struct cmd cmd_inject;
extern const struct cmd cmd_doctor;
extern const struct cmd cmd_help;
extern const struct cmd cmd_version;
extern const struct cmd cmd_completion;

const struct cmd *const cmds[] = {
	&cmd_record,
	&cmd_snap,
	&cmd_show,
	&cmd_stats,
	&cmd_events,
	&cmd_inject,
	&cmd_calls,
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

int cmd_find_or_suggest(const struct cmd *asker, const char *name, const struct cmd **ret)
{
	const char *names[sizeof(cmds) / sizeof(cmds[0])], *meant;
	const struct cmd *cmd = cmd_find(name);
	size_t n = 0;

	if (cmd) {
		*ret = cmd;
		return 0;
	}
	for (; cmds[n]; n++)
		names[n] = cmds[n]->name;
	meant = seam_suggest(name, names, n);
	if (meant)
		return usage_error(asker, "there is no verb '%s'; did you mean '%s'?", name, meant);
	return usage_error(asker, "there is no verb '%s'", name);
}
