/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * Tasks that are recorded because of their cgroup. Those that are in it when the recording begins are named by the recorder; here are
 * those that come: made in it, or moved to it.
 */
#ifndef CGROUP_BPF_H
#define CGROUP_BPF_H

#include "tasks.bpf.h"

#define CGROUP_DEPTH 64     /* the recorder refuses what is deeper */
#define CGROUP_THREADS 8192 /* of a process that is moved */

/* The numbers of the chosen ones, with nothing behind them. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, MAX_CGROUPS);
	__type(key, __u64);
	__type(value, __u32);
} cgroups SEC(".maps");

/* Whether it is one of them, or below one. */
static __always_inline bool cgroup_is_chosen(const struct cgroup *c)
{
	/* numbers mean something in the unified hierarchy only */
	if (!c || c->root->hierarchy_id)
		return false;
	for (int i = 0; i < CGROUP_DEPTH && c; i++) {
		uint64_t id = c->kn->id;
		const struct cgroup_subsys_state *parent = c->self.parent;

		if (bpf_map_lookup_elem(&cgroups, &id))
			return true;
		c = parent ? parent->cgroup : NULL;
	}
	return false;
}

/* A child whose parent is not recorded, but that was made in a chosen cgroup. */
static __always_inline bool cgroup_has(struct task_struct *task)
{
	return config.cgroups && cgroup_is_chosen(task->cgroups->dfl_cgrp);
}

struct thread_walk {
	uint64_t at, end; /* addresses of list_heads */
};

static long cgroup_take_thread(uint32_t i, struct thread_walk *w)
{
	uint64_t task;
	int pid = 0;

	if (!w->at || w->at == w->end)
		return 1;
	task = w->at - bpf_core_field_offset(struct task_struct, thread_node);
	bpf_probe_read_kernel(&pid, sizeof(pid), (const void *)(task + bpf_core_field_offset(struct task_struct, pid)));
	if (pid)
		slot_want((uint32_t)pid);
	if (bpf_probe_read_kernel(&w->at, sizeof(w->at), (const void *)w->at))
		return 1;
	return 0;
}
EACH_FAR_TELLING(cgroup_take_thread, struct thread_walk, PLAIN, 64, CGROUP_THREADS / 64)

/*
 * A task is moved, with all its threads or alone. No thread can be made or end meanwhile. Who is moved out again stays recorded: what
 * it did in the group may be what it does now.
 */
static __always_inline void cgroup_take(const struct cgroup *to, struct task_struct *task, bool with_threads)
{
	struct kernel_notice notice = { .cpu = bpf_get_smp_processor_id(), .arrived = (uint32_t)task->tgid };
	struct thread_walk w;

	/* one that is recorded is so with all its threads */
	if (!cgroup_is_chosen(to) || slot_find(task))
		return;
	if (with_threads) {
		w.end = (uint64_t)task->signal + bpf_core_field_offset(struct signal_struct, thread_head);
		w.at = 0;
		bpf_probe_read_kernel(&w.at, sizeof(w.at), (const void *)w.end);
		each(CGROUP_THREADS, cgroup_take_thread, &w);
	} else {
		slot_want((uint32_t)task->pid);
	}
	/* its name and its arguments are looked up by the recorder */
	bpf_ringbuf_output(&notices, &notice, sizeof(notice), BPF_RB_FORCE_WAKEUP);
}

#endif
