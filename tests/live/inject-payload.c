/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes calls and says what came of each: inject-payload TRIAL [ARGUMENT]. A result is a number or the name of an error; behind a + stands how many signals came meanwhile. What it says is written at the end,
 * by writev(), so that rules about other calls do not change it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMES 8

/* Shared, so that children say something too. */
static struct {
	char text[65536];
	size_t length;
} *said;
static volatile sig_atomic_t signals;
static const char *self;

static void say(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	said->length += (size_t)vsnprintf(said->text + said->length, sizeof(said->text) - said->length, fmt, ap);
	va_end(ap);
}

static void write_all(void)
{
	struct iovec v = { said->text, said->length };

	if (writev(1, &v, 1) < 0)
		_exit(99);
	said->length = 0;
}

static void on_signal(int signal)
{
	(void)signal;
	signals++;
}

static void say_result(long ret)
{
	int error = errno;

	if (ret == -1 && strerrorname_np(error))
		say(" %s", strerrorname_np(error));
	else if (ret == -1)
		say(" E%d", error);
	else
		say(" %ld", ret);
	if (signals)
		say("+%d", (int)signals);
	signals = 0;
}

static void chdirs(const char *who, int times)
{
	say("%s:", who);
	for (int i = 0; i < times; i++)
		say_result(chdir("/"));
	say("\n");
}

static void *in_thread(void *times)
{
	chdirs("thread", *(int *)times);
	return NULL;
}

static void in_threads(int times)
{
	for (int i = 0; i < 2; i++) {
		pthread_t thread;

		pthread_create(&thread, NULL, in_thread, &times);
		pthread_join(thread, NULL);
	}
}

static void in_children(int times)
{
	for (int i = 0; i < 2; i++) {
		pid_t child = fork();

		if (child == 0) {
			chdirs("child", times);
			_exit(0);
		}
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
}

static char again[] = "again";

static void *exec_self(void *unused)
{
	char name[] = "payload", *args[] = { name, again, NULL };

	(void)unused;
	write_all();
	execv(self, args);
	return NULL;
}

/* Everything that strace does too, in one row. */
static void sequence(void)
{
	char bytes[64];
	int fd = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);
	pid_t sid = getsid(0);

	chdirs("chdir", TIMES);
	say("getsid:");
	for (int i = 0; i < TIMES; i++) {
		pid_t got = getsid(0);

		say_result(got == sid ? 7777 : got);
	}
	say("\nread:");
	for (int i = 0; i < TIMES; i++)
		say_result(read(fd, bytes, sizeof(bytes)));
	say("\nwrite:");
	for (int i = 0; i < TIMES; i++)
		say_result(write(null, bytes, sizeof(bytes)));
	say("\nclose:");
	for (int i = 0; i < TIMES; i++)
		say_result(close(dup(fd)));
	say("\n");
	in_threads(4);
	in_children(4);
	chdirs("chdir", 2);
	exec_self(NULL);
}

static void trial_threads(void)
{
	chdirs("main", 3);
	in_threads(3);
	in_children(3);
	chdirs("main", 3);
}

/* Another thread than the first runs the program: it is what was counted for that thread that goes on. */
static void trial_exec(void)
{
	pthread_t thread;

	chdirs("main", 2);
	pthread_create(&thread, NULL, exec_self, NULL);
	pthread_join(thread, NULL);
}

static void trial_close(void)
{
	int fd = open("/dev/null", O_RDONLY), kept = dup(fd), ret = close(fd);

	say("close:");
	say_result(ret);
	ret = fcntl(fd, F_GETFD);
	say(" then:");
	say_result(ret);
	ret = dup3(kept, 77, 0);
	say(" dup3:");
	say_result(ret);
	ret = fcntl(77, F_GETFD);
	say(" then:");
	say_result(ret);
	say("\n");
}

static int file_of(const char *content)
{
	int fd = memfd_create("content", 0);

	if (pwrite(fd, content, strlen(content), 0) < 0)
		_exit(98);
	return fd;
}

static void say_bytes(long ret, const char *bytes)
{
	say_result(ret);
	say(" '%.*s'\n", ret > 0 ? (int)ret : 0, bytes);
}

static void short_vectors(int fd)
{
	char a[5] = "....", b[5] = "....", c[5] = "....";
	struct iovec v[] = { { a, 4 }, { b, 4 }, { c, 4 } };

	say("readv");
	say_result(readv(fd, v, 3));
	say(" '%s%s%s'\n", a, b, c);
}

static void short_messages(int type)
{
	char a[5] = "0123", b[5] = "4567", got[32], control[64] = { 0 };
	struct iovec v[] = { { a, 4 }, { b, 4 } };
	struct msghdr m = { .msg_iov = v, .msg_iovlen = 2 };
	int s[2];
	long ret;

	if (socketpair(AF_UNIX, type, 0, s) < 0)
		_exit(97);
	say("sendmsg");
	say_result(sendmsg(s[0], &m, 0));
	say(" %s", m.msg_iov == v && m.msg_iovlen == 2 ? "same" : "changed");
	ret = recv(s[1], got, sizeof(got), MSG_DONTWAIT);
	say_bytes(ret, got);
	ret = send(s[0], "abcdefgh", 8, 0);
	memset(a, '.', 4);
	memset(b, '.', 4);
	m.msg_control = control;
	m.msg_controllen = sizeof(control);
	say("recvmsg");
	say_result(recvmsg(s[1], &m, MSG_DONTWAIT));
	say(" '%s%s' %s %zu\n", a, b, m.msg_iov == v && m.msg_iovlen == 2 ? "same" : "changed", (size_t)m.msg_controllen);
}

static void trial_short(void)
{
	char got[32];
	int fd = file_of("abcdefghijklmnopqrstuvwxyz"), to = file_of(""), p[2];
	uint64_t event = 5;
	long ret;

	ret = read(fd, got, 10);
	say("read");
	say_bytes(ret, got);
	ret = read(fd, got, 10);
	say("read");
	say_bytes(ret, got);
	ret = pread(fd, got, 1, 0);
	say("pread");
	say_bytes(ret, got);
	short_vectors(fd);
	ret = write(to, "0123456789", 10);
	say("write");
	say_result(ret);
	ret = pread(to, got, 20, 0);
	say(", of which there are");
	say_bytes(ret, got);
	lseek(fd, 0, SEEK_SET);
	ret = sendfile(to, fd, NULL, 10);
	say("sendfile");
	say_result(ret);
	say("\n");
	if (pipe(p) < 0)
		_exit(96);
	ret = write(p[1], "pipe and more", 13);
	say("pipe");
	say_result(ret);
	say("\n");
	ret = write(eventfd(0, 0), &event, 8);
	say("eventfd");
	say_result(ret);
	say("\n");
	short_messages(SOCK_STREAM);
	short_messages(SOCK_DGRAM);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Whether a call took so many milliseconds at least; another thread goes on meanwhile. */
static void trial_delay(int least)
{
	double before = now();
	long ret = chdir("/");

	say("chdir");
	say_result(ret);
	say(" %s\n", (now() - before) * 1e3 >= least ? "late" : "at once");
}

static volatile int counter;

static void *count(void *unused)
{
	(void)unused;
	for (;;) {
		counter++;
		syscall(SYS_sched_yield);
	}
	return NULL;
}

static void trial_alone(void)
{
	pthread_t thread;
	int before;

	pthread_create(&thread, NULL, count, NULL);
	while (!counter)
		sched_yield();
	before = counter;
	say_result(chdir("/"));
	say(" %s\n", counter > before + 10 ? "others went on" : "others waited");
}

/* A signal at the entry of a call that waits ends it. */
static void trial_interrupted(void)
{
	struct pollfd none = { 0 };
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &action, NULL);
	say("ppoll");
	say_result(ppoll(&none, 0, &(struct timespec){ .tv_sec = 5 }, NULL));
	say("\n");
}

static void trial_poke(void)
{
	char got[8] = ".......";
	int fd = file_of("abcdef"), r;
	char path[] = "/nowhere";

	r = (int)read(fd, got, 3);
	say("read");
	say_result(r);
	say(" '%s'", got);
	r = chdir(path);
	say(" chdir");
	say_result(r);
	say(" '%s'\n", path);
}

int main(int argc, char **argv)
{
	const char *trial = argc > 1 ? argv[1] : "";
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	self = "/proc/self/exe";
	said = mmap(NULL, sizeof(*said), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	sigaction(SIGUSR1, &action, NULL);
	sigaction(SIGRTMIN, &action, NULL);
	if (!strcmp(trial, "sequence"))
		sequence();
	else if (!strcmp(trial, "again"))
		chdirs("again", 3);
	else if (!strcmp(trial, "threads"))
		trial_threads();
	else if (!strcmp(trial, "exec"))
		trial_exec();
	else if (!strcmp(trial, "close"))
		trial_close();
	else if (!strcmp(trial, "short"))
		trial_short();
	else if (!strcmp(trial, "delay"))
		trial_delay((int)strtol(argv[2], NULL, 10));
	else if (!strcmp(trial, "alone"))
		trial_alone();
	else if (!strcmp(trial, "interrupted"))
		trial_interrupted();
	else if (!strcmp(trial, "poke"))
		trial_poke();
	else
		return 2;
	write_all();
	return 0;
}
