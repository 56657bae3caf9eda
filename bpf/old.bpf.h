/* SPDX-License-Identifier: Dual BSD/GPL */
/*
 * What Linux 5.8 to 5.16 lack, and what is done there instead (SEAM_OLD): each operation has a name, and other kernels have it as it is.
 * Which of the two objects a kernel takes the loader finds out by trying. What is kept of tasks is in kept.bpf.h.
 */
#ifndef OLD_BPF_H
#define OLD_BPF_H

#include "kernel.bpf.h"

/* What a task is known by: where its registers are, from some point on. */
static __always_inline uint64_t id_of(const struct pt_regs *regs);

/* Verifiers before that of Linux 6.9 or so have forgotten what they knew of the parts of a number when it is put together with "or". */
static __always_inline uint64_t within(uint64_t x, uint64_t mask)
{
	asm volatile("" : "+r"(x));
	return x & mask;
}

/* A number of bytes that is no larger. That has been looked at before; but clang asks for more than one thing at once, of another register. */
static __always_inline uint32_t at_most(uint64_t n, uint32_t most)
{
	asm volatile("" : "+r"(n));
	return n > most ? 0 : (uint32_t)n;
}

#ifndef SEAM_OLD

/* What makes any number of x, when the other one may be any. */
#define FORGETTING(x, any) ((x) | (any))

/* What is better not part of its caller where that has too little stack for all. */
#define APART __always_inline
/* What there shares the stack of its caller: of global linkage elsewhere, or not. */
#define JOINED_GLOBAL __noinline
#define JOINED static __noinline

/* Up to n calls of fn(i, context), until one of them is not 0. */
#define each(n, fn, context) bpf_loop(n, fn, context, 0)
/* How, where the kernel has no such helper; they stand behind fn. */
#define EACH_NEAR(fn, in, most)
#define EACH_FAR(fn, in, again, some, turns)
#define EACH_FARTHER(fn, in, again, some, many, turns)
#define EACH_FARTHER_TELLING(fn, in, again, some, many, turns)
#define EACH_FAR_TELLING(fn, in, again, some, turns)

static __always_inline struct task_struct *task_here(void)
{
	return (struct task_struct *)bpf_get_current_task_btf();
}

/* A member of a task, and one of what it points to. */
#define TASK(task, member) ((task)->member)
#define TASK_TO(task, pointer, member) ((task)->pointer->member)

static __always_inline struct pt_regs *task_regs(struct task_struct *task)
{
	return (struct pt_regs *)bpf_task_pt_regs(task);
}

static __always_inline uint64_t task_id(struct task_struct *task)
{
	return id_of(task_regs(task));
}

/* Whether that can be said of a task whose registers one has not been given. */
static __always_inline bool ids_known(void)
{
	return true;
}

/* From the registers of the running task, and its id. */
static __always_inline void ids_learn(const struct pt_regs *regs, uint64_t id)
{
}

/* Reads through a number as through a pointer: not in every kernel. */
extern void *bpf_rdonly_cast(const void *object, uint32_t type) __attribute__((section(".ksyms"), weak));

/* The task at an address; without that function, it has to be the one that is running. */
static __always_inline const struct task_struct *kernel_task(uint64_t address)
{
	if (bpf_rdonly_cast)
		return bpf_rdonly_cast((const void *)address, bpf_core_type_id_kernel(struct task_struct));
	return (const struct task_struct *)bpf_get_current_task_btf();
}

/* One more, which is returned. All that was written before is there for others first: the instruction is a barrier only if its result is asked for. */
static __always_inline uint64_t one_more(uint64_t *n, void *ring)
{
	uint64_t was = __sync_fetch_and_add(n, 1);

	(void)ring;
	return was + 1;
}

#else

/* Bits that are known to be set stay so with the other way. */
#define FORGETTING(x, any) ((x) + (any))

#define APART __noinline
#define JOINED_GLOBAL static __always_inline
#define JOINED static __always_inline

/*
 * Loops. These kernels' verifiers go round as often as a loop does. What is short may be looked at so (NEAR). Else there is a function of global linkage, which is looked
 * at once: it goes round `some` times, and is called up to `turns` times (FAR). It can be given numbers only; so the context waits in memory of the
 * processor, and again(context) puts the pointers into it once more. What it comes to is in the context afterwards if it is TELLING, without the pointers.
 */
#define each(n, fn, context) fn##_each(n, context)

#define EACH_NEAR(fn, in, most)                                                   \
	static __always_inline int fn##_each(uint32_t n, in *c)                   \
	{                                                                           \
		for (uint32_t i = 0; i < (most); i++)                               \
			if (i >= n || fn(i, c))                                     \
				break;                                              \
		return 0;                                                           \
	}

#define EACH_FAR_SOME(fn, in, again, some, after)                                    \
	struct {                                                                    \
		__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);                            \
		__uint(max_entries, 1);                                             \
		__uint(key_size, 4);                                                \
		__uint(value_size, sizeof(in));                                   \
	} fn##_at SEC(".maps");                                                     \
	__noinline int fn##_some(uint32_t from, uint32_t n)                         \
	{                                                                           \
		uint32_t zero = 0;                                                  \
		in *kept = bpf_map_lookup_elem(&fn##_at, &zero);                    \
		in c;                                                               \
		int end = 0;                                                        \
                                                                                    \
		if (!kept)                                                          \
			return 1;                                                   \
		c = *kept;                                                          \
		if (!again(&c))                                                     \
			return 1;                                                   \
		for (uint32_t i = 0; i < (some); i++) {                             \
			if (from + i >= n || fn(from + i, &c)) {                    \
				end = 1;                                            \
				break;                                              \
			}                                                           \
		}                                                                   \
		after;                                                              \
		return end;                                                         \
	}

#define EACH_FAR_MANY(fn, some, many)                                               \
	__noinline int fn##_many(uint32_t from, uint32_t n)                         \
	{                                                                           \
		for (uint32_t i = 0; i < (many); i++)                               \
			if (fn##_some(from + i * (some), n))                        \
				return 1;                                           \
		return 0;                                                           \
	}

#define EACH_FAR_TURNS(fn, in, part, some, turns, after)                                  \
	static __always_inline int fn##_each(uint32_t n, in *c)                     \
	{                                                                           \
		uint32_t zero = 0;                                                  \
		in *kept = bpf_map_lookup_elem(&fn##_at, &zero);                    \
                                                                                    \
		if (!kept)                                                          \
			return 0;                                                   \
		*kept = *c;                                                         \
		for (uint32_t i = 0; i < (turns); i++)                              \
			if (part(i * (some), n))                                    \
				break;                                              \
		after;                                                              \
		return 0;                                                           \
	}

#define EACH_FAR(fn, in, again, some, turns)                                        \
	EACH_FAR_SOME(fn, in, again, some, (void)0)                                 \
	EACH_FAR_TURNS(fn, in, fn##_some, some, turns, (void)0)

#define EACH_FAR_TELLING(fn, in, again, some, turns)                                \
	EACH_FAR_SOME(fn, in, again, some, *kept = c)                                \
	EACH_FAR_TURNS(fn, in, fn##_some, some, turns, *c = *kept)

/* As far as that, in one step more: `some` times `many` times `turns`. */
#define EACH_FARTHER(fn, in, again, some, many, turns)                              \
	EACH_FAR_SOME(fn, in, again, some, (void)0)                                 \
	EACH_FAR_MANY(fn, some, many)                                               \
	EACH_FAR_TURNS(fn, in, fn##_many, (some) * (many), turns, (void)0)

#define EACH_FARTHER_TELLING(fn, in, again, some, many, turns)                      \
	EACH_FAR_SOME(fn, in, again, some, *kept = c)                                \
	EACH_FAR_MANY(fn, some, many)                                               \
	EACH_FAR_TURNS(fn, in, fn##_many, (some) * (many), turns, *c = *kept)

/* A context without pointers. */
#define PLAIN(c) true

/* A number to the verifier: what is there is read as the kernel's memory. */
static __always_inline struct task_struct *task_here(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static void *(*const bpf_rdonly_cast)(const void *object, uint32_t type) = NULL;

static __always_inline const struct task_struct *kernel_task(uint64_t address)
{
	return (const struct task_struct *)address;
}

#define TASK(task, member) BPF_CORE_READ(task, member)
#define TASK_TO(task, pointer, member) BPF_CORE_READ(task, pointer, member)

struct task_struct___stack {
	void *stack;
} KERNEL;

#define REGS_ROOM 512u
#define STACK_ROOM (1u << 20) /* none is as large */

/* Where a task's registers are on its stack, learned from the first one that makes a call; 0: not known yet. */
SEC(".bss.regs") uint64_t regs_on_stack;
SEC(".bss.regs") uint64_t regs_id; /* from the address of a stack to the id of its task */
SEC(".bss.regs") uint8_t no_regs[REGS_ROOM];

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, 4);
	__uint(value_size, REGS_ROOM);
} regs_copies SEC(".maps");

static __always_inline uint64_t task_stack(const struct task_struct *task)
{
	return (uint64_t)BPF_CORE_READ((const struct task_struct___stack *)task, stack);
}

/* A copy, until the next one is asked for on this processor. */
static __always_inline struct pt_regs *task_regs(const struct task_struct *task)
{
	uint32_t zero = 0, size = bpf_core_type_size(struct pt_regs___x86); /* of the machine's own */
	void *copy = bpf_map_lookup_elem(&regs_copies, &zero);

	if (!copy || size > REGS_ROOM)
		return (struct pt_regs *)no_regs;
	bpf_probe_read_kernel(copy, size, (const void *)(task_stack(task) + regs_on_stack));
	return copy;
}

static __always_inline uint64_t task_id(const struct task_struct *task)
{
	return task_stack(task) + regs_id;
}

static __always_inline bool ids_known(void)
{
	return *(volatile uint64_t *)&regs_on_stack;
}

static __always_inline void ids_learn(const struct pt_regs *regs, uint64_t id)
{
	uint64_t stack = task_stack(task_here()), at = 0;

	/* memory makes a number of a pointer */
	bpf_probe_read_kernel(&at, sizeof(at), &regs);
	if (at - stack >= STACK_ROOM)
		return;
	*(volatile uint64_t *)&regs_id = id - stack;
	*(volatile uint64_t *)&regs_on_stack = at - stack;
}

/* There is no instruction for that: but what gives back room of a ring has one in the kernel. */
static __always_inline uint64_t one_more(uint64_t *n, void *ring)
{
	void *room = bpf_ringbuf_reserve(ring, 8, 0);

	if (room)
		bpf_ringbuf_discard(room, BPF_RB_NO_WAKEUP);
	__sync_fetch_and_add(n, 1);
	return *(volatile uint64_t *)n;
}

#endif

#endif
