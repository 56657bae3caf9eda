/* SPDX-License-Identifier: BSD-2-Clause */
/* What has a form of its own in memory: addresses, control messages, signals, directory entries, sets, limits, devices. */
#include "text-trial.h"

/* The three that are described lay these things out alike. */
static enum seam_arch arch;

static const char *text(const char *name, const uint64_t *args, int64_t ret)
{
	return line(TEXT, arch, name, args, ret);
}

static const char *json(const char *name, const uint64_t *args, int64_t ret)
{
	return line(JSON, arch, name, args, ret);
}

static void test_addresses(void)
{
	uint64_t at = put(0, "\2\0\0\120\1\2\3\4\0\0\0\0\0\0\0\0", 16);

	STREQ(text("connect", ARGS(3, at, 16), 0),
	      "connect(3, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr(\"1.2.3.4\")}, 16) = 0");
	STREQ(json("connect", ARGS(3, at, 16), 0),
	      "{\"name\": \"connect\", \"args\": {\"fd\": 3, \"uservaddr\": {\"sa_family\": \"AF_INET\", \"sin_port\": 80, "
	      "\"sin_addr\": \"1.2.3.4\"}, \"addrlen\": 16}, \"ret\": 0}");
	STREQ(text("connect", ARGS(3, at, 4), 0), "connect(3, {sa_family=AF_INET, sa_data=\"\\0P\"}, 4) = 0");
	STREQ(text("connect", ARGS(3, at, 1), 0), "connect(3, 0x10000, 1) = 0");
	STREQ(text("connect", ARGS(3, 0, 16), 0), "connect(3, NULL, 16) = 0");
	STREQ(text("connect", ARGS(3, at + PAGE, 16), -14), "connect(3, 0x11000, 16) = -1 EFAULT (Bad address)");
	at = put(0, "\12\0\0\11\0\0\0\5\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\2\0\0\0", 28);
	STREQ(text("connect", ARGS(3, at, 28), 0),
	      "connect(3, {sa_family=AF_INET6, sin6_port=htons(9), sin6_flowinfo=htonl(5), "
	      "inet_pton(AF_INET6, \"::1\", &sin6_addr), sin6_scope_id=2}, 28) = 0");
	STREQ(json("connect", ARGS(3, at, 28), 0),
	      "{\"name\": \"connect\", \"args\": {\"fd\": 3, \"uservaddr\": {\"sa_family\": \"AF_INET6\", \"sin6_port\": 9, "
	      "\"sin6_flowinfo\": 5, \"sin6_addr\": \"::1\", \"sin6_scope_id\": 2}, \"addrlen\": 28}, \"ret\": 0}");
	at = put(0, "\1\0/run/x\0y", 10);
	STREQ(text("connect", ARGS(3, at, 10), 0), "connect(3, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 10) = 0");
	STREQ(text("connect", ARGS(3, at, 2), 0), "connect(3, {sa_family=AF_UNIX}, 2) = 0");
	at = put(0, "\1\0\0ab", 5);
	STREQ(text("connect", ARGS(3, at, 5), 0), "connect(3, {sa_family=AF_UNIX, sun_path=@\"ab\"}, 5) = 0");
	at = put(0, "\20\0\0\0\5\0\0\0\7\0\0\0", 12);
	STREQ(text("connect", ARGS(3, at, 12), 0), "connect(3, {sa_family=AF_NETLINK, nl_pid=5, nl_groups=0x000007}, 12) = 0");
	at = put(0, "\115\0abc", 5);
	STREQ(text("connect", ARGS(3, at, 5), 0), "connect(3, {sa_family=0x4d /* AF_??? */, sa_data=\"abc\"}, 5) = 0");
}

static void test_options(void)
{
	uint64_t at;

	forget();
	at = put(0, "\340\0\0\1\177\0\0\1", 8);
	/* struct ip_mreqn and its like hold addresses as they go over the wire */
	OK(strstr(text("setsockopt", ARGS(3, 0, 35, at, 12), 0), "inet_addr(\"224.0.0.1\")") != NULL);
	OK(strstr(json("setsockopt", ARGS(3, 0, 35, at, 12), 0), "\"224.0.0.1\"") != NULL);
	at = put(0, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\1\2\3", 20);
	put(20, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
	OK(strstr(text("setsockopt", ARGS(3, 41, 32, at, 32), 0), "inet_pton(AF_INET6, \"::1\")") != NULL);
	OK(strstr(text("setsockopt", ARGS(3, 41, 32, at, 32), 0), "flr_label=htonl(0x10203)") != NULL);
	OK(strstr(json("setsockopt", ARGS(3, 41, 32, at, 32), 0), "\"flr_label\": \"0x10203\"") != NULL);
}

static void test_messages(void)
{
	uint64_t at = BASE;
	static const char rights[] = "\30\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\3\0\0\0\4\0\0\0";
	static const char other[] = "\24\0\0\0\0\0\0\0\115\0\0\0\7\0\0\0abcd";

	forget();
	put64(32, BASE + 100);
	put64(40, 24);
	put(100, rights, 24);
	STREQ(text("sendmsg", ARGS(3, at, 0), 0),
	      "sendmsg(3, {msg_name=NULL, msg_namelen=0, msg_iov=NULL, msg_iovlen=0, msg_control=[{cmsg_len=24, "
	      "cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[3, 4]}], msg_controllen=24}, 0) = 0");
	put64(40, 48);
	put(124, other, 20);
	OK(strstr(text("sendmsg", ARGS(3, at, 0), 0), "cmsg_type=0x7, cmsg_data=\"abcd\"}]") != NULL);
	/* a length that is too small, and one that is too large */
	put64(100, 15);
	OK(strstr(text("sendmsg", ARGS(3, at, 0), 0), "msg_control=[...]") != NULL);
	put64(100, UINT64_MAX);
	OK(strstr(text("sendmsg", ARGS(3, at, 0), 0), "msg_control=[...]") != NULL);
	put64(40, UINT64_MAX);
	OK(strlen(text("sendmsg", ARGS(3, at, 0), 0)) < 500);
}

static void test_signals(void)
{
	uint64_t at = put64(0, 0x4002);
	static const struct {
		int status;
		const char *words;
	} waits[] = {
		{ 0x0300, "{WIFEXITED(s) && WEXITSTATUS(s) == 3}" },
		{ 9, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGKILL}" },
		{ 0x8b, "{WIFSIGNALED(s) && WTERMSIG(s) == SIGSEGV && WCOREDUMP(s)}" },
		{ 0x137f, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}" },
		{ 0x857f, "{WIFSTOPPED(s) && WSTOPSIG(s) == SIGTRAP | 0x80}" },
		{ 0xffff, "{WIFCONTINUED(s)}" },
	};

	STREQ(text("rt_sigprocmask", ARGS(0, at, 0, 8), 0), "rt_sigprocmask(SIG_BLOCK, [INT TERM], NULL, 8) = 0");
	put64(0, ~0x4002ull);
	STREQ(text("rt_sigprocmask", ARGS(1, at, 0, 8), 0), "rt_sigprocmask(SIG_UNBLOCK, ~[INT TERM], NULL, 8) = 0");
	put64(0, 0x300000000);
	STREQ(text("rt_sigprocmask", ARGS(2, at, 0, 8), 0), "rt_sigprocmask(SIG_SETMASK, [RT_1 RT_2], NULL, 8) = 0");
	STREQ(text("kill", ARGS(5, 64), 0), "kill(5, SIGRT_32) = 0");
	STREQ(text("kill", ARGS((uint64_t)-1, 99), -22), "kill(-1, 99) = -1 EINVAL (Invalid argument)");
	for (size_t i = 0; i < sizeof(waits) / sizeof(*waits); i++) {
		char expected[160];

		put32(0, (uint32_t)waits[i].status);
		snprintf(expected, sizeof(expected), "wait4(-1, [%s], 0, NULL) = 7", waits[i].words);
		STREQ(text("wait4", ARGS((uint64_t)-1, BASE, 0, 0), 7), expected);
	}
}

static void test_siginfo(void)
{
	struct seam_text x = { .t = &seam_tables };
	struct seam_out out;
	uint32_t words[32] = { 17, 0, 1, 0, 42, 1000, 3 };
	static const struct {
		uint32_t signo, code, first;
		const char *text;
	} told[] = {
		{ 17, 1, 42, "SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=42, si_uid=1000, si_status=3, si_utime=0, si_stime=0}" },
		{ 17, 2, 42, "SIGCHLD {si_signo=SIGCHLD, si_code=CLD_KILLED, si_pid=42, si_uid=1000, si_status=SIGQUIT, si_utime=0, si_stime=0}" },
		{ 10, 0, 42, "SIGUSR1 {si_signo=SIGUSR1, si_code=SI_USER, si_pid=42, si_uid=1000}" },
		{ 10, (uint32_t)-1, 42, "SIGUSR1 {si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=42, si_uid=1000, si_int=3, si_ptr=0x3}" },
		{ 14, (uint32_t)-2, 1, "SIGALRM {si_signo=SIGALRM, si_code=SI_TIMER, si_timerid=0x1, si_overrun=1000, si_int=3, si_ptr=0x3}" },
		{ 11, 1, 16, "SIGSEGV {si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x3e800000010}" },
		{ 11, 0x80, 16, "SIGSEGV {si_signo=SIGSEGV, si_code=SI_KERNEL}" },
		{ 31, 1, 16, "SIGSYS {si_signo=SIGSYS, si_code=SYS_SECCOMP, si_call_addr=0x3e800000010, si_syscall=3, si_arch=0}" },
		{ 10, 77, 16, "SIGUSR1 {si_signo=SIGUSR1, si_code=77}" },
		{ 0, 0, 0, "0 {}" },
	};

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		seam_out_init_mem(&out);
		x.out = &out;
		words[0] = told[i].signo;
		words[2] = told[i].code;
		words[4] = told[i].first;
		seam_text_signal(&x, words, sizeof(words));
		STREQ(out.data, told[i].text);
		seam_out_release(&out);
	}
}

static void test_sets(void)
{
	uint64_t limits = put64(0, 8192 * 1024), set = put64(100, 0x18);

	put64(8, UINT64_MAX);
	STREQ(text("prlimit64", ARGS(0, 3, 0, limits), 0),
	      "prlimit64(0, RLIMIT_STACK, NULL, {rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}) = 0");
	put64(0, 1024);
	put64(8, UINT64_MAX);
	STREQ(json("prlimit64", ARGS(0, 3, limits, 0), 0),
	      "{\"name\": \"prlimit64\", \"args\": {\"pid\": 0, \"resource\": \"RLIMIT_STACK\", \"new_rlim\": {\"rlim_cur\": 1024, "
	      "\"rlim_max\": \"RLIM64_INFINITY\"}, \"old_rlim\": null}, \"ret\": 0}");
	memory[SEAM_AT_EXIT][100] = 0x10;
	STREQ(text("pselect6", ARGS(5, set, 0, 0, 0, 0), 1), "pselect6(5, [3 4] => [4], NULL, NULL, NULL, NULL) = 1");
	memory[SEAM_AT_EXIT][100] = 0x18;
	STREQ(text("pselect6", ARGS(5, set, 0, 0, 0, 0), 2), "pselect6(5, [3 4], NULL, NULL, NULL, NULL) = 2");
	STREQ(json("pselect6", ARGS(5, set, 0, 0, 0, 0), 2),
	      "{\"name\": \"pselect6\", \"args\": {\"n\": 5, \"inp\": [3, 4], \"outp\": null, \"exp\": null, \"tsp\": null, "
	      "\"sig\": null}, \"ret\": 2}");
	STREQ(text("umask", ARGS(022), 0), "umask(022) = 000");
	STREQ(text("fchmod", ARGS(3, 04755), 0), "fchmod(3, 04755) = 0");
	STREQ(text("fchown", ARGS(3, UINT32_MAX, 5), 0), "fchown(3, -1, 5) = 0");
	STREQ(text("fcntl", ARGS(3, 1), 0), "fcntl(3, F_GETFD) = 0");
	STREQ(text("fcntl", ARGS(3, 1), 1), "fcntl(3, F_GETFD) = 0x1 (FD_CLOEXEC)");
	STREQ(text("brk", ARGS(0), 0x5000), "brk(NULL) = 0x5000");
	STREQ(text("futex", ARGS(BASE, 129, 1), 1), "futex(0x10000, FUTEX_WAKE_PRIVATE, 1) = 1");
	put(200, "\2\0\0", 4);
	STREQ(text("futex", ARGS(BASE + 200, 128, 2), -11), "futex(0x100c8, FUTEX_WAIT_PRIVATE, 2, NULL) = -1 EAGAIN (Resource temporarily unavailable)");
	STREQ(json("futex", ARGS(BASE + 200, 128, 2), 0),
	      "{\"name\": \"futex\", \"args\": {\"uaddr\": {\"at\": \"0x100c8\", \"is\": 2}, \"op\": \"FUTEX_WAIT_PRIVATE\", \"val\": 2, \"utime\": null}, \"ret\": 0}");
	memory[SEAM_AT_EXIT][200] = 0;
	STREQ(json("futex", ARGS(BASE + 200, 135), 0),
	      "{\"name\": \"futex\", \"args\": {\"uaddr\": {\"at\": \"0x100c8\", \"is\": {\"before\": 2, \"after\": 0}}, \"op\": \"FUTEX_UNLOCK_PI_PRIVATE\"}, \"ret\": 0}");
	STREQ(json("futex", ARGS(8, 135), -14),
	      "{\"name\": \"futex\", \"args\": {\"uaddr\": \"0x8\", \"op\": \"FUTEX_UNLOCK_PI_PRIVATE\"}, \"ret\": -14, \"error\": \"EFAULT\"}");
	STREQ(text("mmap", ARGS(0, 4096, 1, 0x22, (uint64_t)-1, 0), 0x7000),
	      "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7000");
}

static void test_entries(void)
{
	static const char two[] = "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\30\0\10a\0\0\0\0"
				  "\3\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\30\0\4bcd\0\0";
	uint64_t at = put(0, two, 48);

	STREQ(text("getdents64", ARGS(3, at, 4096), 48),
	      "getdents64(3, [{d_ino=1, d_off=2, d_reclen=24, d_type=DT_REG, d_name=\"a\"}, "
	      "{d_ino=3, d_off=4, d_reclen=24, d_type=DT_DIR, d_name=\"bcd\"}], 4096) = 48");
	STREQ(text("getdents64", ARGS(3, at, 4096), 0), "getdents64(3, [], 4096) = 0");
	STREQ(text("getdents64", ARGS(3, at, 4096), 30),
	      "getdents64(3, [{d_ino=1, d_off=2, d_reclen=24, d_type=DT_REG, d_name=\"a\"}, ...], 4096) = 30");
	put(16, "\1\0", 2);
	STREQ(text("getdents64", ARGS(3, at, 4096), 48), "getdents64(3, [...], 4096) = 48");
}

/* As strace prints them if nothing is said; JSON has all in any case. */
static void test_abbreviated(void)
{
	static const char two[] = "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\30\0\10a\0\0\0\0"
				  "\3\0\0\0\0\0\0\0\4\0\0\0\0\0\0\0\30\0\4bcd\0\0";
	uint64_t at = put(0, two, 48);

	trial_options.abbreviated = true;
	STREQ(text("getdents64", ARGS(3, at, 4096), 48), "getdents64(3, 0x10000 /* 2 entries */, 4096) = 48");
	STREQ(text("getdents64", ARGS(3, at, 4096), 0), "getdents64(3, 0x10000 /* 0 entries */, 4096) = 0");
	STREQ(text("getdents64", ARGS(3, at, 4096), 30), "getdents64(3, 0x10000 /* 1 entry or more */, 4096) = 30");
	put_string(100, "/bin/true");
	put64(200, BASE + 100);
	put64(208, 0);
	put64(300, BASE + 100);
	put64(308, BASE + 100);
	put64(316, 0);
	STREQ(text("execve", ARGS(BASE + 100, BASE + 200, BASE + 300), 0),
	      "execve(\"/bin/true\", [\"/bin/true\"], 0x1012c /* 2 vars */) = 0");
	STREQ(text("execve", ARGS(BASE + 100, BASE + 200, BASE + 200), 0),
	      "execve(\"/bin/true\", [\"/bin/true\"], 0x100c8 /* 1 var */) = 0");
	STREQ(text("execve", ARGS(BASE + 100, BASE + 200, BASE + PAGE), 0), "execve(\"/bin/true\", [\"/bin/true\"], 0x11000) = 0");
	OK(strstr(json("execve", ARGS(BASE + 100, BASE + 200, BASE + 300), 0), "\"envp\": [\"/bin/true\", \"/bin/true\"]") != NULL);
	forget();
	put_string(0, "Linux");
	put_string(65, "here");
	STREQ(text("uname", ARGS(BASE), 0), "uname({sysname=\"Linux\", nodename=\"here\", ...}) = 0");
	OK(strstr(json("uname", ARGS(BASE), 0), "\"machine\": \"\"") != NULL);
	trial_options.abbreviated = false;
	OK(strstr(text("uname", ARGS(BASE), 0), "machine=\"\"") != NULL);
}

int main(void)
{
	for (arch = 0; arch < SEAM_ARCH_DESCRIBED; arch++) {
		printf("# %s\n", seam_tables.arch[arch].name);
		test_addresses();
		test_options();
		test_messages();
		test_signals();
		test_siginfo();
		test_sets();
		test_entries();
		test_abbreviated();
	}
	seam_out_release(&trial_out);
	return tap_done();
}
