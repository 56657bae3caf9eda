/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads and processes that the program makes. Whoever begins runs the agent first, with all signals blocked: the kernel has switched its dispatch off, and no call may be made before
 * it is on again. Who shares the memory of its parent begins on a stack of its own in a new slot; who has a copy goes on where the parent is.
 */
#include "blob.h"

#define CLONE_VM 0x100ull
#define CLONE_SIGHAND 0x800ull
#define CLONE_VFORK 0x4000ull
#define CLONE_CLEAR_SIGHAND 0x100000000ull
#define STACK_AT (2 * AGENT_PAGE) /* of a slot; before it stands a page that is not there */

#define PROT_RW 3
#define MAP_OF_SLOT 0x120022 /* private, anonymous, fixed but not over others, a stack */

static uint32_t taken[AGENT_SLOT_COUNT];
static uint8_t mapped[AGENT_SLOT_COUNT];
static uint32_t used; /* so many have been taken at one time or another */

struct clone_args {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, others[8];
};

static struct agent_thread *slot_at(uint32_t slot)
{
	return (struct agent_thread *)(agent_start + AGENT_SLOTS_AT + slot * AGENT_SLOT_BYTES);
}

/* The one of a process that shares its memory, but not its handlers. */
static struct agent_actions *actions_of(struct agent_thread *t)
{
	return (struct agent_actions *)(t + 1);
}
_Static_assert(sizeof(struct agent_thread) + sizeof(struct agent_actions) <= AGENT_PAGE, "they have room before the stack");

static bool map_slot(uint32_t slot)
{
	struct agent_thread *t = slot_at(slot);
	int64_t r;

	if (mapped[slot])
		return true;
	r = own(__NR_mmap, t, AGENT_SLOT_BYTES, PROT_RW, MAP_OF_SLOT, -1, 0);
	/* nobody else maps anything here: a thread did while another made this process */
	if (r != (int64_t)t && r != -AGENT_EEXIST)
		return false;
	own(__NR_mprotect, (char *)t + AGENT_PAGE, STACK_AT - AGENT_PAGE, 0);
	mapped[slot] = 1;
	return true;
}

struct agent_thread *agent_slot_take(void)
{
	for (uint32_t i = 0; i < AGENT_SLOT_COUNT; i++) {
		uint32_t no = 0;

		if (__atomic_load_n(&taken[i], __ATOMIC_RELAXED) || !__atomic_compare_exchange_n(&taken[i], &no, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			continue;
		if (!map_slot(i)) {
			agent_slot_give(i);
			return NULL;
		}
		for (uint32_t n = __atomic_load_n(&used, __ATOMIC_RELAXED);
		     n <= i && !__atomic_compare_exchange_n(&used, &n, i + 1, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);)
			;
		memset(slot_at(i), 0, sizeof(struct agent_thread));
		slot_at(i)->slot = i;
		slot_at(i)->altstack.flags = SS_DISABLE;
		return slot_at(i);
	}
	return NULL;
}

unsigned agent_slots_taken(void)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < used; i++)
		n += taken[i] != 0;
	return n;
}

void agent_slot_give(uint32_t slot)
{
	__atomic_store_n(&taken[slot], 0, __ATOMIC_RELEASE);
}

static void learn_who(struct agent_thread *t)
{
	t->pid = (int32_t)own(__NR_getpid, 0);
	t->tid = (int32_t)own(__NR_gettid, 0);
}

/* The thread that runs has its stack, and its calls trap. */
int agent_stand_up(struct agent_thread *t)
{
	struct arch_altstack s = { .sp = (uint64_t)t + STACK_AT, .size = AGENT_SLOT_BYTES - STACK_AT };
	int r = (int)own(__NR_sigaltstack, &s, 0);

	learn_who(t);
	return r < 0 ? r : agent_arm();
}

/* In a process that is a copy: it has the same stacks, but the other threads are not in it. */
static void forked(struct agent_thread *t)
{
	for (uint32_t i = 0; i < used; i++)
		if (i != t->slot)
			taken[i] = 0;
	learn_who(t);
	if (agent_arm() < 0)
		agent_panic("calls of a new process do not trap");
}

struct birth {
	struct arch_frame *frame;
	uint64_t flags;
};

struct arch_frame *agent_child(struct birth *b);
struct arch_frame *agent_child(struct birth *b)
{
	struct agent_thread *t = agent_thread_here(b);

	if (b->flags & CLONE_CLEAR_SIGHAND)
		agent_own_handlers(t->actions);
	if (agent_stand_up(t) < 0)
		agent_panic("calls of a new thread do not trap");
	return b->frame;
}

/* A slot for who shares our memory. Returns where its stack pointer is to be. */
static uint64_t *prepare(struct agent_call *c, struct agent_thread *t, uint64_t flags, uint64_t stack)
{
	static const struct agent_info none;
	struct arch_frame *f = arch_push_frame((uint64_t)t + AGENT_SLOT_BYTES, c->context, 0, &none);
	struct birth *b = (struct birth *)(((uint64_t)f & ~15ull) - sizeof(*b));
	uint64_t *sp = (uint64_t *)b - 2;

	arch_set_return(&f->context, 0);
	if (stack)
		arch_context_set_sp(&f->context, stack);
	f->context.stack = (struct arch_altstack){ .sp = (uint64_t)t + STACK_AT, .size = AGENT_SLOT_BYTES - STACK_AT };
	t->actions = c->thread->actions;
	t->blocked = c->thread->blocked;
	if (flags & CLONE_VFORK)
		t->altstack = c->thread->altstack;
	if (!(flags & CLONE_SIGHAND)) {
		t->actions = actions_of(t);
		memcpy(t->actions, c->thread->actions, sizeof(*t->actions));
		t->actions->lock = 0;
		if (flags & CLONE_CLEAR_SIGHAND)
			memset(t->actions->action, 0, sizeof(t->actions->action));
	}
	t->lent = flags & CLONE_VFORK;
	b->frame = f;
	b->flags = flags;
	sp[0] = 0;
	sp[1] = agent_here(agent_born);
	return sp;
}

static int64_t make_copy(struct agent_call *c, uint64_t flags, uint64_t stack)
{
	struct agent_actions *actions = c->thread->actions;
	int64_t r;

	agent_lock(&actions->lock);
	r = agent_issue_call(c);
	agent_unlock(&actions->lock);
	if (r)
		return r;
	if (flags & CLONE_CLEAR_SIGHAND) {
		memset(actions->action, 0, sizeof(actions->action));
		agent_own_handlers(actions);
	}
	forked(c->thread);
	if (stack)
		arch_context_set_sp(c->context, stack);
	return 0;
}

static int64_t make(struct agent_call *c, struct clone_args *a)
{
	uint64_t flags = a ? a->flags : c->args[0], stack = a ? a->stack + a->stack_size : c->args[1];
	struct agent_thread *t;
	uint64_t *sp;
	int64_t r;

	if (a)
		c->real[1] = (uint64_t)a;
	if (!(flags & CLONE_VM)) {
		if (a)
			a->stack = a->stack_size = 0;
		else
			c->real[2] = 0;
		return make_copy(c, flags, stack);
	}
	t = agent_slot_take();
	if (!t)
		return -AGENT_EAGAIN;
	sp = prepare(c, t, flags, stack);
	if (a) {
		a->stack = (uint64_t)t + STACK_AT;
		a->stack_size = (uint64_t)sp - a->stack;
	} else {
		c->real[2] = (uint64_t)sp;
	}
	r = agent_issue_call(c);
	/* the child of a vfork() is another program's by now, or ended */
	if (r < 0 || (flags & CLONE_VFORK))
		agent_slot_give(t->slot);
	else
		agent_count(&agent_shared()->threads);
	return r;
}

int64_t agent_birth(struct agent_call *c)
{
	uint64_t all = AGENT_ALL_SIGNALS, before, size = c->args[1];
	struct clone_args a = { 0 };
	bool three = c->number == __NR_clone3;
	int64_t r;

	if (three) {
		if (size > sizeof(a) || size < 64)
			return agent_issue_call(c);
		if (agent_copy_in(c->thread, &a, c->args[0], size) < 0)
			return -AGENT_EFAULT;
	}
#ifdef __NR_fork
	if (c->number == __NR_fork) {
		memset(c->args, 0, sizeof(c->args));
		c->args[0] = 17; /* SIGCHLD */
	} else if (c->number == __NR_vfork) {
		/* with a stack, which vfork() does not take */
		memset(c->args, 0, sizeof(c->args));
		c->args[0] = CLONE_VM | CLONE_VFORK | 17;
		memcpy(c->real + 1, c->args, sizeof(c->args));
		c->real[0] = __NR_clone;
	}
#endif
	own(__NR_rt_sigprocmask, 2, &all, &before, 8);
	r = make(c, three ? &a : NULL);
	/* also in a copy of ours; what has come before we blocked all keeps all blocked */
	if (!c->thread->deferred)
		own(__NR_rt_sigprocmask, 2, &before, 0, 8);
	return r;
}

int64_t agent_end_thread(struct agent_call *c)
{
	uint64_t all = AGENT_ALL_SIGNALS;
	struct agent_thread *t = c->thread;

	own(__NR_rt_sigprocmask, 2, &all, 0, 8);
	if (t->deferred)
		return -AGENT_AGAIN;
	/* another has lent us the slot, and takes it back */
	agent_exit(t->lent ? &t->deferred : &taken[t->slot], c->args[0]);
}

int64_t agent_exec(struct agent_call *c)
{
	struct agent_thread *t = c->thread;
	uint64_t own_signals = t->blocked;
	const struct agent_action ignored = { AGENT_SIG_IGN, 0, 0, 0 };
	bool ignores = t->actions->action[AGENT_SIGSYS].handler == AGENT_SIG_IGN;
	char about[256];
	int64_t r;

	/* Shells try one folder after another: what is not there need not stop at the supervisor. */
	if (c->number == __NR_execve && own(__NR_newfstatat, -100, c->args[0], about, 0) == -AGENT_ENOENT)
		return -AGENT_ENOENT;
	if (own_signals)
		own(__NR_rt_sigprocmask, 0, &own_signals, 0, 8);
	if (ignores)
		own(__NR_rt_sigaction, AGENT_SIGSYS, &ignored, 0, 8);
	r = agent_issue_call(c);
	if (ignores) {
		agent_own_handlers(t->actions);
		t->actions->action[AGENT_SIGSYS] = ignored;
	}
	if (own_signals && !t->deferred)
		own(__NR_rt_sigprocmask, 1, &own_signals, 0, 8);
	/* no execve() is ended by a signal, but waiting for the supervisor may be */
	return r == -AGENT_EINTR ? -AGENT_AGAIN : r;
}
