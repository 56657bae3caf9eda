/* SPDX-License-Identifier: BSD-2-Clause */
/* What sockets and their addresses are called. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "files/files-parts.h"

/* The same on every machine that is described. */
enum { UNIX = 1, INET = 2, INET6 = 10, STREAM = 1, DGRAM = 2, RAW = 3, SEQPACKET = 5, TYPE_MASK = 0xf, TCP = 6, UDP = 17 };

/* The constant's name without what its set's names begin with, or NULL. */
static const char *short_name(const struct seam_tables *t, const struct seam_type *type, uint64_t value, const char *prefix)
{
	const char *name = NULL;

	if (type && (type->kind == SEAM_KIND_ENUM || type->kind == SEAM_KIND_BITS))
		name = seam_const_name(t, type->ref, value, type->width);
	return name && str_after(name, prefix) ? str_after(name, prefix) : name;
}

void socket_label(const struct seam_tables *t, uint64_t family, uint64_t type, uint64_t protocol,
		  const struct seam_type *family_type, const struct seam_type *protocol_type, char to[64])
{
	static const char *const types[] = { [STREAM] = "STREAM", [DGRAM] = "DGRAM", [RAW] = "RAW", [SEQPACKET] = "SEQPACKET" };
	const char *words, *version = family == INET6 ? "v6" : "";

	type &= TYPE_MASK;
	words = type < ARRAY_SIZE(types) ? types[type] : NULL;
	if (family == UNIX && words) {
		snprintf(to, 64, "UNIX-%s", words);
		return;
	}
	if (family == INET || family == INET6) {
		if (type == STREAM && (protocol == 0 || protocol == TCP))
			words = "TCP";
		else if (type == DGRAM && (protocol == 0 || protocol == UDP))
			words = "UDP";
		else if (type != RAW && protocol)
			words = short_name(t, protocol_type, protocol, "IPPROTO_");
		snprintf(to, 64, "%s%s", words ? words : "IP", version);
		return;
	}
	words = short_name(t, family_type, family, "AF_");
	if (words && strcmp(words, "NETLINK") == 0 && short_name(t, protocol_type, protocol, "NETLINK_"))
		snprintf(to, 64, "NETLINK-%s", short_name(t, protocol_type, protocol, "NETLINK_"));
	else
		snprintf(to, 64, "%s", words ? words : "socket");
}

static void inet_text(int family, const unsigned char *address, unsigned port, char to[256])
{
	char host[INET6_ADDRSTRLEN], number[8] = "*";

	inet_ntop(family, address, host, sizeof(host));
	/* the kernel chooses it */
	if (port)
		snprintf(number, sizeof(number), "%u", port);
	snprintf(to, 256, family == AF_INET6 ? "[%s]:%s" : "%s:%s", host, number);
}

bool socket_address(const unsigned char *a, size_t n, char to[256])
{
	unsigned family = n >= 2 ? (unsigned)(a[0] | a[1] << 8) : 0, port = n >= 4 ? (unsigned)(a[2] << 8 | a[3]) : 0;
	size_t length = n > 2 ? n - 2 : 0;

	to[0] = '\0';
	switch (family) {
	case UNIX:
		if (length && !a[2]) {
			size_t at = 1;

			/* abstract: any bytes; those that can be read are shown */
			to[0] = '@';
			for (size_t i = 1; i < length && at < 255; i++)
				to[at++] = a[2 + i] ? (char)a[2 + i] : '@';
			to[at] = '\0';
		} else {
			snprintf(to, 256, "%.*s", (int)MIN(strnlen((const char *)a + 2, length), (size_t)250), (const char *)a + 2);
		}
		return true;
	case INET:
		if (n < 8)
			return false;
		inet_text(AF_INET, a + 4, port, to);
		return true;
	case INET6:
		if (n < 24)
			return false;
		inet_text(AF_INET6, a + 8, port, to);
		return true;
	case 0: /* AF_UNSPEC: none any more */
		return n >= 2;
	default:
		return false;
	}
}

void socket_connected(const char *listening, char to[256])
{
	const char *port = strrchr(listening, ':');
	bool any = str_starts(listening, "0.0.0.0:") || str_starts(listening, "[::]:");

	if (any && port)
		snprintf(to, 256, "*%s", port);
	else
		snprintf(to, 256, "%s", listening);
}
