/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What becomes of the call a handler stands in front of. The task is stopped where it has entered the call, or where that has returned; to make
 * others in its place, its registers are set so that it makes them with the program's own instruction, and set back. Signals wait meanwhile: no code of the program runs in between.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hook/hook-parts.h"
#include "hook/instruction.h"

#define ERESTARTSYS 512
#define ERESTART_RESTARTBLOCK 516

bool seam_is_interrupted(int64_t ret)
{
	return ret <= -ERESTARTSYS && ret >= -ERESTART_RESTARTBLOCK;
}

/* A task that has gone is none: its handler stays where it is, and is abandoned when its end is told. */
static void wait_for_end(struct hook *h)
{
	for (;;)
		hook_leave(h, HOOK_WANTS_EXIT);
}

static void get_regs(struct hook *h, struct arch_regs *ret)
{
	if (arch_regs_get(h->task->tid, ret) < 0)
		wait_for_end(h);
}

static void put_regs(struct hook *h, const struct arch_regs *regs)
{
	if (arch_regs_set(h->task->tid, regs) < 0)
		wait_for_end(h);
}

/* The registers that the program shall find again. */
static void keep_regs(struct hook *h)
{
	if (h->regs_known)
		return;
	get_regs(h, &h->regs);
	h->regs_known = true;
}

static void mask_signals(struct hook *h)
{
	struct task *t = h->task;
	uint64_t all = UINT64_MAX;

	if (t->masked)
		return;
	if (ptrace(PTRACE_GETSIGMASK, t->tid, (void *)sizeof(t->mask), &t->mask) < 0 || ptrace(PTRACE_SETSIGMASK, t->tid, (void *)sizeof(all), &all) < 0)
		wait_for_end(h);
	t->masked = true;
}

static void unmask_signals(struct hook *h)
{
	struct task *t = h->task;

	if (t->masked)
		ptrace(PTRACE_SETSIGMASK, t->tid, (void *)sizeof(t->mask), &t->mask);
	t->masked = false;
}

/* The kernel does what has been entered. */
static int64_t await_exit(struct hook *h)
{
	hook_leave(h, HOOK_WANTS_EXIT);
	return h->result;
}

/* The task makes this call, from outside of any: its entry. */
static void enter(struct hook *h, uint64_t ip, uint64_t number, const uint64_t *args)
{
	struct arch_regs regs = h->regs;

	arch_set_ready(&regs, ip, number, args, h->pub.compat);
	put_regs(h, &regs);
	h->number = number;
	hook_leave(h, HOOK_WANTS_ENTRY);
}

/* Where the program has the instruction for calls that it stands behind, or one that is always there; 0: nowhere. */
static uint64_t instruction(struct hook *h)
{
	uint64_t at = arch_ip(&h->regs) - arch_call_bytes(&h->regs);
	unsigned char bytes[8];

	if (tracee_read(h->task->tid, at, bytes, arch_call_bytes(&h->regs)) == arch_call_bytes(&h->regs) && arch_is_call(bytes, &h->regs, h->pub.compat))
		return at;
	return h->pub.compat ? 0 : instruction_find(h->task->tid, h->task->process->space);
}

/* Another call instead of the one that has been entered. False: it cannot be changed into this. */
static bool replace(struct hook *h, uint64_t number, const uint64_t *args)
{
	struct arch_regs regs = h->regs;

	if (arch_first_is_late() && args[0] != h->own_args[0])
		return false;
	arch_set_entered(&regs, number, args, h->pub.compat);
	put_regs(h, &regs);
	return true;
}

/* The task is outside of any call, without having done the one that it has entered. */
static void leave_call(struct hook *h)
{
	struct arch_regs regs = h->regs;

	arch_set_skipped(&regs, -ENOSYS, h->pub.compat);
	put_regs(h, &regs);
	await_exit(h);
	h->rewound = true;
}

/* Makes sure that the task has entered its own call, as it is to be now. */
static void enter_own(struct hook *h)
{
	if (!h->rewound && !h->changed)
		return;
	keep_regs(h);
	if (!h->rewound && !replace(h, h->pub.number, h->pub.args))
		leave_call(h);
	if (h->rewound) {
		enter(h, arch_ip(&h->regs) - arch_call_bytes(&h->regs), h->pub.number, h->pub.args);
		h->rewound = false;
	}
	unmask_signals(h);
}

/* The call has returned: what the program must not see of it is undone. */
static void returned(struct hook *h, int64_t ret)
{
	if (h->changed && !h->task->execs) {
		struct arch_regs now;

		get_regs(h, &now);
		/* a call that sets the registers itself, as the return from a signal's handler does */
		if (arch_ip(&now) == arch_ip(&h->regs)) {
			arch_restore_args(&now, &h->regs, h->pub.compat);
			put_regs(h, &now);
		}
	}
	h->regs_known = false;
	h->pub.ret = ret;
	h->pub.returned = true;
	h->decided = true;
}

int64_t seam_finish(struct seam_hook *pub)
{
	struct hook *h = hook_of(pub);

	if (h->decided || pub->occasion != SEAM_OCCASION_CALL)
		return pub->ret;
	enter_own(h);
	returned(h, await_exit(h));
	return pub->ret;
}

void seam_skip(struct seam_hook *pub, int64_t ret)
{
	struct hook *h = hook_of(pub);

	if (h->decided || pub->occasion != SEAM_OCCASION_CALL)
		return;
	keep_regs(h);
	pub->ret = ret;
	pub->returned = true;
	h->decided = h->skipped = true;
}

int64_t seam_repeat(struct seam_hook *pub)
{
	struct hook *h = hook_of(pub);

	if (!pub->returned || h->skipped || h->task->at != TASK_AT_EXIT || h->task->execs)
		return seam_finish(pub);
	keep_regs(h);
	mask_signals(h);
	enter(h, arch_ip(&h->regs) - arch_call_bytes(&h->regs), pub->number, pub->args);
	unmask_signals(h);
	h->changed = true;
	returned(h, await_exit(h));
	return pub->ret;
}

void seam_set_result(struct seam_hook *pub, int64_t ret)
{
	struct hook *h = hook_of(pub);
	struct arch_regs regs;

	if (!pub->returned)
		return;
	pub->ret = ret;
	if (h->skipped || h->task->at != TASK_AT_EXIT)
		return;
	get_regs(h, &regs);
	arch_set_result(&regs, ret, pub->compat);
	put_regs(h, &regs);
	h->regs_known = false;
}

void seam_set_arg(struct seam_hook *pub, const char *name, uint64_t value)
{
	struct hook *h = hook_of(pub);
	int i = seam_arg_index(pub, name);

	if (i < 0)
		seam_fail(pub, -EINVAL, "%s has no argument '%s' that could be set", pub->name, name);
	if (pub->args[i] == value)
		return;
	keep_regs(h);
	pub->args[i] = value;
	h->changed = true;
}

void seam_set_call(struct seam_hook *pub, const char *name)
{
	struct hook *h = hook_of(pub);
	const struct seam_call *call = seam_call_by_name(pub->tables, pub->arch, name);

	if (!call)
		seam_fail(pub, -EINVAL, "there is no call '%s' that %s could become", name, pub->name);
	if (h->decided)
		return;
	keep_regs(h);
	pub->number = call->number;
	h->changed = true;
}

/* Whether a call can be made where it stands; 0, or why not. */
static int may_inject(struct hook *h)
{
	struct task *t = h->task;

	if (h->reaped || !t)
		return -ESRCH;
	if (t->at != TASK_AT_ENTRY && t->at != TASK_AT_EXIT)
		return -EBUSY;
	/* its restart is the kernel's own affair */
	if (h->pub.returned && !h->skipped && seam_is_interrupted(h->pub.ret))
		return -EINTR;
	return 0;
}

int64_t seam_inject_args(struct seam_hook *pub, const char *name, const uint64_t args[SEAM_MAX_ARGS])
{
	struct hook *h = hook_of(pub);
	const struct seam_call *call = seam_call_by_name(pub->tables, pub->arch, name);
	int64_t result;
	int r;

	if (!call)
		seam_fail(pub, -EINVAL, "there is no call '%s' that could be injected", name);
	if ((r = may_inject(h)) < 0)
		return r;
	if ((r = instruction_allow(h, true)) < 0)
		return r;
	keep_regs(h);
	mask_signals(h);
	/* filters are asked again about a call that has been replaced: it has to be entered anew where they are to be left out */
	if (h->task->at == TASK_AT_ENTRY && !h->rewound && (h->unfiltered || !replace(h, call->number, args)))
		leave_call(h);
	if (h->rewound || h->task->at == TASK_AT_EXIT) {
		uint64_t ip = instruction(h);

		if (!ip) {
			instruction_allow(h, false);
			unmask_signals(h);
			return -ENOTSUP;
		}
		enter(h, ip, call->number, args);
	}
	result = await_exit(h);
	instruction_allow(h, false);
	if (pub->occasion == SEAM_OCCASION_CALL && (!h->decided || h->skipped)) {
		h->rewound = true;
	} else {
		put_regs(h, &h->regs);
		unmask_signals(h);
	}
	return result;
}

int seam_send_signal(struct seam_hook *pub, int signal)
{
	if (hook_of(pub)->reaped)
		return -ESRCH;
	return syscall(SYS_tgkill, pub->pid, pub->tid, signal) < 0 ? -errno : 0;
}

/* A skipped call has its result, and the task stands behind it. */
static void settle_skipped(struct hook *h)
{
	struct arch_regs regs = h->regs;

	if (h->task->at == TASK_AT_ENTRY) {
		arch_set_skipped(&regs, h->pub.ret, h->pub.compat);
		put_regs(h, &regs);
		if (!arch_first_is_late())
			return;
		await_exit(h);
	}
	arch_set_result(&regs, h->pub.ret, h->pub.compat);
	put_regs(h, &regs);
	unmask_signals(h);
}

void hook_settle(struct hook *h)
{
	if (h->task->at == TASK_GONE)
		return;
	if (h->skipped)
		settle_skipped(h);
	else if (!h->decided && h->changed)
		seam_finish(&h->pub); /* for the registers: the program must not see what was changed */
	else if (!h->decided)
		enter_own(h);
}

bool seam_is_ending(const struct seam_hook *h)
{
	return ((const struct hook *)h)->s->letting_go;
}
