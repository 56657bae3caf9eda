/* SPDX-License-Identifier: BSD-2-Clause */
/* A program without a network: it gets sockets for this machine only. What it was given open stays. no-network make check */
#include <sys/socket.h>

#include "hook-main.h"

static void on_socket(struct seam_hook *h)
{
	int64_t family = seam_arg(h, "family");

	if (family == AF_UNIX || family == AF_NETLINK)
		return;
	seam_print(h, "no network for process %u\n", h->pid);
	seam_skip(h, -EACCES);
}

/* What goes through a ring is no call, and nobody would see it. Programs know kernels that have none. */
static void on_ring(struct seam_hook *h)
{
	seam_skip(h, -ENOSYS);
}

static const struct seam_handler handlers[] = {
	SEAM_ON(socket, on_socket),
	SEAM_ON(io_uring_setup, on_ring),
};

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "no-network", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}
