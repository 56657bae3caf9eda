/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What libseam's tables are good for, in a page: runs a command and prints each of its system calls with the names of
 * arguments and flags, and what the call does to the world. No call is named in here; the tables know them all.
 * Only one process is followed, and only paths and strings are read from its memory.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "seam/calls.h"

static pid_t child;
static enum seam_arch arch;

/* Reads the child's memory: what struct seam_env wants. */
static size_t read_child(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	struct iovec here = { to, n }, there = { (void *)(uintptr_t)address, n };
	ssize_t got = process_vm_readv(child, &here, 1, &there, 1, 0);

	(void)user;
	(void)when;
	return got < 0 ? 0 : (size_t)got;
}

static void print_string(uint64_t address)
{
	char text[64];
	size_t room = 4096 - address % 4096, n;

	n = read_child(NULL, address, text, room < sizeof(text) - 1 ? room : sizeof(text) - 1, SEAM_AT_ENTRY);
	text[n] = '\0';
	if (address && n)
		fprintf(stderr, "\"%s\"%s", text, strlen(text) == n ? "..." : "");
	else
		fprintf(stderr, "%#llx", (unsigned long long)address);
}

static void print_flags(const struct seam_set *set, uint64_t value)
{
	const struct seam_tables *t = &seam_tables;
	const char *between = "";

	for (uint32_t i = 0; i < set->count; i++) {
		const struct seam_const *c = &t->consts[set->first + i];
		uint64_t mask = c->mask ? c->mask : c->value;

		if ((value & mask) != c->value || (!c->value && !c->mask))
			continue;
		fprintf(stderr, "%s%s", between, seam_string(t, c->name));
		value &= ~mask;
		between = "|";
	}
	if (value || !*between)
		fprintf(stderr, "%s%#llx", between, (unsigned long long)value);
}

static void print_value(const struct seam_type *type, uint64_t value)
{
	const struct seam_tables *t = &seam_tables;
	bool pointer = type->dir != SEAM_DIR_VALUE;
	unsigned bits = !pointer && type->width && type->width < 8 ? type->width * 8u : 64;
	const char *name;

	if (bits < 64)
		value &= (1ull << bits) - 1;
	if (type->dir == SEAM_DIR_IN && (type->kind == SEAM_KIND_PATH || type->kind == SEAM_KIND_STR)) {
		print_string(value);
	} else if (pointer || type->kind == SEAM_KIND_ADDR || type->kind == SEAM_KIND_HEX) {
		fprintf(stderr, "%#llx", (unsigned long long)value);
	} else if (type->kind == SEAM_KIND_BITS) {
		print_flags(&t->sets[type->ref], value);
	} else if (type->kind == SEAM_KIND_ENUM && (name = seam_const_name(t, type->ref, value, type->width))) {
		fprintf(stderr, "%s", name);
	} else if (type->kind == SEAM_KIND_MODE) {
		fprintf(stderr, "0%llo", (unsigned long long)value);
	} else {
		int64_t number = (int64_t)(value << (64 - bits)) >> (64 - bits);

		fprintf(stderr, type->kind == SEAM_KIND_DIRFD && number == -100 ? "AT_FDCWD" : "%lld", (long long)number);
	}
}

/* Entry: the arguments, by the case that they select. */
static const struct seam_variant *print_entry(const struct __ptrace_syscall_info *info, struct seam_env *env)
{
	const struct seam_tables *t = &seam_tables;
	const struct seam_call *call = seam_call_by_number(t, arch, info->entry.nr);
	const struct seam_variant *v;

	if (!call) {
		fprintf(stderr, "call %llu()", (unsigned long long)info->entry.nr);
		return NULL;
	}
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		env->reg[i] = info->entry.args[i];
	v = seam_call_variant(t, call, env);
	fprintf(stderr, "%s(", seam_string(t, call->name));
	for (uint32_t i = 0, shown = 0; i < v->args.count; i++) {
		const struct seam_arg *a = &t->args[v->args.first + i];
		const struct seam_type *type = &t->types[a->type];

		if (type->kind == SEAM_KIND_UNUSED || (!(type->flags & SEAM_TYPE_AT_EXIT) && !seam_holds(t, type->when, env)))
			continue;
		fprintf(stderr, "%s%s ", shown++ ? ", " : "", seam_string(t, a->name));
		print_value(type, info->entry.args[i]);
	}
	fputc(')', stderr);
	return v;
}

/* Exit: the result, and which of the effects the call had. */
static void print_exit(const struct __ptrace_syscall_info *info, const struct seam_variant *v, struct seam_env *env)
{
	const struct seam_tables *t = &seam_tables;

	fprintf(stderr, " = ");
	if (info->exit.is_error)
		fprintf(stderr, "%s", strerrorname_np((int)-info->exit.rval));
	else if (v && v->ret)
		print_value(&t->types[v->ret], (uint64_t)info->exit.rval);
	else
		fprintf(stderr, "%lld", (long long)info->exit.rval);
	env->reg[SEAM_REG_RET] = (uint64_t)info->exit.rval;
	for (uint32_t i = 0; v && !info->exit.is_error && i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];

		if (seam_holds(t, e->when, env))
			fprintf(stderr, "%s%s%s %s", i ? ", " : "    # ", e->may ? "may: " : "", seam_verb_words(e->verb),
			       seam_string(t, t->objects[e->object].text));
	}
	fputc('\n', stderr);
}

static void follow(void)
{
	const struct seam_variant *v = NULL;
	struct seam_env env = { .read = read_child };
	int status, signal = 0;

	while (ptrace(PTRACE_SYSCALL, child, NULL, (void *)(intptr_t)signal) == 0 && waitpid(child, &status, 0) == child) {
		struct __ptrace_syscall_info info;

		signal = 0;
		if (!WIFSTOPPED(status)) {
			fprintf(stderr, " = ?\n");
			return;
		}
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			if (WSTOPSIG(status) != SIGTRAP)
				signal = WSTOPSIG(status);
			continue;
		}
		if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof(info), &info) <= 0)
			continue;
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			v = print_entry(&info, &env);
		else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
			print_exit(&info, v, &env);
	}
}

int main(int argc, char **argv)
{
	int status;

	if (argc < 2) {
		fputs("Usage: calls-of COMMAND [ARGUMENT]...\n", stderr);
		return 2;
	}
	arch = seam_arch_native();
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
