/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/tracee.h for riscv64. The kernel takes a call's first argument from a copy that nobody else can change. */
#include "arch/tracee.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

enum { PC = 0, SP = 2, A0 = 10, A7 = 17, WORDS = 32 };

int arch_regs_get(pid_t tid, struct arch_regs *ret)
{
	struct iovec v = { ret->word, WORDS * sizeof(uint64_t) };

	return ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0 ? -errno : 0;
}

int arch_regs_set(pid_t tid, const struct arch_regs *regs)
{
	struct arch_regs copy = *regs;
	struct iovec v = { copy.word, WORDS * sizeof(uint64_t) };

	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0 ? -errno : 0;
}

uint64_t arch_ip(const struct arch_regs *regs)
{
	return regs->word[PC];
}

uint64_t arch_sp(const struct arch_regs *regs)
{
	return regs->word[SP];
}

void arch_set_entered(struct arch_regs *regs, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	(void)compat;
	regs->word[A7] = number;
	memcpy(regs->word + A0, args, SEAM_MAX_ARGS * sizeof(*args));
}

bool arch_first_is_late(void)
{
	return true;
}

void arch_set_skipped(struct arch_regs *regs, int64_t ret, bool compat)
{
	(void)compat;
	regs->word[A7] = UINT64_MAX;
	regs->word[A0] = (uint64_t)ret;
}

void arch_set_result(struct arch_regs *regs, int64_t ret, bool compat)
{
	(void)compat;
	regs->word[A0] = (uint64_t)ret;
}

/* The first of them is where the result is; the number stands in one that the program keeps. */
void arch_restore_args(struct arch_regs *regs, const struct arch_regs *from, bool compat)
{
	(void)compat;
	for (unsigned i = 1; i < SEAM_MAX_ARGS; i++)
		regs->word[A0 + i] = from->word[A0 + i];
	regs->word[A7] = from->word[A7];
}

void arch_set_ready(struct arch_regs *regs, uint64_t ip, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	arch_set_entered(regs, number, args, compat);
	regs->word[PC] = ip;
}

size_t arch_call_bytes(const struct arch_regs *regs)
{
	(void)regs;
	return 4;
}

bool arch_is_call(const unsigned char *bytes, const struct arch_regs *regs, bool compat)
{
	static const unsigned char ecall[] = { 0x73, 0x00, 0x00, 0x00 };

	(void)regs;
	return !compat && !memcmp(bytes, ecall, 4);
}

uint32_t arch_audit(bool compat)
{
	return compat ? 0 : AUDIT_ARCH_RISCV64;
}

/* Kernels of late put an error in the first argument's place before we see it. They have it here, before the other five. */
static int first_argument(pid_t tid, uint64_t *ret)
{
	char path[64], text[256], *at = text;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -EIO;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return -EIO;
	text[n] = 0;
	strtoul(at, &at, 10);
	*ret = strtoul(at, &at, 16);
	return 0;
}

int arch_call_entered(pid_t tid, struct arch_call *ret)
{
	struct arch_regs regs;
	int r = arch_regs_get(tid, &regs);

	if (r < 0)
		return r;
	ret->compat = false;
	ret->number = (uint64_t)(int64_t)(int32_t)regs.word[A7];
	memcpy(ret->args, regs.word + A0, sizeof(ret->args));
	return (int64_t)ret->args[0] == -ENOSYS ? first_argument(tid, &ret->args[0]) : 0;
}

int arch_call_returned(pid_t tid, bool same, bool compat, struct arch_call *ret)
{
	struct arch_regs regs;
	int r = arch_regs_get(tid, &regs);

	(void)same;
	(void)compat;
	if (r < 0)
		return r;
	ret->compat = false;
	ret->ret = (int64_t)regs.word[A0];
	return 0;
}
