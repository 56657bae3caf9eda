/* SPDX-License-Identifier: BSD-2-Clause */
/* Handlers and the call they stand in front of: arguments, memory, paths, results, other calls in its place. */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <linux/filter.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "arch/trial.h"
#include "hook-case.h"
#include "tap.h"

/* --- What is read. */

static struct {
	int64_t dfd, flags;
	char path[64], data[64];
	uint64_t size;
	int missing;
	unsigned calls;
	int64_t got[8];
	char text[8][256];
} saw;

static void note(char *to, size_t n, const char *from)
{
	snprintf(to, n, "%s", from ? from : "(none)");
}

static int payload_open(void)
{
	char buffer[16];
	int fd = (int)syscall(SYS_openat, 0x1234567800000000ull | (uint32_t)AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC);
	struct iovec v[2] = { { (char[]){ "abc" }, 3 }, { (char[]){ "defg" }, 4 } };

	syscall(SYS_writev, open("/dev/null", O_WRONLY), v, 2);
	return fd < 0 || read(fd, buffer, 16) != 0;
}

/* A name that lies across the end of a page, with more before it each time; the last is as long as names are. */
static int payload_across(void)
{
	char *pages = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED || munmap(pages + 12288, 4096))
		return 1;
	for (int before = 0; before <= 300; before++) {
		char *name = pages + 4096 - before;

		memset(name, 'a', 300);
		name[300] = 0;
		syscall(SYS_chdir, name);
	}
	/* up to the last byte that is there, and one without an end */
	memset(pages, 'a', 12288);
	pages[12287] = 0;
	syscall(SYS_chdir, pages + 12288 - 301);
	pages[12287] = 'a';
	syscall(SYS_chdir, pages + 12288 - 301);
	pages[12287] = 0;
	syscall(SYS_chdir, pages);
	return 0;
}

static unsigned across_right, across_none, across_long;

static void on_chdir(struct seam_hook *h)
{
	const char *name = seam_arg_string(h, "filename"), *again = seam_arg_string(h, "filename");

	if (!name)
		across_none++;
	else if (!again || strspn(name, "a") != strlen(name) || strcmp(name, again))
		return;
	else if (strlen(name) == 300)
		across_right++;
	else if (strlen(name) == 12287)
		across_long++;
}

static void on_open(struct seam_hook *h)
{
	const char *path = seam_arg_string(h, "filename");

	if (strcmp(path, "/dev/null") || saw.calls++)
		return;
	saw.dfd = seam_arg(h, "dfd");
	saw.flags = seam_arg(h, "flags");
	note(saw.path, sizeof(saw.path), path);
	saw.missing = seam_arg_index(h, "nothing");
}

static void on_writev(struct seam_hook *h)
{
	size_t n;
	const char *data = seam_gather(h, (uint64_t)seam_arg(h, "vec"), (uint64_t)seam_arg(h, "vlen"), 100, &n);

	snprintf(saw.data, sizeof(saw.data), "%.*s", (int)n, data);
	saw.size = n;
}

static void reads(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON(openat, on_open), SEAM_ON(writev, on_writev), SEAM_ON(chdir, on_chdir) };
	struct seam_tool tool = TOOL(handlers);

	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&tool, "open"), 0);
	EQ(payload_status(), 0);
	EQ(saw.dfd, AT_FDCWD); /* an int, whatever the upper half of the register says */
	EQ(saw.flags, O_RDONLY | O_CLOEXEC);
	EQ(saw.missing, -1);
	STREQ(saw.path, "/dev/null");
	STREQ(saw.data, "abcdefg");
	EQ(run_payload(&tool, "across"), 0);
	EQ(payload_status(), 0);
	EQ(across_right, 302);
	EQ(across_none, 1);
	EQ(across_long, 1);
}

/* --- What is changed: the program finds its registers and memory as they were. */

static const char said[] = "hello";

static int payload_write(void)
{
	int out[2];
	char got[16] = "";
	long ret;

	if (pipe(out))
		return 1;
	ret = syscall(SYS_write, out[1], said, 5, 44, 55, 66);
	if (read(out[0], got, sizeof(got)) != 3 || memcmp(got, "HEY", 3))
		return 2;
	return ret != 3 ? 3 : strcmp(said, "hello") != 0;
}

static void on_write(struct seam_hook *h)
{
	uint64_t at = seam_scratch_string(h, "HEY");

	if (seam_arg(h, "count") != 5)
		return;
	seam_set_arg(h, "buf", at);
	seam_set_arg(h, "count", 3);
}

/* All registers but those that a call may change, before and after one. */
static int payload_registers(void)
{
	int64_t ret;
	int changed = arch_try_registers(SYS_getppid, &ret);

	return changed ? 10 + changed : ret != 4711;
}

static void on_getppid_all(struct seam_hook *h)
{
	uint64_t page = seam_scratch(h, 64);

	saw.got[0] = seam_inject(h, "getpid");
	seam_set_call(h, "getuid");
	saw.got[1] = seam_finish(h);
	saw.got[2] = seam_inject(h, "getpid");
	saw.got[3] = seam_repeat(h);
	saw.got[4] = seam_inject(h, "getcwd", page, 64);
	note(saw.text[0], sizeof(saw.text[0]), seam_read_string(h, page));
	seam_set_result(h, 4711);
	saw.got[5] = h->pid;
}

static void on_getppid_skip(struct seam_hook *h)
{
	saw.got[0] = seam_inject(h, "getpid");
	seam_skip(h, 4000);
	saw.got[1] = seam_inject(h, "getpid");
	seam_set_result(h, 4711);
	saw.got[2] = seam_finish(h);
	saw.got[5] = h->pid;
}

static void changes(void)
{
	static const struct seam_handler of_write[] = { SEAM_ON(write, on_write) };
	static const struct seam_handler of_all[] = { SEAM_ON(getppid, on_getppid_all) };
	static const struct seam_handler of_skip[] = { SEAM_ON(getppid, on_getppid_skip) };
	struct seam_tool write_tool = TOOL(of_write), all = TOOL(of_all), skip = TOOL(of_skip);
	char cwd[256];

	EQ(run_payload(&write_tool, "write"), 0);
	EQ(payload_status(), 0);
	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&all, "registers"), 0);
	EQ(payload_status(), 0);
	EQ(saw.got[0], saw.got[5]);
	EQ(saw.got[1], (int64_t)getuid());
	EQ(saw.got[2], saw.got[5]);
	EQ(saw.got[3], (int64_t)getuid());
	STREQ(saw.text[0], getcwd(cwd, sizeof(cwd)));
	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&skip, "registers"), 0);
	EQ(payload_status(), 0);
	EQ(saw.got[0], saw.got[5]);
	EQ(saw.got[1], saw.got[5]);
	EQ(saw.got[2], 4711);
}

/* --- Members of structures. */

static int payload_stat(void)
{
	struct stat st;
	struct timespec t = { 0, 1000 };

	if (fstat(0, &st) || clock_nanosleep(CLOCK_MONOTONIC, 0, &t, NULL))
		return 1;
	return st.st_size == 123456789 && t.tv_nsec == 2000 ? 0 : 2;
}

static void on_stat(struct seam_hook *h)
{
	uint64_t size;

	if (seam_finish(h) == 0 && seam_member(h, "statbuf", "st_size", &size) == 0)
		saw.got[0] = seam_set_member(h, "statbuf", "st_size", 123456789);
	saw.got[1] = seam_member(h, "statbuf", "st_nothing", &size);
}

static void on_sleep(struct seam_hook *h)
{
	uint64_t ns;

	if (seam_member(h, "rqtp", "tv_nsec", &ns) == 0)
		saw.got[2] = seam_set_member(h, "rqtp", "tv_nsec", 2 * ns);
}

static void members(void)
{
	/* newfstatat where the library has no other way */
	static const struct seam_handler handlers[] = { SEAM_ON_CALLS("fstat,newfstatat", on_stat), SEAM_ON(clock_nanosleep, on_sleep) };
	struct seam_tool tool = TOOL(handlers);

	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&tool, "stat"), 0);
	EQ(payload_status(), 0);
	EQ(saw.got[0], 0);
	EQ(saw.got[1], -ENOENT);
	EQ(saw.got[2], 0);
}

/* --- Paths. */

static const char *const asked[] = {
	"plain", "link", "./d/../plain", "d/up", "missing", "d/missing/x", "loop", "/proc/self/cwd/plain", "/dir-in-root", "plain/x", "magic",
};

static int payload_paths(void)
{
	char dir[] = "/tmp/hook-paths-XXXXXX";
	struct stat st;
	int fd;

	if (!mkdtemp(dir) || chdir(dir) || mkdir("d", 0700) || symlink("plain", "link") || symlink("../plain", "d/up") || symlink("loop", "loop") ||
	    symlink("/proc/self/fd/9", "magic") || close(open("plain", O_CREAT | O_WRONLY, 0600)))
		return 1;
	fd = open("plain", O_RDONLY);
	dup2(fd, 9);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		syscall(SYS_newfstatat, AT_FDCWD, asked[i], &st, 0);
	syscall(SYS_newfstatat, AT_FDCWD, "link", &st, AT_SYMLINK_NOFOLLOW);
	syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH);
	syscall(SYS_newfstatat, open("d", O_RDONLY), "up", &st, 0);
	unlink("plain");
	unlink("link");
	unlink("loop");
	unlink("magic");
	unlink("d/up");
	rmdir("d");
	return rmdir(dir) != 0;
}

static char path_base[128];
static int path_bad;
static unsigned path_count;

static void on_path(struct seam_hook *h)
{
	struct seam_named file;
	const char *asked_path = seam_arg_string(h, "filename"), *name;
	int64_t ret;
	uint64_t inode;
	int r;

	if (!asked_path || !strcmp(asked_path, "/tmp") || (*asked_path && strstr(asked_path, ".so")))
		return;
	if (!strncmp(asked_path, "/tmp/hook-paths-", 16))
		return;
	r = seam_path(h, "filename", &file);
	ret = seam_finish(h);
	path_count++;
	/* what the kernel says of it is the oracle */
	if (r < 0 || file.error != (ret < 0 ? -ret : 0)) {
		path_bad++;
		seam_print(h, "# %s: %s, error %d, and the kernel says %lld\n", asked_path, file.path, file.error, (long long)ret);
		return;
	}
	if (ret == 0 && (seam_member(h, "statbuf", "st_ino", &inode) < 0 || inode != file.inode)) {
		path_bad++;
		seam_print(h, "# %s: inode %llu, and the kernel says %llu\n", asked_path, (unsigned long long)file.inode, (unsigned long long)inode);
	}
	name = strrchr(file.path, '/');
	if (!strcmp(asked_path, "plain"))
		snprintf(path_base, sizeof(path_base), "%.*s", (int)(name - file.path), file.path);
	else if (!strcmp(asked_path, "d/up"))
		note(saw.text[0], sizeof(saw.text[0]), file.path + strlen(path_base));
	else if (!strcmp(asked_path, "missing"))
		note(saw.text[1], sizeof(saw.text[1]), file.path + strlen(path_base));
	else if (!strcmp(asked_path, "link") && seam_arg(h, "flag") & AT_SYMLINK_NOFOLLOW)
		note(saw.text[2], sizeof(saw.text[2]), file.link ? file.target : "no link");
}

static void paths(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON(newfstatat, on_path) };
	struct seam_tool tool = TOOL(handlers);

	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&tool, "paths"), 0);
	EQ(payload_status(), 0);
	EQ(path_bad, 0);
	OK(path_count >= 13);
	STREQ(saw.text[0], "/plain");
	STREQ(saw.text[1], "/missing");
	STREQ(saw.text[2], "plain");
}

/* --- Calls that the program forbids itself, and those that would take it from us. */

static int payload_filter(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = 4, .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog))
		return 1;
	return getppid() <= 0;
}

static void on_getppid_inject(struct seam_hook *h)
{
	saw.got[0] = seam_inject(h, "getpid");
	saw.got[1] = h->pid;
}

static int payload_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == -1 && errno == EPERM ? 0 : 1;
}

static void on_nothing(struct seam_hook *h)
{
	(void)h;
}

static void forbidden(void)
{
	static const struct seam_handler of_getppid[] = { SEAM_ON(getppid, on_getppid_inject) };
	static const struct seam_handler of_nothing[] = { SEAM_ON(getppid, on_nothing) }, of_every[] = { SEAM_ON_EVERY_CALL(on_nothing) };
	struct seam_tool inject = TOOL(of_getppid), nothing = TOOL(of_nothing), every = TOOL(of_every);

	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&inject, "filter"), 0);
	EQ(payload_status(), 0); /* and not killed for a call that it never made */
	OK(saw.got[0] == saw.got[1] || saw.got[0] == -EPERM);
	EQ(run_payload(&nothing, "ptrace"), 0);
	EQ(payload_status(), 0);
	EQ(run_payload(&every, "ptrace"), 0);
	EQ(payload_status(), 0);
}

/* --- A tool that is wrong. */

static int payload_forever(void)
{
	while (getppid() >= 0)
		;
	return 0;
}

static void on_getppid_wrong(struct seam_hook *h)
{
	seam_arg(h, "nosuch");
}

static void wrong(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON(getppid, on_getppid_wrong) };
	static const struct seam_handler typo[] = { SEAM_ON(getpidd, on_getppid_wrong) };
	static const struct seam_handler elsewhere[] = { SEAM_ON(riscv_hwprobe, on_getppid_wrong) };
	struct seam_tool tool = TOOL(handlers), mistyped = TOOL(typo), other = TOOL(elsewhere);

	EQ(run_payload(&tool, "forever"), -EINVAL);
	OK(strstr(ran_err.text, "getppid") && strstr(ran_err.text, "nosuch"));
	EQ(run_payload(&mistyped, "forever"), -ENOENT);
	OK(strstr(ran_err.text, "getpid") != NULL);
	EQ(run_payload(&other, "ptrace"), 0); /* no mistake: another machine has it */
}

/* --- Several handlers for one call, by name and by effect. */

static int payload_unlink(void)
{
	return unlink("/tmp/there is no such file") == -1 && errno == ENOENT ? 0 : 1;
}

static void on_first(struct seam_hook *h)
{
	note(saw.text[0], sizeof(saw.text[0]), seam_effect_arg(h, SEAM_VERB_REMOVES));
	note(saw.text[1], sizeof(saw.text[1]), seam_effect_arg(h, SEAM_VERB_OPENS));
	saw.got[0] = (int64_t)++saw.calls;
	saw.got[1] = seam_finish(h);
}

static void on_second(struct seam_hook *h)
{
	saw.got[2] = (int64_t)++saw.calls;
	saw.got[3] = h->returned ? h->ret : 1;
}

static void several(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON_EFFECT(REMOVES, on_first), SEAM_ON_CALLS("unlink,unlinkat", on_second) };
	struct seam_tool tool = TOOL(handlers);

	memset(&saw, 0, sizeof(saw));
	EQ(run_payload(&tool, "unlink"), 0);
	EQ(payload_status(), 0);
	EQ(saw.got[0], 1);
	EQ(saw.got[1], -ENOENT);
	EQ(saw.got[2], 2);
	EQ(saw.got[3], -ENOENT);
	STREQ(saw.text[0], "pathname");
	STREQ(saw.text[1], "(none)");
}

const struct payload payloads[] = {
	{ "open", payload_open }, { "across", payload_across }, { "write", payload_write }, { "registers", payload_registers }, { "stat", payload_stat }, { "paths", payload_paths },
	{ "filter", payload_filter }, { "ptrace", payload_ptrace }, { "forever", payload_forever }, { "unlink", payload_unlink }, { NULL, NULL },
};

int cases(void)
{
	reads();
	changes();
	members();
	paths();
	forbidden();
	wrong();
	several();
	return tap_done();
}
