/* SPDX-License-Identifier: BSD-2-Clause */
/* Which file a descriptor is after each kind of call, fork and exec. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/util.h"
#include "seam/open-files.h"
#include "tap.h"

enum { MOST = 4 };

/* A trace that is made as the test goes: each call begins 10 ns before it returns. */
static struct seam_files *files;
static struct seam_event event;
static struct seam_blob blobs[MOST];
static uint64_t now = 1000;

static void begin(uint8_t kind, uint32_t tid)
{
	now += 100;
	event = (struct seam_event){ .kind = kind, .arch = SEAM_ARCH_X86_64, .time = now, .tid = tid, .blobs = blobs };
}

static void see(void)
{
	seam_files_see(files, &event);
}

static void set_call(const char *name, int64_t ret)
{
	const struct seam_call *c = seam_call_by_name(&seam_tables, SEAM_ARCH_X86_64, name);

	if (!c)
		abort();
	event.number = c->number;
	event.ret = ret;
	event.returned = event.timed = true;
	event.entered = event.time - 10;
}

static void memory(unsigned arg, uint64_t address, const void *bytes, uint32_t n, enum seam_when when)
{
	event.args[arg] = address;
	blobs[event.blob_count++] = (struct seam_blob){ .address = address, .bytes = bytes, .size = n, .whole = n,
							.when = (uint8_t)when, .source = (uint8_t)arg };
}

/* A call whose arguments are numbers. */
static void call(uint32_t tid, const char *name, int64_t ret, uint64_t a, uint64_t b, uint64_t c)
{
	begin(SEAM_EVENT_CALL, tid);
	set_call(name, ret);
	event.args[0] = a;
	event.args[1] = b;
	event.args[2] = c;
	see();
}

static void open_at(uint32_t tid, int dirfd, const char *path, uint64_t flags, int64_t ret)
{
	begin(SEAM_EVENT_CALL, tid);
	set_call("openat", ret);
	event.args[0] = (uint64_t)(int64_t)dirfd;
	memory(1, 0x1000, path, (uint32_t)strlen(path) + 1, SEAM_AT_ENTRY);
	event.args[2] = flags;
	see();
}

static void path_call(uint32_t tid, const char *name, const char *path, int64_t ret)
{
	begin(SEAM_EVENT_CALL, tid);
	set_call(name, ret);
	memory(0, 0x1000, path, (uint32_t)strlen(path) + 1, SEAM_AT_ENTRY);
	see();
}

static void fork_of(uint32_t tid, uint32_t child, uint32_t pid)
{
	begin(SEAM_EVENT_FORK, tid);
	event.fork.tid = child;
	event.fork.pid = pid;
	event.fork.ppid = tid;
	see();
}

static void exec_of(uint32_t tid, uint32_t old)
{
	begin(SEAM_EVENT_EXEC, tid);
	event.pid = tid;
	event.exec.old_tid = old;
	see();
}

/* The descriptor as it is now: "-" if it is not known. */
static const char *is(uint32_t tid, int fd)
{
	struct seam_file file;

	begin(SEAM_EVENT_CALL, tid);
	set_call("getpid", 1);
	see();
	return seam_files_fd(files, fd, SEAM_AT_EXIT, &file) ? file.name : "-";
}

/* As the call that was told last found it. */
static const char *was(int fd)
{
	struct seam_file file;

	return seam_files_fd(files, fd, SEAM_AT_ENTRY, &file) ? file.name : "-";
}

static const char *argument(unsigned arg)
{
	struct seam_file file;

	return seam_files_arg(files, arg, &file) ? file.name : "-";
}

static void fresh(void)
{
	seam_files_free(files);
	files = seam_files_new(NULL);
}

static void test_open_and_close(void)
{
	fresh();
	open_at(1, AT_FDCWD, "/etc/passwd", O_CLOEXEC, 3);
	STREQ(was(3), "-");
	STREQ(argument(1), "/etc/passwd");
	STREQ(argument(SEAM_REG_RET), "/etc/passwd");
	STREQ(is(1, 3), "/etc/passwd");
	open_at(1, AT_FDCWD, "/nowhere", 0, -ENOENT);
	STREQ(argument(1), "/nowhere");
	STREQ(argument(SEAM_REG_RET), "-");
	open_at(1, AT_FDCWD, "/etc", O_DIRECTORY, 4);
	open_at(1, 4, "hosts", 0, 5);
	STREQ(is(1, 5), "/etc/hosts");
	open_at(1, 4, "./a/../b//c", 0, 6);
	STREQ(is(1, 6), "/etc/b/c");
	open_at(1, 4, "../../../x", 0, 7);
	STREQ(is(1, 7), "/x");
	call(1, "close", 0, 3, 0, 0);
	STREQ(was(3), "/etc/passwd");
	STREQ(is(1, 3), "-");
	/* the descriptor is gone whatever close() says, unless there was none */
	call(1, "close", -EIO, 5, 0, 0);
	STREQ(is(1, 5), "-");
	call(1, "close", -EBADF, 6, 0, 0);
	STREQ(is(1, 6), "/etc/b/c");
	/* a path that was not recorded */
	begin(SEAM_EVENT_CALL, 1);
	set_call("open", 6);
	event.args[0] = 0x5000;
	see();
	STREQ(is(1, 6), "-");
	STREQ(is(1, -1), "-");
	STREQ(is(1, 1 << 30), "-");
	/* what is far away is not followed */
	open_at(1, AT_FDCWD, "/far", 0, 1 << 29);
	STREQ(is(1, 1 << 29), "-");
}

static void test_dup(void)
{
	fresh();
	open_at(1, AT_FDCWD, "/a", 0, 3);
	open_at(1, AT_FDCWD, "/b", O_CLOEXEC, 4);
	call(1, "dup", 5, 3, 0, 0);
	STREQ(is(1, 5), "/a");
	call(1, "dup2", 4, 3, 4, 0);
	STREQ(was(4), "/b");
	STREQ(is(1, 4), "/a");
	call(1, "dup2", 3, 3, 3, 0);
	STREQ(is(1, 3), "/a");
	call(1, "dup2", -EBADF, 9, 3, 0);
	STREQ(is(1, 3), "/a");
	call(1, "dup3", 7, 3, 7, O_CLOEXEC);
	call(1, "fcntl", 10, 3, F_DUPFD, 10);
	call(1, "fcntl", 11, 3, F_DUPFD_CLOEXEC, 10);
	STREQ(is(1, 7), "/a");
	STREQ(is(1, 10), "/a");
	STREQ(is(1, 11), "/a");
	exec_of(1, 1);
	/* what dup2() made has no close-on-exec, whatever was there before */
	STREQ(is(1, 4), "/a");
	STREQ(is(1, 7), "-");
	STREQ(is(1, 10), "/a");
	STREQ(is(1, 11), "-");
	/* a descriptor of which nothing is known stands for nothing afterwards either */
	call(1, "dup2", 10, 77, 10, 0);
	STREQ(is(1, 10), "-");
}

static void test_exec(void)
{
	fresh();
	open_at(1, AT_FDCWD, "/kept", 0, 3);
	open_at(1, AT_FDCWD, "/closed", O_CLOEXEC, 4);
	open_at(1, AT_FDCWD, "/marked", 0, 5);
	open_at(1, AT_FDCWD, "/unmarked", O_CLOEXEC, 6);
	open_at(1, AT_FDCWD, "/ioctl", 0, 7);
	call(1, "fcntl", 0, 5, F_SETFD, FD_CLOEXEC);
	call(1, "fcntl", 0, 6, F_SETFD, 0);
	call(1, "ioctl", 0, 7, 0x5451, 0);
	/* a child of vfork() runs a program; the parent keeps all */
	fork_of(1, 2, 2);
	STREQ(is(2, 4), "/closed");
	exec_of(2, 2);
	STREQ(is(2, 3), "/kept");
	STREQ(is(2, 4), "-");
	STREQ(is(2, 5), "-");
	STREQ(is(2, 6), "/unmarked");
	STREQ(is(2, 7), "-");
	STREQ(is(1, 4), "/closed");
	call(1, "vfork", 2, 0, 0, 0);
	STREQ(is(1, 5), "/marked");
	/* a thread runs a program and becomes the first one */
	fork_of(1, 8, 1);
	exec_of(1, 8);
	STREQ(is(1, 3), "/kept");
	STREQ(is(1, 4), "-");
	STREQ(is(8, 3), "-");
}

static void test_close_range(void)
{
	fresh();
	for (int fd = 3; fd < 200; fd++)
		open_at(1, AT_FDCWD, "/x", 0, fd);
	call(1, "close_range", 0, 10, 20, 0);
	STREQ(is(1, 9), "/x");
	STREQ(is(1, 10), "-");
	STREQ(is(1, 20), "-");
	STREQ(is(1, 21), "/x");
	call(1, "close_range", 0, 100, UINT32_MAX, 4); /* CLOSE_RANGE_CLOEXEC */
	STREQ(is(1, 150), "/x");
	/* with a table of its own */
	fork_of(1, 2, 1);
	call(2, "close_range", 0, 3, UINT32_MAX, 2);
	STREQ(is(2, 3), "-");
	STREQ(is(1, 3), "/x");
	exec_of(1, 1);
	STREQ(is(1, 99), "/x");
	STREQ(is(1, 150), "-");
}

static void test_forks(void)
{
	fresh();
	open_at(1, AT_FDCWD, "/a", 0, 3);
	fork_of(1, 2, 2);
	open_at(2, AT_FDCWD, "/child", 0, 4);
	STREQ(is(1, 4), "-");
	call(1, "close", 0, 3, 0, 0);
	STREQ(is(2, 3), "/a");
	/* threads share */
	fork_of(2, 20, 2);
	open_at(20, AT_FDCWD, "/thread", 0, 5);
	STREQ(is(2, 5), "/thread");
	path_call(20, "chdir", "/usr", 0);
	STREQ(is(2, AT_FDCWD), "/usr");
	/* until one says that it does not */
	call(20, "unshare", 0, CLONE_FILES, 0, 0);
	call(20, "close", 0, 5, 0, 0);
	STREQ(is(2, 5), "/thread");
	path_call(20, "chdir", "lib", 0);
	STREQ(is(2, AT_FDCWD), "/usr/lib");
	call(20, "unshare", 0, CLONE_FS, 0, 0);
	path_call(20, "chdir", "/", 0);
	STREQ(is(2, AT_FDCWD), "/usr/lib");
	/* a process that shares descriptors, which is known when clone returns */
	fork_of(1, 3, 3);
	open_at(3, AT_FDCWD, "/early", 0, 8);
	call(1, "clone", 3, CLONE_FILES | CLONE_FS | SIGCHLD, 0, 0);
	STREQ(is(1, 8), "/early");
	open_at(1, AT_FDCWD, "/late", 0, 9);
	STREQ(is(3, 9), "/late");
	path_call(3, "chdir", "/srv", 0);
	STREQ(is(1, AT_FDCWD), "/srv");
	/* a number that is used again */
	fork_of(1, 2, 2);
	STREQ(is(2, 3), "-");
	STREQ(is(2, 9), "/late");
}

static void test_folders(void)
{
	static const char cwd[] = "/real/place";

	fresh();
	open_at(1, AT_FDCWD, "unknown", 0, 3);
	STREQ(is(1, 3), "unknown");
	path_call(1, "chdir", "/tmp", 0);
	path_call(1, "chdir", "x/y", 0);
	STREQ(argument(0), "/tmp/x/y");
	path_call(1, "chdir", "/nowhere", -ENOENT);
	STREQ(is(1, AT_FDCWD), "/tmp/x/y");
	path_call(1, "rename", "a", 0);
	STREQ(argument(0), "/tmp/x/y/a");
	open_at(1, AT_FDCWD, "d", O_DIRECTORY, 4);
	/* its name is the one that it was opened by */
	path_call(1, "rename", "d", 0);
	STREQ(is(1, 4), "/tmp/x/y/d");
	call(1, "fchdir", 0, 4, 0, 0);
	STREQ(is(1, AT_FDCWD), "/tmp/x/y/d");
	STREQ(was(AT_FDCWD), "/tmp/x/y/d");
	begin(SEAM_EVENT_CALL, 1);
	set_call("getcwd", sizeof(cwd));
	memory(0, 0x2000, cwd, sizeof(cwd), SEAM_AT_EXIT);
	see();
	STREQ(is(1, AT_FDCWD), "/real/place");
	path_call(1, "chroot", "/jail", 0);
	open_at(1, AT_FDCWD, "/etc/../../up", 0, 5);
	STREQ(is(1, 5), "/jail/up");
	open_at(1, AT_FDCWD, "down", 0, 5);
	STREQ(is(1, 5), "/real/place/down");
	/* "" is the descriptor itself */
	begin(SEAM_EVENT_CALL, 1);
	set_call("newfstatat", 0);
	event.args[0] = 5;
	memory(1, 0x1000, "", 1, SEAM_AT_ENTRY);
	event.args[3] = AT_EMPTY_PATH;
	see();
	STREQ(argument(1), "/real/place/down");
}

static void pair(uint32_t tid, const char *name, uint64_t a, uint64_t b, unsigned arg, const int fds[2])
{
	begin(SEAM_EVENT_CALL, tid);
	set_call(name, 0);
	event.args[0] = a;
	event.args[1] = b;
	memory(arg, 0x3000, fds, 8, SEAM_AT_EXIT);
	see();
}

static void test_kinds(void)
{
	static const int two[2] = { 10, 11 }, more[2] = { 12, 13 };

	fresh();
	pair(1, "pipe2", 0, O_CLOEXEC, 0, two);
	STREQ(is(1, 10), "pipe#1");
	STREQ(is(1, 11), "pipe#1");
	pair(1, "socketpair", AF_UNIX, SOCK_STREAM, 3, more);
	STREQ(is(1, 13), "UNIX-STREAM");
	exec_of(1, 1);
	STREQ(is(1, 11), "-");
	STREQ(is(1, 12), "UNIX-STREAM");
	call(1, "epoll_create1", 3, 0, 0, 0);
	STREQ(is(1, 3), "anon_inode:[eventpoll]");
	call(1, "pidfd_open", 4, 4711, 0, 0);
	STREQ(is(1, 4), "pid:4711");
	path_call(1, "memfd_create", "name", 5);
	STREQ(is(1, 5), "/memfd:name");
	path_call(1, "mq_open", "queue", 6);
	STREQ(is(1, 6), "/dev/mqueue/queue");
	call(1, "signalfd", 7, (uint64_t)-1, 0, 8);
	STREQ(is(1, 7), "anon_inode:[signalfd]");
	/* a new mask, not a new descriptor */
	call(1, "signalfd", 4, 4, 0, 8);
	STREQ(is(1, 4), "pid:4711");
	call(1, "socket", 8, AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	STREQ(is(1, 8), "UDPv6");
	call(1, "socket", 8, AF_NETLINK, SOCK_RAW, 0);
	STREQ(is(1, 8), "NETLINK-ROUTE");
	call(1, "socket", 8, AF_PACKET, SOCK_RAW, 0);
	STREQ(is(1, 8), "PACKET");
	call(1, "socket", 8, AF_INET, SOCK_RAW, 1);
	STREQ(is(1, 8), "RAW");
	call(1, "socket", 8, 999, 999, 999);
	STREQ(is(1, 8), "socket");
}

/* 127.0.0.1:@port, or any address. */
static const unsigned char *inet(unsigned port, bool any)
{
	static unsigned char a[16];

	memcpy(a, (unsigned char[16]){ AF_INET, 0, (unsigned char)(port >> 8), (unsigned char)port, 127, 0, 0, 1 }, sizeof(a));
	if (any)
		memset(a + 4, 0, 4);
	return a;
}

static void address_call(const char *name, int fd, const void *address, uint32_t n, enum seam_when when, int64_t ret)
{
	begin(SEAM_EVENT_CALL, 1);
	set_call(name, ret);
	event.args[0] = (uint64_t)fd;
	memory(1, 0x1000, address, n, when);
	event.args[2] = when == SEAM_AT_ENTRY ? n : 0x2000;
	see();
}

static void test_sockets(void)
{
	static const char local[] = "\1\0/run/x", nobody[2] = { 1, 0 }, none[2] = { 0, 0 };
	struct seam_file file;

	fresh();
	call(1, "socket", 3, AF_INET, SOCK_STREAM, 0);
	STREQ(is(1, 3), "TCP");
	address_call("bind", 3, inet(80, true), 16, SEAM_AT_ENTRY, 0);
	STREQ(was(3), "TCP");
	STREQ(is(1, 3), "TCP:[0.0.0.0:80]");
	address_call("accept", 3, inet(4711, false), 16, SEAM_AT_EXIT, 4);
	STREQ(is(1, 4), "TCP:[*:80->127.0.0.1:4711]");
	address_call("getsockname", 4, inet(80, false), 16, SEAM_AT_EXIT, 0);
	STREQ(is(1, 4), "TCP:[127.0.0.1:80->127.0.0.1:4711]");
	OK(seam_files_fd(files, 4, SEAM_AT_EXIT, &file) && file.kind == SEAM_FILE_SOCKET);
	STREQ(file.local, "127.0.0.1:80");
	STREQ(file.peer, "127.0.0.1:4711");
	STREQ(is(1, 3), "TCP:[0.0.0.0:80]");
	/* a copy learns what the other learns */
	call(1, "socket", 5, AF_INET, SOCK_STREAM, 0);
	call(1, "dup", 6, 5, 0, 0);
	address_call("connect", 5, inet(80, false), 16, SEAM_AT_ENTRY, -ECONNREFUSED);
	STREQ(is(1, 6), "TCP");
	address_call("connect", 5, inet(80, false), 16, SEAM_AT_ENTRY, -EINPROGRESS);
	STREQ(was(5), "TCP");
	STREQ(is(1, 6), "TCP:[->127.0.0.1:80]");
	address_call("getsockname", 6, inet(99, false), 16, SEAM_AT_EXIT, 0);
	STREQ(is(1, 5), "TCP:[127.0.0.1:99->127.0.0.1:80]");
	/* no longer */
	address_call("connect", 5, none, 2, SEAM_AT_ENTRY, 0);
	STREQ(is(1, 5), "TCP:[127.0.0.1:99]");
	call(1, "socket", 7, AF_UNIX, SOCK_SEQPACKET, 0);
	address_call("bind", 7, local, sizeof(local), SEAM_AT_ENTRY, 0);
	STREQ(is(1, 7), "UNIX-SEQPACKET:[/run/x]");
	address_call("accept4", 7, nobody, 2, SEAM_AT_EXIT, 8);
	STREQ(is(1, 8), "UNIX-SEQPACKET:[/run/x]");
	call(1, "socket", 9, AF_UNIX, SOCK_STREAM, 0);
	address_call("connect", 9, "\1\0\0abstract", 11, SEAM_AT_ENTRY, 0);
	STREQ(is(1, 9), "UNIX-STREAM:[->@abstract]");
}

/* Two threads: what one call found is not what another has made meanwhile. */
static void test_overlap(void)
{
	fresh();
	open_at(1, AT_FDCWD, "/old", 0, 3);
	fork_of(1, 2, 1);
	/* the number is free inside of close(), and open() tells of it first */
	open_at(2, AT_FDCWD, "/new", 0, 3);
	begin(SEAM_EVENT_CALL, 1);
	set_call("close", 0);
	event.args[0] = 3;
	event.entered = event.time - 150;
	see();
	STREQ(was(3), "/old");
	STREQ(is(1, 3), "/new");
	/* a read that began before */
	begin(SEAM_EVENT_CALL, 1);
	set_call("read", 1);
	event.args[0] = 3;
	event.entered = event.time - 500;
	see();
	STREQ(was(3), "/old");
	STREQ(is(1, 3), "/new");
}

static void test_received(void)
{
	/* a header with room for nothing else, control messages with two descriptors */
	unsigned char control[24] = { 24, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0 };
	uint64_t head[7] = { 0, 0, 0, 0, 0x7000, sizeof(control), 0 };

	fresh();
	for (int fd = 3; fd < 7; fd++)
		open_at(1, AT_FDCWD, "/gone", 0, fd);
	begin(SEAM_EVENT_CALL, 1);
	set_call("recvmsg", 1);
	event.args[0] = 3;
	memory(1, 0x6000, head, sizeof(head), SEAM_AT_ENTRY);
	memory(1, 0x7000, control, sizeof(control), SEAM_AT_EXIT);
	event.args[1] = 0x6000;
	see();
	/* what they are nobody knows, but not what they were */
	STREQ(is(1, 4), "-");
	STREQ(is(1, 5), "-");
	STREQ(is(1, 6), "/gone");
}

static void test_touched(void)
{
	struct seam_file file;
	static const int two[2] = { 10, 11 };

	fresh();
	open_at(1, AT_FDCWD, "/etc", 0, 4);
	open_at(1, 4, "hosts", 0, 5);
	OK(seam_files_touched(files, 0, &file));
	STREQ(file.name, "/etc/hosts");
	EQ(file.id, 0);
	OK(seam_files_touched(files, 1, &file));
	STREQ(file.name, "/etc");
	OK(seam_files_touched(files, 2, &file));
	STREQ(file.name, "/etc/hosts");
	OK(!seam_files_touched(files, 3, &file));
	OK(seam_files_uses(files, 4) && seam_files_uses(files, 5) && !seam_files_uses(files, 6));
	OK(seam_files_about(files, &file));
	STREQ(file.name, "/etc/hosts");
	call(1, "read", 1, 5, 0, 1);
	OK(seam_files_about(files, &file) && file.id);
	STREQ(file.name, "/etc/hosts");
	call(1, "read", 1, 77, 0, 1);
	OK(!seam_files_about(files, &file));
	OK(seam_files_touched(files, 0, &file));
	STREQ(file.name, "");
	pair(1, "pipe2", 0, 0, 0, two);
	OK(seam_files_uses(files, 11));
	call(1, "getpid", 1, 4, 0, 0);
	OK(!seam_files_uses(files, 4) && !seam_files_touched(files, 0, &file));
}

/* Ended tasks are forgotten, one by one. */
static void test_many(void)
{
	int there = 0;

	fresh();
	open_at(1, AT_FDCWD, "/a", 0, 3);
	for (uint32_t i = 2; i < 5000; i++) {
		fork_of(1, i, i);
		begin(SEAM_EVENT_EXIT, i);
		see();
	}
	for (uint32_t i = 2; i < 5000; i++)
		there += strcmp(is(i, 3), "/a") == 0;
	EQ(there, 1024);
}

int main(void)
{
	test_open_and_close();
	test_dup();
	test_exec();
	test_close_range();
	test_forks();
	test_folders();
	test_kinds();
	test_sockets();
	test_overlap();
	test_received();
	test_touched();
	test_many();
	seam_files_free(files);
	return tap_done();
}
