/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory, cancellation, code that is made: part of agent-payload. */
#include "agent-payload.h"

/* --- the agent's memory, found as anybody can find it */

void guarded(void)
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
		if (low < AGENTS_FROM || high > AGENTS_TO)
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

void cancellation(void)
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

void jit(void)
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
void registers(void)
{
	handle_info(SIGALRM, on_tick, SA_RESTART);
	alarm_in(100, 100);
	for (int i = 0; i < 20000; i++)
		CHECK(registers_kept(SYS_getppid));
	alarm_in(0, 0);
}
