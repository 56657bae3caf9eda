/* SPDX-License-Identifier: BSD-2-Clause */
/* What events say that was done to the world: events that are made here, also such as only a damaged trace has. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/util.h"
#include "seam/deeds.h"
#include "tap.h"

enum { MOST = 6, TASK = 7 };

static struct seam_deeds *deeds;
static struct seam_event event;
static struct seam_blob blobs[MOST];
static uint64_t now = 1000;
static char told[8192];
static uint64_t kinds; /* of those that were told last */
static struct seam_deed last;

static void begin(uint8_t kind, uint32_t tid)
{
	now += 100;
	event = (struct seam_event){ .kind = kind, .arch = SEAM_ARCH_X86_64, .time = now, .tid = tid, .blobs = blobs };
}

/* Shows it the event; the lines of what it tells, with "; " between them. */
static const char *see_it(void)
{
	struct seam_out out;

	seam_out_init_mem(&out);
	kinds = 0;
	seam_deeds_see(deeds, &event);
	while (seam_deeds_next(deeds, &last)) {
		seam_out_puts(&out, kinds ? "; " : "");
		seam_deed_text(&last, &out);
		kinds |= UINT64_C(1) << last.kind;
	}
	snprintf(told, sizeof(told), "%s", out.data ? out.data : "");
	seam_out_release(&out);
	return told;
}

static const struct seam_call *call_of(const char *name)
{
	const struct seam_call *c = seam_call_by_name(&seam_tables, SEAM_ARCH_X86_64, name);

	if (!c)
		abort();
	return c;
}

static void start(const char *name, int64_t ret)
{
	begin(SEAM_EVENT_CALL, TASK);
	event.number = call_of(name)->number;
	event.ret = ret;
	event.returned = event.timed = true;
	event.entered = event.time - 10;
}

static void memory(unsigned arg, const void *bytes, size_t n, enum seam_when when)
{
	event.args[arg] = 0x10000 * (arg + 1);
	blobs[event.blob_count++] = (struct seam_blob){ .address = event.args[arg], .bytes = bytes, .size = (uint32_t)n, .whole = (uint32_t)n,
							.when = (uint8_t)when, .source = (uint8_t)arg };
}

static void string(unsigned arg, const char *s)
{
	memory(arg, s, strlen(s) + 1, SEAM_AT_ENTRY);
}

/* Shows it, and what is told must be among what the call can tell. */
static const char *see(const char *name)
{
	struct seam_callset set;

	see_it();
	for (int i = 0; i < SEAM_DEED_COUNT; i++) {
		if (!(kinds >> i & 1))
			continue;
		seam_callset_init(&set, &seam_tables, SEAM_ARCH_X86_64);
		seam_deed_calls(&set, UINT64_C(1) << i, false);
		if (!seam_callset_has(&set, call_of(name)))
			snprintf(told, sizeof(told), "%s is not among the calls of %s", name, seam_deed_name((enum seam_deed_kind)i));
	}
	return told;
}

static const char *open_at(const char *path, uint64_t flags, int64_t ret)
{
	start("openat", ret);
	event.args[0] = (uint64_t)AT_FDCWD;
	string(1, path);
	event.args[2] = flags;
	return see("openat");
}

static const char *one_path(const char *name, const char *path, int64_t ret)
{
	start(name, ret);
	string(0, path);
	return see(name);
}

static const char *two_paths(const char *name, const char *a, const char *b, int64_t ret)
{
	start(name, ret);
	string(0, a);
	string(1, b);
	return see(name);
}

static const char *numbers(const char *name, int64_t ret, uint64_t a, uint64_t b, uint64_t c)
{
	start(name, ret);
	event.args[0] = a;
	event.args[1] = b;
	event.args[2] = c;
	return see(name);
}

static void fresh(void)
{
	seam_deeds_free(deeds);
	deeds = seam_deeds_new(NULL);
	begin(SEAM_EVENT_DESCRIPTOR, TASK);
	event.descriptor.fd = SEAM_FD_CWD;
	event.descriptor.name = (struct seam_strings){ "/home", 6, 6 };
	STREQ(see_it(), "");
}

static void test_open(void)
{
	fresh();
	STREQ(open_at("a", O_RDONLY, 3), "FileOpened \"/home/a\" to read");
	OK(last.fd == 3 && last.tid == TASK && last.event == &event && last.time == event.time);
	STREQ(open_at("/b", O_RDWR, 4), "FileOpened \"/b\" to read and write");
	STREQ(open_at("/b", O_WRONLY | O_CREAT | O_TRUNC, 5), "FileOpened \"/b\" to write, perhaps created, truncated");
	STREQ(open_at("/b", O_WRONLY | O_CREAT | O_EXCL, 6), "FileOpened \"/b\" to write, created");
	STREQ(open_at("/b", O_PATH, 7), "FileOpened \"/b\"");
	STREQ(open_at("/tmp", O_TMPFILE | O_RDWR, 8), "FileOpened \"/tmp\" to read and write, made without a name");
	STREQ(open_at("/b", O_WRONLY | O_CREAT | O_TRUNC, -EACCES), "FileOpened \"/b\" to write: EACCES");
	STREQ(open_at("none", O_RDONLY, -ENOENT), "FileOpened \"/home/none\" to read: ENOENT");
	OK(last.fd == -1 && last.error == ENOENT);
	STREQ(one_path("creat", "/c", 9), "FileOpened \"/c\" to write, perhaps created, truncated");
	/* the path was not recorded */
	STREQ(numbers("open", 9, 0x5000, 0, 0), "FileOpened ? (descriptor 9) to read");
	STREQ(numbers("open", -ENOENT, 0x5000, 0, 0), "FileOpened ? to read: ENOENT");
	/* a descriptor that is no file */
	STREQ(numbers("eventfd", 10, 0, 0, 0), "");
	start("memfd_create", 11);
	string(0, "x");
	STREQ(see("memfd_create"), "");
	start("mq_open", 12);
	string(0, "q");
	event.args[1] = O_RDWR | O_CREAT;
	STREQ(see("mq_open"), "FileOpened \"/dev/mqueue/q\" to read and write, perhaps created");
	STREQ(one_path("mq_unlink", "q", 0), "FileRemoved \"/dev/mqueue/q\"");
}

static void test_content(void)
{
	fresh();
	open_at("/f", O_RDWR, 3);
	STREQ(numbers("read", 5, 3, 0, 10), "FileRead \"/f\"");
	STREQ(numbers("read", 5, 3, 0, 10), "");
	STREQ(numbers("write", 5, 3, 0, 10), "FileWritten \"/f\"");
	numbers("dup", 4, 3, 0, 0);
	STREQ(numbers("write", 5, 4, 0, 10), "");
	STREQ(numbers("write", -ENOSPC, 4, 0, 10), "FileWritten \"/f\": ENOSPC");
	STREQ(numbers("read", -EAGAIN, 4, 0, 10), "");
	STREQ(numbers("read", -EINTR, 4, 0, 10), "");
	numbers("close", 0, 3, 0, 0);
	open_at("/f", O_RDWR, 3);
	STREQ(numbers("read", 5, 3, 0, 10), "FileRead \"/f\"");
	/* one of which nothing is known */
	STREQ(numbers("read", 5, 77, 0, 10), "FileRead ? (descriptor 77)");
	STREQ(numbers("read", 5, 77, 0, 10), "");
	STREQ(one_path("truncate", "/t", 0), "FileWritten \"/t\"");
	STREQ(one_path("truncate", "/t", -EISDIR), "FileWritten \"/t\": EISDIR");
	open_at("/lib", O_RDONLY, 5);
	start("mmap", 0x7000000);
	event.args[2] = PROT_READ;
	event.args[3] = MAP_PRIVATE;
	event.args[4] = 5;
	STREQ(see("mmap"), "FileMapped \"/lib\" to read");
	STREQ(see("mmap"), "");
	event.args[2] = PROT_READ | PROT_WRITE;
	event.args[3] = MAP_SHARED;
	STREQ(see("mmap"), "FileMapped \"/lib\" to read and write");
	event.args[3] = MAP_PRIVATE | MAP_ANONYMOUS;
	STREQ(see("mmap"), "");
	numbers("eventfd", 9, 0, 0, 0);
	STREQ(numbers("write", 8, 9, 0, 8), "");
	STREQ(numbers("sendfile", 8, 3, 5, 0), "FileRead \"/lib\"; FileWritten \"/f\"");
}

static void test_names(void)
{
	fresh();
	STREQ(one_path("unlink", "x", 0), "FileRemoved \"/home/x\"");
	STREQ(one_path("unlink", "x", -ENOENT), "FileRemoved \"/home/x\": ENOENT");
	STREQ(one_path("rmdir", "/d", 0), "DirRemoved \"/d\"");
	start("unlinkat", 0);
	event.args[0] = (uint64_t)AT_FDCWD;
	string(1, "/d");
	event.args[2] = AT_REMOVEDIR;
	STREQ(see("unlinkat"), "DirRemoved \"/d\"");
	event.args[2] = 0;
	STREQ(see("unlinkat"), "FileRemoved \"/d\"");
	STREQ(one_path("mkdir", "/d", -EEXIST), "DirMade \"/d\": EEXIST");
	STREQ(one_path("mknod", "/fifo", 0), "FileMade \"/fifo\"");
	STREQ(two_paths("rename", "a", "/b", 0), "FileRenamed \"/home/a\" to \"/b\", perhaps replaced");
	STREQ(two_paths("rename", "a", "/b", -EXDEV), "FileRenamed \"/home/a\" to \"/b\": EXDEV");
	start("renameat2", 0);
	event.args[0] = event.args[2] = (uint64_t)AT_FDCWD;
	string(1, "/a");
	string(3, "/b");
	event.args[4] = 1; /* RENAME_NOREPLACE */
	STREQ(see("renameat2"), "FileRenamed \"/a\" to \"/b\"");
	event.args[4] = 2; /* RENAME_EXCHANGE */
	STREQ(see("renameat2"), "FileRenamed \"/a\" and \"/b\" exchanged");
	event.args[4] = 4; /* RENAME_WHITEOUT */
	STREQ(see("renameat2"), "FileRenamed \"/a\" to \"/b\", perhaps replaced");
	STREQ(two_paths("link", "a", "b", 0), "LinkMade \"/home/b\" = \"/home/a\"");
	STREQ(two_paths("symlink", "../a", "b", 0), "LinkMade \"/home/b\" -> \"../a\"");
	start("readlink", 4);
	string(0, "b");
	memory(1, "../a???", 7, SEAM_AT_EXIT);
	event.args[2] = 100;
	STREQ(see("readlink"), "LinkRead \"/home/b\" -> \"../a\"");
	STREQ(one_path("readlink", "b", -EINVAL), "LinkRead \"/home/b\": EINVAL");
	STREQ(one_path("chdir", "sub", 0), "DirEntered \"/home/sub\"");
	STREQ(one_path("stat", "x", 0), "StatusRead \"/home/sub/x\"");
	STREQ(one_path("chdir", "no", -ENOENT), "DirEntered \"/home/sub/no\": ENOENT");
	open_at("/etc", O_RDONLY, 3);
	STREQ(numbers("fchdir", 0, 3, 0, 0), "DirEntered \"/etc\"");
	STREQ(one_path("chroot", "/jail", 0), "RootChanged \"/jail\"");
}

static void test_status(void)
{
	fresh();
	STREQ(one_path("stat", "/x", 0), "StatusRead \"/x\"");
	STREQ(one_path("access", "/x", -ENOENT), "StatusRead \"/x\": ENOENT");
	open_at("/f", O_RDONLY, 3);
	STREQ(numbers("fstat", 0, 3, 0, 0), "");
	start("newfstatat", 0);
	event.args[0] = 3;
	string(1, "");
	event.args[3] = AT_EMPTY_PATH;
	STREQ(see("newfstatat"), "");
	STREQ(one_path("chmod", "/x", 0), "AttributesChanged \"/x\"");
	STREQ(numbers("fchmod", 0, 3, 0600, 0), "AttributesChanged \"/f\"");
	STREQ(numbers("lseek", 0, 3, 0, 0), "");
	/* no path: what the descriptor is */
	STREQ(numbers("utimensat", 0, 3, 0, 0), "AttributesChanged \"/f\"");
	start("getdents64", 100);
	event.args[0] = 3;
	STREQ(see("getdents64"), "DirListed \"/f\"");
	STREQ(see("getdents64"), "");
	start("mount", 0);
	string(0, "none");
	string(1, "/mnt");
	string(2, "tmpfs");
	STREQ(see("mount"), "MountsChanged \"/mnt\"");
	STREQ(numbers("setuid", -EPERM, 0, 0, 0), "CredsChanged: EPERM");
	start("sethostname", 0);
	OK(strstr(see("sethostname"), "SystemChanged \"system\"") == told);
}

static void test_sockets(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(80), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un un = { .sun_family = AF_UNIX, .sun_path = "sock" };
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons(4711), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	uint32_t size = sizeof(from);

	fresh();
	STREQ(numbers("socket", 3, AF_INET, SOCK_STREAM, 0), "");
	start("bind", 0);
	event.args[0] = 3;
	memory(1, &in, sizeof(in), SEAM_AT_ENTRY);
	event.args[2] = sizeof(in);
	STREQ(see("bind"), "Bound to \"127.0.0.1:80\"");
	STREQ(numbers("listen", 0, 3, 5, 0), "Listening at \"127.0.0.1:80\"");
	start("accept", 4);
	event.args[0] = 3;
	memory(1, &from, sizeof(from), SEAM_AT_EXIT);
	memory(2, &size, sizeof(size), SEAM_AT_ENTRY);
	memory(2, &size, sizeof(size), SEAM_AT_EXIT);
	STREQ(see("accept"), "Accepted from \"127.0.0.1:4711\" at \"127.0.0.1:80\"");
	OK(last.fd == 4);
	STREQ(numbers("accept", -EAGAIN, 3, 0, 0), "");
	STREQ(numbers("accept", -EMFILE, 3, 0, 0), "Accepted at \"127.0.0.1:80\": EMFILE");
	STREQ(numbers("read", 12, 4, 0, 100), "Received 12 bytes from \"127.0.0.1:4711\" at \"127.0.0.1:80\"");
	STREQ(numbers("read", 0, 4, 0, 100), "Received 0 bytes from \"127.0.0.1:4711\" at \"127.0.0.1:80\"");
	STREQ(numbers("sendto", -EPIPE, 4, 0, 100), "Sent to \"127.0.0.1:4711\" at \"127.0.0.1:80\": EPIPE");
	numbers("socket", 5, AF_INET, SOCK_STREAM, 0);
	start("connect", -ECONNREFUSED);
	event.args[0] = 5;
	memory(1, &in, sizeof(in), SEAM_AT_ENTRY);
	event.args[2] = sizeof(in);
	STREQ(see("connect"), "Connected to \"127.0.0.1:80\": ECONNREFUSED");
	event.ret = -EINPROGRESS;
	STREQ(see("connect"), "Connected to \"127.0.0.1:80\": EINPROGRESS");
	numbers("socket", 6, AF_UNIX, SOCK_DGRAM, 0);
	start("bind", 0);
	event.args[0] = 6;
	memory(1, &un, sizeof(un), SEAM_AT_ENTRY);
	event.args[2] = sizeof(un);
	STREQ(see("bind"), "Bound to \"sock\"; FileMade \"/home/sock\"");
	numbers("socket", 7, AF_INET, SOCK_DGRAM, 0);
	start("sendto", 3);
	event.args[0] = 7;
	event.args[2] = 3;
	memory(4, &in, sizeof(in), SEAM_AT_ENTRY);
	event.args[5] = sizeof(in);
	STREQ(see("sendto"), "Sent 3 bytes to \"127.0.0.1:80\"");
	STREQ(numbers("sendmmsg", 2, 7, 0, 2), "Sent \"UDP\"");
	OK(last.bytes == SEAM_DEED_NO_BYTES);
}

static void test_tasks(void)
{
	uint32_t status = 256, info[8] = { SIGCHLD, 0, CLD_EXITED, 0, 9, 0, 5 };

	fresh();
	begin(SEAM_EVENT_FORK, TASK);
	event.fork.tid = event.fork.pid = 9;
	event.fork.ppid = TASK;
	STREQ(see_it(), "Spawned 9");
	begin(SEAM_EVENT_FORK, TASK);
	event.fork.tid = 10;
	event.fork.pid = TASK;
	STREQ(see_it(), "Spawned 10, a thread");
	STREQ(numbers("fork", 0, 0, 0, 0), "");
	STREQ(numbers("fork", 9, 0, 0, 0), "");
	STREQ(numbers("fork", -EAGAIN, 0, 0, 0), "Spawned: EAGAIN");
	STREQ(one_path("execve", "prog", -ENOENT), "Executed \"/home/prog\": ENOENT");
	STREQ(one_path("execve", "prog", 0), "");
	begin(SEAM_EVENT_EXEC, TASK);
	event.exec.old_tid = TASK;
	event.exec.file = (struct seam_strings){ "./prog", 7, 7 };
	event.exec.args = (struct seam_strings){ "prog\0\1\"", 8, 20 };
	STREQ(see_it(), "Executed \"/home/prog\" [\"prog\", \"\\001\\\"\", ...]");
	start("wait4", 9);
	memory(1, &status, sizeof(status), SEAM_AT_EXIT);
	STREQ(see("wait4"), "Reaped 9 with 1");
	status = 0x137f; /* stopped */
	STREQ(see("wait4"), "");
	STREQ(numbers("wait4", 9, 0, 0, 0), "Reaped 9");
	STREQ(numbers("wait4", 0, 0, 0, 1), "");
	STREQ(numbers("wait4", -ECHILD, 0, 0, 1), "");
	start("waitid", 0);
	memory(2, info, sizeof(info), SEAM_AT_EXIT);
	STREQ(see("waitid"), "Reaped 9 with 5");
	info[2] = CLD_KILLED;
	STREQ(see("waitid"), "Reaped 9, killed by SIGTRAP");
	info[2] = CLD_STOPPED;
	STREQ(see("waitid"), "");
	STREQ(numbers("kill", 0, 9, SIGTERM, 0), "SignalSent SIGTERM to 9");
	STREQ(numbers("kill", -ESRCH, (uint64_t)-9, SIGTERM, 0), "SignalSent SIGTERM to -9: ESRCH");
	STREQ(numbers("kill", 0, 9, 0, 0), "");
	STREQ(numbers("tgkill", 0, 9, 9, 64), "SignalSent signal 64 to 9");
	begin(SEAM_EVENT_EXIT, 10);
	event.exit.status = 0;
	STREQ(see_it(), "Exited (a thread) with 0");
	begin(SEAM_EVENT_EXIT, TASK);
	event.exit.status = SIGSEGV | 0x80;
	event.exit.last = true;
	STREQ(see_it(), "Exited, killed by SIGSEGV, core dumped");
}

static void test_unknown(void)
{
	fresh();
	begin(SEAM_EVENT_UNKNOWN, TASK);
	event.number = 999999;
	event.returned = true;
	STREQ(see_it(), "Unknown \"call 999999\"");
	STREQ(see_it(), "");
	event.number = 1000000;
	event.ret = -ENOSYS;
	STREQ(see_it(), "");
	STREQ(numbers("io_uring_enter", 1, 3, 1, 0), "Unknown \"io_uring_enter\"");
	STREQ(numbers("io_uring_enter", 1, 3, 1, 0), "");
	begin(SEAM_EVENT_SUBMIT, TASK);
	STREQ(see_it(), "Unknown \"io_uring\"");
	begin(SEAM_EVENT_CALL, TASK);
	event.arch = SEAM_ARCH_I386;
	event.compat = event.returned = true;
	event.number = 5;
	OK(!strncmp(see_it(), "Unknown \"open\"", 14));
	/* never returned, or of nobody */
	start("unlink", 0);
	string(0, "/x");
	event.kind = SEAM_EVENT_ENTRY;
	event.returned = false;
	STREQ(see_it(), "");
	begin(SEAM_EVENT_LOSS, 0);
	STREQ(see_it(), "");
}

static void test_hostile(void)
{
	static char longest[8000];
	uint32_t seed = 1;
	unsigned n = 0;

	fresh();
	memset(longest, 'x', sizeof(longest));
	/* no end, too long, no bytes */
	start("unlink", 0);
	memory(0, longest, sizeof(longest), SEAM_AT_ENTRY);
	STREQ(see("unlink"), "FileRemoved ?");
	start("unlink", 0);
	memory(0, longest, 0, SEAM_AT_ENTRY);
	STREQ(see("unlink"), "FileRemoved ?");
	STREQ(one_path("unlink", "/\xff\n\"\x1b[1m", 0), "FileRemoved \"/\\377\\n\\\"\\033[1m\"");
	start("readlink", 4096);
	string(0, "/l");
	memory(1, longest, sizeof(longest), SEAM_AT_EXIT);
	see("readlink");
	OK(strlen(last.to) == 4095);
	begin(SEAM_EVENT_EXEC, TASK);
	event.exec.file = (struct seam_strings){ longest, sizeof(longest), sizeof(longest) };
	event.exec.args = (struct seam_strings){ longest, sizeof(longest), UINT32_MAX };
	OK(strlen(see_it()) < 200);
	/* every call with any arguments, memory and results; tasks that come and go */
	for (uint32_t i = 0; i < 60000; i++) {
		static const uint8_t all[] = { SEAM_EVENT_CALL, SEAM_EVENT_CALL, SEAM_EVENT_CALL, SEAM_EVENT_CALL, SEAM_EVENT_CALL, SEAM_EVENT_UNKNOWN,
					       SEAM_EVENT_FORK, SEAM_EVENT_EXEC, SEAM_EVENT_EXIT, SEAM_EVENT_SUBMIT };
		struct seam_out out;
		struct seam_deed deed;

		seed = seed * 1664525 + 1013904223;
		begin(all[seed >> 16 & 0xff ? (seed >> 16) % ARRAY_SIZE(all) : 0], 1 + (seed >> 8) % 5);
		event.arch = (uint8_t)(seed >> 12) % (SEAM_ARCH_COUNT + 1);
		event.returned = true;
		event.number = i % 600;
		event.ret = (int64_t)(seed >> 4) % 8 - 4;
		if (event.kind == SEAM_EVENT_CALL || event.kind == SEAM_EVENT_UNKNOWN)
			for (unsigned k = 0; k < SEAM_MAX_ARGS; k++) {
				seed = seed * 1664525 + 1013904223;
				if (seed >> 20 & 1 && event.blob_count < MOST)
					memory(k, longest, seed >> 21 & 0x3f, seed >> 19 & 1 ? SEAM_AT_ENTRY : SEAM_AT_EXIT);
				else
					event.args[k] = seed >> 28 ? seed >> 24 & 0xf : (uint64_t)seed << 32;
			}
		seam_out_init_mem(&out);
		seam_deeds_see(deeds, &event);
		while (seam_deeds_next(deeds, &deed)) {
			seam_deed_text(&deed, &out);
			seam_deed_json(&deed, &out);
			n++;
		}
		seam_out_release(&out);
	}
	OK(n > 1000);
}

/* What is told once is forgotten when there is too much of it, and not before. */
static void test_much(void)
{
	unsigned n = 0;

	fresh();
	for (int i = 0; i < 3000; i++) {
		open_at("/f", O_RDONLY, 3);
		numbers("read", 1, 3, 0, 1);
		n += kinds >> SEAM_DEED_FILE_READ & 1;
		numbers("read", 1, 3, 0, 1);
		n += kinds >> SEAM_DEED_FILE_READ & 1;
	}
	OK(n == 3000);
}

static void test_json(void)
{
	struct seam_out out;

	fresh();
	open_at("/\xff", O_RDWR | O_CREAT | O_TRUNC, 3);
	last.time = 5;
	seam_out_init_mem(&out);
	seam_deed_json(&last, &out);
	STREQ(out.data, "{\"kind\": \"FileOpened\", \"time\": 5, \"tid\": 7, \"pid\": 0, "
			"\"path\": {\"hex\": \"2fff\"}, \"fd\": 3, \"read\": true, \"write\": true, "
			"\"created\": \"perhaps\", \"truncated\": true}");
	seam_out_release(&out);
	numbers("kill", -ESRCH, (uint64_t)-9, SIGTERM, 0);
	last.time = 5;
	seam_out_init_mem(&out);
	seam_deed_line(&last, true, &out);
	seam_deed_line(&last, false, &out);
	STREQ(out.data, "{\"kind\": \"SignalSent\", \"time\": 5, \"tid\": 7, \"pid\": 0, \"target\": -9, \"signal\": \"SIGTERM\", \"error\": \"ESRCH\"}\n"
			"7     SignalSent SIGTERM to -9: ESRCH\n");
	seam_out_release(&out);
}

static void test_kinds(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_callset set;
	uint64_t all;

	OK(seam_deed_by_name("fileopened") == SEAM_DEED_FILE_OPENED && seam_deed_by_name("open") == -1);
	STREQ(seam_deed_name(SEAM_DEED_UNKNOWN), "Unknown");
	OK(!seam_deed_name(SEAM_DEED_COUNT));
	OK(seam_deed_kinds("FileOpened,Sent", &all, &err) == 0 && all == (UINT64_C(1) << SEAM_DEED_FILE_OPENED | UINT64_C(1) << SEAM_DEED_SENT));
	OK(seam_deed_kinds("changes", &all, &err) == 0 && all >> SEAM_DEED_FILE_REMOVED & 1 && !(all >> SEAM_DEED_FILE_READ & 1) && all & SEAM_DEED_DONE);
	OK(!seam_deed_is(&(struct seam_deed){ .kind = SEAM_DEED_FILE_OPENED, .flags = SEAM_DEED_READ }, all));
	OK(seam_deed_is(&(struct seam_deed){ .kind = SEAM_DEED_FILE_OPENED, .flags = SEAM_DEED_READ | SEAM_DEED_CREATED }, all));
	OK(!seam_deed_is(&(struct seam_deed){ .kind = SEAM_DEED_FILE_REMOVED, .error = 2 }, all));
	OK(seam_deed_kinds("FileOpend", &all, &err) == -EINVAL && strstr(err.text, "'FileOpened'"));
	OK(seam_deed_kinds("", &all, &err) == -EINVAL && seam_deed_kinds("Sent,", &all, &err) == -EINVAL);
	seam_callset_init(&set, &seam_tables, SEAM_ARCH_X86_64);
	seam_deed_calls(&set, UINT64_C(1) << SEAM_DEED_FILE_REMOVED, false);
	OK(seam_callset_has(&set, call_of("unlinkat")) && !seam_callset_has(&set, call_of("openat")) && !seam_callset_has(&set, call_of("close")));
	seam_deed_calls(&set, UINT64_C(1) << SEAM_DEED_FILE_REMOVED, true);
	OK(seam_callset_has(&set, call_of("openat")) && seam_callset_has(&set, call_of("close")) && seam_callset_has(&set, call_of("chdir")) &&
	   !seam_callset_has(&set, call_of("getpid")));
}

int main(void)
{
	test_open();
	test_content();
	test_names();
	test_status();
	test_sockets();
	test_tasks();
	test_unknown();
	test_hostile();
	test_much();
	test_json();
	test_kinds();
	seam_deeds_free(deeds);
	return tap_done();
}
