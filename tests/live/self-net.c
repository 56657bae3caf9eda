/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: sockets. */
#include "self.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define UNIX_ADDRESS(path) ((socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + 1))

static struct sockaddr_un *unix_address(const char *path)
{
	struct sockaddr_un *a = NEW(struct sockaddr_un, .sun_family = AF_UNIX);

	memcpy(a->sun_path, path, strlen(path) + 1);
	return a;
}

static struct iovec *part(void *p, size_t n)
{
	return NEW(struct iovec, p, n);
}

static void trial_stream(void)
{
	struct sockaddr_un *address = unix_address(fresh_path()), *peer = ROOM(struct sockaddr_un);
	socklen_t n = UNIX_ADDRESS(address->sun_path), *len = NEW(socklen_t, 1);
	long server = CALL(socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), client, fd;

	MUST(server >= 0);
	GIVES(CALL(bind, server, address, n), 0);
	IN(address, n);
	GIVES(CALL(listen, server, 5), 0);
	client = CALL(socket, AF_UNIX, SOCK_STREAM, 0);
	GIVES(CALL(connect, client, address, n), 0);
	IN(address, n);
	fd = CALL(accept4, server, peer, len, SOCK_CLOEXEC);
	MUST(fd >= 0);
	BOTH(len, 4), OUT(peer, 1); /* there are two bytes of address, and room for one */
	MUST(*len == 2);
	close((int)fd);
	close((int)client);

	client = socket(AF_UNIX, SOCK_STREAM, 0);
	MUST(connect((int)client, (struct sockaddr *)address, n) == 0);
	fd = CALL(accept, server, NULL, NULL);
	MUST(fd >= 0);
	*len = sizeof(*peer);
	GIVES(CALL(getpeername, client, peer, len), 0);
	BOTH(len, 4), OUT(peer, n);
	*len = 4;
	GIVES(CALL(getsockname, server, peer, len), 0);
	BOTH(len, 4), OUT(peer, 4);
	GIVES(CALL(shutdown, fd, SHUT_RDWR), 0);
	GIVES(CALL(getsockname, -1, peer, len), -EBADF);
	IN(len, 4);
	close((int)fd);
	close((int)client);
	close((int)server);
}

static void trial_datagram(void)
{
	struct sockaddr_in *address = NEW(struct sockaddr_in, .sin_family = AF_INET), *from = ROOM(struct sockaddr_in);
	socklen_t *len = NEW(socklen_t, sizeof(*address));
	char *data = text("datagram"), *to = room(100);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	NEED(fd >= 0, "no internet sockets");
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	NEED(CALL(bind, fd, address, sizeof(*address)) == 0, "no loopback");
	IN(address, 16);
	GIVES(CALL(getsockname, fd, address, len), 0);
	BOTH(len, 4), OUT(address, 16);
	GIVES(CALL(sendto, fd, data, 8, 0, address, 16), 8);
	IN(data, 8), IN(address, 16);
	GIVES(CALL(recvfrom, fd, to, 100, 0, from, len), 8);
	IN(len, 4), OUT(to, 8), OUT(from, 16), OUT(len, 4);
	GIVES(CALL(sendto, fd, data, 8, 0, address, 16), 8);
	IN(data, 8), IN(address, 16);
	GIVES(CALL(recvfrom, fd, to, 3, MSG_TRUNC, NULL, NULL), 8); /* says more than it gives */
	OUT(to, 3);
	GIVES(CALL(recvfrom, fd, to, 3, MSG_DONTWAIT, from, len), -EAGAIN);
	IN(len, 4);
	close(fd);
}

static void trial_descriptors(void)
{
	int *pair = ROOMS(int, 2), *sent;
	char *data = text("data"), *control = room(CMSG_SPACE(4)), *to = room(100), *got = room(100);
	struct msghdr *out, *in;
	struct cmsghdr *c = (struct cmsghdr *)(void *)control;

	GIVES(CALL(socketpair, AF_UNIX, SOCK_STREAM, 0, pair), 0);
	OUT(pair, 8);
	memset(control, 0, CMSG_SPACE(4));
	*c = (struct cmsghdr){ CMSG_LEN(4), SOL_SOCKET, SCM_RIGHTS };
	memcpy(CMSG_DATA(c), &(int){ 0 }, 4);
	out = NEW(struct msghdr, .msg_iov = part(data, 4), .msg_iovlen = 1, .msg_control = control,
		  .msg_controllen = CMSG_SPACE(4));
	in = NEW(struct msghdr, .msg_iov = part(to, 100), .msg_iovlen = 1, .msg_control = got, .msg_controllen = 100);
	GIVES(CALL(sendmsg, pair[0], out, 0), 4);
	IN(out, 56), IN(out->msg_iov, 16), IN(data, 4), IN(control, CMSG_SPACE(4));
	GIVES(CALL(recvmsg, pair[1], in, MSG_CMSG_CLOEXEC), 4);
	IN(in, 56), IN(in->msg_iov, 16), OUT(in, 56), OUT(to, 4), OUT(got, in->msg_controllen);
	holes(); /* the padding after the descriptor */
	MUST(in->msg_controllen == CMSG_SPACE(4));
	sent = (int *)(void *)CMSG_DATA((struct cmsghdr *)(void *)got);
	MUST(close(*sent) == 0);
	GIVES(CALL(recvmsg, pair[1], in, MSG_DONTWAIT), -EAGAIN);
	IN(in, 56), IN(in->msg_iov, 16);
	close(pair[0]);
	close(pair[1]);
}

static void trial_many_messages(void)
{
	int pair[2];
	char *a = text("first"), *b = text("second"), *x = room(20), *y = room(20), *name = room(110);
	struct mmsghdr *out = room(2 * sizeof(*out)), *in = room(3 * sizeof(*in));
	struct timespec *limit = NEW(struct timespec, 5, 0);

	MUST(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
	memset(out, 0, 2 * sizeof(*out));
	memset(in, 0, 3 * sizeof(*in));
	out[0].msg_hdr = (struct msghdr){ .msg_iov = part(a, 5), .msg_iovlen = 1 };
	out[1].msg_hdr = (struct msghdr){ .msg_iov = part(b, 6), .msg_iovlen = 1 };
	GIVES(CALL(sendmmsg, pair[0], out, 2, 0), 2);
	BOTH(out, 2 * sizeof(*out)), IN(out[0].msg_hdr.msg_iov, 16), IN(out[1].msg_hdr.msg_iov, 16), IN(a, 5), IN(b, 6);
	in[0].msg_hdr = (struct msghdr){ .msg_iov = part(x, 20), .msg_iovlen = 1, .msg_name = name, .msg_namelen = 110 };
	in[1].msg_hdr = (struct msghdr){ .msg_iov = part(y, 20), .msg_iovlen = 1 };
	in[2].msg_hdr = (struct msghdr){ .msg_iov = part(y, 20), .msg_iovlen = 1 };
	GIVES(CALL(recvmmsg, pair[1], in, 3, MSG_WAITFORONE, limit), 2);
	IN(in, 3 * sizeof(*in)), BOTH(limit, 16), OUT(in, 2 * sizeof(*in)), OUT(x, 5), OUT(y, 6);
	for (int i = 0; i < 3; i++)
		IN(in[i].msg_hdr.msg_iov, 16);
	close(pair[0]);
	close(pair[1]);
}

static void trial_socket_options(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), *on = NEW(int, 1);
	struct timeval *tv = NEW(struct timeval, 1, 0);
	struct linger *linger = NEW(struct linger, 1, 2);
	struct ucred *cred = ROOM(struct ucred);
	socklen_t *len = NEW(socklen_t, 100);
	char *big = room(100);

	GIVES(CALL(setsockopt, fd, SOL_SOCKET, SO_REUSEADDR, on, 4), 0);
	IN(on, 4);
	GIVES(CALL(setsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, tv, 16), 0);
	IN(tv, 16);
	GIVES(CALL(setsockopt, fd, SOL_SOCKET, SO_LINGER, linger, 8), 0);
	IN(linger, 8);
	GIVES(CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, big, len), 0);
	BOTH(len, 4), OUT(big, 4);
	*len = 2;
	GIVES(CALL(getsockopt, fd, SOL_SOCKET, SO_TYPE, big, len), 0); /* half of it */
	BOTH(len, 4), OUT(big, 2);
	*len = sizeof(*cred);
	GIVES(CALL(getsockopt, fd, SOL_SOCKET, SO_PEERCRED, cred, len), 0);
	BOTH(len, 4), OUT(cred, 12);
	*len = 16;
	GIVES(CALL(getsockopt, fd, SOL_SOCKET, SO_RCVTIMEO, big, len), 0);
	BOTH(len, 4), OUT(big, 16);
	GIVES(CALL(getsockopt, fd, SOL_SOCKET, 9999, big, len), -ENOPROTOOPT);
	IN(len, 4);
	close(fd);
}

static void trial_socket_filter(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sock_filter code = { BPF_RET | BPF_K, 0, 0, 1000 }, *filter = copy(&code, sizeof(code));
	struct sock_fprog *program = NEW(struct sock_fprog, 1, filter);

	GIVES(CALL(setsockopt, fd, SOL_SOCKET, SO_ATTACH_FILTER, program, sizeof(*program)), 0);
	IN(program, 16), IN(filter, 8);
	close(fd);
}

static void trial_tcp_options(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), *ttl = NEW(int, 9), *got = ROOM(int);
	socklen_t *len = NEW(socklen_t, 40);
	char *info = room(40), *name = room(16);

	NEED(fd >= 0, "no internet sockets");
	GIVES(CALL(setsockopt, fd, IPPROTO_IP, IP_TTL, ttl, 4), 0);
	IN(ttl, 4);
	GIVES(CALL(setsockopt, fd, IPPROTO_TCP, TCP_NODELAY, ttl, 4), 0);
	IN(ttl, 4);
	GIVES(CALL(getsockopt, fd, IPPROTO_TCP, TCP_INFO, info, len), 0); /* the beginning of it */
	BOTH(len, 4), OUT(info, 40);
	*len = 16;
	GIVES(CALL(getsockopt, fd, IPPROTO_TCP, TCP_CONGESTION, name, len), 0);
	BOTH(len, 4), OUT(name, 16);
	GIVES(CALL(setsockopt, fd, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)), 0);
	IN(name, strlen(name));
	*len = 4;
	GIVES(CALL(getsockopt, fd, IPPROTO_IP, IP_TTL, got, len), 0);
	BOTH(len, 4), OUT(got, 4);
	MUST(*got == 9);
	close(fd);
}

static void trial_interfaces(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq *list = room(10 * sizeof(*list)), *one;
	struct ifconf *conf = NEW(struct ifconf, .ifc_len = (int)(10 * sizeof(*list)), .ifc_req = list);

	NEED(fd >= 0, "no internet sockets");
	GIVES(CALL(ioctl, fd, SIOCGIFCONF, conf), 0);
	BOTH(conf, 16), OUT(list, (size_t)conf->ifc_len), holes();
	one = room(sizeof(*one));
	memset(one, 0, sizeof(*one));
	memcpy(one->ifr_name, "lo", 3);
	GIVES(CALL(ioctl, fd, SIOCGIFINDEX, one), 0);
	BOTH(one, sizeof(*one));
	GIVES(CALL(ioctl, fd, SIOCGIFFLAGS, one), 0);
	BOTH(one, sizeof(*one));
	close(fd);
}

const struct trial net_trials[] = {
	TRIAL(stream), TRIAL(datagram), TRIAL(descriptors), TRIAL(many_messages), TRIAL(socket_options),
	TRIAL(socket_filter), TRIAL(tcp_options), TRIAL(interfaces), { 0 },
};
