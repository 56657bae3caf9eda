/* SPDX-License-Identifier: BSD-2-Clause */
/* A program without a network: it gets sockets for this machine only. What it was given open stays. no-network make check */
#include <sys/socket.h>

#include "hook-main.h"

static void decide(struct seam_hook *h, int64_t family)
{
	if (family == AF_UNIX || family == AF_NETLINK)
		return;
	seam_print(h, "no network for process %u\n", h->pid);
	seam_skip(h, -EACCES);
}
static void on_socket(struct seam_hook *h) { decide(h, seam_arg(h, "family")); }

/* 32-bit programs: the number of what they mean, and where its arguments are. */
static void on_socketcall(struct seam_hook *h)
{
	uint32_t family = 0;

	if (h->args[0] == 1 && seam_read(h, h->args[1], &family, sizeof(family)) == sizeof(family))
		decide(h, family);
}

/* What goes through a ring is no call, and nobody would see it. Programs know kernels that have none. */
static void on_ring(struct seam_hook *h) { seam_skip(h, -ENOSYS); }

static const struct seam_handler handlers[] = { SEAM_ON(socket, on_socket), SEAM_ON(socketcall, on_socketcall), SEAM_ON(io_uring_setup, on_ring) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "no-network", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 0, "", argc, argv);
}
