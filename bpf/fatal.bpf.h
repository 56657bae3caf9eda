/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Who sent the signal that killed a process. Such a signal is never delivered: the kernel ends all threads with SIGKILL in its
 * stead, and what came with it waits in the queue for ever. It is taken from there when the process ends.
 */
#ifndef FATAL_BPF_H
#define FATAL_BPF_H

#include "events.bpf.h"

#define QUEUE_LOOKED_AT 4
#define SIGNAL_KILL 9u /* it comes with nothing */

struct sigqueue {
	struct list_head list;
	struct kernel_siginfo info;
} KERNEL;

static __always_inline const struct kernel_siginfo *queued_signal(const struct list_head *queue, uint32_t signal)
{
	const struct list_head *at = BPF_CORE_READ(queue, next);

	for (int i = 0; i < QUEUE_LOOKED_AT && at && at != queue; i++) {
		const struct sigqueue *q = (const void *)((const char *)at - bpf_core_field_offset(struct sigqueue, list));

		if ((uint32_t)BPF_CORE_READ(q, info.si_signo) == signal)
			return &q->info;
		at = BPF_CORE_READ(at, next);
	}
	return NULL;
}

/* Before the end of the process is told. */
static __always_inline void put_fatal(struct task_struct *task)
{
	uint32_t signal = (uint32_t)TASK(task, exit_code) & 0x7f;
	const struct kernel_siginfo *info;
	struct signal_struct *process;

	if (!signal || signal == SIGNAL_KILL)
		return;
	process = BPF_CORE_READ(task, signal);
	if (BPF_CORE_READ(process, live.counter))
		return;
	info = queued_signal(&process->shared_pending.list, signal);
	if (!info)
		info = queued_signal(&task->pending.list, signal);
	if (info)
		put_signal(task, signal, info, NULL, 0);
}

#endif
