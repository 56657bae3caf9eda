/* SPDX-License-Identifier: BSD-2-Clause */
/* Who opens this file, by whatever name: secret-readers ~/.ssh/id_ed25519 git fetch */
#include "hook-main.h"

#define CWD (-100)

static void on_open(struct seam_hook *h)
{
	struct seam_named secret, file, program;
	int64_t fd = seam_finish(h);

	if (fd < 0 || seam_descriptor(h, (int)fd, &file) < 0)
		return;
	seam_resolve(h, CWD, word_of(h, 0), SEAM_FOLLOW, &secret);
	if (secret.error || secret.inode != file.inode || secret.device != file.device)
		return;
	seam_resolve(h, CWD, "/proc/self/exe", SEAM_FOLLOW, &program);
	seam_print(h, "process %u, %s, opens %s\n", h->pid, program.path, file.path);
}

static const struct seam_handler handlers[] = { SEAM_ON_CALLS("open,openat,openat2,open_by_handle_at", on_open) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "secret-readers", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 1, "FILE ", argc, argv);
}
