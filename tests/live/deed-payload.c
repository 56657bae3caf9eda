/* SPDX-License-Identifier: BSD-2-Clause */
/* Does things to the world, in the folder that it is given, and writes into a file what events must say of it. deed-payload FOLDER TOLD */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char lines[1 << 16];
static size_t used;
static const char *dir;

static void expect_of(int pid, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void expect_of(int pid, const char *fmt, va_list ap)
{
	used += (size_t)snprintf(lines + used, sizeof(lines) - used, "%d ", pid);
	used += (size_t)vsnprintf(lines + used, sizeof(lines) - used, fmt, ap);
	lines[used++] = '\n';
}

/* @ok: whether the machine did what was meant; else the line could not be right. */
__attribute__((format(printf, 2, 3))) static void expect(int ok, const char *fmt, ...)
{
	va_list ap;

	if (!ok) {
		fprintf(stderr, "did not work: %s (%s)\n", fmt, strerror(errno));
		exit(1);
	}
	va_start(ap, fmt);
	expect_of(getpid(), fmt, ap);
	va_end(ap);
}

__attribute__((format(printf, 2, 3))) static void expect_child(int pid, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	expect_of(pid, fmt, ap);
	va_end(ap);
}

static void files(void)
{
	char buf[16];
	int fd, again;
	DIR *d;

	fd = open("new", O_RDWR | O_CREAT | O_EXCL, 0644);
	expect(fd >= 0, "FileOpened \"%s/new\" to read and write, created", dir);
	expect(write(fd, "hello", 5) == 5, "FileWritten \"%s/new\"", dir);
	if (write(fd, "hello", 5) != 5)
		exit(1);
	again = dup(fd);
	expect(pread(again, buf, 5, 0) == 5, "FileRead \"%s/new\"", dir);
	expect(fchmod(again, 0600) == 0, "AttributesChanged \"%s/new\"", dir);
	close(fd);
	close(again);
	fd = open("new", O_WRONLY | O_APPEND);
	expect(fd >= 0, "FileOpened \"%s/new\" to write", dir);
	expect(write(fd, "x", 1) == 1, "FileWritten \"%s/new\"", dir);
	close(fd);
	fd = open("new", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	expect(fd >= 0, "FileOpened \"%s/new\" to write, perhaps created, truncated", dir);
	close(fd);
	expect(open("new", O_WRONLY | O_CREAT | O_EXCL, 0644) < 0, "FileOpened \"%s/new\" to write: EEXIST", dir);
	expect(open("absent", O_RDONLY) < 0, "FileOpened \"%s/absent\" to read: ENOENT", dir);
	expect(access("absent", F_OK) < 0, "StatusRead \"%s/absent\": ENOENT", dir);
	expect(access("new", R_OK) == 0, "StatusRead \"%s/new\"", dir);
	expect(truncate("new", 5000) == 0, "FileWritten \"%s/new\"", dir);
	fd = open("new", O_RDONLY);
	expect(fd >= 0, "FileOpened \"%s/new\" to read", dir);
	expect(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED, "FileMapped \"%s/new\" to read", dir);
	close(fd);
	expect(symlink("new", "sym") == 0, "LinkMade \"%s/sym\" -> \"new\"", dir);
	expect(readlink("sym", buf, sizeof(buf)) == 3, "LinkRead \"%s/sym\" -> \"new\"", dir);
	expect(link("new", "hard") == 0, "LinkMade \"%s/hard\" = \"%s/new\"", dir, dir);
	expect(rename("hard", "moved") == 0, "FileRenamed \"%s/hard\" to \"%s/moved\", perhaps replaced", dir, dir);
	expect(syscall(SYS_renameat2, AT_FDCWD, "new", AT_FDCWD, "moved", 2) == 0, "FileRenamed \"%s/new\" and \"%s/moved\" exchanged", dir, dir);
	expect(mkdir("sub", 0755) == 0, "DirMade \"%s/sub\"", dir);
	expect(mkdir("sub", 0755) < 0, "DirMade \"%s/sub\": EEXIST", dir);
	expect(mkfifo("sub/fifo", 0600) == 0, "FileMade \"%s/sub/fifo\"", dir);
	d = opendir("sub");
	expect(d != NULL, "FileOpened \"%s/sub\" to read", dir);
	expect(readdir(d) != NULL, "DirListed \"%s/sub\"", dir);
	while (readdir(d))
		;
	expect(unlinkat(dirfd(d), "fifo", 0) == 0, "FileRemoved \"%s/sub/fifo\"", dir);
	closedir(d);
	expect(rmdir("sub") == 0, "DirRemoved \"%s/sub\"", dir);
	expect(unlink("moved") == 0, "FileRemoved \"%s/moved\"", dir);
	expect(unlink("moved") < 0, "FileRemoved \"%s/moved\": ENOENT", dir);
	expect(chmod("new", 0640) == 0, "AttributesChanged \"%s/new\"", dir);
}

static void connections(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET };
	struct sockaddr_un u = { .sun_family = AF_UNIX, .sun_path = "sock" };
	socklen_t n = sizeof(a);
	int l = socket(AF_INET, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), s, server, client, port;
	char buf[16], at[300];

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	/* a port that is free: it is bound, but nobody listens */
	expect(bind(l, (struct sockaddr *)&a, n) == 0, "Bound to \"127.0.0.1:*\"");
	getsockname(l, (struct sockaddr *)&a, &n);
	server = ntohs(a.sin_port);
	expect(connect(c, (struct sockaddr *)&a, n) < 0, "Connected to \"127.0.0.1:%d\": ECONNREFUSED", server);
	close(c);
	c = socket(AF_INET, SOCK_STREAM, 0);
	expect(listen(l, 1) == 0, "Listening at \"127.0.0.1:%d\"", server);
	expect(connect(c, (struct sockaddr *)&a, n) == 0, "Connected to \"127.0.0.1:%d\"", server);
	s = accept(l, (struct sockaddr *)&a, &n);
	client = ntohs(a.sin_port);
	expect(s >= 0, "Accepted from \"127.0.0.1:%d\" at \"127.0.0.1:%d\"", client, server);
	expect(send(c, "12345", 5, 0) == 5, "Sent 5 bytes to \"127.0.0.1:%d\"", server);
	expect(recv(s, buf, 16, 0) == 5, "Received 5 bytes from \"127.0.0.1:%d\" at \"127.0.0.1:%d\"", client, server);
	expect(write(s, "123", 3) == 3, "Sent 3 bytes to \"127.0.0.1:%d\" at \"127.0.0.1:%d\"", client, server);
	expect(read(c, buf, 16) == 3, "Received 3 bytes from \"127.0.0.1:%d\"", server);
	close(c);
	expect(read(s, buf, 16) == 0, "Received 0 bytes from \"127.0.0.1:%d\" at \"127.0.0.1:%d\"", client, server);
	close(s);
	close(l);
	/* datagrams that name their way */
	l = socket(AF_INET, SOCK_DGRAM, 0);
	c = socket(AF_INET, SOCK_DGRAM, 0);
	a.sin_port = 0;
	n = sizeof(a);
	expect(bind(l, (struct sockaddr *)&a, n) == 0, "Bound to \"127.0.0.1:*\"");
	getsockname(l, (struct sockaddr *)&a, &n);
	port = ntohs(a.sin_port);
	expect(sendto(c, "1234", 4, 0, (struct sockaddr *)&a, n) == 4, "Sent 4 bytes to \"127.0.0.1:%d\"", port);
	n = sizeof(a);
	s = (int)recvfrom(l, buf, 16, 0, (struct sockaddr *)&a, &n);
	expect(s == 4, "Received 4 bytes from \"127.0.0.1:%d\" at \"127.0.0.1:%d\"", ntohs(a.sin_port), port);
	close(l);
	close(c);
	l = socket(AF_UNIX, SOCK_STREAM, 0);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(at, sizeof(at), "\"sock\"");
	expect(bind(l, (struct sockaddr *)&u, sizeof(u)) == 0, "Bound to %s", at);
	expect(1, "FileMade \"%s/sock\"", dir);
	expect(listen(l, 1) == 0, "Listening at %s", at);
	expect(connect(c, (struct sockaddr *)&u, sizeof(u)) == 0, "Connected to %s", at);
	s = accept(l, NULL, NULL);
	expect(s >= 0, "Accepted at %s", at);
	expect(send(c, "1", 1, 0) == 1, "Sent 1 bytes to %s", at);
	expect(recv(s, buf, 16, 0) == 1, "Received 1 bytes at %s", at);
	close(c);
	close(s);
	close(l);
	expect(unlink("sock") == 0, "FileRemoved \"%s/sock\"", dir);
}

static void processes(const char *self)
{
	char name[] = "none", *none[] = { name, NULL };
	siginfo_t info;
	int pid = fork(), status;

	if (!pid) {
		unlink("new");
		_exit(3);
	}
	expect(pid > 0, "Spawned %d", pid);
	expect_child(pid, "FileRemoved \"%s/new\"", dir);
	expect_child(pid, "Exited with 3");
	expect(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3, "Reaped %d with 3", pid);
	pid = vfork();
	if (!pid) {
		execl(self, "payload", "again", (char *)NULL);
		_exit(1);
	}
	expect(pid > 0, "Spawned %d", pid);
	expect_child(pid, "Executed \"%s\" [\"payload\", \"again\"]", self);
	expect_child(pid, "Exited with 4");
	expect(waitid(P_PID, (id_t)pid, &info, WEXITED) == 0 && info.si_status == 4, "Reaped %d with 4", pid);
	pid = fork();
	if (!pid) {
		pause();
		_exit(0);
	}
	expect(pid > 0, "Spawned %d", pid);
	expect(kill(pid, SIGTERM) == 0, "SignalSent SIGTERM to %d", pid);
	expect_child(pid, "Exited, killed by SIGTERM");
	expect(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status), "Reaped %d, killed by SIGTERM", pid);
	expect(kill(pid, SIGTERM) < 0, "SignalSent SIGTERM to %d: ESRCH", pid);
	expect(execv("none", none) < 0, "Executed \"%s/none\": ENOENT", dir);
}

int main(int argc, char **argv)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int fd;

	if (argc == 2)
		return 4;
	if (argc != 3 || n < 0)
		return 2;
	self[n] = '\0';
	dir = argv[1];
	fd = open(argv[2], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	expect(chdir(dir) == 0, "DirEntered \"%s\"", dir);
	files();
	connections();
	processes(self);
	expect(1, "Exited with 0");
	return write(fd, lines, used) == (ssize_t)used ? 0 : 1;
}
