/* SPDX-License-Identifier: BSD-2-Clause */
/* How a flight recorder is asked from outside for what it has. */
#include "record/door.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/str.h"
#include "base/time.h"

#define LIST_LIMIT (64u << 20)

static socklen_t name_of(pid_t recorder, struct sockaddr_un *ret)
{
	int n;

	*ret = (struct sockaddr_un){ .sun_family = AF_UNIX };
	/* a NUL before it: there is no file of this name */
	n = snprintf(ret->sun_path + 1, sizeof(ret->sun_path) - 1, DOOR_NAME "%d", (int)recorder);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

static int open_socket(struct seam_err *err)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), on = 1;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0) {
		int e = errno;

		if (fd >= 0)
			close(fd);
		return seam_err_errno(err, -e, "no socket to ask flight recorders with");
	}
	return fd;
}

/* What came, with its sender as the kernel knows him. 1; 0: nothing, or nothing that makes sense. */
static int take(int fd, char words[DOOR_WORDS], struct visitor *from, struct ucred *who)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec v = { words, DOOR_WORDS - 1 };
	struct msghdr m = { .msg_name = &from->address, .msg_namelen = sizeof(from->address), .msg_iov = &v, .msg_iovlen = 1,
			    .msg_control = &control, .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	struct cmsghdr *c;

	if (n < 0)
		return 0;
	words[n] = '\0';
	from->length = m.msg_namelen;
	for (c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(who, CMSG_DATA(c), sizeof(*who));
			return 1;
		}
	}
	return 0;
}

int door_open(struct seam_err *err)
{
	struct sockaddr_un address;
	socklen_t length = name_of(getpid(), &address);
	int fd = open_socket(err);

	if (fd < 0)
		return fd;
	if (bind(fd, (struct sockaddr *)&address, length) < 0) {
		int e = errno;

		close(fd);
		return seam_err_errno(err, -e, "no socket that 'seam snap' could find");
	}
	return fd;
}

int door_next(int door, struct visitor *ret)
{
	char words[DOOR_WORDS];
	struct ucred who;
	uint64_t about;
	const char *number;

	/* as many as may wait in a socket, and then somebody else's turn */
	for (int tries = 0; tries < 64 && take(door, words, ret, &who); tries++) {
		number = str_after(words, "snap ");
		if (!number || parse_u64(number, &about) < 0 || about > INT32_MAX)
			continue;
		ret->pid = who.pid;
		ret->about = (pid_t)about;
		if (who.uid == 0 || who.uid == geteuid())
			return 1;
		door_answer(door, ret, "error it belongs to user %u", (unsigned)geteuid());
	}
	return 0;
}

void door_answer(int door, const struct visitor *v, const char *fmt, ...)
{
	_cleanup_free_ char *words = NULL;
	va_list ap;

	va_start(ap, fmt);
	words = xvasprintf(fmt, ap);
	va_end(ap);
	/* who has gone meanwhile does not want to know */
	IGNORE_RESULT(sendto(door, words, MIN(strlen(words), (size_t)DOOR_WORDS - 1), MSG_DONTWAIT | MSG_NOSIGNAL,
			     (const struct sockaddr *)&v->address, v->length) < 0);
}

size_t door_list(pid_t **ret_pids)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	pid_t *pids = NULL;
	size_t n = 0;

	*ret_pids = NULL;
	if (file_read("/proc/net/unix", LIST_LIMIT, &text, NULL) < 0)
		return 0;
	for (char *at = text.data; (at = strstr(at, " @" DOOR_NAME)); at++) {
		long pid = strtol(at + strlen(" @" DOOR_NAME), NULL, 10);

		if (pid <= 0 || pid > INT32_MAX)
			continue;
		pids = xreallocarray(pids, n + 1, sizeof(*pids));
		pids[n++] = (pid_t)pid;
	}
	*ret_pids = pids;
	return n;
}

int door_ask(pid_t recorder, pid_t about, struct seam_err *err)
{
	struct sockaddr_un address, own = { .sun_family = AF_UNIX };
	socklen_t length = name_of(recorder, &address);
	_cleanup_free_ char *words = xasprintf("snap %d", (int)about);
	_cleanup_close_ int fd = open_socket(err);

	if (fd < 0)
		return fd;
	/* the kernel finds a name that is free */
	if (bind(fd, (struct sockaddr *)&own, sizeof(own.sun_family)) < 0)
		return seam_err_errno(err, -errno, "no socket to be answered on");
	if (sendto(fd, words, strlen(words), MSG_NOSIGNAL, (struct sockaddr *)&address, length) < 0)
		return seam_err_errno(err, errno == ECONNREFUSED ? -ESRCH : -errno, "recorder %d cannot be asked", (int)recorder);
	return steal_fd(&fd);
}

int door_hear(int asked, pid_t recorder, unsigned timeout_ms, struct buf *ret, struct seam_err *err)
{
	uint64_t until = time_mono_ns() + timeout_ms * NS_PER_MS;

	for (;;) {
		struct pollfd p = { .fd = asked, .events = POLLIN };
		char words[DOOR_WORDS];
		uint64_t now = time_mono_ns(), left;
		struct visitor from;
		struct ucred who;

		/* anybody may send to anybody: only the recorder's own words count */
		if (take(asked, words, &from, &who)) {
			if (who.pid != recorder || (who.uid != 0 && who.uid != geteuid()))
				continue;
			buf_clear(ret);
			buf_adds(ret, words);
			return 1;
		}
		if (kill(recorder, 0) < 0 && errno == ESRCH)
			return seam_err_set(err, -ESRCH, "the recorder %d has ended meanwhile", (int)recorder);
		if (now >= until)
			return 0;
		left = (until - now) / NS_PER_MS + 1;
		poll(&p, 1, left < 200 ? (int)left : 200);
	}
}
