/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals that an agent may live by, and filters of the program's own: part of agent-payload. */
#include "agent-payload.h"

/* --- signals that an agent may live by */

static void on_own(int signal, siginfo_t *info, void *context)
{
	(void)context;
	came = signal;
	CHECK(info->si_code == SI_USER || info->si_code == SI_TKILL || info->si_code == SI_QUEUE);
}

static void on_trap(int signal, siginfo_t *info, void *context)
{
	(void)info;
	came = signal;
	CHECK(CONTEXT_IP((ucontext_t *)context) >= (uint64_t)(uintptr_t)&trap_here);
	if (signal == SIGILL)
		CONTEXT_IP((ucontext_t *)context) += ILLEGAL_BYTES;
}

void own_signals(void)
{
	static const int signals[] = { SIGSYS, SIGTRAP, SIGILL };
	sigset_t all, set, old;
	struct sigaction a;

	for (int i = 0; i < 3; i++) {
		int s = signals[i];

		CHECK(sigaction(s, NULL, &a) == 0 && a.sa_handler == SIG_DFL);
		handle_info(s, on_own, 0);
		CHECK(sigaction(s, NULL, &a) == 0 && a.sa_sigaction == on_own);
		came = 0;
		kill(getpid(), s);
		CHECK(came == s);
		came = 0;
		raise(s);
		CHECK(came == s);
		/* blocked, pending, let through */
		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, &old);
		sigprocmask(SIG_SETMASK, NULL, &set);
		CHECK(sigismember(&set, s) == 1);
		came = 0;
		raise(s);
		for (int k = 0; k < 100; k++)
			getppid();
		CHECK(came == 0);
		CHECK(sigpending(&set) == 0 && sigismember(&set, s) == 1);
		sigfillset(&set);
		sigdelset(&set, s);
		errno = 0;
		CHECK(sigsuspend(&set) == -1 && errno == EINTR && came == s);
		came = 0;
		raise(s);
		CHECK(came == 0);
		sigprocmask(SIG_SETMASK, &old, NULL);
		CHECK(came == s);
		/* ignored */
		signal(s, SIG_IGN);
		came = 0;
		raise(s);
		CHECK(came == 0 && getppid() > 0);
		signal(s, SIG_DFL);
		/* and deadly */
		pid_t pid = fork();

		if (pid == 0) {
			raise(s);
			_exit(0);
		}
		CHECK(WTERMSIG(status_of(pid)) == s);
	}
	handle_info(SIGTRAP, on_trap, 0);
	handle_info(SIGILL, on_trap, 0);
	came = 0;
	trap_here();
	CHECK(came == SIGILL);
}

/* --- filters of the program's own */

static int caught_number;

static void on_filtered(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	CHECK(signal == SIGSYS && info->si_code == 1 && info->si_syscall == SYS_getpgrp && info->si_errno == 77);
	CHECK((uint64_t)(uintptr_t)info->si_call_addr == CONTEXT_IP(u));
	CHECK(CONTEXT_RESULT(u) == SYS_getpgrp);
	CONTEXT_RESULT(u) = 4242;
	caught_number++;
}

static void filter(uint32_t number, uint32_t action)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { 4, f };

	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p) == 0);
}

/* Nothing may be called but these: an agent that calls anything else from here on is killed. */
static void filter_all_but(const int *numbers, int n)
{
	struct sock_filter f[64];
	struct sock_fprog p = { 0, f };
	int k = 0;

	f[k++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (int i = 0; i < n; i++) {
		f[k++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)numbers[i], 0, 1);
		f[k++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	}
	f[k++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	p.len = (unsigned short)k;
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p) == 0);
}

void filters(void)
{
	static const int few[] = { SYS_write, SYS_exit_group, SYS_getpid, SYS_rt_sigreturn, SYS_kill, SYS_rt_sigaction, SYS_tgkill, SYS_gettid };
	pid_t pid;

	filter(SYS_getuid, SECCOMP_RET_ERRNO | 55);
	errno = 0;
	CHECK(syscall(SYS_getuid) == -1 && errno == 55);
	handle_info(SIGSYS, on_filtered, 0);
	filter(SYS_getpgrp, SECCOMP_RET_TRAP | 77);
	for (int i = 0; i < 100; i++)
		CHECK(syscall(SYS_getpgrp) == 4242);
	CHECK(caught_number == 100);
	pid = fork();
	if (pid == 0) {
		filter(SYS_getgid, SECCOMP_RET_KILL_PROCESS);
		getpid();
		syscall(SYS_getgid);
		_exit(0);
	}
	CHECK(WTERMSIG(status_of(pid)) == SIGSYS);
	pid = fork();
	if (pid == 0) {
		handle(SIGUSR1, on_came, 0);
		filter_all_but(few, sizeof(few) / sizeof(few[0]));
		for (int i = 0; i < 50; i++) {
			came = 0;
			kill(getpid(), SIGUSR1);
			CHECK(came == SIGUSR1);
		}
		handle(SIGUSR2, on_came, 0);
		_exit(7);
	}
	CHECK(WEXITSTATUS(status_of(pid)) == 7);
	/* and through an execve() */
	pid = fork();
	if (pid == 0) {
		filter(SYS_getgid, SECCOMP_RET_KILL_PROCESS);
		execl(self, self, "quick", NULL);
		_exit(9);
	}
	CHECK(status_of(pid) == 0);
	pid = fork();
	if (pid == 0) {
		signal(SIGSYS, SIG_DFL);
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
		CHECK(write(1, "", 0) == 0);
		syscall(SYS_exit, 3);
	}
	CHECK(WEXITSTATUS(status_of(pid)) == 3);
}

static void *forbidden(void *arg)
{
	while (!busy_done)
		sched_yield();
	errno = 0;
	return syscall(SYS_getuid) == -1 && errno == 55 ? arg : NULL;
}

/* A filter for all threads at once. */
void tsync(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getuid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 55),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { 4, f };
	pthread_t t[4];

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&t[i], NULL, forbidden, &t[i]) == 0);
	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &p) == 0);
	busy_done = 1;
	for (int i = 0; i < 4; i++) {
		void *r;

		CHECK(pthread_join(t[i], &r) == 0 && r == &t[i]);
	}
	/* what the kernel says no to */
	p.len = 0;
	CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8) == -1 && errno == EFAULT);
}
