/* SPDX-License-Identifier: Dual BSD/GPL */
/* What stands behind the slots: whose a place in the array is, and what is kept of a task beside it. */
#ifndef KEPT_BPF_H
#define KEPT_BPF_H

#include "old.bpf.h"

#include "bpf/kernel-side.h"

/* Those that are wanted of which only the number is known: why. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, __u32);
} called SEC(".maps");

/* KEPT_..., if it is among them because the recorder said so. */
static __always_inline uint32_t called_wanted(struct task_struct *task)
{
	uint32_t pid = (uint32_t)TASK(task, pid), *why = bpf_map_lookup_elem(&called, &pid);

	return why && *why & CALLED_BY_RECORDER ? *why & ~CALLED_BY_RECORDER : 0;
}

#ifndef SEAM_OLD

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct kept);
} tasks SEC(".maps");

/* NULL: there is nothing. */
static __always_inline struct kept *kept_find(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, 0);
}

/* NULL: there is no memory for it. */
static __always_inline struct kept *kept_make(struct task_struct *task)
{
	return bpf_task_storage_get(&tasks, task, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
}

/* The slot that stands there, if there is one. */
static __always_inline struct slot *kept_slot(struct task_struct *task, struct kept *k)
{
	return k && k->own.id ? &k->own : NULL;
}

/* KEPT_..., if the recorder wants it and it has no slot yet. */
static __always_inline uint32_t kept_wanted(struct task_struct *task, struct kept *k)
{
	return k ? k->wanted : 0;
}

static __always_inline void kept_unwant(struct task_struct *task, struct kept *k)
{
	k->wanted = 0;
}

/* The task ends. */
static __always_inline void kept_drop(struct task_struct *task)
{
	(void)task; /* the kernel does that */
}

/* Makes the place one's own that has nobody's id yet. @index: of the place. */
static __always_inline bool place_claim(uint64_t *id_at, uint32_t index, uint64_t id)
{
	return __sync_val_compare_and_swap(id_at, 0, id) == 0;
}

static __always_inline void place_free(uint64_t *id_at, uint32_t index)
{
	__sync_lock_test_and_set(id_at, 0);
}

#else

/* By the address of the task, since its number changes when a thread that is not the first one executes a program. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct kept);
} tasks SEC(".maps");

/* As one begins. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct kept);
} kept_empty SEC(".maps");

/* Whose the places of the array are: to enter oneself here is what two cannot do at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SLOTS);
	__type(key, __u32);
	__type(value, __u64);
} owners SEC(".maps");

static __always_inline uint64_t kept_key(struct task_struct *task)
{
	uint64_t key = 0;

	bpf_probe_read_kernel(&key, sizeof(key), &task);
	return key;
}

static __always_inline struct kept *kept_find(struct task_struct *task)
{
	uint64_t key = kept_key(task);

	return bpf_map_lookup_elem(&tasks, &key);
}

static __always_inline struct kept *kept_make(struct task_struct *task)
{
	uint64_t key = kept_key(task);
	struct kept *k = bpf_map_lookup_elem(&tasks, &key), *empty;
	uint32_t zero = 0;

	if (k)
		return k;
	empty = bpf_map_lookup_elem(&kept_empty, &zero);
	if (!empty || bpf_map_update_elem(&tasks, &key, empty, BPF_NOEXIST))
		return NULL;
	return bpf_map_lookup_elem(&tasks, &key);
}

/* Where another task has been before it may be another one's. */
static __always_inline struct slot *kept_slot(struct task_struct *task, struct kept *k)
{
	return k && k->own.id && k->own.id == task_id(task) ? &k->own : NULL;
}

/* The recorder can say the number only. */
static __always_inline uint32_t kept_wanted(struct task_struct *task, struct kept *k)
{
	return called_wanted(task);
}

static __always_inline void kept_unwant(struct task_struct *task, struct kept *k)
{
	uint32_t pid = (uint32_t)TASK(task, pid);

	bpf_map_delete_elem(&called, &pid);
}

static __always_inline void kept_drop(struct task_struct *task)
{
	uint64_t key = kept_key(task);

	bpf_map_delete_elem(&tasks, &key);
}

static __always_inline bool place_claim(uint64_t *id_at, uint32_t index, uint64_t id)
{
	if (bpf_map_update_elem(&owners, &index, &id, BPF_NOEXIST))
		return false;
	*(volatile uint64_t *)id_at = id;
	return true;
}

static __always_inline void place_free(uint64_t *id_at, uint32_t index)
{
	*(volatile uint64_t *)id_at = 0;
	bpf_map_delete_elem(&owners, &index);
}

#endif

#endif
