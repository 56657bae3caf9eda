/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/tracee.h for x86-64, with i386 calls: those registers are the lower halves of ours. */
#include "arch/tracee.h"

#include <errno.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>

#define USER32_CS 0x23 /* the kernel's selector of 32-bit code */

_Static_assert(sizeof(struct user_regs_struct) <= sizeof(struct arch_regs), "all registers have room");

static struct user_regs_struct *user(struct arch_regs *regs)
{
	return (struct user_regs_struct *)(void *)regs->word;
}

static const struct user_regs_struct *user_const(const struct arch_regs *regs)
{
	return (const struct user_regs_struct *)(const void *)regs->word;
}

/* PTRACE_GETREGS has the 64-bit registers of 32-bit tasks too, which PTRACE_GETREGSET has not. */
int arch_regs_get(pid_t tid, struct arch_regs *ret)
{
	return ptrace(PTRACE_GETREGS, tid, NULL, ret->word) < 0 ? -errno : 0;
}

int arch_regs_set(pid_t tid, const struct arch_regs *regs)
{
	return ptrace(PTRACE_SETREGS, tid, NULL, regs->word) < 0 ? -errno : 0;
}

uint64_t arch_ip(const struct arch_regs *regs)
{
	return user_const(regs)->rip;
}

uint64_t arch_sp(const struct arch_regs *regs)
{
	return user_const(regs)->rsp;
}

static void set_args(struct user_regs_struct *r, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	if (compat) {
		r->rbx = args[0];
		r->rcx = args[1];
		r->rdx = args[2];
		r->rsi = args[3];
		r->rdi = args[4];
		r->rbp = args[5];
	} else {
		r->rdi = args[0];
		r->rsi = args[1];
		r->rdx = args[2];
		r->r10 = args[3];
		r->r8 = args[4];
		r->r9 = args[5];
	}
}

void arch_set_entered(struct arch_regs *regs, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	user(regs)->orig_rax = number;
	set_args(user(regs), args, compat);
}

bool arch_first_is_late(void)
{
	return false;
}

void arch_set_skipped(struct arch_regs *regs, int64_t ret, bool compat)
{
	(void)compat;
	user(regs)->orig_rax = UINT64_MAX;
	user(regs)->rax = (uint64_t)ret;
}

void arch_set_result(struct arch_regs *regs, int64_t ret, bool compat)
{
	arch_set_skipped(regs, ret, compat);
}

static void get_args(const struct user_regs_struct *r, uint64_t ret[SEAM_MAX_ARGS], bool compat)
{
	const uint64_t wide[SEAM_MAX_ARGS] = { r->rdi, r->rsi, r->rdx, r->r10, r->r8, r->r9 };
	const uint64_t narrow[SEAM_MAX_ARGS] = { r->rbx, r->rcx, r->rdx, r->rsi, r->rdi, r->rbp };

	for (unsigned i = 0; i < SEAM_MAX_ARGS; i++)
		ret[i] = compat ? narrow[i] : wide[i];
}

void arch_restore_args(struct arch_regs *regs, const struct arch_regs *from, bool compat)
{
	uint64_t args[SEAM_MAX_ARGS];

	get_args(user_const(from), args, compat);
	set_args(user(regs), args, compat);
}

void arch_set_ready(struct arch_regs *regs, uint64_t ip, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	struct user_regs_struct *r = user(regs);

	r->rip = ip;
	r->rax = number;
	r->orig_rax = UINT64_MAX; /* so that no call that was interrupted is begun again in its place */
	set_args(r, args, compat);
}

size_t arch_call_bytes(const struct arch_regs *regs)
{
	(void)regs;
	return 2;
}

bool arch_is_call(const unsigned char *bytes, const struct arch_regs *regs, bool compat)
{
	(void)regs;
	return compat ? bytes[0] == 0xcd && bytes[1] == 0x80 : bytes[0] == 0x0f && bytes[1] == 0x05;
}

uint32_t arch_audit(bool compat)
{
	return compat ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
}

/* The instruction for 32-bit calls is there in 64-bit code too. */
static bool is_compat(pid_t tid, const struct user_regs_struct *r)
{
	unsigned char bytes[sizeof(long)];
	long word;

	if (r->cs == USER32_CS)
		return true;
	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, tid, (void *)(uintptr_t)(r->rip - 2), NULL);
	memcpy(bytes, &word, sizeof(bytes));
	return !errno && arch_is_call(bytes, NULL, true);
}

int arch_call_entered(pid_t tid, struct arch_call *ret)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &r) < 0)
		return -errno;
	ret->compat = is_compat(tid, &r);
	ret->number = (uint64_t)(int64_t)(int32_t)r.orig_rax;
	get_args(&r, ret->args, ret->compat);
	for (unsigned i = 0; i < SEAM_MAX_ARGS && ret->compat; i++)
		ret->args[i] = (uint32_t)ret->args[i];
	return 0;
}

int arch_call_returned(pid_t tid, bool same, bool compat, struct arch_call *ret)
{
	struct user_regs_struct r;

	if (ptrace(PTRACE_GETREGS, tid, NULL, &r) < 0)
		return -errno;
	ret->compat = same ? compat : r.cs == USER32_CS;
	ret->ret = ret->compat ? (int64_t)(int32_t)r.rax : (int64_t)r.rax;
	return 0;
}
