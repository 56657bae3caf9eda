/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals: masks, places, registers, calls that are interrupted: part of agent-payload. */
#include "agent-payload.h"

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

void masks(void)
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

void queue(void)
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

void changes(void)
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

void place(void)
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
			/* or, on a busy machine, when somebody has written already */
			if (seen_ip == read_behind)
				CHECK(seen_number == 1);
			else
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
void storm(void)
{
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

void restarts(void)
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

void suspend(void)
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

/* Those who take signals by calls, not by handlers. */
void takes(void)
{
	struct signalfd_siginfo taken;
	struct timespec t = { 1, 0 }, none = { 0, 0 };
	siginfo_t info;
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, 0);
	CHECK(fd >= 0);
	for (int i = 0; i < 20; i++) {
		pid_t pid;

		CHECK(sigtimedwait(&set, &info, &none) == -1 && errno == EAGAIN);
		kill(getpid(), SIGUSR1);
		CHECK(sigtimedwait(&set, &info, &t) == SIGUSR1 && info.si_pid == getpid());
		raise(SIGUSR1);
		CHECK(read(fd, &taken, sizeof(taken)) == sizeof(taken) && taken.ssi_signo == SIGUSR1);
		pid = fork();
		if (pid == 0)
			_exit(kill(getppid(), SIGUSR1) != 0);
		CHECK(sigwaitinfo(&set, &info) == SIGUSR1 && info.si_pid == pid);
		CHECK(status_of(pid) == 0);
	}
	close(fd);
}
