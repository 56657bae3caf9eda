/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/tracee.h for x86-64, with i386 calls: those registers are the lower halves of ours. */
#include "arch/tracee.h"

#include <errno.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>

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

void arch_restore_args(struct arch_regs *regs, const struct arch_regs *from, bool compat)
{
	const struct user_regs_struct *f = user_const(from);
	const uint64_t wide[SEAM_MAX_ARGS] = { f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9 };
	const uint64_t narrow[SEAM_MAX_ARGS] = { f->rbx, f->rcx, f->rdx, f->rsi, f->rdi, f->rbp };

	set_args(user(regs), compat ? narrow : wide, compat);
}

void arch_set_ready(struct arch_regs *regs, uint64_t ip, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat)
{
	struct user_regs_struct *r = user(regs);

	r->rip = ip;
	r->rax = number;
	r->orig_rax = UINT64_MAX; /* so that no call that was interrupted is begun again in its place */
	set_args(r, args, compat);
}

size_t arch_call_bytes(void)
{
	return 2;
}

bool arch_is_call(const unsigned char *bytes, bool compat)
{
	return compat ? bytes[0] == 0xcd && bytes[1] == 0x80 : bytes[0] == 0x0f && bytes[1] == 0x05;
}

int arch_by_audit(uint32_t audit)
{
	return audit == AUDIT_ARCH_X86_64 ? SEAM_ARCH_X86_64 : audit == AUDIT_ARCH_I386 ? SEAM_ARCH_I386 : -1;
}

uint32_t arch_audit(bool compat)
{
	return compat ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
}

enum seam_arch arch_compat(void)
{
	return SEAM_ARCH_I386;
}
