/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Which tasks are recorded, and what call each is in. A task has a slot of an array, found without a call of the kernel by
 * where its registers are kept, which is on a stack of its own: that is all a task pays that is not recorded. Where two want the
 * same slot, the second one's stands in its task storage, and so does memory that is kept from a call's entry to its exit and
 * does not fit into a slot.
 */
#ifndef TASKS_BPF_H
#define TASKS_BPF_H

#include "kept.bpf.h"
#include "ring.bpf.h"

enum { SLOT_IN_CALL = 1 << 0, SLOT_COMPAT = 1 << 1, SLOT_KEPT = 1 << 2, SLOT_SKIP = 1 << 3, SLOT_FRESH = 1 << 4,
       SLOT_EXECED = 1 << 5, SLOT_BORN = 1 << 6 /* it has made no call yet: it returns from the one that made it */ };

#define SLOT_STACK 15 /* stacks are 16 KiB, with a page between them, and begin at multiples of that */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SLOTS);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct slot));
} slots SEC(".maps");

/* Tasks that the recorder wants and that have not been seen yet. */
uint32_t wanting;

/* The verifier lets nobody compute with a pointer; the distance of two is a number. */
static __always_inline uint64_t id_of(const struct pt_regs *regs)
{
	const void *from = &wanting;
	uint64_t id;

	asm volatile("%0 = %1; %0 -= %2" : "=&r"(id) : "r"(regs), "r"(from));
	return id;
}

/* Whether the task makes a call of the 32-bit table. */
static __always_inline bool kernel_compat(const struct task_struct *task)
{
	if (bpf_core_field_exists(struct pt_regs___x86, orig_ax))
		return TASK(task, thread_info.status) & X86_TS_COMPAT;
	if (bpf_core_field_exists(struct pt_regs___arm64, orig_x0))
		return TASK(task, thread_info.flags) >> ARM64_TIF_32BIT & 1;
	return false;
}

static __always_inline uint32_t slot_index(uint64_t id)
{
	return (uint32_t)(id >> SLOT_STACK) & (SLOTS - 1);
}

static __always_inline struct slot *slot_of(uint64_t id)
{
	uint32_t index = slot_index(id);

	return bpf_map_lookup_elem(&slots, &index);
}

static __always_inline void slot_fill(struct slot *s, struct task_struct *task)
{
	s->state = 0;
	s->task = (uint32_t)TASK(task, pid);
	s->bytes = 0;
	s->ask = 0;
	s->answered = s->fits = 0;
	*(struct task_struct **)(void *)&s->address = task;
}

/* Makes a task recorded. NULL: there is no memory for it. */
static __always_inline struct slot *slot_take(struct task_struct *task)
{
	uint64_t id = task_id(task);
	struct slot *s = slot_of(id);
	struct kept *k;

	if (s && place_claim(&s->id, slot_index(id), id)) {
		slot_fill(s, task);
		return s;
	}
	if (s)
		s->collided = 1;
	k = kept_make(task);
	if (!k)
		return NULL;
	k->own.id = id;
	slot_fill(&k->own, task);
	return &k->own;
}

/* The task with this number is recorded as soon as it makes a call. */
static __always_inline void slot_want(uint32_t pid)
{
	uint32_t one = 1;

	if (!bpf_map_update_elem(&called, &pid, &one, BPF_NOEXIST))
		__sync_fetch_and_add(&wanting, 1);
}

/* Nobody waits for it any more. */
static __always_inline bool slot_forget(struct task_struct *task)
{
	uint32_t pid = (uint32_t)TASK(task, pid);

	if (!wanting || bpf_map_delete_elem(&called, &pid))
		return false;
	__sync_fetch_and_add(&wanting, -1);
	return true;
}

/* Of a task that has no slot where it should be; NULL: it is not recorded. */
static __always_inline struct slot *slot_elsewhere(struct task_struct *task)
{
	struct kept *k = kept_find(task);
	uint32_t wanted = kept_wanted(task, k);
	struct slot *s;

	if (!ids_known())
		return NULL;
	if (wanted) {
		bool fresh = wanted == KEPT_FRESH;

		kept_unwant(task, k);
		__sync_fetch_and_add(&wanting, -1);
		s = slot_take(task);
		if (s && fresh)
			s->state = SLOT_FRESH;
		return s;
	}
	s = kept_slot(task, k);
	if (s)
		return s;
	if (slot_forget(task)) {
		struct ring_control *r = ring_here();

		if (r)
			r->tasks++;
		return slot_take(task);
	}
	if (config.everything && (uint32_t)TASK(task, tgid) != config.not_pid)
		return slot_take(task);
	return NULL;
}

/* NULL: it is not recorded. */
static __always_inline struct slot *slot_find(struct task_struct *task)
{
	uint64_t id = task_id(task);
	struct slot *s = slot_of(id);

	if (s && s->id == id)
		return s;
	if ((s && s->collided) || wanting || config.everything)
		return slot_elsewhere(task);
	return NULL;
}

/* The same for the task that is running, with its registers. */
static __always_inline struct slot *slot_here(const struct pt_regs *regs)
{
	uint64_t id = id_of(regs);
	struct slot *s = slot_of(id);

	if (!ids_known())
		ids_learn(regs, id);
	if (s && s->id == id)
		return s;
	if ((s && s->collided) || wanting || config.everything)
		return slot_elsewhere(task_here());
	return NULL;
}

/* Whether the task, which is the one that is running, makes a call of the 32-bit table. */
static __always_inline bool slot_compat(const struct slot *s)
{
	return kernel_compat(kernel_task(s->address));
}

/* The slot as it is: nothing changes by asking, whoever asks. */
static __always_inline struct slot *slot_peek(struct task_struct *task, struct kept *k)
{
	uint64_t id = task_id(task);
	struct slot *s = slot_of(id);

	if (s && s->id == id)
		return s;
	return kept_slot(task, k);
}

static __always_inline void slot_free(struct task_struct *task)
{
	uint64_t id = task_id(task);
	struct slot *s = slot_of(id);

	if (s && s->id == id)
		place_free(&s->id, slot_index(id));
	kept_drop(task);
}

#endif
