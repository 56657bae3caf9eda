/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Which tasks are recorded, and what call each is in. A task has a slot of an array, found by its number without a call
 * of the kernel: that is all a task that is not recorded pays. Where two want the same slot, the second one's stands in its
 * task storage, and so does memory that is kept from a call's entry to its exit.
 */
#ifndef TASKS_BPF_H
#define TASKS_BPF_H

#include "ring.bpf.h"

enum { SLOT_IN_CALL = 1 << 0, SLOT_COMPAT = 1 << 1, SLOT_KEPT = 1 << 2, SLOT_SKIP = 1 << 3, SLOT_FRESH = 1 << 4 };

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SLOTS);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct slot));
} slots SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct kept);
} tasks SEC(".maps");

/* Tasks that the recorder wants and that have not been seen yet. */
uint32_t wanting;

static __always_inline struct slot *slot_of(uint32_t task)
{
	uint32_t index = task & (SLOTS - 1);

	return bpf_map_lookup_elem(&slots, &index);
}

/* Makes a task recorded. NULL: there is no memory for it. */
static __always_inline struct slot *slot_take(struct task_struct *task)
{
	uint32_t pid = (uint32_t)task->pid;
	struct slot *s = slot_of(pid);
	struct kept *k;

	if (s && __sync_val_compare_and_swap(&s->task, 0, pid) == 0) {
		s->state = 0;
		return s;
	}
	if (s)
		s->collided = 1;
	k = bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!k)
		return NULL;
	k->own.task = pid;
	return &k->own;
}


/* NULL: it is not recorded. */
static __always_inline struct slot *slot_find(struct task_struct *task)
{
	struct slot *s = slot_of((uint32_t)task->pid);
	struct kept *k;

	if (s && s->task == (uint32_t)task->pid)
		return s;
	if ((s && s->collided) || wanting) {
		k = bpf_task_storage_get(&tasks, task, 0, 0);
		if (k && k->wanted) {
			bool fresh = k->wanted == KEPT_FRESH;

			k->wanted = 0;
			__sync_fetch_and_add(&wanting, -1);
			s = slot_take(task);
			if (s && fresh)
				s->state = SLOT_FRESH;
			return s;
		}
		if (k && k->own.task)
			return &k->own;
	}
	if (config.everything && (uint32_t)task->tgid != config.not_pid)
		return slot_take(task);
	return NULL;
}

static __always_inline void slot_free(struct task_struct *task)
{
	struct slot *s = slot_of((uint32_t)task->pid);

	if (s && s->task == (uint32_t)task->pid)
		__sync_lock_test_and_set(&s->task, 0);
}

#endif
