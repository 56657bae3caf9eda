/* SPDX-License-Identifier: BSD-2-Clause */
/* Ends a wait for tasks, which nothing but a signal can. */
#include "hook/alarm.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"

#define AGAIN_NS (10 * NS_PER_MS)

static timer_t timer;
static bool is_open;
static volatile uint64_t set_to; /* UINT64_MAX: it is not set */
static struct sigaction before;

static void on_alarm(int signal)
{
	(void)signal;
}

int alarm_open(struct seam_err *err)
{
	struct sigaction a = { .sa_handler = on_alarm };
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };

	if (timer_create(CLOCK_MONOTONIC, &e, &timer) < 0)
		return seam_err_errno(err, -errno, "no timer to wake us");
	sigaction(SIGALRM, &a, &before);
	is_open = true;
	set_to = UINT64_MAX;
	return 0;
}

void alarm_restore(void)
{
	sigaction(SIGALRM, &before, NULL);
}

void alarm_close(void)
{
	if (!is_open)
		return;
	timer_delete(timer);
	alarm_restore();
	is_open = false;
}

void alarm_set(uint64_t at)
{
	struct itimerspec t = { .it_interval = { .tv_nsec = (long)AGAIN_NS } };

	/* it is asked at every stop; one that has come goes on by itself */
	if (at == set_to)
		return;
	set_to = at;
	if (at != UINT64_MAX) {
		t.it_value.tv_sec = (time_t)(at / NS_PER_S);
		t.it_value.tv_nsec = (long)(at % NS_PER_S);
	}
	timer_settime(timer, TIMER_ABSTIME, &t, NULL);
}

void alarm_now(void)
{
	struct itimerspec t = { .it_interval = { .tv_nsec = (long)AGAIN_NS }, .it_value = { .tv_nsec = 1 } };

	set_to = 0;
	timer_settime(timer, 0, &t, NULL);
}
