/* SPDX-License-Identifier: BSD-2-Clause */
/* What sockets are connected to, by their inodes: the lists of /proc/PID/net, read once for each network namespace. */
#ifndef RECORD_SOCKET_LIST_H
#define RECORD_SOCKET_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct socket_entry;

/* All zeros: nothing was read yet. */
struct socket_list {
	uint64_t space; /* the network namespace that was read last */
	struct socket_entry *entries; /* by inode */
	size_t count, room;
};

void socket_list_release(struct socket_list *s);
/*
 * "TCP:[127.0.0.1:80->127.0.0.1:4711]", or "" if it is in none of the lists. Valid until the next call. A socket that was made after its
 * namespace was read is not found.
 */
const char *socket_list_get(struct socket_list *s, pid_t pid, uint64_t inode);

#endif
