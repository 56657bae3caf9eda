/* SPDX-License-Identifier: BSD-2-Clause */
/* A bug to be found: a buffer of text gets shorter while it is saved. autosave FILE */
#include "bug.h"

#include <fcntl.h>
#include <sys/socket.h>

/* A text whose functions may be called by any thread. */
static struct {
	pthread_mutex_t lock;
	size_t length;
	char bytes[256];
} text = { .lock = PTHREAD_MUTEX_INITIALIZER };

static size_t text_length(void)
{
	size_t n;

	pthread_mutex_lock(&text.lock);
	n = text.length;
	pthread_mutex_unlock(&text.lock);
	return n;
}

static void text_set(const char *to, size_t n)
{
	pthread_mutex_lock(&text.lock);
	memset(text.bytes, 0, sizeof(text.bytes));
	memcpy(text.bytes, to, n);
	text.length = n;
	pthread_mutex_unlock(&text.lock);
}

static void text_get(char *to, size_t n)
{
	pthread_mutex_lock(&text.lock);
	memcpy(to, text.bytes, n);
	pthread_mutex_unlock(&text.lock);
}

/* Each message of the user is the new text. */
static void *editor(void *user)
{
	char message[128];
	ssize_t n;

	name_thread("editor");
	for (int i = 0; i < 2 && (n = read(*(int *)user, message, sizeof(message))) > 0; i++) {
		await(i ? 2 : 0);
		text_set(message, (size_t)n);
		reached(i ? 3 : 1);
	}
	return NULL;
}

static void *saver(void *path)
{
	char copy[256];
	size_t n;
	int fd;

	name_thread("saver");
	await(1);
	n = text_length();
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	reached(2);
	await(3);
	text_get(copy, n);
	if (fd < 0 || write(fd, copy, n) != (ssize_t)n)
		_exit(2);
	close(fd);
	return NULL;
}

int main(int argc, char **argv)
{
	static const char *const typed[] = { "Dear Sir or Madam,\n", "Hello,\n" };
	pthread_t threads[2];
	char saved[256] = "";
	int ends[2], fd;
	ssize_t n;

	if (argc < 2 || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return 2;
	threads[0] = begin(editor, &ends[1]);
	threads[1] = begin(saver, argv[1]);
	for (int i = 0; i < 2; i++)
		say(ends[0], "%s", typed[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	n = read(fd, saved, sizeof(saved) - 1);
	close(fd);
	check(n == (ssize_t)strlen(saved), "autosave: %zd bytes were saved, %zu of them are text\n", n, strlen(saved));
	return 0;
}
