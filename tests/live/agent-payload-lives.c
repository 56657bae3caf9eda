/* SPDX-License-Identifier: BSD-2-Clause */
/* Threads and processes: part of agent-payload. */
#include "agent-payload.h"

/* --- threads and processes */

static void *count_calls(void *arg)
{
	for (int i = 0; i < 200; i++)
		syscall(SYS_getppid);
	return arg;
}

void threads(void)
{
	pthread_t t[16];

	for (int round = 0; round < 10; round++) {
		for (long i = 0; i < 16; i++)
			CHECK(pthread_create(&t[i], NULL, count_calls, (void *)i) == 0);
		for (long i = 0; i < 16; i++) {
			void *r;

			CHECK(pthread_join(t[i], &r) == 0 && r == (void *)i);
		}
	}
}

static pthread_mutex_t counted = PTHREAD_MUTEX_INITIALIZER;
static volatile int ended;

static void *short_life(void *arg)
{
	syscall(SYS_getppid);
	pthread_mutex_lock(&counted);
	ended++;
	pthread_mutex_unlock(&counted);
	return arg;
}

/* Threads that come and go, whom nobody waits for, while signals come. */
void churn(void)
{
	pthread_attr_t a;

	handle_info(SIGALRM, on_tick, SA_RESTART);
	pthread_attr_init(&a);
	pthread_attr_setdetachstate(&a, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&a, 65536);
	alarm_in(300, 300);
	for (int i = 0; i < 500; i++) {
		pthread_t t;
		int r;

		while ((r = pthread_create(&t, &a, short_life, NULL)) == EAGAIN)
			sched_yield();
		CHECK(r == 0);
	}
	while (ended < 500)
		usleep(100);
	alarm_in(0, 0);
}

/* Signals from one thread to others, and from outside. */
static volatile unsigned pings;

static void on_ping(int signal)
{
	(void)signal;
	__atomic_fetch_add(&pings, 1, __ATOMIC_RELAXED);
	syscall(SYS_getppid);
}

static void *pinged(void *arg)
{
	struct timespec t = { 0, 20000 };

	while (!ended)
		nanosleep(&t, NULL);
	return arg;
}

void pinging(void)
{
	pthread_t t[4];

	handle(SIGUSR1, on_ping, SA_RESTART);
	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&t[i], NULL, pinged, NULL) == 0);
	for (int i = 0; i < 1000; i++) {
		unsigned before = pings;

		CHECK(pthread_kill(t[i % 4], SIGUSR1) == 0);
		while (pings == before)
			sched_yield();
	}
	CHECK(pings == 1000);
	ended = 1;
	for (int i = 0; i < 4; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
}

static void *fork_many(void *arg)
{
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(syscall(SYS_getppid) > 0 && syscall(SYS_gettid) == getpid() ? 5 : 1);
		CHECK(WEXITSTATUS(status_of(pid)) == 5);
	}
	return arg;
}

static void *spawn_many(void *arg)
{
	for (int i = 0; i < 5; i++) {
		char *argv[] = { (char *)self, (char *)"quick", NULL };
		pid_t pid;

		CHECK(posix_spawn(&pid, self, NULL, NULL, argv, environ) == 0);
		CHECK(status_of(pid) == 0);
		CHECK(posix_spawn(&pid, "/no/such", NULL, NULL, argv, environ) == ENOENT);
	}
	return arg;
}

volatile int busy_done;

void *busy(void *arg)
{
	while (!busy_done) {
		syscall(SYS_getppid);
		handle(SIGUSR2, on_came, 0);
	}
	return arg;
}

void births(void)
{
	pthread_t t[9];

	handle_info(SIGALRM, on_tick, SA_RESTART);
	alarm_in(500, 500);
	for (int i = 0; i < 9; i++)
		CHECK(pthread_create(&t[i], NULL, i < 4 ? fork_many : i < 8 ? spawn_many : busy, NULL) == 0);
	for (int i = 0; i < 8; i++)
		CHECK(pthread_join(t[i], NULL) == 0);
	busy_done = 1;
	CHECK(pthread_join(t[8], NULL) == 0);
	alarm_in(0, 0);
}

static volatile int shared_word;

void vforks(void)
{
	struct sigaction a;

	handle(SIGUSR1, on_came, 0);
	for (int i = 0; i < 20; i++) {
		pid_t pid = vfork();

		if (pid == 0) {
			/* the memory is common, the handlers are not */
			shared_word = i;
			signal(SIGUSR1, SIG_IGN);
			if (i % 2)
				execl(self, self, "quick", NULL);
			_exit(i % 2 ? 9 : 0);
		}
		CHECK(status_of(pid) == 0 && shared_word == i);
		CHECK(sigaction(SIGUSR1, NULL, &a) == 0 && a.sa_handler == on_came);
		came = 0;
		raise(SIGUSR1);
		CHECK(came == SIGUSR1);
	}
}

static char clone_stack[65536] __attribute__((aligned(16)));

static int clone_main(void *arg)
{
	char here;

	CHECK(&here > clone_stack && &here < clone_stack + sizeof(clone_stack));
	CHECK(getppid() > 0);
	shared_word = *(int *)arg;
	return 11;
}

void clones(void)
{
	static const int flags[] = { SIGCHLD, CLONE_VM | SIGCHLD, CLONE_VM | CLONE_VFORK | SIGCHLD, CLONE_VM | CLONE_FS | CLONE_FILES | SIGCHLD };

	for (int i = 0; i < 12; i++) {
		int f = flags[i % 4], value = 100 + i;
		pid_t pid = clone(clone_main, clone_stack + sizeof(clone_stack), f, &value);

		CHECK(WEXITSTATUS(status_of(pid)) == 11);
		CHECK((shared_word == value) == !!(f & CLONE_VM));
	}
	/* what the kernel says no to */
	errno = 0;
	CHECK(syscall(SYS_clone, CLONE_THREAD, 0, 0, 0, 0) == -1 && errno == EINVAL);
	CHECK(getppid() > 0);
}

/* clone3(), also with all handlers taken from the child. */
void clone_threes(void)
{
	struct {
		uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	} a = { .exit_signal = SIGCHLD };

	handle(SIGUSR1, on_came, 0);
	handle(SIGSYS, on_came, 0);
	for (int i = 0; i < 20; i++) {
		pid_t pid;

		a.flags = i % 2 ? 0x100000000ull : 0;
		pid = (pid_t)syscall(SYS_clone3, &a, sizeof(a));
		if (pid == 0) {
			struct sigaction u, s;

			syscall(SYS_getppid);
			sigaction(SIGUSR1, NULL, &u);
			sigaction(SIGSYS, NULL, &s);
			_exit(u.sa_handler == (i % 2 ? SIG_DFL : on_came) && s.sa_handler == u.sa_handler ? 6 : 1);
		}
		CHECK(WEXITSTATUS(status_of(pid)) == 6);
	}
	CHECK(syscall(SYS_clone3, &a, 8) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_clone3, 8, sizeof(a)) == -1 && errno == EFAULT);
	came = 0;
	raise(SIGUSR1);
	CHECK(came == SIGUSR1);
}
