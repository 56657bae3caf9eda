/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of all sorts, for expressions to choose from: where-payload FOLDER [again]. In the folder it makes and removes files; it
 * has a child, and a grandchild that is itself once more.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arch/trial.h"

static void files(void)
{
	char bytes[4096] = { 0 };
	int fd = open("first.txt", O_CREAT | O_RDWR | O_TRUNC, 0644), copy;

	for (size_t n = 1; n <= sizeof(bytes); n *= 4)
		if (write(fd, bytes, n) != (ssize_t)n)
			perror("write");
	copy = dup(fd);
	if (lseek(copy, 0, SEEK_SET) == 0 && read(copy, bytes, 100) == 100)
		close(copy);
	lseek(fd, -1, SEEK_SET);
	fcntl(fd, F_GETFD);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, 12345);
	close(fd);
	close(fd);
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "/etc/passwd", "/no/such/file", "sub.d/second.c" };

		fd = open(names[i], O_RDONLY | (i == 2 ? O_CREAT : 0), 0600);
		if (fd >= 0)
			close(fd);
	}
	mkdir("sub.d", 0700);
	mkdir("sub.d", 0700);
	rename("first.txt", "sub.d/third.txt");
	rename("nothing", "sub.d/nothing");
	symlink("/etc/passwd", "sub.d/link");
	unlink("sub.d/link");
	unlink("sub.d/third.txt");
	rmdir("sub.d");
	open("", O_RDONLY);
	syscall(SYS_openat, AT_FDCWD, 8, O_RDONLY);
}

static void others(void)
{
	struct timespec some = { .tv_nsec = 20000000 };
	int ends[2];
	void *m = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(m, 4096, PROT_READ | PROT_WRITE);
	munmap(m, 8192);
	if (pipe(ends) == 0 && write(ends[1], "pipe", 4) == 4 && read(ends[0], (char[8]){ 0 }, 8) == 4)
		close(ends[1]);
	signal(SIGUSR1, SIG_IGN);
	kill(getpid(), SIGUSR1);
	kill(getpid(), 0);
	nanosleep(&some, NULL);
	syscall(3000, 1, 2, 3);
	arch_try_narrow_getpid();
}

static void family(char **argv)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		prctl(PR_SET_NAME, "renamed");
		getppid();
		open("/etc/group", O_RDONLY);
		if (setuid(12345) == 0)
			getuid();
		execl(argv[0], argv[0], argv[1], "again", NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
}

int main(int argc, char **argv)
{
	if (argc < 2 || chdir(argv[1]) < 0)
		return 2;
	if (argc > 2) {
		getuid();
		open("/etc/passwd", O_RDONLY);
		return 3;
	}
	files();
	others();
	family(argv);
	return 0;
}
