/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: memory is given back by one thread while another one still needs it. freed FILE */
#include "bug.h"

#include <fcntl.h>

enum { ROOM = 1 << 20, TAIL = 1 << 15 };

static unsigned char *picture;
static int news[2];
static unsigned sum;

/* Reads the picture and sums its bytes up; says when it has done so. */
static void *loader(void *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	name_thread("loader");
	n = read(fd, picture, ROOM);
	close(fd);
	for (ssize_t i = 0; i < n - TAIL; i++)
		sum += picture[i];
	/* The last part takes no time, so it is as good as done. */
	say(news[1], "loaded %zd bytes\n", n);
	reached(1);
	await(2);
	for (ssize_t i = n < TAIL ? 0 : n - TAIL; i < n; i++)
		sum += picture[i];
	return NULL;
}

int main(int argc, char **argv)
{
	char said[64];
	pthread_t thread;

	if (argc < 2 || pipe2(news, O_CLOEXEC) < 0)
		return 2;
	/* So large that malloc() asks the kernel for it, and free() gives it back. */
	picture = malloc(ROOM);
	thread = begin(loader, argv[1]);
	await(1);
	if (read(news[0], said, sizeof(said)) <= 0)
		return 2;
	free(picture);
	reached(2);
	pthread_join(thread, NULL);
	say(1, "sum %u\n", sum);
	return 0;
}
