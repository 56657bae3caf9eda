/* SPDX-License-Identifier: BSD-2-Clause */
/* All files are as on a read-only file system, but for those that are open already. What changes one, the effects of calls tell: read-only ./configure */
#include <fcntl.h>

#include "hook-main.h"

static bool is_path(struct seam_hook *h, const char *arg)
{
	return h->tables->types[h->tables->args[h->variant->args.first + (uint32_t)seam_arg_index(h, arg)].type].kind == SEAM_KIND_PATH;
}

static void refuse(struct seam_hook *h, const char *arg, bool creates)
{
	struct seam_named file;

	/* what is there need not be created, what is not there cannot be changed, and devices can be written to */
	if (h->returned || !arg || !is_path(h, arg) || seam_path(h, arg, &file) < 0 || file.error != (creates ? ENOENT : 0) || (file.mode & 0170000) == 0020000)
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

#define ON(verb) static void on_##verb(struct seam_hook *h) { refuse(h, seam_effect_arg(h, SEAM_VERB_##verb), SEAM_VERB_##verb == SEAM_VERB_CREATES); }
ON(CREATES) ON(REMOVES) ON(RENAMES) ON(LINKS) ON(WRITES_CONTENT) ON(WRITES_STATUS)
#define WHEN(verb) SEAM_ON_EFFECT(verb, on_##verb)
static const struct seam_handler handlers[] = { SEAM_ON_CALLS("open,openat,openat2", on_open),
	WHEN(CREATES), WHEN(REMOVES), WHEN(RENAMES), WHEN(LINKS), WHEN(WRITES_CONTENT), WHEN(WRITES_STATUS) };

int main(int argc, char **argv) { return run_tool(&(struct seam_tool){ .name = "read-only", SEAM_HANDLERS(handlers) }, 0, "", argc, argv); }
