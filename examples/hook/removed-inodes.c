/* SPDX-License-Identifier: BSD-2-Clause */
/* The inode of every file that a program removes, also by renaming another one over it: removed-inodes git gc */
#include "hook-main.h"

static void removes(struct seam_hook *h, const char *arg)
{
	struct seam_named file;

	if (seam_path(h, arg, &file) == 0 && !file.error && seam_finish(h) == 0)
		seam_print(h, "%s was inode %llu\n", file.path, (unsigned long long)file.inode);
}

static void on_unlink(struct seam_hook *h)
{
	removes(h, "pathname");
}

static void on_rename(struct seam_hook *h)
{
	struct seam_named from, over;

	if (seam_arg_index(h, "flags") >= 0 && seam_arg(h, "flags") != 0)
		return; /* it exchanges the two, or overwrites nothing */
	/* two names of one file stay both */
	if (seam_path(h, "oldname", &from) == 0 && seam_path(h, "newname", &over) == 0 && (from.inode != over.inode || from.device != over.device))
		removes(h, "newname");
}

static const struct seam_handler handlers[] = {
	SEAM_ON_CALLS("unlink,unlinkat,rmdir", on_unlink),
	SEAM_ON_CALLS("rename,renameat,renameat2", on_rename),
};

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "removed-inodes", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}
