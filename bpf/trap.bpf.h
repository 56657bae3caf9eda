/* SPDX-License-Identifier: Dual BSD/GPL */
/* Page faults of the recorded programs: attached only when they are asked for. */
#ifndef TRAP_BPF_H
#define TRAP_BPF_H

#include "events.bpf.h"

#include <bpf/bpf_tracing.h>

SEC("tp_btf/page_fault_user") int BPF_PROG(record_page_fault, unsigned long address, struct pt_regs *regs, unsigned long code)
{
	struct task_struct *task = task_here();
	struct slot *s = slot_find(task);
	struct ring_control *r = ring_here();
	struct trace_record *t;
	trap_in_record *x;
	uint32_t at;

	if (!s || (s->state & SLOT_FRESH) || !r)
		return 0;
	x = (void *)put_fixed(r, (uint32_t)TASK(task, pid), TRACE_TRAP, sizeof(*x), &t, &at);
	if (!x)
		return 0;
	*x = (struct trace_trap){ .trap = TRACE_TRAP_PAGE, .address = address, .ip = kernel_ip(regs), .code = code };
	ring_end(r, t, at + sizeof(*x));
	return 0;
}

#endif
