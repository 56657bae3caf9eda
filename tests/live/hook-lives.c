/* SPDX-License-Identifier: BSD-2-Clause */
/* Handlers and the lives of tasks: signals, births, deaths, states that are inherited, handlers that wait and that are abandoned. */
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hook-case.h"
#include "tap.h"

/* --- Signals. */

static volatile sig_atomic_t caught;

static void on_caught(int signal)
{
	caught = signal;
}

static int payload_signals(void)
{
	signal(SIGUSR1, on_caught);
	signal(SIGUSR2, on_caught);
	signal(SIGWINCH, on_caught);
	raise(SIGTERM); /* swallowed */
	if (caught)
		return 1;
	raise(SIGUSR1); /* becomes SIGUSR2 */
	if (caught != SIGUSR2)
		return 2;
	getppid(); /* for which one is sent */
	return caught != SIGWINCH;
}

static int info_ok;

static void on_signal(struct seam_hook *h)
{
	const siginfo_t *info = (const siginfo_t *)(const void *)h->info;

	if (h->signal == SIGTERM)
		seam_swallow_signal(h);
	if (h->signal == SIGUSR1) {
		info_ok = info && h->info_size == sizeof(*info) && info->si_signo == SIGUSR1 && info->si_pid == (pid_t)h->pid;
		seam_set_signal(h, SIGUSR2);
	}
}

static void on_getppid_send(struct seam_hook *h)
{
	seam_send_signal(h, SIGWINCH);
}

static void signals(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON_EVENT(RECEIVED_SIGNAL, on_signal), SEAM_ON(getppid, on_getppid_send) };
	struct seam_tool tool = TOOL(handlers);

	EQ(run_payload(&tool, "signals"), 0);
	EQ(payload_status(), 0);
	OK(info_ok);
}

/* Signals all the time, while other calls are made in the place of each one. */
static int payload_storm(void)
{
	pid_t parent = getpid(), child;
	int status;

	signal(SIGUSR1, on_caught);
	child = fork();
	if (!child) {
		for (int i = 0; i < 300; i++) {
			kill(parent, SIGUSR1);
			usleep(50);
		}
		_exit(0);
	}
	for (;;) {
		pid_t r = waitpid(child, &status, WNOHANG);

		if (getpid() != parent || (r && r != child))
			return 1;
		if (r == child)
			return !WIFEXITED(status) || WEXITSTATUS(status) || !caught;
	}
}

static int storm_bad;

static void on_any_inject(struct seam_hook *h)
{
	if (seam_inject(h, "getpid") != (int64_t)h->pid)
		storm_bad++;
	seam_finish(h);
	if (!seam_is_interrupted(h->ret) && h->call && strcmp(h->name, "rt_sigreturn") && seam_inject(h, "getpid") != (int64_t)h->pid)
		storm_bad++;
}

static void storm(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON_EVERY_CALL(on_any_inject) };
	struct seam_tool tool = TOOL(handlers);

	EQ(run_payload(&tool, "storm"), 0);
	EQ(payload_status(), 0);
	EQ(storm_bad, 0);
}

/* --- Births and deaths, and what is inherited. */

static void *thread(void *arg)
{
	getppid();
	return arg;
}

static int payload_family(void)
{
	pthread_t t;
	int status;
	pid_t p;

	getppid();
	pthread_create(&t, NULL, thread, NULL);
	pthread_join(t, NULL);
	p = fork();
	if (!p) {
		getppid();
		_exit(3);
	}
	waitpid(p, &status, 0);
	p = vfork();
	if (!p) {
		execl("/bin/true", "true", (char *)NULL);
		_exit(9);
	}
	waitpid(p, &status, 0);
	p = fork();
	if (!p)
		raise(SIGKILL);
	waitpid(p, &status, 0);
	return 0;
}

struct generation {
	uint32_t depth, calls;
};

static struct {
	unsigned forks, vforks, clones, execs, pre_exits, exits, kills, released_tasks, released_processes;
	uint32_t deepest_task, deepest_process, last_signal, thread_of_other_process;
	int exit_status[8];
} lives;

static void inherit(void *child, const void *parent, enum seam_occasion how)
{
	struct generation *c = child;
	const struct generation *p = parent;

	(void)how;
	c->depth = p->depth + 1;
}

static void release_task(void *state)
{
	const struct generation *g = state;

	lives.deepest_task = g->depth > lives.deepest_task ? g->depth : lives.deepest_task;
	lives.released_tasks++;
}

static void release_process(void *state)
{
	const struct generation *g = state;

	lives.deepest_process = g->depth > lives.deepest_process ? g->depth : lives.deepest_process;
	lives.released_processes++;
}

static void on_birth(struct seam_hook *h)
{
	if (h->occasion == SEAM_OCCASION_FORK)
		lives.forks++;
	else if (h->occasion == SEAM_OCCASION_VFORK)
		lives.vforks++;
	else
		lives.clones++;
	if ((h->occasion == SEAM_OCCASION_CLONE) != (h->child_pid == h->pid))
		lives.thread_of_other_process++;
}

static void on_exec(struct seam_hook *h)
{
	lives.execs++;
	/* nothing of it has run: a call can be made nevertheless */
	if (seam_inject(h, "getpid") != (int64_t)h->pid)
		lives.thread_of_other_process += 100;
}

static void on_pre_exit(struct seam_hook *h)
{
	(void)h;
	lives.pre_exits++;
}

static void on_exited(struct seam_hook *h)
{
	lives.exit_status[lives.exits++ % 8] = WEXITSTATUS(h->status);
	if (seam_inject(h, "getpid") != -ESRCH)
		lives.exits += 1000;
}

static void on_killed(struct seam_hook *h)
{
	lives.kills++;
	lives.last_signal = (uint32_t)h->signal;
}

static void family(void)
{
	static const struct seam_handler handlers[] = {
		SEAM_ON_EVENT(FORK, on_birth), SEAM_ON_EVENT(VFORK, on_birth), SEAM_ON_EVENT(CLONE, on_birth), SEAM_ON_EVENT(EXEC, on_exec),
		SEAM_ON_EVENT(PRE_EXIT, on_pre_exit), SEAM_ON_EVENT(PROCESS_EXITED, on_exited), SEAM_ON_EVENT(KILLED_BY_SIGNAL, on_killed),
	};
	struct seam_tool tool = TOOL(handlers);

	tool.task_bytes = tool.process_bytes = sizeof(struct generation);
	tool.inherit_task = tool.inherit_process = inherit;
	tool.release_task = release_task;
	tool.release_process = release_process;
	EQ(run_payload(&tool, "family"), 0);
	EQ(payload_status(), 0);
	EQ(lives.forks, 2);
	EQ(lives.vforks, 1);
	EQ(lives.clones, 1);
	EQ(lives.thread_of_other_process, 0);
	EQ(lives.execs, 2);
	EQ(lives.pre_exits, 5);
	EQ(lives.exits, 3); /* the fork, the vfork, the first */
	EQ(lives.exit_status[0], 3);
	EQ(lives.kills, 1);
	EQ(lives.last_signal, SIGKILL);
	EQ(ran.tasks, 5);
	EQ(lives.released_tasks, 5);
	EQ(lives.released_processes, 4);
	EQ(lives.deepest_task, 1);
	EQ(lives.deepest_process, 1);
}

/* --- Time that is not read from the vDSO. */

static int payload_clock(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_MONOTONIC, &t) || t.tv_sec != 4711;
}

static int hide_result;

static void on_exec_hide(struct seam_hook *h)
{
	hide_result = seam_hide_vdso(h);
}

static void on_clock(struct seam_hook *h)
{
	if (seam_finish(h) == 0)
		seam_set_member(h, "tp", "tv_sec", 4711);
}

static void hidden(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON_EVENT(EXEC, on_exec_hide), SEAM_ON(clock_gettime, on_clock) };
	struct seam_tool tool = { SEAM_HANDLERS(handlers) };

	EQ(run_payload(&tool, "clock"), 0);
	EQ(hide_result, 0);
	EQ(payload_status(), 0);
}

/* --- One waits for another. */

static int payload_order(void)
{
	int status;
	pid_t p = fork();

	if (!p) {
		usleep(30000);
		getuid(); /* lets the other go */
		_exit(0);
	}
	getppid(); /* waits */
	waitpid(p, &status, 0);
	return 0;
}

struct order {
	uint32_t gone;
	uint32_t order; /* digits: 1 the first is released, 2 the second goes on */
};

static void on_waits(struct seam_hook *h)
{
	struct order *o = h->shared;

	if (seam_await(h, &o->gone, 0, 10000000) == -ETIMEDOUT)
		o->order = o->order * 10 + 7; /* a wait that is too short */
	if (seam_await(h, &o->gone, 0, UINT64_MAX) == 0)
		o->order = o->order * 10 + 2;
	seam_print(h, "%u", o->order);
}

static void on_goes(struct seam_hook *h)
{
	struct order *o = h->shared;

	if (o->gone)
		return;
	seam_finish(h);
	o->order = o->order * 10 + 1;
	o->gone = 1;
	seam_wake(h, &o->gone);
}

static void order(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON(getppid, on_waits), SEAM_ON(getuid, on_goes) };
	struct seam_tool tool = TOOL(handlers);
	struct seam_run_options o = { 0 };
	char said[16] = "";
	int out[2];

	tool.shared_bytes = sizeof(struct order);
	if (pipe(out) < 0)
		return;
	o.out = out[1];
	EQ(run_payload_with(&tool, "order", &o), 0);
	EQ(payload_status(), 0);
	close(out[1]);
	if (read(out[0], said, sizeof(said) - 1) < 0)
		said[0] = 0;
	close(out[0]);
	STREQ(said, "712");
}

/* --- Handlers that never go on. */

static unsigned deferred, went_on;

static void count_deferred(void *arg)
{
	++*(unsigned *)arg;
}

static void on_abandoned(struct seam_hook *h)
{
	seam_defer(h, count_deferred, &deferred);
	seam_alloc(h, 100000);
	if (!strcmp(h->name, "getuid"))
		seam_await(h, NULL, 0, UINT64_MAX);
	else
		seam_finish(h);
	went_on++;
}

/* The one who waits for ever is killed. */
static int payload_killed(void)
{
	int status;
	pid_t p = fork();

	if (!p) {
		getuid();
		_exit(1);
	}
	usleep(20000);
	kill(p, SIGKILL);
	waitpid(p, &status, 0);
	return !WIFSIGNALED(status);
}

static void *waits_for_ever(void *arg)
{
	getuid();
	return arg;
}

static void *sleeps_for_ever(void *arg)
{
	pause();
	return arg;
}

static int payload_nothing(void)
{
	return 0;
}

/* Another thread executes something while they wait, one in its handler, one in the kernel. */
static int payload_replaced(void)
{
	pthread_t t;

	pthread_create(&t, NULL, waits_for_ever, NULL);
	pthread_create(&t, NULL, sleeps_for_ever, NULL);
	usleep(20000);
	/* a program that makes no call which is waited at */
	execl("/proc/self/exe", "hook-lives", "nothing", (char *)NULL);
	return 1;
}

static sigjmp_buf before;

static void jump(int signal)
{
	(void)signal;
	siglongjmp(before, 1);
}

/*
 * The call that a signal interrupts never comes back to the program, and its handler is not left over. The
 * signal is let through by that call alone, however late the program gets there.
 */
static int payload_jumps(void)
{
	sigset_t alarms, none;

	sigemptyset(&none);
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	sigprocmask(SIG_BLOCK, &alarms, NULL);
	signal(SIGALRM, jump);
	for (volatile int i = 0; i < 20; i++) {
		ualarm(2000, 0);
		if (!sigsetjmp(before, 1))
			ppoll(NULL, 0, NULL, &none);
	}
	return 0;
}

static int64_t jump_results;

static void on_pause(struct seam_hook *h)
{
	seam_defer(h, count_deferred, &deferred);
	if (seam_is_interrupted(seam_finish(h)))
		jump_results++;
}

static void abandoned(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON(getuid, on_abandoned), SEAM_ON_CALLS("ppoll,exit_group", on_abandoned) };
	static const struct seam_handler with_pause[] = { SEAM_ON(getuid, on_abandoned), SEAM_ON_CALLS("%signal", on_abandoned) };
	static const struct seam_handler of_pause[] = { SEAM_ON(ppoll, on_pause) };
	struct seam_tool tool = TOOL(handlers), threads = TOOL(with_pause), jumps = TOOL(of_pause);

	deferred = went_on = 0;
	EQ(run_payload(&tool, "killed"), 0);
	EQ(payload_status(), 0);
	EQ(ran.abandoned, 2); /* and exit_group(), which does not return */
	EQ(deferred, 2);
	EQ(went_on, 0);
	EQ(run_payload(&threads, "replaced"), 0);
	EQ(payload_status(), 0);
	OK(ran.abandoned >= 1);
	deferred = 0;
	jump_results = 0;
	EQ(run_payload(&jumps, "jumps"), 0);
	EQ(payload_status(), 0);
	EQ(ran.abandoned, 0);
	EQ(deferred, 20);
	EQ(jump_results, 20);
}

/* --- Many, one after the other: nothing is left of them. */

static int many_are(void)
{
	const char *scale = getenv("SEAM_TEST_SCALE");

	return 10000 / (scale ? (int)strtol(scale, NULL, 10) : 1);
}

static int one_of_many(void)
{
	int status;
	pid_t p = vfork();

	if (!p)
		_exit(getppid() <= 0);
	return p < 0 || waitpid(p, &status, 0) != p || status;
}

static int payload_many(void)
{
	const int n = many_are();
	int bad = 0;

	for (int i = 0; i < n; i++)
		bad |= one_of_many();
	return bad;
}

static void on_getppid_alloc(struct seam_hook *h)
{
	memset(seam_alloc(h, 1000), 1, 1000);
	seam_defer(h, count_deferred, &deferred);
	seam_finish(h);
}

static void many(void)
{
	static const struct seam_handler handlers[] = { SEAM_ON(getppid, on_getppid_alloc) };
	struct seam_tool tool = TOOL(handlers);
	struct mallinfo2 before_it, after;

	tool.task_bytes = tool.process_bytes = 64;
	deferred = 0;
	before_it = mallinfo2();
	EQ(run_payload(&tool, "many"), 0);
	after = mallinfo2();
	EQ(payload_status(), 0);
	EQ(ran.tasks, many_are() + 1);
	EQ(deferred, many_are());
	/* a few buffers of the C library's own are allowed for */
	OK(after.uordblks <= before_it.uordblks + 4096);
}

const struct payload payloads[] = {
	{ "signals", payload_signals }, { "storm", payload_storm }, { "family", payload_family }, { "clock", payload_clock }, { "order", payload_order }, { "killed", payload_killed },
	{ "replaced", payload_replaced }, { "nothing", payload_nothing }, { "jumps", payload_jumps }, { "many", payload_many }, { NULL, NULL },
};

int cases(void)
{
	signals();
	storm();
	family();
	hidden();
	order();
	abandoned();
	many();
	return tap_done();
}
