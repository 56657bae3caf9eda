/* SPDX-License-Identifier: BSD-2-Clause */
/* The program takes itself for root and all files for root's, without a right more than it has: fake-root tar cf tree.tar tree */
#include "hook-main.h"

static void on_stat(struct seam_hook *h)
{
	if (seam_finish(h) == 0) {
		seam_set_member(h, "statbuf", "st_uid", 0);
		seam_set_member(h, "statbuf", "st_gid", 0);
	}
}

static void on_statx(struct seam_hook *h)
{
	if (seam_finish(h) == 0) {
		seam_set_member(h, "buffer", "stx_uid", 0);
		seam_set_member(h, "buffer", "stx_gid", 0);
	}
}

static void succeeds(struct seam_hook *h)
{
	seam_skip(h, 0);
}

static const struct seam_handler handlers[] = {
	SEAM_ON_CALLS("stat,lstat,fstat,newfstatat", on_stat),
	SEAM_ON(statx, on_statx),
	SEAM_ON_CALLS("getuid,geteuid,getgid,getegid", succeeds),
	SEAM_ON_CALLS("chown,lchown,fchown,fchownat,setuid,setgid,setgroups,setreuid,setregid,setresuid,setresgid", succeeds),
};

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "fake-root", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}
