/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program removes or overwrites by renaming stays in a folder of the same file system, under its inode and its name:
 * trash /home/me/.trash make clean
 */
#include "hook-main.h"

#define CWD ((uint64_t)-100)

static void keep(struct seam_hook *h, const char *dir, const char *arg)
{
	const char *base, *kept;
	struct seam_named file;
	int64_t r;

	if (seam_path(h, arg, &file) < 0 || file.error || (file.mode & 0170000) == 0040000)
		return;
	for (const char *p = base = file.path; *p; p++)
		if (*p == '/')
			base = p + 1;
	kept = seam_format(h, "%s/%llu-%s", word_of(h, 0), (unsigned long long)file.inode, base);
	r = seam_inject(h, "linkat", seam_arg_index(h, dir) < 0 ? CWD : (uint64_t)seam_arg(h, dir), (uint64_t)seam_arg(h, arg), CWD, seam_scratch_string(h, kept), 0);
	if (r < 0 && r != -EEXIST)
		seam_print(h, "%s cannot be kept: error %d\n", file.path, (int)-r);
}

static void on_unlink(struct seam_hook *h) { keep(h, "dfd", "pathname"); }
static void on_rename(struct seam_hook *h) { keep(h, "newdfd", "newname"); }

static const struct seam_handler handlers[] = {
	SEAM_ON_CALLS("unlink,unlinkat", on_unlink), SEAM_ON_CALLS("rename,renameat,renameat2", on_rename),
};

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "trash", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 1, "FOLDER ", argc, argv);
}
