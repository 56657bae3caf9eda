/* SPDX-License-Identifier: BSD-2-Clause */
/* Nothing waits for the disk: what asks for that is told that it is done. For tests, and what can be made again: eat-syncs apt-get install tree */
#include <fcntl.h>

#include "hook-main.h"

static void on_sync(struct seam_hook *h)
{
	seam_skip(h, 0);
}

static void on_open(struct seam_hook *h)
{
	seam_set_arg(h, "flags", (uint64_t)seam_arg(h, "flags") & ~(uint64_t)O_SYNC);
}

static const struct seam_handler handlers[] = {
	SEAM_ON_CALLS("fsync,fdatasync,sync,syncfs,sync_file_range,msync", on_sync),
	SEAM_ON_CALLS("open,openat", on_open),
};

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "eat-syncs", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}
