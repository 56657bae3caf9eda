/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libseam's tables are good for, in a small tracer: runs a command and prints its system calls, and what each does
 * to the world. No call is named in here; the tables know them all.
 */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seam/calls.h"
#include "seam/text.h"

/* What a task's memory was when it entered its call, as far as the text of the entry asked for it. */
struct piece {
	struct piece *next;
	uint64_t address;
	size_t asked, got;
	unsigned char bytes[];
};

struct task {
	struct task *next;
	pid_t pid;
	struct seam_env env;
	struct seam_text text;
	struct seam_out entry; /* the call as it was when it began */
	struct piece *pieces;
	bool inside; /* a call has begun and not ended */
};

static struct task *tasks;
static bool effects, forks, json, begun;
static struct seam_text_options options;
static FILE *output;

static size_t read_now(pid_t pid, uint64_t address, void *to, size_t n)
{
	struct iovec here = { to, n }, there = { (void *)(uintptr_t)address, n };
	ssize_t got = process_vm_readv(pid, &here, 1, &there, 1, 0);

	return got < 0 ? 0 : (size_t)got;
}

/* Reads a task's memory: what struct seam_env wants. What was read at entry is kept, since the call may change it. */
static size_t read_task(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	struct task *task = user;
	struct piece *p;

	if (when == SEAM_AT_EXIT)
		return read_now(task->pid, address, to, n);
	for (p = task->pieces; p; p = p->next) {
		uint64_t skip = address - p->address;

		if (skip > p->asked || n > p->asked - skip)
			continue;
		if (skip >= p->got)
			return 0;
		n = n < p->got - skip ? n : p->got - skip;
		memcpy(to, p->bytes + skip, n);
		return n;
	}
	if (task->text.returned)
		return read_now(task->pid, address, to, n);
	p = malloc(sizeof(*p) + n);
	if (!p)
		return 0;
	*p = (struct piece){ task->pieces, address, n, read_now(task->pid, address, p->bytes, n) };
	task->pieces = p;
	memcpy(to, p->bytes, p->got);
	return p->got;
}

static void forget_pieces(struct task *task)
{
	while (task->pieces) {
		struct piece *next = task->pieces->next;

		free(task->pieces);
		task->pieces = next;
	}
}

static struct task *find_task(pid_t pid)
{
	struct task *task;

	for (task = tasks; task; task = task->next)
		if (task->pid == pid)
			return task;
	task = calloc(1, sizeof(*task));
	if (!task)
		abort();
	task->pid = pid;
	task->env = (struct seam_env){ .read = read_task, .user = task };
	task->text = (struct seam_text){ .t = &seam_tables, .arch = seam_arch_native(), .env = &task->env, .options = options };
	seam_out_init_mem(&task->entry);
	task->next = tasks;
	tasks = task;
	return task;
}

static void remove_task(struct task *task)
{
	struct task **at = &tasks;

	while (*at != task)
		at = &(*at)->next;
	*at = task->next;
	forget_pieces(task);
	seam_out_release(&task->entry);
	free(task);
}

static void print_pid(const struct task *task)
{
	if (forks && !json)
		fprintf(output, "%d ", task->pid);
}

static void print_effects(const struct seam_text *text)
{
	const struct seam_tables *t = text->t;
	const struct seam_variant *v = text->variant;
	const char *between = "    # ";

	for (uint32_t i = 0; v && i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];

		if (!seam_holds(t, e->when, text->env))
			continue;
		fprintf(output, "%s%s%s %s", between, e->may ? "may: " : "", seam_verb_words(e->verb),
			seam_string(t, t->objects[e->object].text));
		between = ", ";
	}
}

static void call_begins(struct task *task, const struct __ptrace_syscall_info *info)
{
	struct seam_text *text = &task->text;

	forget_pieces(task);
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		task->env.reg[i] = info->entry.args[i];
	text->number = info->entry.nr;
	text->call = seam_call_by_number(text->t, text->arch, info->entry.nr);
	text->variant = NULL;
	text->returned = false;
	begun = true;
	seam_out_release(&task->entry);
	seam_out_init_mem(&task->entry);
	text->out = &task->entry;
	seam_text_call(text);
	task->inside = true;
}

/* The call as it is known now, and its result; the memory that it filled in is there too. */
static void call_ends(struct task *task, const struct __ptrace_syscall_info *info)
{
	struct seam_text *text = &task->text;
	struct seam_out line;

	if (!task->inside)
		return;
	task->inside = false;
	task->env.reg[SEAM_REG_RET] = (uint64_t)info->exit.rval;
	seam_out_init_mem(&line);
	text->out = &line;
	text->returned = true;
	if (json) {
		seam_text_json(text);
	} else {
		seam_text_call(text);
		seam_out_puts(&line, " = ");
		seam_text_result(text);
	}
	print_pid(task);
	fputs(line.data, output);
	if (effects && !info->exit.is_error)
		print_effects(text);
	fputc('\n', output);
	seam_out_release(&line);
}

/* It has ended, perhaps in the middle of a call. */
static void task_ends(struct task *task, int status)
{
	if (task->inside && json) {
		seam_out_release(&task->entry);
		seam_out_init_mem(&task->entry);
		task->text.out = &task->entry;
		seam_text_json(&task->text);
		fprintf(output, "%s\n", task->entry.data);
	} else if (task->inside) {
		print_pid(task);
		fprintf(output, "%s = ?\n", task->entry.data);
	}
	if (!json) {
		print_pid(task);
		if (WIFEXITED(status))
			fprintf(output, "+++ exited with %d +++\n", WEXITSTATUS(status));
		else
			fprintf(output, "+++ killed by SIG%s%s +++\n", sigabbrev_np(WTERMSIG(status)),
				WCOREDUMP(status) ? " (core dumped)" : "");
	}
	remove_task(task);
}

/* A signal is about to be delivered, or it has stopped the task. Returns what to hand on. */
static int signal_comes(struct task *task, int signal)
{
	siginfo_t info;
	struct seam_out line;

	if (ptrace(PTRACE_GETSIGINFO, task->pid, NULL, &info) < 0) {
		if (!json) {
			print_pid(task);
			fprintf(output, "--- stopped by SIG%s ---\n", sigabbrev_np(signal));
		}
		return signal;
	}
	seam_out_init_mem(&line);
	task->text.out = &line;
	if (!json) {
		seam_text_signal(&task->text, &info, sizeof(info));
		print_pid(task);
		fprintf(output, "--- %s ---\n", line.data);
	}
	seam_out_release(&line);
	return signal;
}

/* Handles what has stopped the task, and lets it go on. */
static void task_stops(struct task *task, int status)
{
	struct __ptrace_syscall_info info;
	int signal = 0, event = status >> 16;

	if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, task->pid, (void *)sizeof(info), &info) > 0) {
			if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
				call_begins(task, &info);
			else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
				call_ends(task, &info);
		}
	} else if (!begun) {
		/* what it takes to start the command */
	} else if (event == PTRACE_EVENT_STOP) {
		/* a new task begins, or one has been stopped and stays so */
		if (WSTOPSIG(status) != SIGTRAP) {
			if (!json) {
				print_pid(task);
				fprintf(output, "--- stopped by SIG%s ---\n", sigabbrev_np(WSTOPSIG(status)));
			}
			ptrace(PTRACE_LISTEN, task->pid, NULL, NULL);
			return;
		}
	} else if (!event) {
		signal = signal_comes(task, WSTOPSIG(status));
	}
	ptrace(PTRACE_SYSCALL, task->pid, NULL, (void *)(intptr_t)signal);
}

static int follow(pid_t first)
{
	int status, result = 0;
	pid_t pid;

	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid < 0)
			continue;
		if (WIFSTOPPED(status)) {
			task_stops(find_task(pid), status);
			continue;
		}
		task_ends(find_task(pid), status);
		if (pid == first)
			result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		fflush(output);
	}
	return result;
}

static pid_t start(char **command)
{
	int status, what = PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
	pid_t child = fork();

	if (child == 0) {
		kill(getpid(), SIGSTOP);
		execvp(command[0], command);
		fprintf(stderr, "calls-of: %s: %s\n", command[0], strerror(errno));
		_exit(127);
	}
	if (forks)
		what |= PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE;
	if (child < 0 || waitpid(child, &status, WUNTRACED) != child ||
	    ptrace(PTRACE_SEIZE, child, NULL, (void *)(intptr_t)(what | PTRACE_O_TRACEEXEC)) < 0 || kill(child, SIGCONT) != 0)
		return -1;
	return child;
}

int main(int argc, char **argv)
{
	pid_t first;
	int option;

	output = stderr;
	while ((option = getopt(argc, argv, "+efjnvo:s:")) != -1) {
		switch (option) {
		case 'e':
			effects = true;
			break;
		case 'f':
			forks = true;
			break;
		case 'j':
			json = true;
			break;
		case 'n':
			options.names = true;
			break;
		case 'v':
			options.element_limit = UINT_MAX;
			break;
		case 's':
			options.string_limit = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'o':
			output = fopen(optarg, "we");
			if (output)
				break;
			perror(optarg);
			return 125;
		default:
			optind = argc;
		}
	}
	if (optind >= argc) {
		fputs("Usage: calls-of [OPTION]... COMMAND [ARGUMENT]...\n"
		      "  -e       also what each call does to the world\n"
		      "  -f       follow the children\n"
		      "  -j       calls as JSON, one a line\n"
		      "  -n       the names of the arguments\n"
		      "  -v       all elements of arrays\n"
		      "  -o FILE  where to write; standard error if nothing is said\n"
		      "  -s N     bytes of strings that are shown\n", stderr);
		return 2;
	}
	first = start(argv + optind);
	if (first < 0) {
		perror("calls-of: the command cannot be traced");
		return 125;
	}
	return follow(first);
}
