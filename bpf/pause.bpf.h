/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * What becomes of a task that has written while little room is left. Where the kernel lets it wait inside (Linux 6.18), it does so at
 * the end of its own call, before it is back in its program, and nobody can see that it waited: no signal, no call cut
 * short, no other thread touched. Elsewhere it is stopped by a signal, which its parent may see.
 */
#ifndef PAUSE_BPF_H
#define PAUSE_BPF_H

#include "events.bpf.h"

#define SIGSTOP 19

/* There is little room here: what is above the mark is for those who have a call under way. */
static __always_inline bool room_is_short(const struct ring_control *r)
{
	return *(const volatile uint64_t *)&r->opened - *(const volatile uint64_t *)&r->released >= config.stop_at;
}

#ifdef SEAM_HOLD
#define HOLD_NS 50000u      /* of one turn; between two the kernel may give the processor to others */
#define HOLD_LOOKS 10000u   /* in one turn, at most */
#define HOLD_TURN (1ull << 32) /* a work cannot order itself again: each task has two, which take turns */

/* The kernel's; what it is for is known by its name. */
struct bpf_task_work {
	__u64 opaque;
} __attribute__((aligned(8)));

struct hold {
	struct bpf_task_work work;
};

struct bpf_map {
	__u32 max_entries;
} KERNEL;

/* By task, and turn. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 65536);
	__type(key, __u64);
	__type(value, struct hold);
} holds SEC(".maps");

/* The first is what Linux 6.18 calls it, the second what came after. */
extern int bpf_task_work_schedule_resume_impl(struct task_struct *task, struct bpf_task_work *work, void *map,
					      int (*fn)(struct bpf_map *map, void *key, void *value), void *aux) __ksym __weak;
extern int bpf_task_work_schedule_resume(struct task_struct *task, struct bpf_task_work *work, void *map,
					 int (*fn)(struct bpf_map *map, void *key, void *value)) __ksym __weak;

static int hold_turn(struct bpf_map *map, void *key, void *value);

/* Has the current task run hold_turn() before it is in its program again. */
static __always_inline void hold_order(uint64_t key)
{
	struct task_struct *task = task_here();
	struct hold *h = bpf_map_lookup_elem(&holds, &key), none = { 0 };

	if (!h) {
		bpf_map_update_elem(&holds, &key, &none, BPF_NOEXIST);
		h = bpf_map_lookup_elem(&holds, &key);
	}
	if (!h)
		return;
	/* when the recorder is gone the kernel refuses, and the task goes on */
	if (config.pause == PAUSE_HOLD)
		bpf_task_work_schedule_resume_impl(task, &h->work, &holds, hold_turn, NULL);
	else
		bpf_task_work_schedule_resume(task, &h->work, &holds, hold_turn);
}

static long hold_look(uint32_t i, uint64_t *end)
{
	struct ring_control *r = ring_here();

	return !r || !room_is_short(r) || bpf_ktime_get_ns() >= *end;
}

static int hold_turn(struct bpf_map *map, void *key, void *value)
{
	uint64_t k = *(uint64_t *)key, end = bpf_ktime_get_ns() + HOLD_NS;
	struct ring_control *r;

	each(HOLD_LOOKS, hold_look, &end);
	r = ring_here();
	if (r && room_is_short(r))
		hold_order(k ^ HOLD_TURN);
	return 0;
}

static __always_inline void hold(struct slot *s, struct task_struct *task, struct ring_control *r)
{
	s->held = 1;
	__sync_fetch_and_add(&r->held, 1);
	tell();
	hold_order((uint32_t)task->pid);
}

static __always_inline void hold_forget(const struct slot *s, struct task_struct *task)
{
	uint64_t key = (uint32_t)task->pid;

	if (!s->held)
		return;
	bpf_map_delete_elem(&holds, &key);
	key |= HOLD_TURN;
	bpf_map_delete_elem(&holds, &key);
}

#else
static __always_inline void hold(struct slot *s, struct task_struct *task, struct ring_control *r)
{
}

static __always_inline void hold_forget(const struct slot *s, struct task_struct *task)
{
}
#endif

/*
 * A debugger would see the signal, and who is not ours to wake must not be stopped either: of these, what there is no room for
 * is lost.
 */
static __always_inline bool may_stop(struct task_struct *task)
{
	uint32_t user = config.only_user;

	return !TASK(task, ptrace) && (user == ANY_USER || TASK_TO(task, cred, uid.val) == user || TASK_TO(task, cred, suid.val) == user);
}

/* Until the recorder has made room and lets it go on. */
static __always_inline void stop(struct task_struct *task, struct ring_control *r)
{
	uint64_t n = r->stops;

	if (n - *(volatile uint64_t *)&r->let_go >= RING_STOPS || !may_stop(task))
		return;
	r->stopped[n & (RING_STOPS - 1)] = (uint32_t)TASK(task, tgid);
	/* in this order: a SIGCONT that comes before the SIGSTOP would be for nothing */
	bpf_send_signal(SIGSTOP);
	__sync_fetch_and_add(&r->stops, 1);
	tell();
}

/* At the end of a call. */
static __always_inline void pause_if_short(struct slot *s, struct ring_control *r)
{
	struct task_struct *task;

	if (!config.pause || !room_is_short(r))
		return;
	task = task_here();
	if (config.pause == PAUSE_STOP)
		stop(task, r);
	else
		hold(s, task, r);
}

#endif
