/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Workloads in the manner of UnixBench, of a fixed number of rounds each:
 *     bench-unix syscall|pipe|context|spawn|exec N
 *     bench-unix copy SIZE N FROM TO     N times SIZE bytes are written to FROM, then copied to TO
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char block[4096];

static int many_calls(long n)
{
	for (; n > 0; n--) {
		close(dup(0));
		syscall(SYS_getpid);
		getuid();
		umask(022);
	}
	return 0;
}

/* What goes into a pipe comes out of it, in one process. */
static int own_pipe(long n)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return 1;
	for (; n > 0; n--)
		if (write(ends[1], block, 512) != 512 || read(ends[0], block, 512) != 512)
			return 1;
	return 0;
}

/* A number goes to another process and back. */
static int context(long n)
{
	int to[2], back[2], status = 0;
	long number;
	pid_t pid;

	if (pipe2(to, O_CLOEXEC) < 0 || pipe2(back, O_CLOEXEC) < 0)
		return 1;
	pid = fork();
	if (pid == 0) {
		close(to[1]);
		while (read(to[0], &number, sizeof(number)) == sizeof(number))
			if (write(back[1], &number, sizeof(number)) != sizeof(number))
				break;
		_exit(0);
	}
	for (; n > 0; n--)
		if (write(to[1], &n, sizeof(n)) != sizeof(n) || read(back[0], &number, sizeof(number)) != sizeof(number) || number != n)
			return 1;
	close(to[1]);
	return waitpid(pid, &status, 0) != pid || status;
}

static int spawn(long n)
{
	for (; n > 0; n--) {
		int status = 0;
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
			return 1;
	}
	return 0;
}

/* The program takes its own place, with a smaller number each time. */
static int exec_again(long n)
{
	char count[24];

	if (n <= 0)
		return 0;
	snprintf(count, sizeof(count), "%ld", n - 1);
	execl("/proc/self/exe", "bench-unix", "exec", count, (char *)NULL);
	return 1;
}

static int copy(size_t size, long n, const char *from, const char *to)
{
	int in = open(from, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	ssize_t got;

	if (in < 0 || out < 0 || size > sizeof(block))
		return 1;
	for (; n > 0; n--)
		if (write(in, block, size) != (ssize_t)size)
			return 1;
	lseek(in, 0, SEEK_SET);
	while ((got = read(in, block, size)) > 0)
		if (write(out, block, (size_t)got) != got)
			return 1;
	return got < 0;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(long n);
	} all[] = { { "syscall", many_calls }, { "pipe", own_pipe }, { "context", context }, { "spawn", spawn }, { "exec", exec_again } };
	long n = argc > 2 ? strtol(argv[2], NULL, 10) : 0;

	if (argc == 6 && !strcmp(argv[1], "copy"))
		return copy((size_t)n, strtol(argv[3], NULL, 10), argv[4], argv[5]);
	for (size_t i = 0; argc == 3 && i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(argv[1], all[i].name))
			return all[i].run(n);
	return 2;
}
