/* SPDX-License-Identifier: BSD-2-Clause */
/* The agent: code in the program itself that every call of the program goes through. It has no library, and shares nothing with the program but the address space. */
#ifndef AGENT_BLOB_H
#define AGENT_BLOB_H

#include <asm/unistd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agent/agent-shared.h"
#include "arch/agent-asm.h"
#include "arch/agent-machine.h"

/* All is found by distances: nothing here is ever relocated. */
#pragma GCC visibility push(hidden)

/* The kernel's numbers, which are the same on all machines. */
enum {
	AGENT_SIGILL = 4, AGENT_SIGTRAP = 5, AGENT_SIGKILL = 9, AGENT_SIGSEGV = 11, AGENT_SIGSTOP = 19, AGENT_SIGSYS = 31, AGENT_SIGNALS = 64,
	AGENT_EPERM = 1, AGENT_ENOENT = 2, AGENT_EINTR = 4, AGENT_EAGAIN = 11, AGENT_ENOMEM = 12, AGENT_EACCES = 13, AGENT_EFAULT = 14, AGENT_EEXIST = 17, AGENT_EINVAL = 22, AGENT_ENOSYS = 38,
	AGENT_AGAIN = AGENT_ASM_AGAIN, /* the kernel's ERESTARTSYS: the call has not been made, and will be when the program goes on */
};

#define AGENT_SIG(n) (1ull << ((n) - 1))
/* Signals that the agent lives by: they are never blocked, whatever the program believes. */
#define AGENT_OWN_SIGNALS AGENT_SIG(AGENT_SIGSYS)
#define AGENT_ALL_SIGNALS (~0ull)

/* struct sigaction as the kernel has it. */
struct agent_action {
	uint64_t handler, flags, restorer, mask;
};

/* Of alternate stacks. */
#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM (1u << 31)

#define PR_SET_SYSCALL_USER_DISPATCH 59

#define AGENT_SIG_DFL 0u
#define AGENT_SIG_IGN 1u
#define AGENT_SA_NOCLDSTOP 1u
#define AGENT_SA_SIGINFO 4u
#define AGENT_SA_RESTORER 0x04000000u
#define AGENT_SA_ONSTACK 0x08000000u
#define AGENT_SA_RESTART 0x10000000u
#define AGENT_SA_NODEFER 0x40000000u
#define AGENT_SA_RESETHAND 0x80000000u
#define AGENT_SA_KNOWN 0xdc000807u /* the kernel drops all others */

struct agent_info {
	int32_t signal, error, code, unused;
	uint64_t call_address;
	int32_t call_number;
	uint32_t call_audit;
	uint8_t rest[96];
};
_Static_assert(sizeof(struct agent_info) == 128, "as the kernel has it");

/* What the program has asked for each signal. Who has handlers in common for the kernel has one in common. */
struct agent_actions {
	uint32_t lock;
	struct agent_action action[AGENT_SIGNALS + 1];
};

/* A thread's record, at the beginning of its slot; its stack ends where the slot does. Found from any address of that stack, and so from wherever the agent runs. */
struct agent_thread {
	uint32_t deferred;   /* a signal has come while the agent was at work: it waits here, and all others are blocked; ... */
	uint32_t slot;
	struct agent_info info;     /* ... this is the signal, ... */
	struct agent_action action; /* ... and what was to be done then */
	bool interrupted;    /* the call that it came in was ended by it, under another mask */
	uint64_t other_mask; /* this one */
	uint64_t again;      /* number of the call that is to be made again, when that is not its own */
	struct agent_actions *actions;
	uint64_t blocked;    /* of our own signals, those that the program has blocked */
	uint64_t waiting;    /* of those, the ones that have come; ... */
	struct agent_info waiting_info; /* ... SIGSYS with this */
	struct arch_altstack altstack;  /* the program's */
	bool lent;           /* the slot is given back by who made the thread */
	bool tried;          /* the call that is to be made again has been in the kernel */
	int32_t pid, tid;
};

/* One call of the program, whatever brought us to it. */
struct agent_call {
	uint64_t number;
	uint64_t args[6];
	uint64_t real[7];     /* what is issued: number and arguments, as the agent has changed them */
	int64_t ret;          /* -AGENT_AGAIN: it has not been made, the program comes here again */
	bool narrow;          /* of the 32-bit table */
	bool replaced;        /* *context is where the program goes on, and not after a call */
	struct agent_thread *thread;
	struct arch_context *context; /* of the program, behind its call */
};

/* --- arch/NAME/agent-NAME.S */

extern char agent_start[], agent_gate[], agent_gate_end[], agent_text_end[], agent_file_end[], agent_end[];
/* Between the first two a call has not been made yet; at the last it has. */
extern char agent_issue[], agent_issue_insn[], agent_issued[], agent_narrow_issue[], agent_narrow_insn[], agent_narrow_issued[], agent_leave[], agent_leave_end[];
void agent_on_trap(void);
void agent_on_signal(void);
void agent_restorer(void);
void agent_born(void);
int64_t agent_own_call(uint64_t number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);
int64_t agent_program_call(const uint64_t *number_and_args, struct agent_thread *t);
int64_t agent_narrow_call(const uint64_t *number_and_args, struct agent_thread *t);
void agent_exit(uint32_t *slot_taken, uint64_t status) __attribute__((noreturn));

/* The agent's own calls; with one argument at least. */
#define OWN_ARGS(a, b, c, d, e, f, ...) (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), (uint64_t)(e), (uint64_t)(f)
#define own(number, ...) agent_own_call((uint64_t)(number), OWN_ARGS(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0))

static inline struct agent_shared *agent_shared(void)
{
	return (struct agent_shared *)(agent_start + AGENT_SHARED_AT);
}

/* Where a function is now: what a compiler would put into a table of constants would have to be relocated. */
static inline uint64_t agent_here(void (*fn)(void))
{
	uint64_t at = (uint64_t)fn;

	__asm__("" : "+r"(at));
	return at;
}

static inline bool agent_has(uint64_t ip)
{
	return ip >= (uint64_t)agent_start && ip < (uint64_t)agent_text_end;
}

static inline void agent_count(uint64_t *what)
{
	__atomic_fetch_add(what, 1, __ATOMIC_RELAXED);
}

/* --- dispatch.c */

/* Every call goes through this, and its result is in it afterwards. */
void agent_dispatch(struct agent_call *c);
/* Has the call made, as it stands in c->real. */
int64_t agent_issue_call(struct agent_call *c);
/* A bug of ours: says so on standard error, and ends the process. */
void agent_panic(const char *what) __attribute__((noreturn));

/* --- memory.c: the program's memory. 0, or -EFAULT. */

int agent_copy_in(struct agent_thread *t, void *to, uint64_t from, size_t n);
int agent_copy_out(struct agent_thread *t, uint64_t to, const void *from, size_t n);
void agent_lock(uint32_t *lock);
void agent_unlock(uint32_t *lock);

/* --- signals.c */

/* Puts the signal in front of the program: when it goes on, its handler begins, and will return to where *k is now. */
void agent_deliver(struct agent_thread *t, struct arch_context *k, const struct agent_info *info, const struct agent_action *a, const uint64_t *other_mask);
/* What has been kept because the program had it blocked, as far as it has not any more. */
void agent_deliver_waiting(struct agent_thread *t, struct arch_context *k);
/* The mask that the program believes in. */
uint64_t agent_shown_mask(const struct agent_thread *t, const struct arch_context *k);
void agent_set_mask(struct agent_thread *t, struct arch_context *k, uint64_t mask);
/* Ends the process by a signal, as if nobody had a handler for it. */
void agent_die_of(struct agent_thread *t, int signal) __attribute__((noreturn));
struct agent_thread *agent_thread_here(const void *on_stack);

/* --- actions.c: calls about signals. */

int64_t agent_sigaction(struct agent_call *c);
int64_t agent_sigprocmask(struct agent_call *c);
int64_t agent_sigaltstack(struct agent_call *c);
/* Whether the program is on that stack, as far as it counts. */
bool agent_on_altstack(const struct arch_altstack *s, uint64_t sp);
int64_t agent_sigreturn(struct agent_call *c);
int64_t agent_sigpending(struct agent_call *c);
/* Calls that have a mask while they wait: which argument points to it, and whether to a structure that begins with that pointer and its size. */
int64_t agent_with_mask(struct agent_call *c, unsigned arg, bool indirect);
int agent_own_handlers(struct agent_actions *actions);

/* --- births.c: threads and processes. */

int64_t agent_birth(struct agent_call *c);
int64_t agent_end_thread(struct agent_call *c);
int64_t agent_exec(struct agent_call *c);
/* The record of a thread that begins; NULL: there is no room. */
struct agent_thread *agent_slot_take(void);
void agent_slot_give(uint32_t slot);
int agent_stand_up(struct agent_thread *t);
unsigned agent_slots_taken(void);

/* --- leave.c */

int64_t agent_ptrace(struct agent_call *c);

/* --- filters.c */

int64_t agent_seccomp(struct agent_call *c);
int64_t agent_prctl(struct agent_call *c);
int agent_arm(void);
int agent_filter_all(void);

/* --- guarded.c */

/* Whether a call may be made that does something with addresses: 0, or what it fails with. */
int64_t agent_guard(struct agent_call *c);

#endif
