/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libseam's tables are good for, in a page: runs a command and prints its system calls, and what each does to the
 * world. No call is named in here; the tables know them all. Only one process is followed.
 */
#include <errno.h>
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

static pid_t child;
static bool effects;

/* Reads the child's memory: what struct seam_env wants. */
static size_t read_child(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	struct iovec here = { to, n }, there = { (void *)(uintptr_t)address, n };
	ssize_t got = process_vm_readv(child, &here, 1, &there, 1, 0);

	(void)user;
	(void)when;
	return got < 0 ? 0 : (size_t)got;
}

/* The call as it is known so far; after its return memory that came out is shown too. */
static void describe(struct seam_text *text, struct seam_out *out, bool returned)
{
	seam_out_release(out);
	seam_out_init_mem(out);
	text->out = out;
	text->returned = returned;
	seam_text_call(text);
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
		fprintf(stderr, "%s%s%s %s", between, e->may ? "may: " : "", seam_verb_words(e->verb),
			seam_string(t, t->objects[e->object].text));
		between = ", ";
	}
}

static void print_exit(struct seam_text *text, struct seam_out *entry, const struct __ptrace_syscall_info *info)
{
	struct seam_out exit = { 0 }, result;
	bool gone = false;

	/* execve() has replaced the memory with the arguments */
	for (uint32_t i = 0; text->variant && i < text->variant->effects.count; i++)
		gone |= text->t->effects[text->variant->effects.first + i].verb == SEAM_VERB_EXECS;
	text->env->reg[SEAM_REG_RET] = (uint64_t)info->exit.rval;
	describe(text, &exit, true);
	seam_out_init_mem(&result);
	text->out = &result;
	seam_text_result(text);
	fprintf(stderr, "%s = %s", gone ? entry->data : exit.data, result.data);
	if (effects && !info->exit.is_error)
		print_effects(text);
	fputc('\n', stderr);
	seam_out_release(&exit);
	seam_out_release(&result);
}

static void follow(void)
{
	struct seam_env env = { .read = read_child };
	struct seam_text text = { .t = &seam_tables, .arch = seam_arch_native(), .env = &env };
	struct seam_out entry = { 0 };
	int status, signal = 0;

	while (ptrace(PTRACE_SYSCALL, child, NULL, (void *)(intptr_t)signal) == 0 && waitpid(child, &status, 0) == child) {
		struct __ptrace_syscall_info info;

		signal = 0;
		if (!WIFSTOPPED(status)) {
			fprintf(stderr, "%s = ?\n", entry.data);
			break;
		}
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			if (WSTOPSIG(status) != SIGTRAP)
				signal = WSTOPSIG(status);
			continue;
		}
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof(info), &info) <= 0)
			continue;
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
			for (int i = 0; i < SEAM_MAX_ARGS; i++)
				env.reg[i] = info.entry.args[i];
			text.number = info.entry.nr;
			text.call = seam_call_by_number(text.t, text.arch, info.entry.nr);
			text.variant = NULL;
			describe(&text, &entry, false);
		} else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
			print_exit(&text, &entry, &info);
		}
	}
	seam_out_release(&entry);
}

int main(int argc, char **argv)
{
	int status;

	if (argc > 1 && strcmp(argv[1], "-e") == 0) {
		effects = true;
		argv++;
		argc--;
	}
	if (argc < 2) {
		fputs("Usage: calls-of [-e] COMMAND [ARGUMENT]...\n"
		      "  -e   also what each call does to the world\n", stderr);
		return 2;
	}
	child = fork();
	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[1], argv + 1);
		fprintf(stderr, "calls-of: %s: %s\n", argv[1], strerror(errno));
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child ||
	    ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)) < 0) {
		perror("calls-of: the command cannot be traced");
		return 125;
	}
	follow();
	return 0;
}
