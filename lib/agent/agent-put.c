/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Putting the agent into new programs. A task is attached to while it is in its execve(), and no longer than until the program is there, which has been changed by then to begin with a few
 * instructions of ours: they lie where the vDSO's last page has nothing, so nothing of the program is overwritten, and nothing has to be put back.
 */
#include <elf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "agent/agent-parts.h"
#include "base/alloc.h"
#include "base/util.h"

#define WORDS_MAX (1u << 20) /* on a new program's stack, before and in its auxiliary vector */

struct seized *put_find(struct agent_run *s, pid_t tid)
{
	for (size_t i = 0; i < s->seized_count; i++)
		if (s->seized[i].tid == tid)
			return &s->seized[i];
	return NULL;
}

static struct seized *add(struct agent_run *s)
{
	s->seized = xreallocarray(s->seized, s->seized_count + 1, sizeof(*s->seized));
	return &s->seized[s->seized_count++];
}

void put_forget(struct agent_run *s, pid_t tid)
{
	struct seized *z = put_find(s, tid);

	if (z)
		*z = s->seized[--s->seized_count];
}

void report_without(struct agent_run *s, pid_t pid, const char *program, const char *fmt, ...)
{
	char reason[300];
	struct seam_agent_without w = { .pid = pid, .program = program, .reason = reason };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(reason, sizeof(reason), fmt, ap);
	va_end(ap);
	s->result->without++;
	if (s->o->without)
		s->o->without(s->o->user, &w);
}

int put_seize(struct agent_run *s, pid_t tid, const char *program)
{
	struct seized *z = put_find(s, tid);

	if (!z || !z->attached) {
		if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)(uintptr_t)PTRACE_O_TRACEEXEC) < 0)
			return -errno;
	}
	if (!z)
		z = add(s);
	*z = (struct seized){ .tid = tid, .attached = true };
	snprintf(z->program, sizeof(z->program), "%s", program);
	return 0;
}

/* It has been told to go on with its execve(). If nothing comes of that, it stops when it is back. */
void put_expect(pid_t tid)
{
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
}

static size_t read_words(pid_t tid, uint64_t at, uint64_t *ret, size_t n)
{
	/* no further than to the end of its page, beyond which there may be nothing */
	size_t bytes = MIN(n * sizeof(*ret), 4096 - (at & 4095));
	struct iovec here = { ret, bytes }, there = { (void *)(uintptr_t)at, bytes };
	ssize_t got = process_vm_readv(tid, &here, 1, &there, 1, 0);

	return got > 0 ? (size_t)got / sizeof(*ret) : 0;
}

/* From its new stack: the number of arguments, these, the environment, pairs of key and value. 0: there is none. */
static uint64_t find_vdso(pid_t tid, uint64_t sp)
{
	uint64_t words[512], argc = 0, key = 0;
	unsigned nulls = 0;

	for (uint64_t i = 0; i < WORDS_MAX;) {
		size_t n = read_words(tid, sp + i * sizeof(*words), words, ARRAY_SIZE(words));

		if (!n)
			return 0;
		for (size_t k = 0; k < n; k++, i++) {
			if (i == 0) {
				argc = words[k];
			} else if (i <= argc) {
				continue;
			} else if (nulls < 2) {
				nulls += words[k] == 0;
				argc = nulls == 2 ? i : argc;
			} else if ((i - argc) % 2) {
				key = words[k];
				if (key == AT_NULL)
					return 0;
			} else if (key == AT_SYSINFO_EHDR) {
				return words[k];
			}
		}
	}
	return 0;
}

/* Where its last page has room: behind the table of sections, which is what such a file ends with. 0: nowhere. */
static uint64_t find_room(pid_t tid, uint64_t vdso, size_t need)
{
	Elf64_Ehdr e;
	uint64_t end;

	if (!vdso || read_words(tid, vdso, (uint64_t *)(void *)&e, sizeof(e) / 8) != sizeof(e) / 8 || memcmp(e.e_ident, ELFMAG, SELFMAG) != 0)
		return 0;
	end = e.e_shoff + (uint64_t)e.e_shnum * e.e_shentsize;
	if (!e.e_shoff || e.e_shoff > 1u << 16)
		return 0;
	end = (end + 15) & ~15ull;
	return (end & 4095) && 4096 - (end & 4095) >= need ? vdso + end : 0;
}

static int poke(pid_t tid, uint64_t at, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i += sizeof(long)) {
		long word = 0;

		memcpy(&word, bytes + i, MIN(n - i, sizeof(word)));
		if (ptrace(PTRACE_POKEDATA, tid, (void *)(uintptr_t)(at + i), (void *)word) < 0)
			return -errno;
	}
	return 0;
}

/* At each step what has been done so far does no harm: if we are killed, the program begins without the agent. */
static int change(struct agent_run *s, pid_t tid, const char **ret_why)
{
	const unsigned char *code;
	size_t n = arch_agent_boot(&code);
	struct arch_regs regs;
	uint64_t at;
	int r = arch_regs_get(tid, &regs);

	*ret_why = "its registers cannot be read";
	if (r < 0)
		return r;
	*ret_why = "it is of the 32-bit table";
	if (arch_agent_narrow(&regs))
		return -EINVAL;
	*ret_why = "its vDSO has no room to begin the agent from";
	at = find_room(tid, find_vdso(tid, arch_sp(&regs)), n);
	if (!at)
		return -EINVAL;
	*ret_why = "its vDSO cannot be written to";
	r = poke(tid, at, code, n);
	if (r < 0)
		return r;
	*ret_why = "its registers cannot be set";
	arch_agent_begin(&regs, at, &s->put);
	return arch_regs_set(tid, &regs);
}

static void at_exec(struct agent_run *s, pid_t tid)
{
	unsigned long former = 0;
	struct seized *z, now;
	const char *why;
	int r;

	/* a thread that begins another program has its process's number from now on */
	ptrace(PTRACE_GETEVENTMSG, tid, NULL, &former);
	z = put_find(s, former ? (pid_t)former : tid);
	now = z ? *z : (struct seized){ .program = AGENT_NO_NAME };
	put_forget(s, now.tid);
	put_forget(s, tid);
	if (!s->begun)
		s->result->calls[seam_call_by_name(&seam_tables, seam_arch_native(), "execve")->number]++;
	s->begun = true;
	r = change(s, tid, &why);
	if (r == -ESRCH)
		return; /* killed */
	if (r >= 0) {
		now.tid = tid;
		now.attached = false;
		*add(s) = now;
	} else {
		report_without(s, tid, now.program, "%s", why);
	}
	ptrace(PTRACE_DETACH, tid, NULL, NULL);
}

void put_stopped(struct agent_run *s, pid_t tid, int status)
{
	int event = status >> 16, signal = WSTOPSIG(status);

	if (event == PTRACE_EVENT_EXEC) {
		at_exec(s, tid);
		return;
	}
	/* The kernel stops it for anything else only when it is back from the call: that has failed, or begins once more, and we are asked again. */
	/* one that was killed meanwhile is told to have ended */
	if (ptrace(PTRACE_DETACH, tid, NULL, (void *)(intptr_t)(event ? 0 : signal)) == 0)
		put_forget(s, tid);
}
