/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/tracee.h for riscv64. The kernel takes a call's first argument from a copy that nobody else can change. */
#include "arch/tracee.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

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

size_t arch_call_bytes(void)
{
	return 4;
}

bool arch_is_call(const unsigned char *bytes, bool compat)
{
	static const unsigned char ecall[] = { 0x73, 0x00, 0x00, 0x00 };

	return !compat && !memcmp(bytes, ecall, 4);
}

int arch_by_audit(uint32_t audit)
{
	return audit == AUDIT_ARCH_RISCV64 ? SEAM_ARCH_RISCV64 : -1;
}

uint32_t arch_audit(bool compat)
{
	return compat ? 0 : AUDIT_ARCH_RISCV64;
}

enum seam_arch arch_compat(void)
{
	return SEAM_ARCH_COUNT;
}
