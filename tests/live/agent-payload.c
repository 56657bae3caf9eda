/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs that are hard to stand in front of: agent-payload CASE makes one of them, finds out itself whether all was as the kernel has it, and says "ok". What is wrong is said, with status 1.
 * It is run without the agent too: what it expects is the kernel's word, not ours. Without a case it lists them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "agent-payload.h"

extern char **environ;
const char *self;

void wrong_at(const char *file, int line, const char *what)
{
	char text[300];
	int n = snprintf(text, sizeof(text), "%s:%d: %s (errno %d)\n", file, line, what, errno);

	if (write(1, text, (size_t)n) != n)
		_exit(2);
	_exit(1);
}

static void on_nothing(int signal)
{
	(void)signal;
}

static volatile int came;

static void on_came(int signal)
{
	came = signal;
}

void handle(int signal, void (*fn)(int), int flags)
{
	struct sigaction a = { .sa_handler = fn, .sa_flags = flags };

	CHECK(sigaction(signal, &a, NULL) == 0);
}

void handle_info(int signal, void (*fn)(int, siginfo_t *, void *), int flags)
{
	struct sigaction a = { .sa_sigaction = fn, .sa_flags = flags | SA_SIGINFO };

	CHECK(sigaction(signal, &a, NULL) == 0);
}

static void alarm_in(long us, long every_us)
{
	struct itimerval t = { { every_us / 1000000, every_us % 1000000 }, { us / 1000000, us % 1000000 } };

	CHECK(setitimer(ITIMER_REAL, &t, NULL) == 0);
}

int status_of(pid_t pid)
{
	int status;

	CHECK(pid > 0);
	while (waitpid(pid, &status, 0) != pid)
		CHECK(errno == EINTR);
	return status;
}

/* --- signals */

static uint64_t blocked_now(void)
{
	uint64_t mask = 0;

	CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8) == 0);
	return mask;
}

#define BIT(s) (1ull << ((s) - 1))

static void on_masks(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	uint64_t before;

	memcpy(&before, &u->uc_sigmask, 8);
	CHECK(signal == SIGUSR1 && info->si_signo == SIGUSR1 && info->si_pid == getpid() && info->si_code == SI_USER);
	CHECK(before == BIT(SIGUSR2));
	CHECK(blocked_now() == (BIT(SIGUSR1) | BIT(SIGUSR2) | BIT(SIGHUP)));
	came++;
}

static void masks(void)
{
	struct sigaction a = { .sa_sigaction = on_masks, .sa_flags = SA_SIGINFO }, old;
	sigset_t set;

	sigaddset(&a.sa_mask, SIGHUP);
	CHECK(sigaction(SIGUSR1, &a, NULL) == 0);
	CHECK(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_sigaction == on_masks && (old.sa_flags & ~0x04000000) == SA_SIGINFO);
	CHECK(sigismember(&old.sa_mask, SIGHUP) == 1 && sigismember(&old.sa_mask, SIGINT) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
	came = 0;
	for (int i = 0; i < 100; i++)
		kill(getpid(), SIGUSR1);
	CHECK(came == 100);
	CHECK(blocked_now() == BIT(SIGUSR2));
	/* one that is blocked waits, and comes when it is let through */
	handle(SIGUSR2, on_came, SA_RESETHAND | SA_NODEFER);
	came = 0;
	kill(getpid(), SIGUSR2);
	CHECK(came == 0 && sigpending(&set) == 0 && sigismember(&set, SIGUSR2));
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	CHECK(came == SIGUSR2);
	CHECK(sigaction(SIGUSR2, NULL, &old) == 0 && old.sa_handler == SIG_DFL);
	CHECK(blocked_now() == 0);
	/* what the kernel says no to */
	errno = 0;
	CHECK(sigaction(SIGKILL, &a, NULL) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_rt_sigprocmask, 9, &set, NULL, 8) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 4) == -1 && errno == EINVAL);
	CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, 8, NULL, 8) == -1 && errno == EFAULT);
	CHECK(syscall(SYS_rt_sigaction, SIGUSR1, 8, NULL, 8) == -1 && errno == EFAULT);
	sigfillset(&set);
	CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
	CHECK((blocked_now() & ~0x380000000ull) == (~0ull & ~(BIT(SIGKILL) | BIT(SIGSTOP) | 0x380000000ull)));
}

/* Signals that are queued come all, in their order, with what they bring. */
static volatile int next_value;

static void on_queued(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	CHECK(info->si_code == SI_QUEUE && info->si_value.sival_int == next_value && info->si_uid == getuid());
	next_value++;
}

static void queue(void)
{
	union sigval v;
	sigset_t set;

	handle_info(SIGRTMIN, on_queued, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	for (int round = 0; round < 5; round++) {
		next_value = 0;
		sigprocmask(SIG_BLOCK, &set, NULL);
		for (v.sival_int = 0; v.sival_int < 100; v.sival_int++)
			CHECK(sigqueue(getpid(), SIGRTMIN, v) == 0);
		CHECK(next_value == 0);
		sigprocmask(SIG_UNBLOCK, &set, NULL);
		CHECK(next_value == 100);
		for (v.sival_int = 100; v.sival_int < 300; v.sival_int++)
			CHECK(sigqueue(getpid(), SIGRTMIN, v) == 0 && next_value == v.sival_int + 1);
	}
}

/* What a handler writes into its frame is what the program goes on with. */
static void on_change(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)signal;
	(void)info;
	sigaddset(&u->uc_sigmask, SIGHUP);
	sigaddset(&u->uc_sigmask, SIGSYS);
	CONTEXT_RESULT(u) = 4711;
}

static void changes(void)
{
	sigset_t set;

	handle_info(SIGUSR1, on_change, 0);
	for (int i = 0; i < 20; i++) {
		CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1) == 4711);
		sigprocmask(SIG_SETMASK, NULL, &set);
		CHECK(sigismember(&set, SIGHUP) && sigismember(&set, SIGSYS));
		sigemptyset(&set);
		sigprocmask(SIG_SETMASK, &set, NULL);
		CHECK(blocked_now() == 0);
	}
}

/* A call that is interrupted: the program's own place and registers. */
static int pipe_ends[2];
static uint64_t seen_ip, seen_sp, seen_number, read_behind, read_sp;
static int seen;
static bool restarted;

static void on_place(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)signal;
	(void)info;
	/* one that comes before the call is of no use */
	if (CONTEXT_IP(u) != read_behind && !(restarted && CONTEXT_IP(u) == read_behind - CALL_BYTES)) {
		alarm_in(500, 0);
		return;
	}
	seen_ip = CONTEXT_IP(u);
	seen_sp = CONTEXT_SP(u);
	seen_number = CONTEXT_RESULT(u);
	CHECK(CONTEXT_KEPT(u) == KEPT_VALUE);
	seen++;
	alarm_in(0, 0);
}

static void place(void)
{
	char byte;

	CHECK(pipe(pipe_ends) == 0);
	for (int round = 0; round < 20; round++) {
		long r;

		restarted = round % 2;
		handle_info(SIGALRM, on_place, restarted ? SA_RESTART : 0);
		if (restarted) {
			/* somebody writes when it has been restarted */
			pid_t pid = fork();

			if (pid == 0) {
				usleep(30000);
				_exit(write(pipe_ends[1], "x", 1) != 1);
			}
			seen = 0;
			alarm_in(1000 + round * 100, 0);
			r = marked_read(pipe_ends[0], &byte, 1, &read_behind, &read_sp);
			CHECK(r == 1 && seen == 1 && status_of(pid) == 0);
			CHECK(seen_ip == read_behind - CALL_BYTES && seen_number == SYS_read);
		} else {
			seen = 0;
			alarm_in(1000 + round * 100, 0);
			r = marked_read(pipe_ends[0], &byte, 1, &read_behind, &read_sp);
			CHECK(r == -EINTR && seen == 1);
			CHECK(seen_ip == read_behind && (int64_t)seen_number == -EINTR);
		}
		CHECK(seen_sp == read_sp);
	}
}

/* Signals that come at any moment of many calls: each is seen once, and the program's registers are its own. */
static volatile unsigned ticks;
static uint64_t text_low, text_high;

static void on_tick(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	char here;

	(void)signal;
	(void)info;
	ticks++;
	/* on the program's own stack, and nowhere in memory that the program does not know */
	CHECK((uint64_t)&here < CONTEXT_SP(u) && CONTEXT_SP(u) - (uint64_t)&here < 65536);
	CHECK(!(CONTEXT_IP(u) >= text_low && CONTEXT_IP(u) < text_high));
}

static void storm(void)
{
	/* where agents live */
	text_low = 0x7e9000000000;
	text_high = 0x7ef000000000;
	handle_info(SIGALRM, on_tick, SA_RESTART);
	handle_info(SIGUSR1, on_tick, SA_RESTART | SA_NODEFER);
	alarm_in(100, 100);
	for (int i = 0; i < 20000; i++) {
		CHECK(syscall(SYS_getppid) > 0);
		if (i % 16 == 0)
			CHECK(raise(SIGUSR1) == 0);
	}
	alarm_in(0, 0);
	CHECK(ticks >= 20000 / 16);
}

static void restarts(void)
{
	struct timespec t = { 1, 0 }, left;
	struct pollfd p = { -1, 0, 0 };
	sigset_t empty, usr1, old;
	fd_set none;
	int r, ep = epoll_create1(0);
	struct epoll_event e;

	sigemptyset(&empty);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	handle(SIGALRM, on_came, SA_RESTART);
	/* these are not begun again whatever the flag */
	alarm_in(3000, 3000);
	CHECK(nanosleep(&t, &left) == -1 && errno == EINTR && left.tv_sec == 0);
	alarm_in(3000, 3000);
	CHECK(poll(&p, 1, 1000) == -1 && errno == EINTR);
	alarm_in(3000, 3000);
	CHECK(pause() == -1 && errno == EINTR);
	alarm_in(3000, 3000);
	CHECK(ppoll(&p, 1, NULL, &empty) == -1 && errno == EINTR);
	alarm_in(3000, 3000);
	CHECK(epoll_wait(ep, &e, 1, 1000) == -1 && errno == EINTR);
	alarm_in(0, 0);
	/* waiting under another mask */
	handle(SIGUSR1, on_came, 0);
	sigprocmask(SIG_BLOCK, &usr1, &old);
	for (int i = 0; i < 4; i++) {
		came = 0;
		raise(SIGUSR1);
		CHECK(came == 0);
		FD_ZERO(&none);
		r = i == 0 ? sigsuspend(&empty) : i == 1 ? ppoll(&p, 1, NULL, &empty) : i == 2 ? pselect(0, &none, NULL, NULL, NULL, &empty) : epoll_pwait(ep, &e, 1, 1000, &empty);
		CHECK(r == -1 && errno == EINTR && came == SIGUSR1);
		CHECK(blocked_now() == BIT(SIGUSR1));
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	close(ep);
}

/* Both are pending, one wait lets both through: the second comes inside the first one's handler. */
static volatile int order[4], order_n;

static void on_order(int signal)
{
	order[order_n++] = signal;
}

static void suspend(void)
{
	sigset_t both, empty;

	sigemptyset(&empty);
	sigemptyset(&both);
	sigaddset(&both, SIGUSR1);
	sigaddset(&both, SIGUSR2);
	handle(SIGUSR1, on_order, 0);
	handle(SIGUSR2, on_order, 0);
	sigprocmask(SIG_BLOCK, &both, NULL);
	for (int i = 0; i < 50; i++) {
		order_n = 0;
		kill(getpid(), SIGUSR1);
		kill(getpid(), SIGUSR2);
		CHECK(sigsuspend(&empty) == -1 && errno == EINTR);
		CHECK(order_n == 2);
		CHECK((blocked_now() & (BIT(SIGUSR1) | BIT(SIGUSR2))) == (BIT(SIGUSR1) | BIT(SIGUSR2)));
	}
}

/* --- alternate stacks, jumps out of handlers */

static char alternate[65536];
static sigjmp_buf back;

static void on_alternate(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	char here;
	stack_t s;

	(void)signal;
	(void)info;
	CHECK(&here > alternate && &here < alternate + sizeof(alternate));
	CHECK(u->uc_stack.ss_sp == alternate && u->uc_stack.ss_size == sizeof(alternate) && u->uc_stack.ss_flags == 0);
	CHECK(sigaltstack(NULL, &s) == 0 && s.ss_sp == alternate && s.ss_flags == SS_ONSTACK);
	s.ss_flags = 0;
	CHECK(sigaltstack(&s, NULL) == -1 && errno == EPERM);
	came++;
}

static void on_overflow(int signal, siginfo_t *info, void *context)
{
	(void)info;
	(void)context;
	CHECK(signal == SIGSEGV);
	siglongjmp(back, 1);
}

static volatile int depth;

static int __attribute__((noinline)) deeper(volatile char *above)
{
	volatile char room[4096];

	room[0] = above ? above[0] : 0;
	depth++;
	return deeper(room) + room[1];
}

static void altstack(void)
{
	stack_t s, none = { .ss_flags = SS_DISABLE };

	CHECK(sigaltstack(NULL, &s) == 0 && s.ss_flags == SS_DISABLE && s.ss_size == 0);
	s = (stack_t){ .ss_sp = alternate, .ss_size = 100 };
	CHECK(sigaltstack(&s, NULL) == -1 && errno == ENOMEM);
	s = (stack_t){ .ss_sp = alternate, .ss_size = sizeof(alternate), .ss_flags = 8 };
	CHECK(sigaltstack(&s, NULL) == -1 && errno == EINVAL);
	s = (stack_t){ .ss_sp = alternate, .ss_size = sizeof(alternate) };
	CHECK(sigaltstack(&s, NULL) == 0);
	handle_info(SIGUSR1, on_alternate, SA_ONSTACK);
	came = 0;
	for (int i = 0; i < 10; i++)
		raise(SIGUSR1);
	CHECK(came == 10);
	CHECK(sigaltstack(NULL, &s) == 0 && s.ss_sp == alternate && s.ss_flags == 0);
	/* no stack is left but this one */
	handle_info(SIGSEGV, on_overflow, SA_ONSTACK);
	for (int i = 0; i < 3; i++) {
		depth = 0;
		if (sigsetjmp(back, 1) == 0)
			deeper(NULL);
		CHECK(depth > 10);
		CHECK(getpid() > 0);
	}
	CHECK(sigaltstack(&none, &s) == 0 && s.ss_sp == alternate);
	CHECK(sigaltstack(NULL, &s) == 0 && s.ss_flags == SS_DISABLE);
}

static void on_jump(int signal)
{
	(void)signal;
	siglongjmp(back, 1);
}

static void jumps(void)
{
	char byte;
	volatile int i;

	CHECK(pipe(pipe_ends) == 0);
	handle(SIGALRM, on_jump, SA_RESTART);
	for (i = 0; i < 60; i++) {
		if (sigsetjmp(back, 1) == 0) {
			alarm_in(200 + i * 20, 0);
			CHECK(read(pipe_ends[0], &byte, 1) == -2);
		}
		CHECK(blocked_now() == 0);
	}
	handle(SIGSEGV, on_jump, 0);
	for (i = 0; i < 10; i++)
		if (sigsetjmp(back, 1) == 0)
			*(volatile int *)8 = 1;
	CHECK(blocked_now() == 0);
}

/* A stack of two pages, as Go has them: nothing of ours may lie on it but a signal that the program has no other stack for. */
static void small_stacks(void)
{
	char *m = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(m != MAP_FAILED && mprotect(m, 4096, PROT_NONE) == 0);
	for (int i = 0; i < 1000; i++) {
		memset(m + 4096, 0x5a, 8192);
		CHECK(call_on_stack(m + 4096 + 1024, SYS_getppid) == getppid());
		for (int k = 4096; k < 4096 + 1024 - 512; k++)
			CHECK(m[k] == 0x5a);
	}
}

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

static void own_signals(void)
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

static void filters(void)
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

/* --- threads and processes */

static void *count_calls(void *arg)
{
	for (int i = 0; i < 200; i++)
		syscall(SYS_getppid);
	return arg;
}

static void threads(void)
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
static void churn(void)
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

static void pinging(void)
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

static volatile int busy_done;

static void *busy(void *arg)
{
	while (!busy_done) {
		syscall(SYS_getppid);
		handle(SIGUSR2, on_came, 0);
	}
	return arg;
}

static void births(void)
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

static void vforks(void)
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

static void clones(void)
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

/* --- other programs */

static void quick(void)
{
	CHECK(getppid() > 0 && blocked_now() == 0);
}

static void *exec_quick(void *arg)
{
	(void)arg;
	execl(self, self, "quick", NULL);
	_exit(9);
}

static void execs(void)
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
static void exec_signals(void)
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
static void untraced(void)
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
static void memfd(void)
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
static void inherits(void)
{
	struct sigaction a;

	CHECK(sigaction(SIGSYS, NULL, &a) == 0 && a.sa_handler == SIG_IGN);
	CHECK(sigaction(SIGUSR1, NULL, &a) == 0 && a.sa_handler == SIG_IGN);
	CHECK(sigaction(SIGUSR2, NULL, &a) == 0 && a.sa_handler == SIG_DFL);
	CHECK(blocked_now() == (BIT(SIGSYS) | BIT(SIGHUP)));
}

static void inheritance(void)
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

/* --- the agent's memory, found as anybody can find it */

static void guarded(void)
{
	char line[400];
	uint64_t low, high;
	int found = 0;
	FILE *f = fopen("/proc/self/maps", "r");

	CHECK(f);
	while (fgets(line, sizeof(line), f)) {
		void *p;

		low = strtoull(line, NULL, 16);
		high = strtoull(strchr(line, '-') + 1, NULL, 16);
		if (low < 0x7e9000000000 || high > 0x7ef000000000)
			continue;
		found++;
		p = (void *)(uintptr_t)low;
		CHECK(munmap(p, high - low) == -1 && errno == EINVAL);
		CHECK(mprotect(p, 4096, PROT_READ) == -1 && errno == EACCES);
		CHECK(mmap(p, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED && errno == ENOMEM);
		CHECK(mmap(p, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED);
		CHECK(mremap(p, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED && errno == EFAULT);
		CHECK(madvise(p, 4096, MADV_DONTNEED) == -1 && errno == EINVAL);
		CHECK(munmap((char *)p - 4096, 8192) == -1 && errno == EINVAL);
		CHECK(!strstr(line, "rwx"));
	}
	fclose(f);
	CHECK(found == 0 || found >= 4);
}

/* --- cancellation */

static volatile int waiting;

static void *cancelled(void *arg)
{
	char byte;

	waiting = 1;
	for (;;) {
		ssize_t n = read(pipe_ends[0], &byte, 1);

		(void)n;
	}
	return arg;
}

static void *cancelled_busy(void *arg)
{
	waiting = 1;
	for (;;) {
		struct timespec t = { 0, 1 };

		nanosleep(&t, NULL);
		syscall(SYS_getppid);
	}
	return arg;
}

static void cancellation(void)
{
	CHECK(pipe(pipe_ends) == 0);
	for (int i = 0; i < 60; i++) {
		pthread_t t;
		void *r;

		waiting = 0;
		CHECK(pthread_create(&t, NULL, i % 2 ? cancelled : cancelled_busy, NULL) == 0);
		while (!waiting)
			sched_yield();
		if (i % 3 == 0)
			usleep(500);
		CHECK(pthread_cancel(t) == 0);
		CHECK(pthread_join(t, &r) == 0 && r == PTHREAD_CANCELED);
	}
}

/* --- code that is made while the program runs */

static void jit(void)
{
	for (int i = 0; i < 50; i++) {
		unsigned char *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK(m != MAP_FAILED);
		write_call(m, SYS_getppid);
		CHECK(mprotect(m, 4096, PROT_READ | PROT_EXEC) == 0);
		CHECK(((long (*)(void))(uintptr_t)m)() == getppid());
		CHECK(mprotect(m, 4096, PROT_READ | PROT_WRITE) == 0);
		write_call(m, SYS_gettid);
		CHECK(mprotect(m, 4096, PROT_READ | PROT_EXEC) == 0);
		CHECK(((long (*)(void))(uintptr_t)m)() == syscall(SYS_gettid));
		munmap(m, 4096);
	}
}

/* Registers and floating point come through every call, with signals between. */
static void registers(void)
{
	handle_info(SIGALRM, on_tick, SA_RESTART);
	alarm_in(100, 100);
	for (int i = 0; i < 20000; i++)
		CHECK(registers_kept(SYS_getppid));
	alarm_in(0, 0);
}

static const struct {
	const char *name;
	void (*fn)(void);
} cases[] = {
	{ "masks", masks }, { "queue", queue }, { "changes", changes }, { "churn", churn }, { "pinging", pinging }, { "place", place }, { "storm", storm }, { "restarts", restarts }, { "suspend", suspend }, { "altstack", altstack }, { "jumps", jumps }, { "small-stacks", small_stacks },
	{ "own-signals", own_signals }, { "filters", filters }, { "threads", threads }, { "births", births }, { "vforks", vforks }, { "clones", clones }, { "execs", execs },
	{ "exec-signals", exec_signals }, { "inheritance", inheritance }, { "untraced", untraced }, { "memfd", memfd }, { "guarded", guarded }, { "cancellation", cancellation }, { "jit", jit }, { "registers", registers },
	{ "quick", quick }, { "inherits", inherits },
};

int main(int argc, char **argv)
{
	static char path[4096];

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return 2;
	self = path;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool helper = !strcmp(cases[i].name, "quick") || !strcmp(cases[i].name, "inherits");

		if (argc < 2 && !helper)
			puts(cases[i].name);
		if (argc < 2 || strcmp(cases[i].name, argv[1]) != 0)
			continue;
		cases[i].fn();
		if (!helper)
			puts("ok");
		return 0;
	}
	return argc < 2 ? 0 : 2;
}
