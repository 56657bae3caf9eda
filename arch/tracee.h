/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers of a task that is stopped: where a call has its number, arguments and result, and how to have one made. Each machine has its own file. */
#ifndef ARCH_TRACEE_H
#define ARCH_TRACEE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/calls.h"

#define ARCH_REGS_MAX 48

/* As the kernel hands them out, with what else it takes to set a call; opaque to all others. */
struct arch_regs {
	uint64_t word[ARCH_REGS_MAX];
};

/* 0, negative errno: -ESRCH when the task is not there, or not stopped. */
int arch_regs_get(pid_t tid, struct arch_regs *ret);
int arch_regs_set(pid_t tid, const struct arch_regs *regs);

uint64_t arch_ip(const struct arch_regs *regs);
uint64_t arch_sp(const struct arch_regs *regs);

/* What a call was entered with, and its result. */
struct arch_call {
	uint64_t number;
	uint64_t args[SEAM_MAX_ARGS];
	int64_t ret;
	bool compat; /* it is of the 32-bit table */
};

/*
 * The same of a task that is stopped at the entry of a call, or at its exit, from registers alone: for kernels that do not say it themselves. At the exit @compat is what it was
 * entered with; not @same: another program has begun in it. -EIO where the machine cannot tell.
 */
int arch_call_entered(pid_t tid, struct arch_call *ret);
int arch_call_returned(pid_t tid, bool same, bool compat, struct arch_call *ret);

/* The call that has been entered and that the kernel will do when the task goes on. */
void arch_set_entered(struct arch_regs *regs, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat);
/* The first argument of a call that has been entered cannot be changed any more. */
bool arch_first_is_late(void);
/* None will be done: this is the result. */
void arch_set_skipped(struct arch_regs *regs, int64_t ret, bool compat);
/* Of a call that has returned. It will not be begun again, whatever the number says. */
void arch_set_result(struct arch_regs *regs, int64_t ret, bool compat);
/* The registers with the arguments, of a call that has returned, become those of @from. */
void arch_restore_args(struct arch_regs *regs, const struct arch_regs *from, bool compat);
/* Not inside a call; when it goes on it makes this one, with the instruction at @ip. */
void arch_set_ready(struct arch_regs *regs, uint64_t ip, uint64_t number, const uint64_t args[SEAM_MAX_ARGS], bool compat);

/* Bytes of the instruction that makes a call, as such a task has it (NULL: one of the machine's own calls); where the task stands after it, it is so many before. */
size_t arch_call_bytes(const struct arch_regs *regs);
/* Whether it is one, of that many bytes. */
bool arch_is_call(const unsigned char *bytes, const struct arch_regs *regs, bool compat);

/* AUDIT_ARCH_* of the machine that this is built for, and of its 32-bit one (0: there is none). */
uint32_t arch_audit(bool compat);
static inline enum seam_arch arch_compat(void)
{
	return seam_arch_narrow(seam_arch_native());
}

#endif
