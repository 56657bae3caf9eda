/* SPDX-License-Identifier: BSD-2-Clause */
/* arch/agent-machine.h for x86-64: what a signal leaves on the stack, and where a call has its number and arguments. */
#ifndef ARCH_AGENT_X86_64_H
#define ARCH_AGENT_X86_64_H

#define ARCH_AGENT_HAS_DISPATCH 1 /* kernels have Syscall User Dispatch here */
#define ARCH_CALL_BYTES 2         /* of the instruction that makes a call */
#define ARCH_SIGRETURN 15
#define ARCH_AUDIT 0xc000003eu
#define ARCH_AUDIT_NARROW 0x40000003u

struct arch_altstack {
	uint64_t sp;
	int32_t flags;
	uint32_t unused;
	uint64_t size;
};

/* The kernel's ucontext. */
struct arch_context {
	uint64_t flags, link;
	struct arch_altstack stack;
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
	uint16_t cs, gs, fs, ss;
	uint64_t err, trapno, oldmask, cr2, fpstate, unused[8];
	uint64_t mask;
};
_Static_assert(sizeof(struct arch_context) == 304, "as the kernel has it");

/* What lies at the stack pointer when a handler begins. */
struct arch_frame {
	uint64_t restorer;
	struct arch_context context;
	uint8_t info[128];
};
_Static_assert(sizeof(struct arch_frame) == 440, "as the kernel has it");

#define ARCH_FP_XSTATE 1u        /* context.flags: what lies at fpstate says how long it is */
#define ARCH_FP_WORDS 464        /* where it says so */
#define ARCH_FP_MAGIC 0x46505853u
#define ARCH_FP_LEGACY 512u
#define ARCH_RED_ZONE 128
#define ARCH_FLAGS_CLEARED 0x10500ull /* TF, DF, RF: a handler begins without */

static inline uint64_t arch_number(const struct arch_context *k)
{
	return k->rax;
}

static inline void arch_get_args(const struct arch_context *k, uint64_t ret[6], bool narrow)
{
	ret[0] = narrow ? (uint32_t)k->rbx : k->rdi;
	ret[1] = narrow ? (uint32_t)k->rcx : k->rsi;
	ret[2] = narrow ? (uint32_t)k->rdx : k->rdx;
	ret[3] = narrow ? (uint32_t)k->rsi : k->r10;
	ret[4] = narrow ? (uint32_t)k->rdi : k->r8;
	ret[5] = narrow ? (uint32_t)k->rbp : k->r9;
}

/* The call has been made, with this result. */
static inline void arch_set_return(struct arch_context *k, int64_t ret)
{
	k->rax = (uint64_t)ret;
}

/* It has not, and will be when the program goes on; the number may be that of restart_syscall(). */
static inline void arch_set_again(struct arch_context *k, uint64_t number)
{
	k->rip -= ARCH_CALL_BYTES;
	k->rax = number;
}

static inline uint64_t arch_context_ip(const struct arch_context *k)
{
	return k->rip;
}

static inline void arch_context_set_ip(struct arch_context *k, uint64_t ip)
{
	k->rip = ip;
}

static inline uint64_t arch_context_sp(const struct arch_context *k)
{
	return k->rsp;
}

static inline void arch_context_set_sp(struct arch_context *k, uint64_t sp)
{
	k->rsp = sp;
}

/* Of a context in the agent itself, at the instruction that makes the program's call: the kernel has been there, and has put it back to make it again. */
static inline bool arch_was_made(const struct arch_context *k, uint64_t after)
{
	return k->rcx == after;
}

static inline uint32_t arch_xstate_bytes(const struct arch_context *k)
{
	const uint32_t *words = (const uint32_t *)(k->fpstate + ARCH_FP_WORDS);

	if (!k->fpstate)
		return 0;
	return (k->flags & ARCH_FP_XSTATE) && words[0] == ARCH_FP_MAGIC ? words[1] : ARCH_FP_LEGACY;
}

/* Puts a frame with this context below @top, as the kernel does; it can be returned from. */
static inline struct arch_frame *arch_push_frame(uint64_t top, const struct arch_context *k, uint64_t restorer, const void *info)
{
	uint32_t bytes = arch_xstate_bytes(k);
	uint64_t fp = (top - bytes) & ~63ull;
	struct arch_frame *f = (struct arch_frame *)(((fp - sizeof(*f)) & ~15ull) - 8);

	if (bytes)
		memcpy((void *)fp, (const void *)k->fpstate, bytes);
	f->restorer = restorer;
	memcpy(&f->context, k, sizeof(*k));
	f->context.fpstate = bytes ? fp : 0;
	memcpy(f->info, info, sizeof(f->info));
	return f;
}

static inline uint64_t arch_frame_bytes(const struct arch_context *k)
{
	return arch_xstate_bytes(k) + sizeof(struct arch_frame) + 64 + 16;
}

/* The frame has been pushed for the program: its handler begins. */
static inline void arch_enter_handler(struct arch_context *k, struct arch_frame *f, int signal, uint64_t handler)
{
	k->rip = handler;
	k->rsp = (uint64_t)f;
	k->rdi = (uint64_t)(uint32_t)signal;
	k->rsi = (uint64_t)f->info;
	k->rdx = (uint64_t)&f->context;
	k->rax = 0;
	k->eflags &= ~ARCH_FLAGS_CLEARED;
	k->cs = 0x33;
	k->ss = 0x2b;
	k->fpstate = 0; /* such as a new program has it */
}

/* Where the frame is that a program returns from. */
static inline uint64_t arch_returned_context(const struct arch_context *k)
{
	return k->rsp;
}

/* Where new threads look for their place in the agent: it must be that of the frame. */
static inline struct arch_frame *arch_frame_of(struct arch_context *k)
{
	return (struct arch_frame *)((uint8_t *)k - offsetof(struct arch_frame, context));
}

#endif
