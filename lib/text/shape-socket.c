/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses of sockets and control messages. */
#include "base/util.h"
#include "text/text-parts.h"

enum { UNIX = 1, INET = 2, INET6 = 10, NETLINK = 16, PACKET = 17, VSOCK = 40 };
enum { SOCKET_LEVEL = 1, SCM_RIGHTS_ = 1, SCM_CREDENTIALS_ = 2 };

static const char *const scm_names[] = { NULL, "SCM_RIGHTS", "SCM_CREDENTIALS", "SCM_SECURITY", "SCM_PIDFD" };

static uint16_t be16(const unsigned char *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t be32(const unsigned char *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static uint32_t le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void unix_path(struct seam_text *x, const unsigned char *path, size_t n)
{
	text_member(x, "sun_path");
	if (n && !*path) {
		/* abstract: every byte counts */
		if (!x->state.json)
			text_putc(x->out, '@');
		seam_text_bytes(x, path + !x->state.json, n - !x->state.json, false);
	} else {
		seam_text_bytes(x, path, strnlen((const char *)path, n), false);
	}
}

static void inet6_address(struct seam_text *x, const unsigned char *a, size_t n)
{
	text_member_in(x, "sin6_port", "htons", be16(a + 2));
	text_member_in(x, "sin6_flowinfo", "htonl", be32(a + 4));
	if (x->state.json)
		text_member(x, "sin6_addr");
	else
		text_item(x);
	text_ip6(x, a + 8, "sin6_addr");
	if (n >= 28)
		text_member_u64(x, "sin6_scope_id", le32(a + 24));
}

static void netlink_address(struct seam_text *x, const unsigned char *a)
{
	static const char digits[] = "0123456789abcdef";
	uint32_t groups = le32(a + 8);

	text_member_u64(x, "nl_pid", le32(a + 4));
	text_member(x, "nl_groups");
	text_words(x);
	/* at least eight characters, and the 0x is only there when there is something */
	text_puts(x->out, groups ? "0x" : "00");
	for (int shift = 28; shift >= 0; shift -= 4)
		if (shift < 24 || groups >> shift)
			text_putc(x->out, digits[groups >> shift & 15]);
	text_words_end(x);
}

static void packet_address(struct seam_text *x, const unsigned char *a)
{
	text_member_in(x, "sll_protocol", "htons", be16(a + 2));
	text_member_u64(x, "sll_ifindex", le32(a + 4));
	text_member_u64(x, "sll_hatype", (unsigned)(a[8] | a[9] << 8));
	text_member_u64(x, "sll_pkttype", a[10]);
}

void text_sockaddr(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char a[256];
	size_t want = MIN(n, sizeof(a));
	unsigned family;

	if (want < 2 || !text_read_exactly(x, address, a, want, when)) {
		text_address(x, address);
		return;
	}
	family = (unsigned)(a[0] | a[1] << 8);
	text_open(x, '{');
	text_member(x, "sa_family");
	text_named(x, TEXT_SET_AF, family, 2);
	if (family == UNIX && want > 2) {
		unix_path(x, a + 2, want - 2);
	} else if (family == INET && want >= 8) {
		text_member_in(x, "sin_port", "htons", be16(a + 2));
		text_member(x, "sin_addr");
		text_ip4(x, a + 4);
	} else if (family == INET6 && want >= 24) {
		inet6_address(x, a, want);
	} else if (family == NETLINK && want >= 12) {
		netlink_address(x, a);
	} else if (family == VSOCK && want >= 12) {
		text_member_hex(x, "svm_cid", le32(a + 8));
		text_member_hex(x, "svm_port", le32(a + 4));
	} else if (family == PACKET && want >= 12) {
		packet_address(x, a);
	} else if (want > 2) {
		text_member(x, "sa_data");
		seam_text_bytes(x, a + 2, want - 2, false);
	}
	text_close(x, '}');
}

static void rights(struct seam_text *x, const unsigned char *data, size_t n, enum seam_when when)
{
	text_open(x, '[');
	for (size_t i = 0; i + 4 <= n; i += 4) {
		text_item(x);
		text_descriptor(x, (int32_t)le32(data + i), when);
	}
	text_close(x, ']');
}

static void credentials(struct seam_text *x, const unsigned char *data)
{
	text_open(x, '{');
	text_member_u64(x, "pid", le32(data));
	text_member_u64(x, "uid", le32(data + 4));
	text_member_u64(x, "gid", le32(data + 8));
	text_close(x, '}');
}

static void message(struct seam_text *x, const unsigned char *c, size_t n, enum seam_when when)
{
	uint32_t level = le32(c + 8), type = le32(c + 12);
	const unsigned char *data = c + 16;

	text_open(x, '{');
	text_member_u64(x, "cmsg_len", n);
	text_member(x, "cmsg_level");
	text_named(x, TEXT_SET_SOL, level, 4);
	text_member(x, "cmsg_type");
	text_words(x);
	if (level == SOCKET_LEVEL && type && type < ARRAY_SIZE(scm_names))
		text_puts(x->out, scm_names[type]);
	else
		text_hex(x->out, type);
	text_words_end(x);
	n -= 16;
	if (n)
		text_member(x, "cmsg_data");
	if (level == SOCKET_LEVEL && type == SCM_RIGHTS_ && n)
		rights(x, data, n, when);
	else if (level == SOCKET_LEVEL && type == SCM_CREDENTIALS_ && n >= 12)
		credentials(x, data);
	else if (n)
		seam_text_bytes(x, data, n, false);
	text_close(x, '}');
}

void text_cmsg(struct seam_text *x, uint64_t address, uint64_t n, enum seam_when when)
{
	unsigned char c[1024];
	size_t want = MIN(n, sizeof(c)), at = 0;

	if (!want || !text_read_exactly(x, address, c, want, when)) {
		text_address(x, address);
		return;
	}
	text_open(x, '[');
	while (want - at >= 16) {
		uint64_t length;

		memcpy(&length, c + at, sizeof(length));
		if (length < 16 || length > want - at)
			break;
		text_item(x);
		message(x, c + at, (size_t)length, when);
		length = (length + 7) & ~7ull;
		if (length >= want - at) {
			at = want;
			break;
		}
		at += (size_t)length;
	}
	if (at < want)
		text_more(x);
	text_close(x, ']');
}
