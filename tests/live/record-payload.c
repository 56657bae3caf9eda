/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs with a known number of calls, to be recorded:
 *     record-payload calls THREADS N     N getppid() in each thread
 *     record-payload processes N         N children, one after the other, each with one getppid()
 *     record-payload bomb DEPTH          2^DEPTH processes at once, each with one getppid()
 *     record-payload family N CALLS      N children at a time, each with so many getppid()
 *     record-payload unknown             a call whose number no kernel has
 *     record-payload signal              SIGUSR1 to itself, with a handler
 *     record-payload killed              a child that is killed while it sleeps
 *     record-payload busy SECONDS        getppid() all the time; prints "fine" at the end
 *     record-payload files DIR           bytes and errors, see below
 *     record-payload left                ends while its child waits for a signal in rt_sigsuspend()
 *     record-payload talk                bytes over TCP, see below; prints the port of the service
 *     record-payload busy-threads N SECONDS  the same in N threads, without a word
 */
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long count;

static void *calls(void *unused)
{
	for (long i = 0; i < count; i++)
		syscall(SYS_getppid);
	return unused;
}

static int threads(int n)
{
	pthread_t thread[64];

	if (n < 1 || n > 64)
		return 2;
	for (int i = 1; i < n; i++)
		if (pthread_create(&thread[i], NULL, calls, NULL) != 0)
			return 1;
	calls(NULL);
	for (int i = 1; i < n; i++)
		pthread_join(thread[i], NULL);
	return 0;
}

static int processes(int n)
{
	for (int i = 0; i < n; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			syscall(SYS_getppid);
			_exit(3);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || WEXITSTATUS(status) != 3)
			return 1;
	}
	return 0;
}

static int bomb(int depth)
{
	int status, failed = 0;

	for (int i = 0; i < depth; i++)
		if (fork() < 0)
			failed = 1;
	syscall(SYS_getppid);
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}

static int family(int n)
{
	int status, failed = 0;

	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			calls(NULL);
			_exit(0);
		}
		failed |= pid < 0;
	}
	while (wait(&status) > 0)
		failed |= status;
	return failed != 0;
}

static void handler(int signal)
{
	(void)signal;
	syscall(SYS_getppid);
}

static int killed(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		sleep(1000);
		_exit(0);
	}
	usleep(50000);
	kill(pid, SIGKILL);
	return waitpid(pid, NULL, 0) != pid;
}

static int busy(double seconds)
{
	struct timespec now, end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += (long)(seconds * 1e9) % 1000000000;
	end.tv_sec += (long)seconds + end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do {
		count = 100;
		calls(NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while (now.tv_sec < end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
	puts("fine");
	return 0;
}

/* 7 opens and 3 reads that fail; 20 writes of 100 bytes to DIR/out, 10 reads of 50 of them. */
static int files(const char *dir)
{
	char path[4096], bytes[100] = "";
	int fd, bad = 0;

	for (int i = 0; i < 7; i++)
		bad |= open("/no/such/file", O_RDONLY) >= 0;
	for (int i = 0; i < 3; i++)
		bad |= read(-1, bytes, 1) >= 0;
	snprintf(path, sizeof(path), "%s/out", dir);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	for (int i = 0; i < 20; i++)
		bad |= write(fd, bytes, 100) != 100;
	bad |= lseek(fd, 0, SEEK_SET) != 0;
	for (int i = 0; i < 10; i++)
		bad |= read(fd, bytes, 50) != 50;
	return bad | close(fd);
}

/* A child sends 10 times 100 bytes to its parent; both wait for the other. */
static int talk(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), c, status;
	socklen_t size = sizeof(at);
	char bytes[100] = "";
	ssize_t n, all = 0;
	pid_t pid;

	if (bind(s, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(s, 1) < 0 || getsockname(s, (struct sockaddr *)&at, &size) < 0)
		return 1;
	pid = fork();
	if (pid == 0) {
		c = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(c, (struct sockaddr *)&at, sizeof(at)) < 0)
			_exit(1);
		usleep(20000); /* so that the parent waits for it */
		for (int i = 0; i < 10; i++)
			if (write(c, bytes, sizeof(bytes)) != sizeof(bytes))
				_exit(1);
		_exit(0);
	}
	c = accept4(s, NULL, NULL, SOCK_CLOEXEC);
	while ((n = read(c, bytes, sizeof(bytes))) > 0)
		all += n;
	printf("%d\n", ntohs(at.sin_port));
	return waitpid(pid, &status, 0) != pid || status != 0 || all != 1000;
}

static double seconds;

static void *busy_thread(void *unused)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	for (long until = end.tv_sec + (long)seconds; end.tv_sec < until; clock_gettime(CLOCK_MONOTONIC, &end))
		calls(NULL);
	return unused;
}

static int busy_threads(int n)
{
	pthread_t thread;

	count = 100;
	for (int i = 1; i < n; i++)
		if (pthread_create(&thread, NULL, busy_thread, NULL) != 0)
			return 1;
	busy_thread(NULL);
	return 0;
}

static int left(void)
{
	char path[64], state[512];
	int fd, ends[2];
	ssize_t n;
	pid_t pid;

	if (pipe(ends) < 0)
		return 1;
	pid = fork();
	if (pid == 0) {
		sigset_t none;

		alarm(20);
		sigemptyset(&none);
		if (write(ends[1], "", 1) == 1)
			sigsuspend(&none);
		_exit(0);
	}
	if (read(ends[0], path, 1) != 1)
		return 1;
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	for (;;) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		n = read(fd, state, sizeof(state) - 1);
		close(fd);
		if (n <= 0)
			return 1;
		state[n] = 0;
		if (strstr(state, ") S "))
			return 0;
		usleep(1000);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "calls") && argc == 4) {
		count = strtol(argv[3], NULL, 10);
		return threads((int)strtol(argv[2], NULL, 10));
	}
	if (!strcmp(what, "processes") && argc == 3)
		return processes((int)strtol(argv[2], NULL, 10));
	if (!strcmp(what, "bomb") && argc == 3)
		return bomb((int)strtol(argv[2], NULL, 10) & 15);
	if (!strcmp(what, "family") && argc == 4) {
		count = strtol(argv[3], NULL, 10);
		return family((int)strtol(argv[2], NULL, 10));
	}
	if (!strcmp(what, "unknown"))
		return syscall(3000, 1, 2, 3) != -1;
	if (!strcmp(what, "signal")) {
		signal(SIGUSR1, handler);
		raise(SIGUSR1);
		return 0;
	}
	if (!strcmp(what, "killed"))
		return killed();
	if (!strcmp(what, "left"))
		return left();
	if (!strcmp(what, "talk"))
		return talk();
	if (!strcmp(what, "files") && argc == 3)
		return files(argv[2]);
	if (!strcmp(what, "busy") && argc == 3)
		return busy(strtod(argv[2], NULL));
	if (!strcmp(what, "busy-threads") && argc == 4) {
		seconds = strtod(argv[3], NULL);
		return busy_threads((int)strtol(argv[2], NULL, 10));
	}
	return 2;
}
