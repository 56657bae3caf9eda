/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * The calls that tasks are still in when a recording ends. The recorder asks for them when nothing else is attached any
 * more, so nobody writes into the rings meanwhile; it reads a number for each record, and makes room when it has to.
 */
#ifndef ENDING_BPF_H
#define ENDING_BPF_H

#include "calls.bpf.h"
#include "events.bpf.h"

/* What the slot has kept, to where memory is gathered. */
static __always_inline void gather_kept(struct slot *s, struct processor *p)
{
	uint32_t bytes = s->bytes;

	opaque(bytes);
	if (bytes && bytes <= SLOT_MEMORY && !bpf_probe_read_kernel(p->walk.taken, at_most(bytes, SLOT_MEMORY), s->memory))
		p->walk.used = bytes;
}

/* What the task has asked for; s: NULL when it has not been seen asking. */
static __always_inline void take_under_way(struct task_struct *task, struct processor *p, struct slot *s, struct kept *k,
					   uint32_t state)
{
	struct pt_regs *regs = task_regs(task);
	uint32_t bytes;

	p->walk.used = 0;
	if (state & SLOT_COMPAT) {
		kernel_compat_args(regs, p->walk.reg);
	} else if (!k || !(state & SLOT_KEPT)) {
		kernel_args(regs, p->walk.reg);
		if (s)
			gather_kept(s, p);
	} else {
		__builtin_memcpy(p->walk.reg, k->args, sizeof(k->args));
		bytes = k->bytes;
		opaque(bytes);
		if (bytes && bytes <= KEPT_ROOM && !bpf_probe_read_kernel(p->walk.taken, at_most(bytes, KEPT_ROOM), k->memory))
			p->walk.used = bytes;
		if (k->no_room)
			p->call.flags |= TRACE_NO_ROOM;
	}
}

/* The call in p->call and p->walk has not returned, and will not any more in this trace. */
static __always_inline int put_unreturned(struct processor *p, bool compat)
{
	const struct walk_call *call = known(p->call.number, compat);

	p->call.ret = 0;
	p->call.kind = TRACE_ENTRY;
	if (compat)
		p->call.flags |= TRACE_COMPAT;
	if (call)
		p->call.nargs = call->args;
	else if (compat && compat_known(p->call.number))
		p->call.nargs = SEAM_MAX_ARGS;
	else
		return put_unknown(p->call.flags | TRACE_UNRETURNED);
	return put_call();
}

SEC("iter/task") int record_under_way(struct bpf_iter__task *ctx)
{
	struct bpf_iter_meta___seq *meta = (void *)ctx->meta;
	struct task_struct *task = ctx->task;
	struct processor *p = processor_here();
	struct seq_file *seq = meta->seq;
	uint32_t state, number;
	struct slot *s;
	struct kept *k;
	bool in_call;

	if (!task || !p)
		return 0;
	k = kept_find(task);
	s = slot_peek(task, k);
	p->call.flags = 0;
	p->call.entered = 0;
	if (s) {
		state = s->state;
		in_call = (state & SLOT_IN_CALL) && !(state & (SLOT_FRESH | SLOT_SKIP));
		p->call.number = s->number;
		p->call.entered = s->entered;
		p->call.timed = config.durations;
	} else {
		/* in its call for longer than we have been here: it sleeps, so its registers are those of the call */
		long number = kernel_number(task_regs(task));
		bool wanted = config.everything && (uint32_t)task->tgid != config.not_pid;
		uint32_t named = kept_wanted(task, k);

		if (!named)
			named = called_wanted(task);
		if (k || named)
			wanted = named == KEPT_WANTED;
		state = kernel_compat(task) ? SLOT_COMPAT : 0;
		in_call = wanted && BPF_CORE_READ(task, mm) && kernel_sleeps(task) && number >= 0 &&
			  !skipped((uint64_t)number, state & SLOT_COMPAT);
		p->call.number = (uint64_t)number;
		p->call.timed = 0;
	}
	if (!in_call)
		return 0;
	p->call.task = (uint32_t)task->pid;
	p->call.now = bpf_ktime_get_ns();
	take_under_way(task, p, s, k, state);
	put_unreturned(p, state & SLOT_COMPAT);
	number = (uint32_t)task->pid;
	bpf_seq_write(seq, &number, sizeof(number));
	return 0;
}

#endif
