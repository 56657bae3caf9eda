/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Where records go: each processor has a ring of chunks that the recorder maps. A program writes here with preemption
 * off, so nobody else writes in between; a chunk that is full becomes a block of the file as it is.
 */
#ifndef RING_BPF_H
#define RING_BPF_H

#include "walk.bpf.h"

#define RING_DATA 4096u /* the chunks begin there */

/* The loader says how large: RING_DATA, the chunks, and one more that only the verifier knows of. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(key_size, 4);
	__uint(value_size, RING_DATA);
} rings SEC(".maps");

/* Tells the recorder to look before it would by itself. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 << 10);
} notices SEC(".maps");

struct previous {
	uint64_t chunk; /* in which these were written */
	uint64_t args[SEAM_MAX_ARGS];
};

/* A call that is to be written. */
struct call_made {
	uint64_t number, ret, now, entered;
	uint32_t task, nargs;
	uint8_t kind, flags;
	uint8_t timed; /* entered is known */
	uint8_t again; /* it was begun and given up: no argument is left out */
	uint8_t spare[4];
};

/* What a processor works with. */
struct processor {
	struct call_made call; /* first: what is far from the beginning takes longer to reach */
	struct walk walk;
	struct previous previous[PREVIOUS_CALLS];
	uint64_t args[SEAM_MAX_ARGS]; /* what calls were made with, while a walk needs the place; also room that a stack lacks */
};

/* Too large for an array per processor. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct processor));
} processors SEC(".maps");

static __always_inline struct processor *processor_here(void)
{
	uint32_t cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&processors, &cpu);
}

static __always_inline struct walk *walk_here(void)
{
	struct processor *p = processor_here();

	return p ? &p->walk : NULL;
}

static __always_inline struct ring_control *ring_here(void)
{
	uint32_t cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&rings, &cpu);
}

static __always_inline void tell(void)
{
	struct kernel_notice notice = { .cpu = bpf_get_smp_processor_id() };

	bpf_ringbuf_output(&notices, &notice, sizeof(notice), BPF_RB_FORCE_WAKEUP);
}

/* Where the chunk under way stands. */
static __always_inline unsigned char *ring_at(struct ring_control *r, uint32_t used)
{
	uint32_t at = ((uint32_t)(r->opened - 1) & config.chunk_mask) * RING_CHUNK + used;

	at &= config.ring_mask;
	opaque(at);
	at &= config.ring_words;
	return (unsigned char *)r + RING_DATA + at;
}

static __always_inline void ring_close(struct ring_control *r)
{
	struct trace_block *b;

	b = (struct trace_block *)(void *)ring_at(r, 0);
	b->size = r->used - (uint32_t)sizeof(*b);
	b->records = (uint32_t)(r->sequence - b->sequence) - b->lost;
	b->last = r->last;
	r->used = 0;
	/* what the chunk holds is there before it is said to be closed */
	if (one_more(&r->closed, &notices) - *(volatile uint64_t *)&r->released >= config.wake_at)
		tell();
}

/* Ends the chunk under way and begins a fresh one. 0: there is none. */
__noinline int ring_turn(uint64_t now)
{
	struct ring_control *r = ring_here();
	struct trace_block *b;

	if (!r)
		return 0;
	if (r->used)
		ring_close(r);
	if (r->opened - *(volatile uint64_t *)&r->released > config.chunk_mask)
		return 0;
	r->opened++;
	/* the recorder sleeps while there is nothing */
	if (r->opened - *(volatile uint64_t *)&r->released == 1)
		tell();
	b = (struct trace_block *)(void *)ring_at(r, 0);
	b->stream = bpf_get_smp_processor_id();
	b->sequence = r->sequence;
	b->first = now;
	b->lost = r->pending;
	r->used = sizeof(*b);
	r->last = now;
	r->task = 0;
	if (r->pending) {
		struct trace_record *t = (struct trace_record *)(void *)ring_at(r, sizeof(*b));
		uint32_t *more = (uint32_t *)(t + 1);

		t->words = 4;
		t->kind = TRACE_LOSS;
		t->flags = 0;
		t->elapsed = 0;
		more[0] = 0;
		more[1] = r->pending;
		r->used += 16;
		r->sequence += 1 + (uint64_t)r->pending;
		r->pending = 0;
	}
	return 1;
}

/* Whether there is room for a record of so many bytes. */
static __always_inline bool ring_room(struct ring_control *r, uint64_t now, uint32_t bytes)
{
	return !(!r->used || r->used + bytes > RING_CHUNK || (now - r->last) >> 32) || ring_turn(now);
}

/* The head of a record for which there is room. */
static __always_inline struct trace_record *ring_head(struct ring_control *r, uint64_t now, uint32_t task, uint8_t kind, uint8_t flags)
{
	struct trace_record *t = (struct trace_record *)(void *)ring_at(r, r->used);

	t->kind = kind;
	t->elapsed = (uint32_t)(now - r->last);
	if (r->task == task) {
		flags |= TRACE_SAME_TASK;
	} else {
		*(uint32_t *)(t + 1) = task;
		r->task = task;
	}
	t->flags = flags;
	r->last = now;
	return t;
}

/* Room for a record of so many bytes, its header filled in; NULL: it is lost. */
static __always_inline struct trace_record *ring_begin(struct ring_control *r, uint64_t now, uint32_t bytes, uint32_t task,
						       uint8_t kind, uint8_t flags)
{
	return ring_room(r, now, bytes) ? ring_head(r, now, task, kind, flags) : NULL;
}

/* Behind the task, which is there or not. */
static __always_inline uint32_t ring_body(const struct trace_record *t)
{
	return t->flags & TRACE_SAME_TASK ? 8 : 12;
}

static __always_inline void ring_end(struct ring_control *r, struct trace_record *t, uint32_t bytes)
{
	t->words = (uint16_t)(bytes / 4);
	r->used += bytes;
	r->sequence++;
}

#endif
