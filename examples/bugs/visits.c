/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: two threads add to the same counter, and some of it gets lost. visits FILE TIMES */
#include "bug.h"

#include <fcntl.h>

static int file, times;

static int visits(void)
{
	char text[16] = "";

	if (pread(file, text, sizeof(text) - 1, 0) < 0)
		_exit(2);
	return (int)strtol(text, NULL, 10);
}

static void set_visits(int n)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d\n", n);

	if (pwrite(file, text, (size_t)length, 0) != length)
		_exit(2);
}

static void *first(void *unused)
{
	name_thread("first");
	for (int i = 0; i < times; i++) {
		int n = visits();

		if (i == 2) {
			reached(1);
			await(2);
		}
		set_visits(n + 1);
	}
	reached(3);
	return unused;
}

static void *second(void *unused)
{
	name_thread("second");
	await(1);
	for (int i = 0; i < times; i++) {
		set_visits(visits() + 1);
		if (i == 0) {
			reached(2);
			await(3);
		}
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	if (argc < 3 || (file = open(argv[1], O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) < 0)
		return 2;
	times = (int)strtol(argv[2], NULL, 10);
	threads[0] = begin(first, NULL);
	threads[1] = begin(second, NULL);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	check(visits() == 2 * times, "visits: %d, not %d\n", visits(), 2 * times);
	return 0;
}
