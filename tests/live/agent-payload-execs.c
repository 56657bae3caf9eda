/* SPDX-License-Identifier: BSD-2-Clause */
/* Other programs: part of agent-payload. */
#include "agent-payload.h"

/* --- other programs */

void quick(void)
{
	CHECK(getppid() > 0 && blocked_now() == 0);
}

static void *exec_quick(void *arg)
{
	(void)arg;
	execl(self, self, "quick", NULL);
	_exit(9);
}

void execs(void)
{
	for (int i = 0; i < 6; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			pthread_t t[4];

			CHECK(execl("/no/such/file", "x", NULL) == -1 && errno == ENOENT);
			CHECK(execl("/", "x", NULL) == -1 && errno == EACCES);
			CHECK(execl("/etc/passwd/x", "x", NULL) == -1 && errno == ENOTDIR);
			CHECK(syscall(SYS_execve, 8, NULL, NULL) == -1 && errno == EFAULT);
			if (i % 3 == 0)
				execl(self, self, "quick", NULL);
			if (i % 3 == 1)
				execl("/proc/self/exe", self, "quick", NULL);
			/* from a thread, while others are busy */
			for (int k = 0; k < 3; k++)
				pthread_create(&t[k], NULL, busy, NULL);
			pthread_create(&t[3], NULL, exec_quick, NULL);
			for (;;)
				syscall(SYS_getppid);
		}
		CHECK(status_of(pid) == 0);
	}
}

/* An execve() that takes long and fails, while signals come. */
void exec_signals(void)
{
	handle_info(SIGALRM, on_tick, 0);
	alarm_in(200, 200);
	for (int i = 0; i < 200; i++) {
		CHECK(execl("/", "x", NULL) == -1);
		CHECK(errno == EACCES);
	}
	alarm_in(0, 0);
}

static int tracer(void)
{
	char line[256];
	int r = -1;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "TracerPid:", 10))
			r = (int)strtol(line + 10, NULL, 10);
	fclose(f);
	return r;
}

/* Nobody is attached while a program runs, nor after an execve() that came to nothing. */
void untraced(void)
{
	CHECK(tracer() == 0);
	for (int i = 0; i < 20; i++) {
		int tries = 0;

		CHECK(execl("/", "x", NULL) == -1 && errno == EACCES);
		while (tracer() != 0)
			CHECK(tries++ < 10000);
	}
}

/* A program that has no name. */
void memfd(void)
{
	int from = open(self, O_RDONLY), to = memfd_create("copy", 0);
	char part[4096], *argv[] = { (char *)self, (char *)"quick", NULL };
	ssize_t n;

	while ((n = read(from, part, sizeof(part))) > 0)
		CHECK(write(to, part, (size_t)n) == n);
	for (int i = 0; i < 3; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			fexecve(to, argv, environ);
			_exit(9);
		}
		CHECK(status_of(pid) == 0);
	}
}

/* What a program gives the next one: ignored signals and its mask. */
void inherits(void)
{
	struct sigaction a;

	CHECK(sigaction(SIGSYS, NULL, &a) == 0 && a.sa_handler == SIG_IGN);
	CHECK(sigaction(SIGUSR1, NULL, &a) == 0 && a.sa_handler == SIG_IGN);
	CHECK(sigaction(SIGUSR2, NULL, &a) == 0 && a.sa_handler == SIG_DFL);
	CHECK(blocked_now() == (BIT(SIGSYS) | BIT(SIGHUP)));
}

void inheritance(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		sigset_t set;

		sigemptyset(&set);
		sigaddset(&set, SIGSYS);
		sigaddset(&set, SIGHUP);
		signal(SIGSYS, SIG_IGN);
		signal(SIGUSR1, SIG_IGN);
		signal(SIGUSR2, on_nothing);
		sigprocmask(SIG_SETMASK, &set, NULL);
		CHECK(execl("/", "x", NULL) == -1);
		CHECK(getppid() > 0);
		execl(self, self, "inherits", NULL);
		_exit(9);
	}
	CHECK(status_of(pid) == 0);
}
