/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: two threads take the same two locks, each in its own order. deadlock FILE FILE TIMES */
#include "bug.h"

#include <fcntl.h>
#include <time.h>

struct document {
	pthread_mutex_t lock;
	int fd;
};

/* Not static, so that their addresses are easy to look up. */
struct document left = { .lock = PTHREAD_MUTEX_INITIALIZER };
struct document right = { .lock = PTHREAD_MUTEX_INITIALIZER };

static int times;

/* Both are locked while one is copied into the other: nobody sees half a copy. */
static void copy(struct document *from, struct document *to, int mine, int other)
{
	char text[64];
	ssize_t n;

	pthread_mutex_lock(&from->lock);
	n = pread(from->fd, text, sizeof(text), 0);
	reached(mine);
	await(other);
	pthread_mutex_lock(&to->lock);
	if (n < 0 || pwrite(to->fd, text, (size_t)n, 0) != n)
		_exit(2);
	pthread_mutex_unlock(&to->lock);
	pthread_mutex_unlock(&from->lock);
}

static void *to_right(void *unused)
{
	name_thread("to-right");
	for (int i = 0; i < times; i++)
		copy(&left, &right, 1, 2);
	return unused;
}

static void *to_left(void *unused)
{
	name_thread("to-left");
	await(1);
	for (int i = 0; i < times; i++)
		copy(&right, &left, 2, 2);
	return unused;
}

int main(int argc, char **argv)
{
	struct timespec until;
	pthread_t threads[2];

	if (argc < 4 || (left.fd = open(argv[1], O_RDWR | O_CLOEXEC)) < 0 || (right.fd = open(argv[2], O_RDWR | O_CLOEXEC)) < 0)
		return 2;
	times = (int)strtol(argv[3], NULL, 10);
	threads[0] = begin(to_right, NULL);
	threads[1] = begin(to_left, NULL);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += 2;
	for (int i = 0; i < 2; i++)
		check(pthread_timedjoin_np(threads[i], NULL, &until) == 0, "deadlock: nothing happens any more\n");
	return 0;
}
