/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a program and its parent can see of being made to wait: pause-payload CALLS WORDS makes so many calls, of which each takes a text of
 * WORDS words along, and prints how often the parent was told of a stop, how often of going on, how often a handler of SIGCONT ran, and how
 * often a thread that sleeps was woken for nothing.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t stops, continues, handled, interrupted;

static void on_child(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	stops += info->si_code == CLD_STOPPED;
	continues += info->si_code == CLD_CONTINUED;
}

static void on_continue(int signal)
{
	(void)signal;
	handled++;
}

static void *sleeper(void *arg)
{
	int *end = arg, set = epoll_create1(0);
	struct epoll_event e = { .events = EPOLLIN };

	epoll_ctl(set, EPOLL_CTL_ADD, *end, &e);
	while (epoll_wait(set, &e, 1, -1) < 0)
		interrupted += errno == EINTR;
	return NULL;
}

static int child(long calls, size_t words)
{
	static char text[1 << 16];
	int null = open("/dev/null", O_WRONLY), end[2];
	pthread_t thread;

	signal(SIGCONT, on_continue);
	memset(text, 'x', sizeof(text));
	if (null < 0 || words * 8 > sizeof(text) || pipe(end) < 0 || pthread_create(&thread, NULL, sleeper, &end[0]) != 0)
		return 1;
	for (long i = 0; i < calls; i++)
		if (write(null, text, words * 8) != (ssize_t)(words * 8))
			return 1;
	close(end[1]);
	pthread_join(thread, NULL);
	printf("handled %d interrupted %d\n", (int)handled, (int)interrupted);
	return fflush(stdout) != 0;
}

int main(int argc, char **argv)
{
	struct sigaction a = { .sa_sigaction = on_child, .sa_flags = SA_SIGINFO | SA_RESTART };
	int status = 0, waited = 0;
	pid_t pid;

	if (argc != 3)
		return 2;
	sigaction(SIGCHLD, &a, NULL);
	pid = fork();
	if (pid == 0)
		_exit(child(strtol(argv[1], NULL, 10), strtoul(argv[2], NULL, 10)));
	do {
		if (waitpid(pid, &status, WUNTRACED | WCONTINUED) < 0 && errno != EINTR)
			return 1;
		waited += WIFSTOPPED(status) || WIFCONTINUED(status);
	} while (!WIFEXITED(status) && !WIFSIGNALED(status));
	printf("stopped %d continued %d waited %d\n", (int)stops, (int)continues, waited);
	return !WIFEXITED(status) || WEXITSTATUS(status);
}
