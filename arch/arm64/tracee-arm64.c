/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/tracee.h for arm64. The number of the call is a register set of its own; 32-bit tasks have registers of another layout. */
#include "arch/tracee.h"

#include <elf.h>
#include <errno.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

enum {
	SP = 31,
	PC = 32,
	WORDS = 34,   /* x0 to x30, sp, pc, pstate */
	NUMBER = 34,  /* our copy of it */
	BYTES = 35,   /* of the registers, as the kernel has them */
	NARROW_R7 = 7, NARROW_SP = 13, NARROW_PC = 15, NARROW_FLAGS = 16, NARROW_WORDS = 18,
};

#define NARROW_BYTES (NARROW_WORDS * sizeof(uint32_t))
#define FLAG_THUMB 0x20u

static bool is_narrow(const struct arch_regs *regs)
{
	return regs->word[BYTES] == NARROW_BYTES;
}

static uint32_t *narrow(struct arch_regs *regs)
{
	return (uint32_t *)(void *)regs->word;
}

int arch_regs_get(pid_t tid, struct arch_regs *ret)
{
	struct iovec v = { ret->word, WORDS * sizeof(uint64_t) };
	int number = -1;

	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0)
		return -errno;
	ret->word[BYTES] = v.iov_len;
	v = (struct iovec){ &number, sizeof(number) };
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &v) < 0)
		number = -1;
	ret->word[NUMBER] = (uint64_t)(int64_t)number;
	return 0;
}

int arch_regs_set(pid_t tid, const struct arch_regs *regs)
{
	struct arch_regs copy = *regs;
	struct iovec v = { copy.word, copy.word[BYTES] };
	int number = (int)copy.word[NUMBER];

	if (ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &v) < 0)
		return -errno;
	v = (struct iovec){ &number, sizeof(number) };
	return ptrace(PTRACE_SETREGSET, tid, (void *)NT_ARM_SYSTEM_CALL, &v) < 0 ? -errno : 0;
}

uint64_t arch_ip(const struct arch_regs *regs)
{
	struct arch_regs copy = *regs;

	return is_narrow(regs) ? narrow(&copy)[NARROW_PC] : regs->word[PC];
}

uint64_t arch_sp(const struct arch_regs *regs)
{
	struct arch_regs copy = *regs;

	return is_narrow(regs) ? narrow(&copy)[NARROW_SP] : regs->word[SP];
}

static void set_args(struct arch_regs *regs, const uint64_t args[SEAM_MAX_ARGS])
{
	for (unsigned i = 0; i < SEAM_MAX_ARGS; i++) {
		if (is_narrow(regs))
			narrow(regs)[i] = (uint32_t)args[i];
		else
			regs->word[i] = args[i];
	}
}

void arch_set_entered(struct arch_regs *regs, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	(void)compat;
	regs->word[NUMBER] = number;
	set_args(regs, args);
}

bool arch_first_is_late(void)
{
	return false;
}

static void set_first(struct arch_regs *regs, uint64_t value)
{
	if (is_narrow(regs))
		narrow(regs)[0] = (uint32_t)value;
	else
		regs->word[0] = value;
}

void arch_set_skipped(struct arch_regs *regs, int64_t ret, bool compat)
{
	(void)compat;
	regs->word[NUMBER] = UINT64_MAX;
	set_first(regs, (uint64_t)ret);
}

void arch_set_result(struct arch_regs *regs, int64_t ret, bool compat)
{
	arch_set_skipped(regs, ret, compat);
}

/* The first of them is where the result is. */
void arch_restore_args(struct arch_regs *regs, const struct arch_regs *from, bool compat)
{
	struct arch_regs f = *from;

	(void)compat;
	for (unsigned i = 1; i < SEAM_MAX_ARGS; i++) {
		if (is_narrow(regs))
			narrow(regs)[i] = narrow(&f)[i];
		else
			regs->word[i] = f.word[i];
	}
}

void arch_set_ready(struct arch_regs *regs, uint64_t ip, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	(void)compat;
	set_args(regs, args);
	regs->word[NUMBER] = UINT64_MAX;
	if (is_narrow(regs)) {
		narrow(regs)[NARROW_PC] = (uint32_t)ip;
		narrow(regs)[NARROW_R7] = (uint32_t)number;
	} else {
		regs->word[PC] = ip;
		regs->word[8] = number;
	}
}

/* 32-bit programs are mostly of instructions that are half as wide. */
static bool is_thumb(const struct arch_regs *regs)
{
	struct arch_regs copy;

	if (!regs || !is_narrow(regs))
		return false;
	copy = *regs;
	return narrow(&copy)[NARROW_FLAGS] & FLAG_THUMB;
}

size_t arch_call_bytes(const struct arch_regs *regs)
{
	return is_thumb(regs) ? 2 : 4;
}

bool arch_is_call(const unsigned char *bytes, const struct arch_regs *regs, bool compat)
{
	static const unsigned char wide[] = { 0x01, 0x00, 0x00, 0xd4 }, arm[] = { 0x00, 0x00, 0x00, 0xef }, thumb[] = { 0x00, 0xdf };

	if (is_thumb(regs))
		return !memcmp(bytes, thumb, sizeof(thumb));
	return !memcmp(bytes, compat ? arm : wide, 4);
}

uint32_t arch_audit(bool compat)
{
	return compat ? AUDIT_ARCH_ARM : AUDIT_ARCH_AARCH64;
}

int arch_call_entered(pid_t tid, struct arch_call *ret)
{
	struct arch_regs regs;
	int r = arch_regs_get(tid, &regs);

	if (r < 0)
		return r;
	ret->compat = is_narrow(&regs);
	ret->number = regs.word[NUMBER];
	for (unsigned i = 0; i < SEAM_MAX_ARGS; i++)
		ret->args[i] = ret->compat ? narrow(&regs)[i] : regs.word[i];
	return 0;
}

int arch_call_returned(pid_t tid, bool same, bool compat, struct arch_call *ret)
{
	struct arch_regs regs;
	int r = arch_regs_get(tid, &regs);

	(void)same;
	(void)compat;
	if (r < 0)
		return r;
	ret->compat = is_narrow(&regs);
	ret->ret = ret->compat ? (int64_t)(int32_t)narrow(&regs)[0] : (int64_t)regs.word[0];
	return 0;
}
