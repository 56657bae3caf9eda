/* SPDX-License-Identifier: Dual BSD/GPL */
/* Counts what the selected tasks call and how long it takes, instead of recording it: nothing can be lost. */
#include "tasks.bpf.h"

#include <bpf/bpf_tracing.h>

#include "base/histogram.h"
#include "bpf/count-side.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";

/* The loader makes one for each processor. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct count_places));
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, COUNT_PROCESSES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(key_size, 4);
	__uint(value_size, sizeof(struct count_process));
} processes SEC(".maps");

_Static_assert(SLOT_IN_CALL == COUNT_IN_CALL && SLOT_COMPAT == COUNT_COMPAT, "the loader looks at them");

struct count_numbers numbers SEC(".bss.numbers");

#ifndef SEAM_OLD
static __always_inline uint32_t place_next(void)
{
	return __sync_fetch_and_add(&numbers.used, 1) + 1;
}
#else
#define PLACE_TRIES 8u /* as many may come at once; who comes later is among the others */

/* Places that have been given away. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, COUNT_PLACES);
	__type(key, __u32);
	__type(value, __u32);
} places_given SEC(".maps");

static __always_inline uint32_t place_next(void)
{
	uint32_t used = *(volatile uint32_t *)&numbers.used, one = 1;

	for (uint32_t i = 1; i <= PLACE_TRIES; i++) {
		uint32_t place = used + i;

		if (bpf_map_update_elem(&places_given, &place, &one, BPF_NOEXIST))
			continue;
		__sync_fetch_and_add(&numbers.used, 1);
		return place;
	}
	return COUNT_PLACES;
}
#endif

/* Gives a call a place when it is made for the first time. */
static __noinline uint32_t place_new(uint32_t index)
{
	uint32_t place;

	if (numbers.used >= COUNT_PLACES - 1)
		return 0;
	place = place_next();
	if (place >= COUNT_PLACES || index >= 2 * COUNT_NUMBERS)
		return 0;
	/* two processors may come at once: then a call has two places, and the loader adds them up */
	numbers.index[place] = (uint16_t)index;
	*(volatile uint16_t *)&numbers.place[within(index, 2 * COUNT_NUMBERS - 1)] = (uint16_t)place;
	return place;
}

static __always_inline uint32_t place_of(uint64_t number, bool compat)
{
	uint32_t index = (uint32_t)number, place;

	if (number >= COUNT_NUMBERS)
		return 0;
	index &= COUNT_NUMBERS - 1;
	if (compat)
		index += COUNT_NUMBERS;
	place = numbers.place[within(index, 2 * COUNT_NUMBERS - 1)];
	return place ? place : place_new(index);
}

static __always_inline struct seam_count *count_here(uint32_t place)
{
	uint32_t cpu = bpf_get_smp_processor_id();
	struct count_places *c = bpf_map_lookup_elem(&counts, &cpu);

	opaque(place);
	if (!c || place >= COUNT_PLACES)
		return NULL;
	return &c->place[place];
}

static __always_inline struct count_process *process_of(uint32_t process)
{
	struct count_process *p = bpf_map_lookup_elem(&processes, &process);

	if (!p) {
		struct count_process none = { 0 };

		bpf_map_update_elem(&processes, &process, &none, BPF_NOEXIST);
		p = bpf_map_lookup_elem(&processes, &process);
	}
	if (!p) {
		process = 0;
		p = bpf_map_lookup_elem(&processes, &process);
	}
	return p;
}

/* What a task did, to that of its process. */
static __always_inline void put_tally(struct task_struct *task, struct count_tally *t)
{
	struct count_process *p = process_of(t->process);

	if (p) {
		__sync_fetch_and_add(&p->calls, t->calls);
		__sync_fetch_and_add(&p->errors, t->errors);
		__sync_fetch_and_add(&p->total, t->total);
		bpf_probe_read_kernel_str(p->name, sizeof(p->name), TASK(task, group_leader)->comm);
	}
	t->calls = t->errors = t->total = 0;
}

/* What is kept of a task stands where the recorder keeps memory. */
static __always_inline struct count_tally *tally_of(struct slot *s)
{
	struct count_tally *t = (void *)s->memory;
	struct slot *in_place;

	if (t->process)
		return t;
	in_place = slot_of(s->id);
	t->process = (uint32_t)TASK(task_here(), tgid);
	t->alone = !in_place || in_place->id != s->id;
	return t;
}

SEC("tp_btf/sys_enter") int BPF_PROG(count_enter, struct pt_regs *regs, long number)
{
	struct slot *s = slot_here(regs);
	bool compat;

	if (!s)
		return 0;
	if ((s->state & SLOT_FRESH) && (uint32_t)number != config.execve)
		return 0;
	compat = slot_compat(s);
	s->number = (uint64_t)number;
	s->state = SLOT_IN_CALL | (compat ? SLOT_COMPAT : 0);
	if (config.durations)
		s->entered = bpf_ktime_get_ns();
	return 0;
}

SEC("tp_btf/sys_exit") int BPF_PROG(count_exit, struct pt_regs *regs, long ret)
{
	struct slot *s = slot_here(regs);
	struct count_tally *t;
	struct seam_count *c;
	uint64_t number, took = 0;
	bool compat, timed;
	uint32_t place;

	if (!s)
		return 0;
	if (s->state & SLOT_FRESH)
		return 0;
	timed = config.durations && (s->state & SLOT_IN_CALL);
	if (timed)
		took = bpf_ktime_get_ns() - s->entered;
	if (s->state & SLOT_IN_CALL) {
		compat = s->state & SLOT_COMPAT;
		number = s->number;
	} else {
		/* it was under way when the counting began */
		number = (uint64_t)kernel_number(regs);
		compat = slot_compat(s);
	}
	s->state = 0;
	place = place_of(number, compat);
	c = count_here(place);
	if (!c)
		return 0;
	t = tally_of(s);
	c->calls++;
	t->calls++;
	if (ret < 0 && ret > -4096) {
		uint32_t error = seam_count_error_place(ret);

		c->errors++;
		t->errors++;
		opaque(error);
		if (error < SEAM_COUNT_ERRORS)
			c->error[error]++;
	}
	if (timed) {
		uint32_t step = histogram_step(took);

		c->times.count++;
		c->times.total += took;
		t->total += took;
		if (took > c->times.max)
			c->times.max = took;
		opaque(step);
		if (step < SEAM_STEPS)
			c->times.steps[step]++;
	}
	if (t->alone)
		put_tally(task_here(), t);
	return 0;
}

SEC("tp_btf/sched_process_fork") int BPF_PROG(count_fork, struct task_struct *parent, struct task_struct *child)
{
	if (!slot_find(parent))
		return 0;
	slot_take(child);
	__sync_fetch_and_add(&numbers.tasks, 1);
	return 0;
}

SEC("tp_btf/sched_process_exit") int BPF_PROG(count_task_exit, struct task_struct *ending)
{
	struct task_struct *task = task_here(); /* the same */
	struct slot *s = slot_find(task);
	struct count_tally *t;

	if (!s)
		return 0;
	t = tally_of(s);
	if (s->state & SLOT_IN_CALL) {
		/* the call will not return: exit, or it was killed there */
		uint32_t place = place_of(s->number, s->state & SLOT_COMPAT);
		struct seam_count *c = count_here(place);

		if (c) {
			c->calls++;
			c->unreturned++;
			t->calls++;
		}
	}
	put_tally(task, t);
	t->process = 0;
	slot_free(task);
	return 0;
}
