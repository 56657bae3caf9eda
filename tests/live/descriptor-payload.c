/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Opens, copies, passes on and closes descriptors in every way that a model of them has to follow. At each stage it asks the kernel
 * what they are, prints that, and makes a call on each of them, which the trace must name alike.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LAST = 64 };

static FILE *told;

/* fcntl(fd, F_GETSIG): nothing else here makes this call. */
static void check(void)
{
	char line[LAST][300];
	int n = 0;

	for (int fd = 0; fd < LAST; fd++) {
		char path[32], name[200];
		ssize_t size;

		snprintf(path, sizeof(path), "/proc/thread-self/fd/%d", fd);
		size = fd == fileno(told) ? -1 : readlink(path, name, sizeof(name) - 1);
		if (size < 0)
			continue;
		name[size] = '\0';
		snprintf(line[n++], sizeof(*line), "%d %s", fd, name);
		fcntl(fd, F_GETSIG);
	}
	for (int i = 0; i < n; i++)
		fprintf(told, "%s\n", line[i]);
	fflush(told);
}

static void *in_thread(void *arg)
{
	(void)arg;
	dup2(open("/etc/hosts", O_RDONLY), 50);
	if (chdir("/usr/share/../lib") == 0)
		open("..", O_RDONLY | O_DIRECTORY);
	check();
	if (unshare(CLONE_FILES) == 0) {
		close(50);
		close_range(20, 30, 0);
		check();
	}
	return NULL;
}

static void connected(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	socklen_t n = sizeof(a);
	int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	bind(l, (struct sockaddr *)&a, n);
	listen(l, 1);
	getsockname(l, (struct sockaddr *)&a, &n);
	connect(c, (struct sockaddr *)&a, n);
	accept4(l, NULL, NULL, SOCK_CLOEXEC);
}

/* A descriptor goes through a socket and comes back under another number. */
static void passed(void)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS } };
	char byte = 0;
	struct iovec v = { &byte, 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control) };
	int pair[2], fd = open("/dev/zero", O_RDONLY);

	socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	memcpy(CMSG_DATA(&control.head), &fd, sizeof(fd));
	sendmsg(pair[0], &m, 0);
	close(fd);
	recvmsg(pair[1], &m, 0);
}

static void setup(void)
{
	int two[2], dir = open("/etc", O_RDONLY | O_DIRECTORY);

	openat(dir, "passwd", O_RDONLY | O_CLOEXEC);
	dup3(dir, 20, O_CLOEXEC);
	fcntl(dir, F_DUPFD, 21);
	fcntl(fcntl(dir, F_DUPFD_CLOEXEC, 25), F_SETFD, 0);
	pipe2(two, O_CLOEXEC);
	dup2(two[0], 30);
	epoll_create1(0);
	eventfd(0, EFD_CLOEXEC);
	timerfd_create(CLOCK_MONOTONIC, 0);
	memfd_create("name", 0);
	connected();
	passed();
	fchdir(dir);
	open("./../etc/group", O_RDONLY);
	close(dir);
}

int main(int argc, char **argv)
{
	const char *to = argc > 1 ? argv[1] : "/dev/null", *what = argc > 2 ? argv[2] : "";
	pthread_t thread;

	told = fopen(to, "ae");
	if (!told)
		return 1;
	if (!strcmp(what, "again")) {
		check();
		return 0;
	}
	setup();
	check();
	if (!strcmp(what, "stay")) {
		/* for one who attaches, until he has seen enough */
		for (int i = 0; i < 1200 && access(argv[3], F_OK) < 0; i++) {
			check();
			usleep(50000);
		}
		return 0;
	}
	pthread_create(&thread, NULL, in_thread, NULL);
	pthread_join(thread, NULL);
	check();
	if (fork() == 0) {
		close_range(3, 8, CLOSE_RANGE_CLOEXEC);
		check();
		_exit(0);
	}
	wait(NULL);
	close_range(10, 12, 0);
	if (vfork() == 0) {
		execl("/proc/self/exe", argv[0], to, "again", (char *)NULL);
		_exit(1);
	}
	wait(NULL);
	check();
	return 0;
}
