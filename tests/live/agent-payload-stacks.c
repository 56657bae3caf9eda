/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks that are small, or others: part of agent-payload. */
#include "agent-payload.h"

/* --- alternate stacks, jumps out of handlers */

static char alternate[65536];

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

void altstack(void)
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

void jumps(void)
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
void small_stacks(void)
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

/* A stack that is given up while a handler is on it, as those have it who switch stacks in handlers. */
static void on_disarmed(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	char here;
	stack_t s;

	(void)signal;
	(void)info;
	CHECK(&here > alternate && &here < alternate + sizeof(alternate));
	CHECK(sigaltstack(NULL, &s) == 0 && s.ss_flags == SS_DISABLE && s.ss_size == 0);
	CHECK(u->uc_stack.ss_sp == alternate && (unsigned)u->uc_stack.ss_flags == 1u << 31);
	came++;
}

void autodisarm(void)
{
	stack_t s = { .ss_sp = alternate, .ss_size = sizeof(alternate), .ss_flags = (int)(1u << 31) }, now;

	CHECK(sigaltstack(&s, NULL) == 0);
	handle_info(SIGUSR1, on_disarmed, SA_ONSTACK);
	came = 0;
	for (int i = 0; i < 10; i++) {
		raise(SIGUSR1);
		CHECK(sigaltstack(NULL, &now) == 0 && now.ss_sp == alternate && (unsigned)now.ss_flags == 1u << 31);
	}
	CHECK(came == 10);
}
