/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a task can be made to make a call, and whether it may. */
#include "hook/instruction.h"

#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

#include "base/buf.h"
#include "base/files.h"

#define VDSO_MAX 16384u
#define STATUS_MAX (64u << 10)
#define NOWHERE 1

/* Where the kernel says that its own code in the process begins. */
static uint64_t vdso(pid_t tid)
{
	_cleanup_buf_ struct buf auxv = BUF_INIT;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)tid);
	if (file_read(path, STATUS_MAX, &auxv, NULL) < 0)
		return 0;
	for (size_t i = 0; i + sizeof(Elf64_auxv_t) <= auxv.len; i += sizeof(Elf64_auxv_t)) {
		Elf64_auxv_t a;

		memcpy(&a, auxv.data + i, sizeof(a));
		if (a.a_type == AT_SYSINFO_EHDR)
			return a.a_un.a_val;
	}
	return 0;
}

uint64_t instruction_find(pid_t tid, struct space *space)
{
	unsigned char code[VDSO_MAX];
	uint64_t at = space->call_at ? 0 : vdso(tid);
	size_t n = at ? tracee_read(tid, at, code, sizeof(code)) : 0, step = arch_call_bytes(NULL) == 4 ? 4 : 1;

	for (size_t i = 0; i + arch_call_bytes(NULL) <= n && !space->call_at; i += step)
		if (arch_is_call(code + i, NULL, false))
			space->call_at = at + i;
	if (!space->call_at)
		space->call_at = NOWHERE;
	return space->call_at == NOWHERE ? 0 : space->call_at;
}

unsigned instruction_filters(pid_t tid)
{
	static const char name[] = "Seccomp_filters:", mode[] = "Seccomp:";
	_cleanup_buf_ struct buf status = BUF_INIT;
	const char *at;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	if (file_read(path, STATUS_MAX, &status, NULL) < 0)
		return 0;
	at = strstr(status.data, name);
	if (at)
		return (unsigned)strtoul(at + sizeof(name) - 1, NULL, 10);
	/* kernels before 5.9 do not count them */
	at = strstr(status.data, mode);
	return at && strtoul(at + sizeof(mode) - 1, NULL, 10) ? FILTERS_UNCOUNTED : 0;
}

int instruction_allow(struct hook *h, bool on)
{
	struct supervisor *s = h->s;
	long options = supervisor_ptrace_options(s);
	unsigned filters;

	if (!on) {
		if (h->unfiltered)
			ptrace(PTRACE_SETOPTIONS, h->task->tid, NULL, (void *)options);
		h->unfiltered = false;
		return 0;
	}
	if (!h->task->process->filters)
		return 0;
	filters = instruction_filters(h->task->tid);
	if (filters != FILTERS_UNCOUNTED && filters <= s->own_filters)
		return 0;
	if (ptrace(PTRACE_SETOPTIONS, h->task->tid, NULL, (void *)(options | PTRACE_O_SUSPEND_SECCOMP)) < 0)
		return -EPERM;
	h->unfiltered = true;
	return 0;
}

/* Numbers on the stack of a program that has not begun: how many words of arguments, these, 0, the environment, 0, pairs. */
int seam_hide_vdso(struct seam_hook *pub)
{
	struct hook *h = hook_of(pub);
	unsigned bytes = pub->compat ? 4 : 8, zeros = 0;
	struct arch_regs regs;
	uint64_t at, type = 0;

	if (pub->occasion != SEAM_OCCASION_EXEC || h->task->at != TASK_AT_EXIT)
		return -EBUSY;
	if (arch_regs_get(h->task->tid, &regs) < 0)
		return -ESRCH;
	for (at = arch_sp(&regs) + bytes; zeros < 2; at += bytes) {
		uint64_t one = 0;

		if (seam_read(pub, at, &one, bytes) != bytes)
			return -EFAULT;
		zeros += !one;
	}
	for (;; at += 2 * bytes) {
		static const uint64_t ignored = AT_IGNORE;

		if (seam_read(pub, at, &type, bytes) != bytes)
			return -EFAULT;
		if (!type)
			return -ENOENT;
		if (type == AT_SYSINFO_EHDR)
			return seam_write(pub, at, &ignored, bytes);
	}
}
