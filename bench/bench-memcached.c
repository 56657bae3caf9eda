/* SPDX-License-Identifier: BSD-2-Clause */
/* A client of memcached that keeps it busy: bench-memcached PORT N sets and gets N values of 100 bytes, over four connections. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 4 };

static int dial(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	return fd;
}

/* Sends a request, and reads until its answer is there, which ends with @end. */
static int ask(int fd, const char *request, size_t n, const char *end)
{
	char answer[1024];
	size_t got = 0, tail = strlen(end);

	if (write(fd, request, n) != (ssize_t)n)
		return 1;
	while (got < tail || memcmp(answer + got - tail, end, tail) != 0) {
		ssize_t r = got < sizeof(answer) ? read(fd, answer + got, sizeof(answer) - got) : -1;

		if (r <= 0)
			return 1;
		got += (size_t)r;
	}
	return 0;
}

int main(int argc, char **argv)
{
	long n = argc == 3 ? strtol(argv[2], NULL, 10) : -1;
	int fds[CONNECTIONS];

	if (n < 0)
		return 2;
	for (int i = 0; i < CONNECTIONS; i++)
		if ((fds[i] = dial((uint16_t)strtoul(argv[1], NULL, 10))) < 0)
			return 1;
	for (long i = 0; i < n; i++) {
		char line[256];
		int length = snprintf(line, sizeof(line), "set key%ld 0 0 100\r\n%0100ld\r\n", i % 1000, i);

		if (ask(fds[i % CONNECTIONS], line, (size_t)length, "STORED\r\n"))
			return 1;
		length = snprintf(line, sizeof(line), "get key%ld\r\n", i % 1000);
		if (ask(fds[(i + 1) % CONNECTIONS], line, (size_t)length, "END\r\n"))
			return 1;
	}
	return 0;
}
