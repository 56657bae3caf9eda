/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: a text grows between the moment at which it is measured and the one at which it is copied. overrun FILE... */
#include "bug.h"

#include <fcntl.h>

static char text[64];
static atomic_int finished;

static struct {
	char name[15];
	unsigned length;
	unsigned total;
	char unused[40];
} work;

/* Reads one file after the other, again and again; the last text read is the present one. */
static void *reader(void *files)
{
	char **file = files;

	name_thread("reader");
	for (int i = 0; !finished; i++, file++) {
		ssize_t n;
		int fd;

		if (!*file)
			file = files;
		await(2 * i);
		fd = open(*file, O_RDONLY | O_CLOEXEC);
		n = read(fd, text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = '\0';
		close(fd);
		reached(2 * i + 1);
	}
	return NULL;
}

static void copy(char *to, const char *from)
{
	while ((*to++ = *from++))
		;
}

/* Takes the present text twice, if it fits. */
static void *counter(void *unused)
{
	name_thread("counter");
	for (int round = 0; round < 2; round++) {
		await(round == 0 ? 1 : 5);
		work.length = (unsigned)strlen(text);
		if (work.length < sizeof(work.name)) {
			say(1, "%u bytes\n", work.length);
			if (round == 0) {
				reached(2);
				await(3);
			}
			copy(work.name, text);
			work.total += work.length;
		}
		if (round == 0)
			reached(4);
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];

	if (argc < 2)
		return 2;
	threads[0] = begin(reader, argv + 1);
	threads[1] = begin(counter, NULL);
	pthread_join(threads[1], NULL);
	finished = 1;
	reached(1000000);
	pthread_join(threads[0], NULL);
	check(work.total < 30, "overrun: a total of %u\n", work.total);
	return 0;
}
