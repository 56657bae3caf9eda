/* SPDX-License-Identifier: BSD-2-Clause */
/* All files are as on a read-only file system, but those that the program was given open. Which call changes one, and which, the effects tell: read-only ./configure */
#include <fcntl.h>

#include "hook-main.h"

static void refuse(struct seam_hook *h, const char *arg, bool creates)
{
	struct seam_named file;

	/* what is there need not be created, what is not there cannot be changed, and devices can be written to */
	if (h->returned || !arg || seam_path(h, arg, &file) < 0 || file.error != (creates ? ENOENT : 0) || (file.mode & 0170000) == 0020000)
		return;
	seam_print(h, "process %u shall not %s %s\n", h->pid, h->name, file.path);
	seam_skip(h, -EROFS);
}

static void on_open(struct seam_hook *h)
{
	uint64_t flags = 0;

	if (seam_arg_index(h, "how") < 0 || seam_member(h, "how", "flags", &flags) < 0)
		flags = (uint64_t)seam_arg(h, "flags");
	if ((flags & O_ACCMODE) != O_RDONLY)
		refuse(h, "filename", false);
}

#define ON(verb) static void on_##verb(struct seam_hook *h) { refuse(h, effect_path(h, SEAM_VERB_##verb), SEAM_VERB_##verb == SEAM_VERB_CREATES); }
ON(CREATES) ON(REMOVES) ON(RENAMES) ON(LINKS) ON(WRITES_CONTENT) ON(WRITES_STATUS)
#define WHEN(verb) SEAM_ON_EFFECT(verb, on_##verb)
static const struct seam_handler handlers[] = { SEAM_ON_CALLS("open,openat,openat2", on_open),
	WHEN(CREATES), WHEN(REMOVES), WHEN(RENAMES), WHEN(LINKS), WHEN(WRITES_CONTENT), WHEN(WRITES_STATUS) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "read-only", HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}
