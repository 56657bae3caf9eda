/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Programs that are hard to stand in front of: agent-payload CASE makes one of them, finds out itself whether all was as the kernel has it, and says "ok". What is wrong is said, with status 1.
 * It is run without the agent too: what it expects is the kernel's word, not ours. Without a case it lists them.
 */
#include "agent-payload.h"

const char *self;
volatile int came;
int pipe_ends[2];
sigjmp_buf back;

void wrong_at(const char *file, int line, const char *what)
{
	char text[300];
	int n = snprintf(text, sizeof(text), "%s:%d: %s (errno %d)\n", file, line, what, errno);

	if (write(1, text, (size_t)n) != n)
		_exit(2);
	_exit(1);
}

void on_nothing(int signal)
{
	(void)signal;
}

void on_came(int signal)
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

void alarm_in(long us, long every_us)
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

uint64_t blocked_now(void)
{
	uint64_t mask = 0;

	CHECK(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8) == 0);
	return mask;
}

volatile unsigned ticks;

void on_tick(int signal, siginfo_t *info, void *context)
{
	ucontext_t *u = context;
	char here;

	(void)signal;
	(void)info;
	ticks++;
	/* on the program's own stack, and nowhere in memory that the program does not know */
	CHECK((uint64_t)&here < CONTEXT_SP(u) && CONTEXT_SP(u) - (uint64_t)&here < 65536);
	CHECK(!(CONTEXT_IP(u) >= AGENTS_FROM && CONTEXT_IP(u) < AGENTS_TO));
}

static const struct {
	const char *name;
	void (*fn)(void);
	bool helper;
} cases[] = {
#define X(name) { #name, name, false },
	CASES(X)
#undef X
#define X(name) { #name, name, true },
	HELPERS(X)
};

int main(int argc, char **argv)
{
	static char path[4096];

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return 2;
	self = path;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (argc < 2 && !cases[i].helper)
			puts(cases[i].name);
		if (argc < 2 || strcmp(cases[i].name, argv[1]) != 0)
			continue;
		cases[i].fn();
		if (!cases[i].helper)
			puts("ok");
		return 0;
	}
	return argc < 2 ? 0 : 2;
}
