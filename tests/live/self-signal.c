/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: signals, clocks and timers. */
#include "self.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <sys/timex.h>
#include <time.h>

static void ignore(int signal)
{
	(void)signal;
}

static pid_t signaller;

/* Something that a call which sleeps is interrupted by. */
static void signal_soon(void)
{
	struct sigaction act = { .sa_handler = ignore };
	pid_t tester = getpid();

	sigaction(SIGVTALRM, &act, NULL);
	sigaction(SIGUSR1, &act, NULL);
	/* again and again, since the first one may come before the call has begun to sleep */
	signaller = fork();
	if (signaller == 0) {
		while (getppid() == tester) {
			nanosleep(&(struct timespec){ 0, 30000000 }, NULL);
			kill(tester, SIGUSR1);
		}
		_exit(0);
	}
}

static void reap(void)
{
	if (signaller > 0)
		kill(signaller, SIGKILL);
	signaller = 0;
	while (wait(NULL) > 0)
		;
}

static void trial_rt_sigaction(void)
{
	/* handler, flags, then a restorer where the architecture has one, and the mask */
	size_t n = seam_arch_native() == SEAM_ARCH_RISCV64 ? 24 : 32;
	uint64_t *act = copy((uint64_t[4]){ W(SIG_IGN) }, n), *old = room(n);

	GIVES(CALL(rt_sigaction, SIGUSR2, act, old, 8), 0);
	IN(act, n), OUT(old, n);
	GIVES(CALL(rt_sigaction, SIGUSR2, NULL, old, 8), 0);
	OUT(old, n);
	MUST(old[0] == W(SIG_IGN));
	GIVES(CALL(rt_sigaction, SIGUSR2, act, NULL, 7), -EINVAL);
	IN(act, n);
}

static void trial_rt_sigprocmask(void)
{
	uint64_t *set = NEW(uint64_t, 1u << (SIGUSR2 - 1)), *old = ROOM(uint64_t);

	GIVES(CALL(rt_sigprocmask, SIG_BLOCK, set, old, 8), 0);
	IN(set, 8), OUT(old, 8);
	GIVES(CALL(rt_sigpending, old, 8), 0);
	OUT(old, 8);
	GIVES(CALL(rt_sigprocmask, SIG_UNBLOCK, set, NULL, 8), 0);
	IN(set, 8);
	GIVES(CALL(rt_sigprocmask, 99, set, old, 8), -EINVAL);
	IN(set, 8);
}

static void trial_rt_sigtimedwait(void)
{
	sigset_t block;
	uint64_t *set = NEW(uint64_t, 1u << (SIGUSR2 - 1));
	siginfo_t *info = ROOM(siginfo_t), *send;
	struct timespec *limit = NEW(struct timespec, 0, 1000);

	sigemptyset(&block);
	sigaddset(&block, SIGUSR2);
	sigprocmask(SIG_BLOCK, &block, NULL);
	signal(SIGUSR2, SIG_DFL);
	GIVES(CALL(rt_sigtimedwait, set, info, limit, 8), -EAGAIN);
	IN(set, 8), IN(limit, 16);
	send = ROOM(siginfo_t);
	memset(send, 0, sizeof(*send));
	send->si_code = SI_QUEUE;
	send->si_signo = SIGUSR2;
	send->si_pid = getpid();
	send->si_value.sival_int = 77;
	GIVES(CALL(rt_sigqueueinfo, getpid(), SIGUSR2, send), 0);
	IN(send, 128);
	GIVES(CALL(rt_sigtimedwait, set, info, NULL, 8), SIGUSR2);
	IN(set, 8), OUT(info, 128);
	MUST(info->si_value.sival_int == 77);
	GIVES(CALL(rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR2, send), 0);
	IN(send, 128);
	GIVES(CALL(rt_sigtimedwait, set, NULL, limit, 8), SIGUSR2);
	IN(set, 8), IN(limit, 16);
	sigprocmask(SIG_UNBLOCK, &block, NULL);
}

static void trial_sigaltstack(void)
{
	stack_t *ss = NEW(stack_t, .ss_flags = SS_DISABLE), *old = ROOM(stack_t);

	GIVES(CALL(sigaltstack, NULL, old), 0);
	OUT(old, 24), holes();
	GIVES(CALL(sigaltstack, ss, old), 0);
	IN(ss, 24), OUT(old, 24), holes();
	GIVES(CALL(sigaltstack, old, NULL), 0); /* as it was */
	IN(old, 24);
}

static void trial_rt_sigsuspend(void)
{
	uint64_t *set = NEW(uint64_t, 0);

	signal_soon();
	GIVES(CALL(rt_sigsuspend, set, 8), -EINTR);
	IN(set, 8);
	reap();
}

static void trial_kill(void)
{
	GIVES(CALL(kill, getpid(), 0), 0);
	GIVES(CALL(tgkill, getpid(), getpid(), 0), 0);
	GIVES(CALL(tkill, getpid(), 0), 0);
}

static void trial_pidfd_send_signal(void)
{
	long fd = CALL(pidfd_open, getpid(), 0);
	siginfo_t *info;

	CAN(fd);
	MUST(fd >= 0);
	info = ROOM(siginfo_t);
	memset(info, 0, sizeof(*info));
	info->si_signo = SIGCHLD;
	info->si_code = SI_QUEUE;
	GIVES(CALL(pidfd_send_signal, fd, 0, NULL, 0), 0);
	GIVES(CALL(pidfd_send_signal, fd, SIGCHLD, info, 0), 0);
	IN(info, 128);
	close((int)fd);
}

static void trial_clocks(void)
{
	struct timespec *ts = ROOM(struct timespec);
	struct timeval *tv = ROOM(struct timeval);
	int *zone = ROOMS(int, 2);
	time_t *t = ROOM(time_t);
	struct timex *tx = ROOM(struct timex);
	long r;

	GIVES(CALL(clock_gettime, CLOCK_MONOTONIC, ts), 0);
	OUT(ts, 16);
	GIVES(CALL(clock_getres, CLOCK_MONOTONIC, ts), 0);
	OUT(ts, 16);
	GIVES(CALL(clock_getres, CLOCK_MONOTONIC, NULL), 0);
	GIVES(CALL(clock_gettime, 999, ts), -EINVAL);
	GIVES(CALL(clock_settime, CLOCK_MONOTONIC, ts), -EINVAL);
	IN(ts, 16);
	GIVES(CALL(gettimeofday, tv, zone), 0);
	OUT(tv, 16), OUT(zone, 8);
	memset(tx, 0, sizeof(*tx));
	MUST(CALL(adjtimex, tx) >= 0);
	BOTH(tx, 208);
	memset(tx, 0, sizeof(*tx));
	MUST(CALL(clock_adjtime, CLOCK_REALTIME, tx) >= 0);
	BOTH(tx, 208);
	r = CALL(time, t);
	CAN(r);
	OUT(t, 8);
}

static void trial_sleep(void)
{
	struct timespec *want = NEW(struct timespec, 0, 1000), *rem = ROOM(struct timespec);

	GIVES(CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, want, rem), 0);
	IN(want, 16); /* nothing remains, and nothing is said of it */
	GIVES(CALL(nanosleep, want, rem), 0);
	IN(want, 16);
	want->tv_sec = 20;
	signal_soon();
	GIVES(CALL(clock_nanosleep, CLOCK_MONOTONIC, 0, want, rem), -EINTR);
	IN(want, 16), OUT(rem, 16);
	reap();
	signal_soon();
	GIVES(CALL(nanosleep, want, rem), -EINTR);
	IN(want, 16), OUT(rem, 16);
	reap();
}

static void trial_sleep_until(void)
{
	struct timespec *want = ROOM(struct timespec), *rem = ROOM(struct timespec);

	clock_gettime(CLOCK_MONOTONIC, want);
	want->tv_sec += 20;
	signal_soon();
	GIVES(CALL(clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, want, rem), -EINTR);
	IN(want, 16);
	reap();
}

static void trial_timers(void)
{
	int *id = ROOM(int);
	struct sigevent *event = ROOM(struct sigevent);
	struct itimerspec *set = NEW(struct itimerspec, .it_value = { 100, 0 }), *old = ROOM(struct itimerspec);

	memset(event, 0, sizeof(*event));
	event->sigev_notify = SIGEV_NONE;
	GIVES(CALL(timer_create, CLOCK_MONOTONIC, event, id), 0);
	IN(event, 64), BOTH(id, 4); /* prctl can have it read */
	GIVES(CALL(timer_settime, *id, 0, set, old), 0);
	IN(set, 32), OUT(old, 32);
	GIVES(CALL(timer_gettime, *id, old), 0);
	OUT(old, 32);
	GIVES(CALL(timer_getoverrun, *id), 0);
	GIVES(CALL(timer_delete, *id), 0);
	GIVES(CALL(timer_gettime, *id, old), -EINVAL);
}

static void trial_itimers(void)
{
	struct itimerval *set = NEW(struct itimerval, .it_value = { 1000, 0 }), *old = ROOM(struct itimerval);

	GIVES(CALL(setitimer, ITIMER_VIRTUAL, set, old), 0);
	IN(set, 32), OUT(old, 32);
	memset(set, 0, sizeof(*set));
	GIVES(CALL(setitimer, ITIMER_VIRTUAL, set, NULL), 0);
	IN(set, 32);
	GIVES(CALL(getitimer, ITIMER_VIRTUAL, old), 0);
	OUT(old, 32);
}

const struct trial signal_trials[] = {
	TRIAL(rt_sigaction), TRIAL(rt_sigprocmask), TRIAL(rt_sigtimedwait), TRIAL(sigaltstack), TRIAL(rt_sigsuspend),
	TRIAL(kill), TRIAL(pidfd_send_signal), TRIAL(clocks), TRIAL(sleep), TRIAL(sleep_until), TRIAL(timers),
	TRIAL(itimers), { 0 },
};
