/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What single calls take: bench-short FILE appends a line "CALL NANOSECONDS" for each. A machine that has other work to do cannot disturb all of
 * many short loops, so each figure is the best loop but one.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/time.h"
#include "base/util.h"

#define ROUNDS 60

static int zero, null, pair[2], events;
static char memory[64];

static void do_getppid(void)
{
	syscall(SYS_getppid);
}

static void do_read(void)
{
	syscall(SYS_read, zero, memory, 1);
}

static void do_write(void)
{
	syscall(SYS_write, null, memory, 1);
}

static void do_fstat(void)
{
	struct stat st;

	syscall(SYS_fstat, zero, &st);
}

static void do_newfstatat(void)
{
	struct stat st;

	syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", &st, 0);
}

static void do_open_close(void)
{
	syscall(SYS_close, syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY));
}

static void do_writev(void)
{
	struct iovec v[2] = { { memory, 20 }, { memory, 30 } };

	syscall(SYS_writev, null, v, 2);
}

static void do_epoll_wait(void)
{
	struct epoll_event e[8];

	syscall(SYS_epoll_pwait, events, e, 8, 0, NULL, 8);
}

static void do_poll(void)
{
	struct pollfd p = { pair[1], POLLIN, 0 };
	struct timespec now = { 0 };

	syscall(SYS_ppoll, &p, 1, &now, NULL, 8);
}

static void do_send_recv(void)
{
	syscall(SYS_sendto, pair[0], memory, 16, 0, NULL, 0);
	syscall(SYS_recvfrom, pair[1], memory, sizeof(memory), 0, NULL, NULL);
}

static const struct {
	const char *name;
	void (*run)(void);
	int times; /* in a loop, of less than a tick as a rule */
} calls[] = {
	{ "getppid", do_getppid, 3000 },
	{ "read,1", do_read, 3000 },
	{ "write,1", do_write, 3000 },
	{ "fstat", do_fstat, 2000 },
	{ "newfstatat", do_newfstatat, 1000 },
	{ "openat+close", do_open_close, 500 },
	{ "writev,2", do_writev, 2000 },
	{ "epoll_pwait", do_epoll_wait, 2000 },
	{ "ppoll", do_poll, 2000 },
	{ "sendto+recvfrom", do_send_recv, 500 },
};

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(int argc, char **argv)
{
	struct epoll_event e = { .events = EPOLLIN };
	FILE *out;

	zero = open("/dev/zero", O_RDONLY);
	null = open("/dev/null", O_WRONLY);
	events = epoll_create1(0);
	if (argc != 2 || zero < 0 || null < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 || events < 0 ||
	    epoll_ctl(events, EPOLL_CTL_ADD, pair[1], &e) < 0)
		return 1;
	out = fopen(argv[1], "a");
	for (size_t i = 0; out && i < ARRAY_SIZE(calls); i++) {
		double took[ROUNDS];

		for (int r = 0; r < ROUNDS; r++) {
			uint64_t began = time_mono_ns();

			for (int n = 0; n < calls[i].times; n++)
				calls[i].run();
			took[r] = (double)(time_mono_ns() - began) / calls[i].times;
		}
		qsort(took, ROUNDS, sizeof(*took), compare);
		fprintf(out, "%s %.1f\n", calls[i].name, took[1]);
	}
	return !out || fclose(out) != 0;
}
