/* SPDX-License-Identifier: Dual BSD/GPL */
/* The recorder's side in the kernel: what the selected tasks ask for and get, as records of doc/FORMAT.md. */
#include "calls.bpf.h"
#include "cgroup.bpf.h"
#include "ending.bpf.h"
#include "exec.bpf.h"
#include "fatal.bpf.h"
#include "flush.bpf.h"
#include "image.bpf.h"
#include "pause.bpf.h"
#include "quick.bpf.h"
#include "trap.bpf.h"
#include "uring.bpf.h"
#include "where.bpf.h"

#include <bpf/bpf_tracing.h>

char LICENSE[] SEC("license") = "Dual BSD/GPL";

#define SIGCONT 18
#define SI_TIMER (-2)
#define SIGNAL_WAS_STOPPED 0x30u /* its parent is to be told so */

/* Whether what was walked at the entry fits into the slot, and all that the exit has to know. */
static __always_inline bool keep_in_slot(struct slot *s, const struct walk *w, const struct walk_call *call)
{
	uint32_t used = w->used;

	opaque(used);
	if (used > SLOT_MEMORY || w->program.saves > SLOT_SAVES || (call->flags & (WALK_CALL_CASES | WALK_CALL_EXECS)) || w->no_room || w->faulted || w->rest)
		return false;
	if (used && bpf_probe_read_kernel(s->memory, at_most(used, SLOT_MEMORY), w->taken))
		return false;
	s->bytes = used;
	for (uint32_t i = 0; i < SLOT_SAVES; i++)
		s->saves[i] = w->saves[i];
	return true;
}

/* The memory that goes in, for which p->walk.reg has the arguments. true: it is in the task's storage, and not in its slot. */
static APART bool take_entry(struct task_struct *task, struct slot *s, struct processor *p, const struct walk_call *call)
{
	struct walk *w = &p->walk;
	struct kept *k;
	uint32_t used;

	__builtin_memcpy(p->args, w->reg, sizeof(p->args));
	walk_choose(w, call);
	walk_begin(w, 0, KEPT_ROOM);
	if (w->program.entry.count)
		walk_program(w->program.entry.first, w->program.entry.count);
	if (keep_in_slot(s, w, call))
		return false;
	k = kept_make(task);
	if (!k)
		return false;
	__builtin_memcpy(k->args, p->args, sizeof(p->args));
	k->entry = w->program.entry;
	k->exit = w->program.exit;
	k->bytes = 0;
	if (w->program.saves)
		__builtin_memcpy(k->saves, w->saves, sizeof(k->saves));
	k->no_room = w->no_room;
	k->rest = w->rest;
	k->rest_address = w->rest_address;
	k->again = w->faulted;
	used = w->used;
	opaque(used);
	if (used && used <= KEPT_ROOM && !bpf_probe_read_kernel(k->memory, at_most(used, KEPT_ROOM), w->taken))
		k->bytes = used;
	return true;
}

/* Both sides of a call that nobody saw begin, now that it is over. p->walk.reg has the arguments. */
__noinline int walk_late(uint32_t number, uint64_t ret)
{
	struct processor *p = processor_here();
	const struct walk_call *call = known(number, false);
	struct walk *w;

	if (!p || !call)
		return 0;
	w = &p->walk;
	__builtin_memcpy(p->args, w->reg, sizeof(p->args));
	walk_choose(w, call);
	walk_begin(w, 0, KEPT_ROOM);
	if (w->program.entry.count)
		walk_program(w->program.entry.first, w->program.entry.count);
	__builtin_memcpy(w->reg, p->args, sizeof(p->args));
	w->reg[SEAM_REG_RET] = ret;
	w->side = TRACE_BLOB_EXIT;
	w->room = TAKEN_ROOM;
	if (w->program.exit.count)
		walk_program(w->program.exit.first, w->program.exit.count);
	__builtin_memcpy(w->reg, p->args, sizeof(p->args));
	if (w->no_room)
		p->call.flags |= TRACE_NO_ROOM;
	return 0;
}

SEC("tp_btf/sys_enter") int BPF_PROG(record_enter, struct pt_regs *regs, long number)
{
	struct slot *s = slot_here(regs);
	const struct walk_call *call;
	struct processor *p;
	uint8_t state = SLOT_IN_CALL;

	if (!s)
		return 0;
	if ((s->state & SLOT_FRESH) && (uint32_t)number != config.execve)
		return 0;
	if (slot_compat(s))
		state |= SLOT_COMPAT;
	s->number = (uint64_t)number;
	s->bytes = 0;
	call = known((uint64_t)number, state & SLOT_COMPAT);
	if (call ? call->flags & WALK_CALL_SKIP : (state & SLOT_COMPAT) && has_number(config.compat_skip, (uint64_t)number)) {
		s->state = SLOT_SKIP;
		return 0;
	}
	if (where.on && where_enter(s, regs, (uint64_t)number, state & SLOT_COMPAT) == FILTER_DROP) {
		s->state = SLOT_SKIP;
		return 0;
	}
	if (call && call->in.kind != QUICK_NOTHING) {
		p = processor_here();
		if (!p)
			return 0;
		kernel_args(regs, p->walk.reg);
		if (call->in.kind == QUICK_WALK || !quick_keep(s, &p->walk.place, &call->in, p->walk.reg)) {
			s->bytes = 0;
			if (take_entry(task_here(), s, p, call))
				state |= SLOT_KEPT;
		}
	}
	s->state = state;
	if (config.durations)
		s->entered = bpf_ktime_get_ns();
	return 0;
}

/* The memory that a call left, behind that from its entry. */
static APART int take_exit(struct task_struct *task, struct processor *p, uint64_t ret, bool execed)
{
	struct kept *k = kept_find(task);
	struct walk *w;
	uint32_t bytes;

	if (!k || !p)
		return 0;
	w = &p->walk;
	__builtin_memcpy(w->reg, k->args, sizeof(k->args));
	walk_begin(w, 0, TAKEN_ROOM);
	/* what was asked of an execve() that has succeeded is gone with the memory that it was in */
	if (k->again && !execed) {
		k->bytes = 0;
		walk_program(k->entry.first, k->entry.count);
		__builtin_memcpy(w->reg, k->args, sizeof(k->args));
		k->no_room = 0;
	}
	bytes = k->bytes;
	opaque(bytes);
	if (bytes && bytes <= KEPT_ROOM && !bpf_probe_read_kernel(w->taken, at_most(bytes, KEPT_ROOM), k->memory))
		w->used = bytes;
	if (!k->again) {
		w->rest = k->rest;
		w->rest_address = k->rest_address;
	}
	if (k->exit.count && !execed) {
		w->reg[SEAM_REG_RET] = ret;
		w->side = TRACE_BLOB_EXIT;
		__builtin_memcpy(w->saves, k->saves, sizeof(w->saves));
		walk_program(k->exit.first, k->exit.count);
		__builtin_memcpy(w->reg, k->args, sizeof(k->args));
	}
	if (k->no_room || w->no_room)
		p->call.flags |= TRACE_NO_ROOM;
	return 1;
}

/* The memory of a call of which the slot has all that was kept. */
static APART void walk_exit(struct slot *s, struct processor *p, const struct walk_call *call, uint64_t ret)
{
	__builtin_memcpy(p->args, p->walk.reg, sizeof(p->args));
	p->walk.reg[SEAM_REG_RET] = ret;
	walk_begin(&p->walk, TRACE_BLOB_EXIT, TAKEN_ROOM);
	gather_kept(s, p);
	for (uint32_t i = 0; i < SLOT_SAVES; i++)
		p->walk.saves[i] = s->saves[i];
	walk_program(call->program.exit.first, call->program.exit.count);
	__builtin_memcpy(p->walk.reg, p->args, sizeof(p->args));
	if (p->walk.no_room)
		p->call.flags |= TRACE_NO_ROOM;
}

/* A call whose memory is one piece on each side at most. false: some of it is not there, so that its program has to be walked. */
static APART bool put_quick(struct call_made *made, struct slot *s, struct processor *p, struct ring_control *r,
				      const struct walk_call *call)
{
	struct quick_piece piece = { 0 };
	uint32_t at, task = r->task, n;
	struct trace_record *t;
	unsigned char *to;
	uint64_t last;

	if (call->out.kind != QUICK_NOTHING) {
		quick_plan(&piece, &call->out, p->walk.reg, made->ret, TRACE_BLOB_EXIT);
		if (piece.want > QUICK_OUT)
			return false;
	}
	if (!ring_room(r, made->now, CALL_HEAD + SLOT_MEMORY + QUICK_HEAD + USER_SHORT + piece.want)) {
		ring_lost(r);
		return true;
	}
	last = r->last;
	task = r->task;
	t = ring_head(r, made->now, made->task, TRACE_CALL, 0);
	to = (unsigned char *)t;
	at = put_head(made, p, r, t);
	if (s->bytes)
		at = bounded(at + quick_kept(to + at, s), 0x3fc);
	if (piece.whole) {
		n = quick_take(kernel_task(s->address), &p->walk.place, to + at, &piece, QUICK_OUT);
		if (!n) {
			/* as if nothing had been written */
			r->last = last;
			r->task = task;
			made->again = 1;
			return false;
		}
		at += n;
	}
	ring_end(r, t, at);
	r->calls++;
	return true;
}

/* The call, and all of its content if that was asked for. */
static __always_inline void put_whole(struct processor *p)
{
	if (put_call() && config.full && p->walk.rest)
		put_rest();
}

/* The number of a call that nobody saw begin. A return from a signal takes it away; a call that has none fails. */
static __always_inline uint64_t returned_number(const struct pt_regs *regs, long ret)
{
	long number = kernel_number(regs);

	return (uint32_t)number == UINT32_MAX && ret != -KERNEL_ENOSYS ? config.rt_sigreturn : (uint64_t)number;
}

/* What a program with the 32-bit table sees has 32 bits; arm64 shows us addresses above 2 GiB as if they were negative. */
static __always_inline uint64_t result_of(long ret, uint8_t state)
{
	return (state & SLOT_COMPAT) && (uint64_t)ret < (uint64_t)-4095l ? (uint32_t)ret : (uint64_t)ret;
}

/* A call has returned that --where could not decide about when it began. Its arguments are in p->walk.reg. false: nobody wants it. */
static __always_inline bool ask_exit(struct call_made *made, struct slot *s, struct processor *p, uint8_t state)
{
	struct kept *k;

	/* the time that is asked about is the one that is written */
	if (WHERE_USES(FILTER_DURATION))
		made->now = bpf_ktime_get_ns();
	if (state & SLOT_KEPT) {
		k = kept_find(task_here());
		if (k)
			__builtin_memcpy(p->walk.reg, k->args, sizeof(k->args));
	}
	return where_leave(s, p->walk.reg, &p->call, state & SLOT_COMPAT, true) != FILTER_DROP;
}

static __always_inline void stamp(struct call_made *made)
{
	if (!where.on || !made->now)
		made->now = bpf_ktime_get_ns();
}

SEC("tp_btf/sys_exit") int BPF_PROG(record_exit, struct pt_regs *regs, long ret)
{
	struct slot *s = slot_here(regs);
	const struct walk_call *call;
	struct ring_control *r;
	struct call_made *made;
	struct processor *p;
	uint64_t number;
	uint8_t state;
	bool late;

	if (!s)
		return 0;
	state = s->state;
	if (state & SLOT_FRESH && (config.durations || (uint32_t)kernel_number(regs) != config.execve))
		return 0;
	s->state = 0;
	if (state & SLOT_SKIP)
		return 0;
	p = processor_here();
	r = ring_here();
	if (!p || !r)
		return 0;
	number = s->number;
	if (!(state & SLOT_IN_CALL)) {
		/* nobody saw it begin: what it was asked is still in the registers */
		number = returned_number(regs, ret);
		state |= slot_compat(s) ? SLOT_COMPAT : 0;
		s->bytes = 0;
		if (skipped(number, state & SLOT_COMPAT))
			return 0;
	}
	number = forgotten(number);
	made = &p->call;
	*made = (struct call_made){ .number = number, .ret = forgotten(result_of(ret, state)), .entered = s->entered, .task = s->task, .kind = TRACE_CALL,
				   .timed = config.durations && (state & SLOT_IN_CALL) };
	p->walk.used = 0;
	call = known(number, state & SLOT_COMPAT);
	if (state & SLOT_COMPAT)
		kernel_compat_args(regs, p->walk.reg);
	else if (where.on || !call || call->args)
		kernel_args(regs, p->walk.reg);
	if (where.on && (s->ask || !(state & SLOT_IN_CALL)) && !ask_exit(made, s, p, state))
		return 0;
	/* nobody looks when calls begin, or it was under way when the recording began, or seccomp has answered it */
	late = !(state & (SLOT_IN_CALL | SLOT_BORN)) && call && call->in.kind != QUICK_NOTHING &&
	       (call->in.kind == QUICK_WALK || !quick_keep(s, &p->walk.place, &call->in, p->walk.reg));
	state = (uint8_t)forgotten(state);
	late = forgotten(late) & 1;
	if (call && call->out.kind != QUICK_WALK && !(state & SLOT_KEPT) && !late) {
		made->nargs = call->args;
		stamp(made);
		if (!put_quick(made, s, p, r, call)) {
			walk_exit(s, p, call, (uint64_t)ret);
			put_whole(p);
		}
		if (call->protection)
			put_call_image(&p->walk, call, (uint64_t)ret);
	} else {
		stamp(made);
		if (call) {
			p->call.nargs = call->args;
			if (late)
				walk_late((uint32_t)number, (uint64_t)ret);
			else if (state & SLOT_KEPT)
				take_exit(task_here(), p, (uint64_t)ret, state & SLOT_EXECED);
			else if (call->program.exit.count)
				walk_exit(s, p, call, (uint64_t)ret);
			put_whole(p);
		} else if ((state & SLOT_COMPAT) && compat_known(number)) {
			p->call.nargs = SEAM_MAX_ARGS;
			p->call.flags = TRACE_COMPAT;
			put_call();
			if (number == config.compat_mmap)
				put_compat_image(&p->walk, (uint64_t)ret);
		} else {
			put_unknown(state & SLOT_COMPAT ? TRACE_COMPAT : 0);
		}
	}
	pause_if_short(s, r);
	return 0;
}

SEC("tp_btf/sched_process_fork") int BPF_PROG(record_fork, struct task_struct *parent, struct task_struct *child)
{
	struct slot *s = slot_find(parent), *its;

	if (!s && !cgroup_has(child))
		return 0;
	its = slot_take(child);
	if (its)
		its->state = SLOT_BORN;
	if (s)
		where_fork(s, its);
	put_fork(parent, child, 0);
	return 0;
}

SEC("tp_btf/cgroup_attach_task")
int BPF_PROG(record_moved, struct cgroup *to, const char *path, struct task_struct *task, bool threads)
{
	cgroup_take(to, task, threads);
	return 0;
}

/* Without durations: the last moment at which what a program was asked with is there. */
SEC("tp_btf/sched_prepare_exec") int BPF_PROG(record_prepare_exec, struct task_struct *task, struct linux_binprm *bprm)
{
	struct pt_regs *regs = task_regs(task);
	struct slot *s = slot_find(task);
	struct processor *p = processor_here();
	const struct walk_call *call;
	bool compat;

	if (!s || !p)
		return 0;
	compat = slot_compat(s);
	s->number = (uint64_t)kernel_number(regs);
	s->bytes = 0;
	call = known(s->number, compat);
	if (!call)
		return 0;
	s->ask = where.on;
	kernel_args(regs, p->walk.reg);
	s->state = SLOT_IN_CALL | (compat ? SLOT_COMPAT : 0);
	if (call->flags & WALK_CALL_SKIP)
		s->state = SLOT_SKIP;
	else if (take_entry(task, s, p, call))
		s->state |= SLOT_KEPT;
	return 0;
}

SEC("tp_btf/sched_process_exec") int BPF_PROG(record_exec, struct task_struct *task, int old_pid, struct linux_binprm *bprm)
{
	struct slot *s = slot_find(task);

	if (!s)
		return 0;
	/* a thread that was not the first one has the first one's number now */
	s->task = (uint32_t)task->pid;
	s->state |= SLOT_EXECED;
	where_exec(s, bprm->filename);
	put_exec(task, (uint32_t)old_pid, bprm->filename);
	put_exec_images(task);
	return 0;
}

/* Whether the task that is ending is in a call, which nobody saw begin. */
static __always_inline bool left_in_call(const struct pt_regs *regs)
{
	uint32_t number = (uint32_t)kernel_number(regs);

	return number == config.exit || number == config.exit_group || kernel_unreturned(regs);
}

SEC("tp_btf/sched_process_exit") int BPF_PROG(record_task_exit, struct task_struct *ending)
{
	struct task_struct *task = task_here(); /* the same */
	struct pt_regs *regs = task_regs(task);
	struct slot *s = slot_find(task);
	struct processor *p;

	if (!s)
		return 0;
	p = processor_here();
	if (!config.durations && !(s->state & SLOT_FRESH) && left_in_call(regs)) {
		s->number = (uint64_t)kernel_number(regs);
		s->bytes = 0;
		s->state = SLOT_IN_CALL | (slot_compat(s) ? SLOT_COMPAT : 0);
		if (skipped(s->number, s->state & SLOT_COMPAT))
			s->state = SLOT_SKIP;
	}
	if (p && (s->state & SLOT_IN_CALL) && !(s->state & (SLOT_SKIP | SLOT_FRESH))) {
		/* the call will not return: exit, or it was killed there */
		p->call = (struct call_made){ .number = s->number, .task = (uint32_t)TASK(task, pid), .entered = s->entered,
					      .now = bpf_ktime_get_ns(), .timed = config.durations };
		take_under_way(task, p, s, s->state & SLOT_KEPT ? kept_find(task) : NULL, s->state);
		if (!where.on || !s->ask ||
		    where_leave(s, p->walk.reg, &p->call, s->state & SLOT_COMPAT, false) != FILTER_DROP)
			put_unreturned(p, s->state & SLOT_COMPAT);
	}
	put_fatal(task);
	put_exit(task);
	hold_forget(s, task);
	slot_forget(task);
	slot_free(task);
	return 0;
}

SEC("tp_btf/task_rename") int BPF_PROG(record_name, struct task_struct *task, const char *name)
{
	if (slot_find(task))
		put_name(task, name);
	return 0;
}

SEC("tp_btf/signal_deliver") int BPF_PROG(record_signal, int signal, struct kernel_siginfo *info, struct k_sigaction *action)
{
	struct task_struct *task = task_here();

	if (where_signal((uint32_t)signal) && slot_find(task))
		put_signal(task, (uint32_t)signal, info, action, 0);
	return 0;
}

/*
 * Who is stopped goes on as soon as SIGCONT is sent, whether anybody handles it or not. Sent by somebody: what comes from a timer
 * comes in the middle of anything, also of one of these programs.
 */
SEC("tp_btf/signal_generate") int BPF_PROG(record_continue, int signal, struct kernel_siginfo *info, struct task_struct *task)
{
	struct sighand_struct *handlers;
	int code = SI_TIMER;

	if (signal != SIGCONT || !where_signal(SIGCONT) || bpf_core_read(&code, sizeof(code), &info->si_code) || code == SI_TIMER || code > 0)
		return 0;
	/* of a task that was not stopped it is nothing */
	if (!(BPF_CORE_READ(task, signal, flags) & SIGNAL_WAS_STOPPED) || !slot_find(task))
		return 0;
	handlers = BPF_CORE_READ(task, sighand);
	if (handlers)
		put_signal(task, SIGCONT, info, &handlers->action[SIGCONT - 1], TRACE_SIGNAL_SENT);
	return 0;
}
