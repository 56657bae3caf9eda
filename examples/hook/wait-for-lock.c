/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs that give up when a lock file is there already wait until it goes, a minute at most, as if it had never been there:
 * wait-for-lock '*.lock' git commit -m now
 */
#include <fcntl.h>

#include "hook-main.h"

#define TENTH 100000000u /* of a second */

static void on_creation(struct seam_hook *h)
{
	bool opens = seam_arg_index(h, "filename") >= 0;
	const char *arg = opens ? "filename" : "pathname";
	struct seam_named file;

	if (opens && !(seam_arg(h, "flags") & O_EXCL))
		return;
	if (seam_path(h, arg, &file) < 0 || !seam_glob_match(word_of(h, 0), file.path))
		return;
	for (int tries = 0; seam_finish(h) == -EEXIST && tries < 600; tries++) {
		if (tries == 0)
			seam_print(h, "process %u waits for %s\n", h->pid, file.path);
		seam_sleep(h, TENTH);
		seam_repeat(h);
	}
}

static const struct seam_handler handlers[] = { SEAM_ON_CALLS("open,openat,mkdir,mkdirat", on_creation) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "wait-for-lock", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 1, "PATTERN ", argc, argv);
}
