/* SPDX-License-Identifier: Dual BSD/GPL */
/* Writes the records of doc/FORMAT.md, one function for each kind. */
#ifndef EVENTS_BPF_H
#define EVENTS_BPF_H

#include "tasks.bpf.h"

/* Structures as they stand in a record, at a multiple of 4: what is wider is written in halves. */
typedef struct trace_image image_in_record __attribute__((aligned(4)));
typedef struct trace_submit submit_in_record __attribute__((aligned(4)));
typedef struct trace_complete complete_in_record __attribute__((aligned(4)));
typedef struct trace_trap trap_in_record __attribute__((aligned(4)));

/* What the verifier is to believe of a number that is small anyway. */
static __always_inline uint32_t bounded(uint32_t x, uint32_t mask)
{
	opaque(x);
	return (uint32_t)forgotten(x) & mask;
}

/* 1 if it is not 0. Without a jump, each of which the verifier would follow both ways; clang must not know what it is. */
static __always_inline uint32_t not_zero(uint64_t x)
{
	uint64_t negative = -x;

	opaque(negative);
	return (uint32_t)((x | negative) >> 63);
}

/* Writes 8 bytes, of which 4 or 8 count, or none; returns how many. */
static __always_inline uint32_t put_number(unsigned char *to, uint64_t value, uint32_t given, uint32_t wide)
{
	((uint32_t *)(void *)to)[0] = (uint32_t)value;
	((uint32_t *)(void *)to)[1] = (uint32_t)(value >> 32);
	return given * 4 + wide * 4;
}

static __always_inline void walk_begin(struct walk *w, uint32_t side, uint32_t room)
{
	w->side = side;
	w->room = room;
	w->used = 0;
	w->no_room = 0;
	w->faulted = 0;
	w->rest = 0;
}

/* Global functions are looked at once by the verifier, not once for each way that leads to them. */

__noinline int walk_program(uint32_t first, uint32_t count)
{
	const struct seam_op *ops = walk_table(&walk_ops);
	struct processor *p = processor_here();

	if (p && ops)
		walk_run(&p->walk, ops, first, count);
	return 0;
}

#define MORE_BYTES 8192u
#define CALL_HEAD (8 + 4 + 4 + 8 + 8 + 48) /* header, task, call, result, duration, arguments */

static __always_inline void ring_lost(struct ring_control *r)
{
	r->pending++;
	r->lost++;
}

/* The record of a call up to its arguments, which are in p->walk.reg; returns where its memory goes. */
static __always_inline uint32_t put_head(const struct call_made *made, struct processor *p, struct ring_control *r, struct trace_record *t)
{
	unsigned char *to = (unsigned char *)t;
	uint64_t fresh, number = made->number, ret = made->ret;
	uint32_t at, given = 0, wide = 0, some, much;
	uint8_t flags = made->flags;
	struct previous *before;
	struct trace_call *c;
	int64_t nargs;

	at = bounded(ring_body(t), 0xfc);
	c = (struct trace_call *)(void *)(to + at);
	c->number = (uint16_t)number;
	at += sizeof(*c);
	/* an entry has the result 0, which takes no room */
	some = not_zero(ret);
	much = not_zero((ret + (1ull << 31)) >> 32);
	at = bounded(at + put_number(to + at, ret, some, much), 0xfc);
	flags |= (uint8_t)((some & ~much) * TRACE_RESULT | much * TRACE_RESULT_WIDE);
	if (made->timed) {
		uint64_t duration = made->now - made->entered;

		much = not_zero(duration >> 32);
		at = bounded(at + put_number(to + at, duration, 1, much), 0xfc);
		flags |= (uint8_t)(TRACE_DURATION << much);
	}
	nargs = made->nargs;
	if (nargs) {
		uint64_t all = -(uint64_t)made->again;

		/* written in this chunk? otherwise all are as if they had been 0 */
		before = &p->previous[within(number | (flags & TRACE_COMPAT) * (COMPAT_CALLS / TRACE_COMPAT), PREVIOUS_CALLS - 1)];
		fresh = (uint64_t)not_zero(before->chunk ^ r->opened) - 1;
		before->chunk = r->opened;
		for (int64_t i = 0; i < SEAM_MAX_ARGS; i++) {
			uint64_t arg, differs;

			if (i >= nargs)
				break;
			arg = p->walk.reg[i];
			differs = (arg ^ (before->args[i] & fresh)) | all;
			some = not_zero(differs);
			much = not_zero(differs >> 32);
			before->args[i] = arg;
			at = bounded(at + put_number(to + at, arg, some, much), 0xfc);
			given |= some << i;
			wide |= much << i;
		}
	}
	c->given = (uint8_t)given;
	c->wide = (uint8_t)wide;
	t->flags |= flags;
	return at;
}

/* The call in p->call, with the arguments in p->walk.reg and the memory in p->walk.taken. */
__noinline int put_call(void)
{
	struct processor *p = processor_here();
	struct ring_control *r = ring_here();
	struct trace_record *t;
	uint32_t memory, at;

	if (!p || !r)
		return 0;
	memory = p->walk.used;
	t = ring_begin(r, p->call.now, CALL_HEAD + memory, p->call.task, p->call.kind, 0);
	if (!t) {
		ring_lost(r);
		return 0;
	}
	at = put_head(&p->call, p, r, t);
	opaque(memory);
	if (memory && memory <= TAKEN_ROOM)
		bpf_probe_read_kernel((unsigned char *)t + at, at_most(memory, TAKEN_ROOM), p->walk.taken);
	r->calls++;
	ring_end(r, t, at + memory);
	return 1;
}

struct more_context {
	struct processor *p;
	struct ring_control *r;
};

static __always_inline bool more_again(struct more_context *c)
{
	c->p = processor_here();
	c->r = ring_here();
	return c->p && c->r;
}

static long put_more(uint32_t i, struct more_context *c)
{
	struct walk *w = &c->p->walk;
	uint32_t n = w->rest < MORE_BYTES ? (uint32_t)w->rest : MORE_BYTES, at, size;
	struct trace_record *t;
	unsigned char *to;

	/* what is missing can be seen: the piece says how long it is */
	if (!n || !ring_room(c->r, c->p->call.now, 16 + MORE_BYTES))
		return 1;
	opaque(n);
	if (n > MORE_BYTES)
		return 1;
	/* first the bytes, where they will be: nothing has been written if they are not there */
	at = c->r->task == c->p->call.task ? 8 : 12;
	to = ring_at(c->r, c->r->used) + at;
	if (bpf_probe_read_user(to + 4, at_most(n, MORE_BYTES), (const void *)w->rest_address))
		return 1;
	size = (n + 3) & ~3u;
	if (n & 3)
		pad(to + 4, at_most(n, MORE_BYTES));
	*(uint32_t *)(void *)to = n;
	t = ring_head(c->r, c->p->call.now, c->p->call.task, TRACE_MORE, 0);
	ring_end(c->r, t, at + 4 + size);
	w->rest -= n;
	w->rest_address += n;
	return 0;
}
EACH_FAR(put_more, struct more_context, more_again, 4, 70)

/* Content of the call that was just written, behind its last piece. */
__noinline int put_rest(void)
{
	struct more_context c = { .p = processor_here(), .r = ring_here() };

	if (c.p && c.r)
		each(config.ring_mask / MORE_BYTES + 1, put_more, &c);
	return 0;
}

/* The call in p->call, that the tables do not know; flags: TRACE_COMPAT, TRACE_UNRETURNED. */
__noinline int put_unknown(uint32_t flags)
{
	struct processor *p = processor_here();
	struct ring_control *r = ring_here();
	struct trace_record *t;
	unsigned char *to;
	uint32_t at;

	if (!p || !r)
		return 0;
	t = ring_begin(r, p->call.now, 8 + 4 + 72, p->call.task, TRACE_UNKNOWN,
		       (uint8_t)(TRACE_RESULT_WIDE | (p->call.timed ? TRACE_DURATION_WIDE : 0) | flags));
	if (!t) {
		ring_lost(r);
		return 0;
	}
	at = bounded(ring_body(t), 0xfc);
	to = (unsigned char *)t + at;
	put_number(to, p->call.number, 1, 1);
	put_number(to + 8, p->call.ret, 1, 1);
	at += 16;
	to += 16;
	if (p->call.timed) {
		put_number(to, p->call.now - p->call.entered, 1, 1);
		at += 8;
		to += 8;
	}
#pragma unroll
	for (uint32_t i = 0; i < SEAM_MAX_ARGS; i++)
		put_number(to + 8 * i, p->walk.reg[i], 1, 1);
	r->calls++;
	ring_end(r, t, at + 48);
	return 1;
}

/* A record of fixed size behind the task: its place, NULL if there is no room. */
static __always_inline uint32_t *put_fixed(struct ring_control *r, uint32_t task, uint8_t kind, uint32_t bytes,
					   struct trace_record **ret_record, uint32_t *ret_at)
{
	struct trace_record *t = ring_begin(r, bpf_ktime_get_ns(), 12 + bytes, task, kind, 0);

	if (!t) {
		ring_lost(r);
		r->lost_others++;
		return NULL;
	}
	*ret_record = t;
	*ret_at = bounded(ring_body(t), 0xfc);
	return (uint32_t *)(void *)((unsigned char *)t + *ret_at);
}

/* The numbers that a task has in the namespace where it lives; returns their bytes, 0 in the first one. */
static __always_inline uint32_t put_own_pids(uint32_t *to, struct task_struct *task)
{
	struct pid *thread = BPF_CORE_READ(task, thread_pid), *process = BPF_CORE_READ(task, group_leader, thread_pid);
	uint32_t level = BPF_CORE_READ(thread, level);
	uint64_t at = bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid);
	const struct upid *own;

	if (!level)
		return 0;
	own = (const void *)((unsigned char *)thread + at);
	to[0] = (uint32_t)BPF_CORE_READ(own, nr);
	to[2] = BPF_CORE_READ(own, ns, ns.inum);
	own = (const void *)((unsigned char *)process + at);
	to[1] = (uint32_t)BPF_CORE_READ(own, nr);
	return sizeof(struct trace_own_pids);
}

static __always_inline void put_fork(struct task_struct *parent, struct task_struct *child, uint8_t flags)
{
	struct ring_control *r = ring_here();
	struct trace_record *t;
	uint32_t *to, at;

	if (!r || !(to = put_fixed(r, (uint32_t)TASK(parent, pid), TRACE_FORK, 24, &t, &at)))
		return;
	to[0] = (uint32_t)child->pid;
	to[1] = (uint32_t)child->tgid;
	to[2] = (uint32_t)BPF_CORE_READ(child, real_parent, tgid);
	t->flags |= flags;
	r->tasks++;
	ring_end(r, t, at + 12 + put_own_pids(to + 3, child));
}

static __always_inline void put_exit(struct task_struct *task)
{
	struct ring_control *r = ring_here();
	struct trace_record *t;
	uint32_t *to, at;

	if (!r || !(to = put_fixed(r, (uint32_t)TASK(task, pid), TRACE_EXIT, 12, &t, &at)))
		return;
	to[0] = (uint32_t)TASK(task, tgid);
	to[1] = (uint32_t)TASK(task, exit_code);
	to[2] = BPF_CORE_READ(task, signal, live.counter) == 0;
	ring_end(r, t, at + 12);
}

static __always_inline void put_name(struct task_struct *task, const char *name)
{
	struct ring_control *r = ring_here();
	struct trace_record *t;
	uint32_t *to, at;

	if (!r || !(to = put_fixed(r, (uint32_t)TASK(task, pid), TRACE_NAME, 16, &t, &at)))
		return;
	to[0] = to[1] = to[2] = to[3] = 0;
	bpf_probe_read_kernel_str(to, 16, name);
	ring_end(r, t, at + 16);
}

static __always_inline void put_signal(struct task_struct *task, uint32_t signal, const struct kernel_siginfo *info,
				       const struct k_sigaction *action, uint8_t flags)
{
	struct ring_control *r = ring_here();
	struct trace_record *t;
	uint32_t *to, at;

	if (!r || !(to = put_fixed(r, (uint32_t)TASK(task, pid), TRACE_SIGNAL, 32 + TRACE_SIGINFO, &t, &at)))
		return;
	to[0] = signal;
	to[3] = 0;
	t->flags |= flags;
	/* the kernel's begins like the program's; none is there for SIGKILL */
	if (bpf_probe_read_kernel(to + 8, TRACE_SIGINFO, info))
		__builtin_memset(to + 8, 0, TRACE_SIGINFO);
	to[1] = to[9];
	to[2] = to[10];
	put_number((unsigned char *)(to + 4), (uint64_t)BPF_CORE_READ(action, sa.sa_handler), 1, 1);
	put_number((unsigned char *)(to + 6), BPF_CORE_READ(action, sa.sa_flags), 1, 1);
	ring_end(r, t, at + 32 + TRACE_SIGINFO);
}

#endif
