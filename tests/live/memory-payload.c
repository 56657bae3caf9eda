/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory of every kind, handed to the kernel: memory-payload still|moving. "still" writes known pieces of each kind, always at the same
 * addresses; "moving" has a thread that takes pages away and puts others there while the first one writes them, each full of one letter.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PAGE 4096
#define LARGE (2 << 20)
#define AT ((unsigned char *)0x7000000000)

static int null, zero;

static unsigned char *take(size_t offset, size_t bytes, int protection, int flags, int fd)
{
	unsigned char *p = mmap(AT + offset, bytes, protection, MAP_FIXED | flags, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void fill(unsigned char *p, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		p[i] = (unsigned char)('a' + i % 23);
}

static void each_length(unsigned char *p)
{
	for (int n = 0; n < 70; n++)
		write(null, p + n % 9, (size_t)n);
	write(null, p, 300);
}

/* Up to the end of what is there, across it, and across the end of a page. */
static void around(unsigned char *end)
{
	for (int n = 1; n < 40; n += 3)
		write(null, end - n, (size_t)n);
	for (int n = 1; n < 40; n += 3)
		write(null, end - n / 2, (size_t)n);
	write(null, end - PAGE - 7, 40);
	write(null, end - PAGE - 1, 2);
}

static void paths(unsigned char *end)
{
	static const char path[] = "/no/such/folder/and/no/such/file";

	for (size_t n = 1; n <= sizeof(path); n += 5) {
		memcpy(end - n, path + sizeof(path) - n, n);
		access((char *)end - n, F_OK);
		memcpy(end - PAGE - n / 2, path + sizeof(path) - n, n);
		access((char *)end - PAGE - n / 2, F_OK);
	}
	/* without an end */
	memset(end - 9, 'x', 9);
	access((char *)end - 9, F_OK);
}

static void still(void)
{
	unsigned char *p = take(0, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	int fd;

	fill(p, 8 * PAGE);
	munmap(p + 7 * PAGE, PAGE);
	each_length(p + 100);
	around(p + 7 * PAGE);
	memset(p, 0, PAGE);
	each_length(p);
	p[20] = 'x';
	each_length(p);
	paths(p + 7 * PAGE);
	mprotect(p, PAGE, PROT_NONE);
	write(null, p, 10);
	write(null, p + PAGE - 4, 10);
	mprotect(p, PAGE, PROT_READ);
	write(null, p, 30);
	read(zero, p, 30);
	read(zero, p + PAGE, 30);
	p = take(16 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1);
	write(null, p, 10); /* nobody has touched it */
	fill(p + PAGE, PAGE);
	each_length(p + PAGE);
	p = take(2 * LARGE, 2 * LARGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	madvise(p, 2 * LARGE, MADV_HUGEPAGE);
	fill(p, 2 * LARGE);
	each_length(p + PAGE - 30);
	around(p + LARGE);
	fd = open("/proc/self/exe", O_RDONLY);
	p = take(32 * PAGE, PAGE, PROT_READ, MAP_PRIVATE, fd);
	each_length(p);
	close(fd);
#ifdef SYS_memfd_secret
	fd = (int)syscall(SYS_memfd_secret, 0);
	if (fd >= 0 && ftruncate(fd, PAGE) == 0 && (p = take(48 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd))) {
		fill(p, PAGE);
		each_length(p);
	}
#endif
	write(null, (void *)-8, 16);
	write(null, (void *)(1ull << 47), 16);
	write(null, (void *)((1ull << 47) - 8), 16);
	write(null, (void *)(1ull << 56), 16);
	write(null, NULL, 16);
}

static volatile int over;

static void *move(void *arg)
{
	unsigned char *at = arg;
	int letter = 0;

	while (!over) {
		at = mmap(at, PAGE, PROT_READ | PROT_WRITE, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		memset(at, 'A' + letter++ % 26, PAGE);
		if (letter % 7 == 0)
			munmap(at, PAGE);
	}
	return NULL;
}

static void moving(void)
{
	/* alone in its tables, so that these come and go too */
	unsigned char *at = AT + (1ull << 34);
	struct timespec begin, now;
	pthread_t thread;

	pthread_create(&thread, NULL, move, at);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	do {
		for (int i = 0; i < 1000; i++)
			write(null, at + 64, i % 2 ? 12 : 200);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000 < 1000);
	over = 1;
	pthread_join(thread, NULL);
}

int main(int argc, char **argv)
{
	null = open("/dev/null", O_WRONLY);
	zero = open("/dev/zero", O_RDONLY);
	if (argc == 2 && !strcmp(argv[1], "moving"))
		moving();
	else
		still();
	return 0;
}
