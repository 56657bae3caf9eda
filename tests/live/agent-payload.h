/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of agent-payload share: a case is a function without arguments, listed here, that leaves by CHECK() when something is not as the kernel has it. */
#ifndef TESTS_AGENT_PAYLOAD_H
#define TESTS_AGENT_PAYLOAD_H

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
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "arch/agent-trial.h"

#define CASES(X) \
	X(masks) X(queue) X(changes) X(place) X(storm) X(restarts) X(suspend) X(takes) /* agent-payload-signals.c */ \
	X(altstack) X(jumps) X(small_stacks) X(autodisarm) /* agent-payload-stacks.c */ \
	X(own_signals) X(filters) X(tsync) /* agent-payload-filters.c */ \
	X(threads) X(churn) X(pinging) X(births) X(vforks) X(clones) X(clone_threes) /* agent-payload-lives.c */ \
	X(execs) X(exec_signals) X(untraced) X(memfd) X(inheritance) /* agent-payload-execs.c */ \
	X(guarded) X(cancellation) X(jit) X(registers) /* agent-payload-rest.c */
/* Other programs that they run. */
#define HELPERS(X) X(quick) X(inherits)

#define X(name) void name(void);
CASES(X) HELPERS(X)
#undef X

/* Where agents live, and nobody else does. */
#define AGENTS_FROM 0x7e9000000000
#define AGENTS_TO 0x7ef000000000

#define BIT(s) (1ull << ((s) - 1))

void wrong_at(const char *file, int line, const char *what) __attribute__((noreturn));
#define CHECK(x) ((x) ? (void)0 : wrong_at(__FILE__, __LINE__, #x))

extern char **environ;
extern const char *self;    /* the file of this program */
extern volatile int came;   /* the last signal that on_came() was called for */
extern volatile unsigned ticks;
extern volatile int busy_done;
extern int pipe_ends[2];
extern sigjmp_buf back;

void on_nothing(int signal);
void on_came(int signal);
/* Counts ticks; looks whether it is where handlers are. */
void on_tick(int signal, siginfo_t *info, void *context);
void handle(int signal, void (*fn)(int), int flags);
void handle_info(int signal, void (*fn)(int, siginfo_t *, void *), int flags);
void alarm_in(long us, long every_us);
int status_of(pid_t pid);
uint64_t blocked_now(void);
/* A thread that makes calls until busy_done. */
void *busy(void *arg);

#endif
