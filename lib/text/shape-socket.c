/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of sockets and control messages. */
#include <arpa/inet.h>
#include <string.h>

#include "text/text-parts.h"

enum { UNIX = 1, INET = 2, INET6 = 10, NETLINK = 16, PACKET = 17, VSOCK = 40 };
enum { SOCKET_LEVEL = 1, SCM_RIGHTS_ = 1, SCM_CREDENTIALS_ = 2 };

static const char *const scm_names[] = { NULL, "SCM_RIGHTS", "SCM_CREDENTIALS", "SCM_SECURITY", "SCM_PIDFD" };

static uint16_t be16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void unix_path(struct seam_text *x, const unsigned char *path, size_t n)
{
	seam_out_puts(x->out, ", sun_path=");
	if (n && !*path) {
		/* abstract: every byte counts */
		seam_out_putc(x->out, '@');
		seam_text_bytes(x, path + 1, n - 1, false);
	} else {
		seam_text_bytes(x, path, strnlen((const char *)path, n), false);
	}
}

static void inet_address(struct seam_text *x, const unsigned char *a)
{
	char text[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, a + 4, text, sizeof(text));
	seam_out_printf(x->out, ", sin_port=htons(%u), sin_addr=inet_addr(\"%s\")", be16(a + 2), text);
}

static void inet6_address(struct seam_text *x, const unsigned char *a, size_t n)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, a + 8, text, sizeof(text));
	seam_out_printf(x->out, ", sin6_port=htons(%u), sin6_flowinfo=htonl(%u), inet_pton(AF_INET6, \"%s\", &sin6_addr)",
			be16(a + 2), ntohl(le32(a + 4)), text);
	if (n >= 28)
		seam_out_printf(x->out, ", sin6_scope_id=%u", le32(a + 24));
}

void text_sockaddr(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char a[256] = { 0 };
	size_t want = n < sizeof(a) ? (size_t)n : sizeof(a);
	unsigned family;

	if (want < 2 || !text_read_exactly(x, address, a, want, when)) {
		text_hex(x->out, address);
		return;
	}
	family = (unsigned)(a[0] | a[1] << 8);
	seam_out_puts(x->out, "{sa_family=");
	text_named(x, "af", family, 2);
	if (family == UNIX && want > 2)
		unix_path(x, a + 2, want - 2);
	else if (family == INET && want >= 8)
		inet_address(x, a);
	else if (family == INET6 && want >= 24)
		inet6_address(x, a, want);
	else if (family == NETLINK && want >= 12)
		seam_out_printf(x->out, ", nl_pid=%u, nl_groups=%08x", le32(a + 4), le32(a + 8));
	else if (family == VSOCK && want >= 12)
		seam_out_printf(x->out, ", svm_cid=%u, svm_port=%u", le32(a + 8), le32(a + 4));
	else if (family == PACKET && want >= 12)
		seam_out_printf(x->out, ", sll_protocol=htons(%#x), sll_ifindex=%u, sll_hatype=%u, sll_pkttype=%u",
				be16(a + 2), le32(a + 4), a[8] | a[9] << 8, a[10]);
	else if (want > 2) {
		seam_out_puts(x->out, ", sa_data=");
		seam_text_bytes(x, a + 2, want - 2, false);
	}
	seam_out_putc(x->out, '}');
}

static void rights(struct seam_text *x, const unsigned char *data, size_t n)
{
	seam_out_putc(x->out, '[');
	for (size_t i = 0; i + 4 <= n; i += 4) {
		if (i)
			seam_out_puts(x->out, ", ");
		text_i64(x->out, (int32_t)le32(data + i));
	}
	seam_out_putc(x->out, ']');
}

static void message(struct seam_text *x, uint32_t level, uint32_t type, const unsigned char *data, size_t n)
{
	seam_out_puts(x->out, ", cmsg_level=");
	text_named(x, "sol", level, 4);
	seam_out_puts(x->out, ", cmsg_type=");
	if (level == SOCKET_LEVEL && type && type < sizeof(scm_names) / sizeof(*scm_names))
		seam_out_puts(x->out, scm_names[type]);
	else
		text_hex(x->out, type);
	seam_out_puts(x->out, ", cmsg_data=");
	if (level == SOCKET_LEVEL && type == SCM_RIGHTS_)
		rights(x, data, n);
	else if (level == SOCKET_LEVEL && type == SCM_CREDENTIALS_ && n >= 12)
		seam_out_printf(x->out, "{pid=%u, uid=%u, gid=%u}", le32(data), le32(data + 4), le32(data + 8));
	else
		seam_text_bytes(x, data, n, false);
}

void text_cmsg(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char c[1024];
	size_t want = n < sizeof(c) ? (size_t)n : sizeof(c), at = 0;

	if (!want || !text_read_exactly(x, address, c, want, when)) {
		text_hex(x->out, address);
		return;
	}
	seam_out_putc(x->out, '[');
	while (want - at >= 16) {
		uint64_t length;

		memcpy(&length, c + at, sizeof(length));
		if (length < 16 || length > want - at)
			break;
		seam_out_printf(x->out, "%s{cmsg_len=%llu", at ? ", " : "", (unsigned long long)length);
		message(x, le32(c + at + 8), le32(c + at + 12), c + at + 16, (size_t)length - 16);
		seam_out_putc(x->out, '}');
		length = (length + 7) & ~7ull;
		if (length >= want - at) {
			at = want;
			break;
		}
		at += (size_t)length;
	}
	if (at < want && n > sizeof(c))
		seam_out_puts(x->out, ", ...");
	seam_out_putc(x->out, ']');
}
