/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks in unusual numbers and ways: hook-payload threads N|vfork N|exec-by-thread */
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sum;

static void *count(void *arg)
{
	for (int i = 0; i < 5; i++) {
		getppid();
		pthread_mutex_lock(&lock);
		sum++;
		pthread_mutex_unlock(&lock);
		usleep(10);
	}
	return arg;
}

static int threads(int n)
{
	pthread_t *t = calloc((size_t)n, sizeof(*t));

	for (int i = 0; i < n; i++)
		if (pthread_create(t + i, NULL, count, NULL))
			return 2;
	for (int i = 0; i < n; i++)
		pthread_join(t[i], NULL);
	free(t);
	printf("%d\n", sum);
	return 0;
}

/* A function of its own, so that nothing of the caller's is in registers that the child shares. */
static __attribute__((noinline)) pid_t vfork_and_exit(int status)
{
	pid_t p = vfork();

	if (!p)
		_exit(status);
	return p;
}

static int vforks(int n)
{
	int bad = 0, status;

	for (int i = 0; i < n; i++) {
		char *argv[] = { (char[]){ "true" }, NULL };
		pid_t p = vfork_and_exit(i & 0x7f);

		bad += waitpid(p, &status, 0) != p || WEXITSTATUS(status) != (i & 0x7f);
		if (i % 10 == 0)
			bad += posix_spawn(&p, "/bin/true", NULL, NULL, argv, environ) || waitpid(p, &status, 0) != p || status;
	}
	printf("%d\n", bad);
	return bad;
}

static void *busy(void *arg)
{
	for (;;) {
		getppid();
		usleep(100);
	}
	return arg;
}

static void *execute(void *arg)
{
	usleep(20000);
	execl("/bin/echo", "echo", "from a thread", (char *)NULL);
	return arg;
}

static int exec_by_thread(void)
{
	pthread_t t;

	for (int i = 0; i < 5; i++)
		pthread_create(&t, NULL, busy, NULL);
	pthread_create(&t, NULL, execute, NULL);
	pause();
	return 1;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int n = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 0;

	if (!strcmp(what, "threads"))
		return threads(n);
	if (!strcmp(what, "vfork"))
		return vforks(n);
	return strcmp(what, "exec-by-thread") ? 2 : exec_by_thread();
}
