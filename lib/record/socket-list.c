/* SPDX-License-Identifier: BSD-2-Clause */
/* What sockets are connected to, by their inodes: the lists of /proc/PID/net, read once for each network namespace. */
#include "record/socket-list.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/str.h"
#include "base/util.h"

#define LIST_LIMIT (64u << 20)

struct socket_entry {
	uint64_t inode;
	char *text;
};

static void clear(struct socket_list *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->entries[i].text);
	s->count = 0;
}

void socket_list_release(struct socket_list *s)
{
	clear(s);
	free(s->entries);
	*s = (struct socket_list){ 0 };
}

static void add(struct socket_list *s, uint64_t inode, char *text)
{
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 64;
		s->entries = xreallocarray(s->entries, s->room, sizeof(*s->entries));
	}
	s->entries[s->count++] = (struct socket_entry){ inode, text };
}

/* "0100007F:0050", the words as the machine has them, as 127.0.0.1:80. False: it has no other end. */
static bool end_text(const char *hex, char to[80])
{
	const char *colon = strchr(hex, ':');
	size_t digits = colon ? (size_t)(colon - hex) : 0;
	unsigned char address[16] = { 0 };
	char host[INET6_ADDRSTRLEN];
	unsigned port;
	bool any = true;

	if (digits != 8 && digits != 32)
		return false;
	for (size_t i = 0; i < digits / 8; i++) {
		char word[9];
		uint32_t v;

		memcpy(word, hex + i * 8, 8);
		word[8] = '\0';
		v = (uint32_t)strtoul(word, NULL, 16);
		memcpy(address + i * 4, &v, 4);
		any &= !v;
	}
	port = (unsigned)strtoul(colon + 1, NULL, 16);
	inet_ntop(digits == 8 ? AF_INET : AF_INET6, address, host, sizeof(host));
	snprintf(to, 80, digits == 8 ? "%s:%u" : "[%s]:%u", host, port);
	return !any || port;
}

/* Lines "N: LOCAL REMOTE STATE QUEUES TIMER RETRIES UID TIMEOUT INODE ..." */
static void read_inet(struct socket_list *s, char *line, const char *label)
{
	char *word[10], *save = NULL, local[80], peer[80];
	size_t n = 0;

	for (char *w = strtok_r(line, " ", &save); w && n < ARRAY_SIZE(word); w = strtok_r(NULL, " ", &save))
		word[n++] = w;
	if (n < ARRAY_SIZE(word) || !strchr(word[1], ':'))
		return;
	end_text(word[1], local);
	if (end_text(word[2], peer))
		add(s, strtoull(word[9], NULL, 10), xasprintf("%s:[%s->%s]", label, local, peer));
	else
		add(s, strtoull(word[9], NULL, 10), xasprintf("%s:[%s]", label, local));
}

/* Lines "ADDRESS: REFS PROTOCOL FLAGS TYPE STATE INODE [PATH]" */
static void read_unix(struct socket_list *s, char *line, const char *label)
{
	static const char *const types[] = { [1] = "STREAM", [2] = "DGRAM", [5] = "SEQPACKET" };
	unsigned type;
	unsigned long long inode;
	int path = 0;

	if (sscanf(line, "%*s %*s %*s %*s %x %*s %llu %n", &type, &inode, &path) < 2 || type >= ARRAY_SIZE(types) || !types[type])
		return;
	if (path && line[path])
		add(s, inode, xasprintf("%s-%s:[%s]", label, types[type], line + path));
	else
		add(s, inode, xasprintf("%s-%s", label, types[type]));
}

static void read_list(struct socket_list *s, pid_t pid, const char *file, const char *label,
		      void (*fn)(struct socket_list *s, char *line, const char *label))
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	char path[64], *next;

	snprintf(path, sizeof(path), "/proc/%d/net/%s", (int)pid, file);
	if (file_read(path, LIST_LIMIT, &text, NULL) < 0)
		return;
	/* the first line has the names of the columns */
	for (char *line = strchr(text.data, '\n'); line && line[1]; line = next) {
		line++;
		next = strchr(line, '\n');
		if (next)
			*next = '\0';
		fn(s, line, label);
		if (next)
			*next = '\n';
	}
}

static int compare(const void *a, const void *b)
{
	const struct socket_entry *x = a, *y = b;

	return x->inode < y->inode ? -1 : x->inode > y->inode;
}

static void read_all(struct socket_list *s, pid_t pid)
{
	clear(s);
	read_list(s, pid, "tcp", "TCP", read_inet);
	read_list(s, pid, "tcp6", "TCPv6", read_inet);
	read_list(s, pid, "udp", "UDP", read_inet);
	read_list(s, pid, "udp6", "UDPv6", read_inet);
	read_list(s, pid, "unix", "UNIX", read_unix);
	if (s->count)
		qsort(s->entries, s->count, sizeof(*s->entries), compare);
}

const char *socket_list_get(struct socket_list *s, pid_t pid, uint64_t inode)
{
	struct socket_entry key = { .inode = inode }, *found;
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	if (stat(path, &st) < 0)
		return "";
	if (!s->space || s->space != st.st_ino) {
		s->space = st.st_ino;
		read_all(s, pid);
	}
	found = s->count ? bsearch(&key, s->entries, s->count, sizeof(*s->entries), compare) : NULL;
	return found ? found->text : "";
}
