/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ways to run a program: exec-payload thread|big|fail|stop. "big" has 100 KB of arguments and 200 KB of environment.
 */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const thread_args[] = { "from-a-thread", "argument", NULL };

static void *run_from_thread(void *unused)
{
	(void)unused;
	execv("/bin/true", (char **)(uintptr_t)thread_args);
	return NULL;
}

/* A string of so many bytes, with its beginning and its end. */
static char *filled(const char *begin, size_t bytes, char with)
{
	char *s = malloc(bytes + 1);

	memset(s, with, bytes);
	memcpy(s, begin, strlen(begin));
	s[bytes - 1] = 'Z';
	s[bytes] = 0;
	return s;
}

static int run_big(void)
{
	char first[] = "big", last[] = "last", end[] = "END=of-it";
	char *args[] = { first, filled("first", 60000, 'a'), filled("second", 40000, 'b'), last, NULL };
	char *env[] = { filled("ONE=", 100000, '1'), filled("TWO=", 100000, '2'), end, NULL };

	execve("/bin/true", args, env);
	return 1;
}

/* Stops itself; the parent lets it go on. */
static int run_stopped(void)
{
	int status;
	pid_t child;

	close(open("/etc/hostname", O_RDONLY));
	child = fork();

	if (child == 0) {
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(child, &status, WUNTRACED);
	kill(child, SIGCONT);
	waitpid(child, &status, 0);
	return 0;
}

int main(int argc, char **argv)
{
	char never[] = "never", run[] = "run", env[] = "A=b", *fail_args[] = { never, run, NULL }, *fail_env[] = { env, NULL };
	const char *what = argc == 2 ? argv[1] : "";
	pthread_t thread;

	if (!strcmp(what, "thread")) {
		pthread_create(&thread, NULL, run_from_thread, NULL);
		pause();
	}
	if (!strcmp(what, "big"))
		return run_big();
	if (!strcmp(what, "fail"))
		execve("/no/such/program", fail_args, fail_env);
	if (!strcmp(what, "stop"))
		return run_stopped();
	return 0;
}
