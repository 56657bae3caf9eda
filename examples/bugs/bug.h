/* SPDX-License-Identifier: BSD-2-Clause */
/* What the programs of doc/finding-bugs.md share: threads with names, lines that are one call each, an order that can be forced. */
#ifndef BUG_H
#define BUG_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * The threads of these programs meet in the wrong order now and then. With FORCE=1 in the environment they do so each time: a thread
 * says how far it is with reached(), and another one waits for that with await(). Neither makes a system call, so that the
 * trace is the one of a failure that came by chance. Without FORCE both do nothing.
 */
static atomic_int bug_step;

static inline int forced(void)
{
	static atomic_int known;

	if (!known)
		known = getenv("FORCE") ? 2 : 1;
	return known == 2;
}

static inline void reached(int step)
{
	if (atomic_load(&bug_step) < step)
		atomic_store(&bug_step, step);
}

static inline void await(int step)
{
	while (forced() && atomic_load(&bug_step) < step)
		;
}

/* A line to a descriptor, with one call. */
__attribute__((format(printf, 2, 3))) static inline void say(int fd, const char *format, ...)
{
	char line[128];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (write(fd, line, (size_t)n) != n)
		_exit(2);
}

/* What should hold does not: as assert() does, but the message is the same wherever the program was built. */
#define check(holds, ...)                  \
	do {                               \
		if (!(holds)) {            \
			say(2, __VA_ARGS__); \
			abort();           \
		}                          \
	} while (0)

static inline pthread_t begin(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, function, argument) != 0)
		_exit(2);
	return thread;
}

static inline void name_thread(const char *name)
{
	prctl(PR_SET_NAME, name);
}

#endif
