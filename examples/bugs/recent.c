/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: a list that has no end any more. recent FILE FILE */
#include "bug.h"

#include <fcntl.h>

/* What was used last stands first. */
static struct entry {
	struct entry *next;
	char name;
} entries[4] = { { &entries[1], 'a' }, { &entries[2], 'b' }, { &entries[3], 'c' }, { NULL, 'd' } };

static struct entry *first = &entries[0];

static struct entry **find(char name)
{
	struct entry **p = &first;

	for (int i = 0; *p && (*p)->name != name && i < 100; i++)
		p = &(*p)->next;
	return p;
}

/* Each byte of the file names an entry that is used. */
static void use_all(const char *path, const char *who, int found, int others)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char name;

	name_thread(who);
	while (read(fd, &name, 1) == 1) {
		struct entry **p = find(name), *e = *p;

		if (!e)
			continue;
		say(1, "%s: %c is there\n", who, name);
		reached(found);
		await(others);
		*p = e->next;
		e->next = first;
		first = e;
		say(1, "%s: %c is first\n", who, name);
	}
	close(fd);
}

static void *one(void *path)
{
	use_all(path, "one", 1, 2);
	return NULL;
}

static void *two(void *path)
{
	await(1);
	use_all(path, "two", 1, 1);
	reached(2);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[2];
	int n = 0;

	if (argc < 3)
		return 2;
	threads[0] = begin(one, argv[1]);
	threads[1] = begin(two, argv[2]);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	for (struct entry *e = first; e; e = e->next) {
		check(n++ < 6, "recent: the list has no end\n");
		say(1, "%c\n", e->name);
	}
	check(n == 4, "recent: a list of %d\n", n);
	return 0;
}
