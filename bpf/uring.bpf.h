/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Requests that are handed over in an io_uring, and what becomes of them: no system call has them. They belong to the task that
 * made them or, when a thread of the kernel looks after the ring, to this thread, which is recorded like those of its process.
 */
#ifndef URING_BPF_H
#define URING_BPF_H

#include "events.bpf.h"

#include <bpf/bpf_tracing.h>

#define URING_NO_ARRAY (1u << 16)   /* IORING_SETUP_NO_SQARRAY */
#define URING_WIDE_ENTRY (1u << 10) /* IORING_SETUP_SQE128 */
#define URING_WIDE_DONE (1u << 11)  /* IORING_SETUP_CQE32 */
#define URING_ENTRY 64u
#define ENTRY_USER_DATA 32u

struct io_uring_task {
	struct task_struct *task;
} KERNEL;

struct io_cqe {
	uint64_t user_data;
} KERNEL;

struct io_uring_cqe {
	uint64_t user_data;
	int32_t res;
	uint32_t flags;
	uint64_t big_cqe[2];
} KERNEL;

struct io_uring_sqe {
	uint8_t opcode, flags;
	uint64_t user_data;
} KERNEL;

struct io_ring_ctx {
	unsigned flags;
	uint32_t *sq_array;
	struct io_uring_sqe *sq_sqes;
	unsigned cached_sq_head, sq_entries;
	struct task_struct *submitter_task;
} KERNEL;

struct io_kiocb {
	uint8_t opcode;
	uint64_t flags;
	struct io_cqe cqe;
	struct io_ring_ctx *ctx;
	struct io_uring_task *tctx;
} KERNEL;

/* Before Linux 6.13 a request knew its task, and before 5.19 the flags were of another width. */
struct io_kiocb___task {
	struct task_struct *task;
} KERNEL;

/*
 * Addresses of the kernel are nobody's business; what is left of them still tells one from the other. The way around through
 * memory makes a number of a pointer, with which the verifier lets nobody compute.
 */
static __always_inline uint64_t uring_name(const void *address)
{
	uint64_t name = 0;

	bpf_probe_read_kernel(&name, sizeof(name), &address);
	return name ? name ^ config.secret : 0;
}

static __always_inline uint64_t request_flags(struct io_kiocb *req)
{
	if (bpf_core_field_size(req->flags) == 8)
		return BPF_CORE_READ(req, flags);
	uint32_t flags = 0;

	bpf_core_read(&flags, sizeof(flags), &req->flags);
	return flags;
}

static __always_inline struct task_struct *request_task(struct io_kiocb *req)
{
	struct io_kiocb___task *old = (void *)req;

	if (bpf_core_field_exists(struct io_kiocb, tctx) && bpf_core_field_exists(struct io_uring_task, task))
		return BPF_CORE_READ(req, tctx, task);
	if (bpf_core_field_exists(old->task))
		return BPF_CORE_READ(old, task);
	return NULL;
}

/* The entry of the ring that the kernel has taken last: it still stands there. NULL: it cannot be found. */
static __always_inline const void *request_entry(struct io_ring_ctx *ctx, uint32_t *ret_bytes)
{
	uint32_t flags = BPF_CORE_READ(ctx, flags), entries = BPF_CORE_READ(ctx, sq_entries), index;
	const uint32_t *array = BPF_CORE_READ(ctx, sq_array);
	const unsigned char *rows = (const void *)BPF_CORE_READ(ctx, sq_sqes);

	if (!rows || !entries)
		return NULL;
	index = (BPF_CORE_READ(ctx, cached_sq_head) - 1) & (entries - 1);
	if (!(flags & URING_NO_ARRAY) && (!array || bpf_probe_read_kernel(&index, sizeof(index), array + index)))
		return NULL;
	if (index >= entries)
		return NULL;
	*ret_bytes = flags & URING_WIDE_ENTRY ? 2 * URING_ENTRY : URING_ENTRY;
	return rows + (uint64_t)index * *ret_bytes;
}

static __always_inline struct slot *recorded(struct task_struct *task)
{
	struct slot *s = slot_find(task);

	return s && !(s->state & SLOT_FRESH) ? s : NULL;
}

/* @bytes: of the entry, 64 or 128. */
static __always_inline int put_submit(struct io_kiocb *req, const void *entry, uint32_t bytes)
{
	struct task_struct *task = task_here();
	struct ring_control *r = ring_here();
	submit_in_record *x;
	struct trace_record *t;
	uint32_t at;

	if (!r || !recorded(task))
		return 0;
	x = (void *)put_fixed(r, (uint32_t)TASK(task, pid), TRACE_SUBMIT, sizeof(*x) + 2 * URING_ENTRY, &t, &at);
	if (!x)
		return 0;
	if (TASK(task, flags) & (PF_IO_WORKER | PF_USER_WORKER))
		t->flags |= TRACE_SUBMIT_POLLED;
	x->request = uring_name(req);
	x->ring = uring_name(BPF_CORE_READ(req, ctx));
	x->user_data = BPF_CORE_READ(req, cqe.user_data);
	x->flags = request_flags(req);
	x->opcode = BPF_CORE_READ(req, opcode);
	x->spare[0] = x->spare[1] = x->spare[2] = 0;
	if (bytes > 2 * URING_ENTRY || !entry || bpf_probe_read_kernel(x + 1, at_most(bytes, 2 * URING_ENTRY), entry))
		bytes = 0;
	x->entry = bytes;
	/* the request's own number may not be set yet when the kernel refuses it */
	if (bytes)
		bpf_probe_read_kernel(&x->user_data, sizeof(x->user_data), (const unsigned char *)(x + 1) + ENTRY_USER_DATA);

	ring_end(r, t, at + sizeof(*x) + bytes);
	return 0;
}

/* Linux 6.4 and later */
SEC("tp_btf/io_uring_submit_req") int BPF_PROG(record_submit, struct io_kiocb *req)
{
	uint32_t bytes = 0;
	const void *entry = request_entry(BPF_CORE_READ(req, ctx), &bytes);

	return put_submit(req, entry, bytes);
}

/* Linux 6.0 to 6.3 */
SEC("tp_btf/io_uring_submit_sqe") int BPF_PROG(record_submit_sqe, struct io_kiocb *req, bool nonblock)
{
	uint32_t bytes = 0;
	const void *entry = request_entry(BPF_CORE_READ(req, ctx), &bytes);

	return put_submit(req, entry, bytes);
}

/* The kernel refuses what the entry says; its completion follows as that of others. */
SEC("tp_btf/io_uring_req_failed") int BPF_PROG(record_refused, const struct io_uring_sqe *entry, struct io_kiocb *req, int error)
{
	return put_submit(req, entry, URING_ENTRY);
}

struct completion {
	uint64_t user_data, extra[2];
	int32_t result;
	uint32_t flags;
};

static __always_inline int put_complete(struct io_ring_ctx *ctx, struct io_kiocb *req, const struct completion *c)
{
	struct task_struct *task = task_here(), *owner = req ? request_task(req) : NULL;
	uint32_t number = owner ? (uint32_t)BPF_CORE_READ(owner, pid) : 0, at;
	struct ring_control *r = ring_here();
	complete_in_record *x;
	struct trace_record *t;

	if (!r)
		return 0;
	/* what a task that has ended left may be completed by a thread of the kernel that belongs to nobody: so does the record */
	if (!recorded(task))
		return 0;
	x = (void *)put_fixed(r, number ? number : (uint32_t)TASK(task, pid), TRACE_COMPLETE, sizeof(*x), &t, &at);
	if (!x)
		return 0;
	x->request = uring_name(req);
	x->ring = uring_name(ctx);
	x->user_data = c->user_data;
	x->result = c->result;
	x->flags = c->flags;
	x->worker = (uint32_t)TASK(task, pid);
	x->opcode = req ? BPF_CORE_READ(req, opcode) : TRACE_NO_OPCODE;
	x->spare[0] = x->spare[1] = x->spare[2] = 0;
	x->extra[0] = c->extra[0];
	x->extra[1] = c->extra[1];
	ring_end(r, t, at + sizeof(*x));
	return 0;
}

/* Linux 6.11 and later: the entry as it goes to the program. */
SEC("tp_btf/io_uring_complete") int BPF_PROG(record_complete, struct io_ring_ctx *ring, struct io_kiocb *req, struct io_uring_cqe *cqe)
{
	struct completion c = { .user_data = BPF_CORE_READ(cqe, user_data), .result = BPF_CORE_READ(cqe, res),
				.flags = BPF_CORE_READ(cqe, flags) };

	if (BPF_CORE_READ(ring, flags) & URING_WIDE_DONE)
		bpf_probe_read_kernel(c.extra, sizeof(c.extra), (const unsigned char *)cqe + 16);
	return put_complete(ring, req, &c);
}

/* Before. */
SEC("tp_btf/io_uring_complete") int BPF_PROG(record_complete_parts, struct io_ring_ctx *ring, struct io_kiocb *req, uint64_t user_data,
					     int result, unsigned flags, uint64_t extra1, uint64_t extra2)
{
	struct completion c = { .user_data = user_data, .result = result, .flags = flags, .extra = { extra1, extra2 } };

	return put_complete(ring, req, &c);
}

/* Threads that io_uring makes are no children that one sees being forked. */
SEC("tp_btf/task_newtask") int BPF_PROG(record_worker, struct task_struct *child, uint64_t flags)
{
	struct task_struct *task = task_here();

	if (!(child->flags & (PF_IO_WORKER | PF_USER_WORKER)) || !recorded(task))
		return 0;
	slot_take(child);
	put_fork(task, child, TRACE_FORK_WORKER);
	return 0;
}

#endif
