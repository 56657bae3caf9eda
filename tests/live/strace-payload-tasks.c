/* SPDX-License-Identifier: BSD-2-Clause */
/* strace-payload: tasks that follow each other: threads, vfork, one that is stopped, one that is killed inside a call. */
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strace-payload.h"

static char stacks[2][65536] __attribute__((aligned(16)));
static int ends[2];

/* Without a libc's locks, for which a task waits or not as chance has it. */
static void start(int which, int (*run)(void *))
{
	clone(run, stacks[which] + sizeof(stacks[which]),
	      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM, NULL);
}

static void wait_for_it(void)
{
	char byte;

	if (read(ends[0], &byte, 1) != 1)
		abort();
}

static int short_thread(void *unused)
{
	(void)unused;
	syscall(SYS_getppid);
	syscall(SYS_write, ends[1], "1", 1L);
	syscall(SYS_exit, 0L);
	return 0;
}

static int waiting_thread(void *unused)
{
	(void)unused;
	syscall(SYS_write, ends[1], "2", 1L);
	for (;;)
		syscall(SYS_ppoll, NULL, 0L, NULL, NULL, 8L);
	return 0;
}

void payload_threads(void)
{
	if (pipe(ends) != 0)
		abort();
	start(0, short_thread);
	wait_for_it();
	start(1, waiting_thread);
	wait_for_it();
	usleep(200000); /* until it waits */
	syscall(SYS_exit_group, 5L);
}

void payload_vfork(void)
{
	static char *const words[] = { "true", NULL }, *const environment[] = { "A=1", "B=2", NULL };
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		execve("/nowhere/true", words, environment);
		execve(".", words, environment);
		execve("one", words, environment);
		_exit(9);
	}
	waitpid(pid, &status, 0);
	pid = vfork();
	if (pid == 0)
		execve("/bin/true", words, environment);
	waitpid(pid, &status, 0);
}

void payload_stopped(void)
{
	int status;
	pid_t pid;

	if (pipe(ends) != 0)
		abort();
	pid = fork();
	if (pid == 0) {
		syscall(SYS_kill, syscall(SYS_getpid), (long)SIGSTOP);
		wait_for_it();
		_exit(3);
	}
	waitpid(pid, &status, WUNTRACED);
	kill(pid, SIGCONT);
	waitpid(pid, &status, WCONTINUED);
	write(ends[1], "1", 1);
	waitpid(pid, &status, 0);
}

void payload_killed(void)
{
	int status;
	pid_t pid;

	if (pipe(ends) != 0)
		abort();
	pid = fork();
	if (pid == 0) {
		close(ends[1]);
		wait_for_it();
	}
	usleep(200000); /* until it waits */
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	pid = fork();
	if (pid == 0)
		*(volatile int *)8 = 1;
	waitpid(pid, &status, 0);
}
