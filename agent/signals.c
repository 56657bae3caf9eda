/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Signals. The kernel brings all that the program has handlers for to the agent, on the agent's stack, which puts them in front of the program as the kernel would have: so whenever code of
 * the program runs, the agent's stack is empty. What comes while the agent is at work waits until it is done.
 */
#include "blob.h"

#define SYS_SECCOMP 1       /* si_code: a filter's */
#define SYS_USER_DISPATCH 2

struct agent_thread *agent_thread_here(const void *on_stack)
{
	return (struct agent_thread *)((uint64_t)on_stack & ~(AGENT_SLOT_BYTES - 1));
}

uint64_t agent_shown_mask(const struct agent_thread *t, const struct arch_context *k)
{
	return (k->mask & ~AGENT_OWN_SIGNALS) | t->blocked;
}

void agent_set_mask(struct agent_thread *t, struct arch_context *k, uint64_t mask)
{
	t->blocked = mask & AGENT_OWN_SIGNALS;
	k->mask = mask & ~AGENT_OWN_SIGNALS;
}

void agent_die_of(struct agent_thread *t, int signal)
{
	const struct agent_action none = { 0 };
	uint64_t all = AGENT_ALL_SIGNALS & ~AGENT_SIG(signal);

	own(__NR_rt_sigaction, signal, &none, 0, 8);
	own(__NR_tgkill, t->pid, t->tid, signal);
	own(__NR_rt_sigprocmask, 2, &all, 0, 8);
	own(__NR_exit_group, 128 + signal);
	__builtin_unreachable();
}

/* For the program to have it some other time. */
static void send_again(struct agent_thread *t, const struct agent_info *info)
{
	own(__NR_rt_tgsigqueueinfo, t->pid, t->tid, info->signal, info);
}

/* Where the frame is to end; what the handler finds about its stack, and what the thread has of it from now on. */
static uint64_t frame_top(struct agent_thread *t, const struct arch_context *k, const struct agent_action *a, struct arch_altstack *ret_shown)
{
	struct arch_altstack *s = &t->altstack;
	uint64_t sp = arch_context_sp(k), top = sp - ARCH_RED_ZONE;
	bool on = agent_on_altstack(s, top);

	*ret_shown = *s;
	if ((a->flags & AGENT_SA_ONSTACK) && s->size && !on)
		top = s->sp + s->size;
	/* the kernel would not go below an alternate stack either */
	if (on && top - arch_frame_bytes(k) - s->sp > s->size)
		agent_die_of(t, AGENT_SIGSEGV);
	if ((uint32_t)s->flags & SS_AUTODISARM)
		*s = (struct arch_altstack){ .flags = SS_DISABLE };
	return top;
}

void agent_deliver(struct agent_thread *t, struct arch_context *k, const struct agent_info *info, const struct agent_action *a, const uint64_t *other_mask)
{
	uint64_t shown = agent_shown_mask(t, k), base = other_mask ? *other_mask : shown;
	struct arch_context pushed;
	struct arch_frame *f;
	uint64_t top;

	if (a->handler == AGENT_SIG_IGN)
		return;
	if (a->handler == AGENT_SIG_DFL) {
		/* taken back between the kernel's look and ours: the kernel does what there is to do, and knows by now */
		send_again(t, info);
		return;
	}
	if (base & AGENT_SIG(info->signal)) {
		/* the call that is just over has blocked it */
		send_again(t, info);
		return;
	}
	memcpy(&pushed, k, sizeof(pushed));
	top = frame_top(t, k, a, &pushed.stack);
	pushed.mask = shown;
	f = arch_push_frame(top, &pushed, a->restorer, info);
	agent_set_mask(t, k, base | a->mask | (a->flags & AGENT_SA_NODEFER ? 0 : AGENT_SIG(info->signal)));
	arch_enter_handler(k, f, info->signal, a->handler);
}

void agent_deliver_waiting(struct agent_thread *t, struct arch_context *k)
{
	struct agent_action a;

	if (!(t->waiting & ~t->blocked))
		return;
	t->waiting = 0;
	a = t->actions->action[AGENT_SIGSYS];
	if (a.handler == AGENT_SIG_DFL)
		agent_die_of(t, AGENT_SIGSYS);
	agent_deliver(t, k, &t->waiting_info, &a, NULL);
}

/* What is to be done about a signal, now that it has come. No signal may be let through: who is interrupted with the lock would be waited for for ever. */
static struct agent_action take_action(struct agent_thread *t, int signal)
{
	struct agent_action *a = &t->actions->action[signal], ret;

	agent_lock(&t->actions->lock);
	ret = *a;
	if (a->handler > AGENT_SIG_IGN && (a->flags & AGENT_SA_RESETHAND))
		a->handler = AGENT_SIG_DFL;
	agent_unlock(&t->actions->lock);
	return ret;
}

static struct agent_action take_own_action(struct agent_thread *t)
{
	uint64_t all = AGENT_ALL_SIGNALS, old;
	struct agent_action a;

	own(__NR_rt_sigprocmask, 2, &all, &old, 8);
	a = take_action(t, AGENT_SIGSYS);
	own(__NR_rt_sigprocmask, 2, &old, 0, 8);
	return a;
}

/*
 * It has come while the agent was at work. If the call of the program has not been made yet, it will not be; then the agent ends what it does, and finds the signal when it leaves. The
 * same is done when the kernel was about to make the call again: the program does that.
 */
static void defer(struct agent_thread *t, struct arch_context *k, const struct agent_info *info, const struct agent_action *a)
{
	uint64_t ip = arch_context_ip(k);

	if (ip >= (uint64_t)agent_leave && ip < (uint64_t)agent_leave_end)
		arch_context_set_ip(k, (uint64_t)agent_leave);
	if (ip >= (uint64_t)agent_issue && ip < (uint64_t)agent_issued) {
		t->tried = ip == (uint64_t)agent_issue_insn && arch_was_made(k, (uint64_t)agent_issued);
		if (t->tried)
			t->again = arch_number(k);
		arch_set_return(k, -AGENT_AGAIN);
		arch_context_set_ip(k, (uint64_t)agent_issued);
	}
	if (ip >= (uint64_t)agent_narrow_issue && ip < (uint64_t)agent_narrow_issued) {
		if (ip == (uint64_t)agent_narrow_insn)
			t->again = arch_number(k);
		arch_set_return(k, -AGENT_AGAIN);
		arch_context_set_ip(k, (uint64_t)agent_narrow_issued);
	}
	t->info = *info;
	t->action = *a;
	t->deferred = 1;
	k->mask = AGENT_ALL_SIGNALS;
	agent_count(&agent_shared()->deferred);
}

void agent_deliver_deferred(struct arch_context *k);
void agent_deliver_deferred(struct arch_context *k)
{
	struct agent_thread *t = agent_thread_here(k);
	const uint64_t *other = t->interrupted ? &t->other_mask : NULL;

	/* a filter of the program's has answered a call that was made here: for it that is where the program is */
	if (t->info.signal == AGENT_SIGSYS && t->info.code == SYS_SECCOMP)
		t->info.call_address = arch_context_ip(k);
	agent_deliver(t, k, &t->info, &t->action, other);
	t->interrupted = false;
	t->deferred = 0;
}

void agent_signalled(int signal, const struct agent_info *info, struct arch_context *k);
void agent_signalled(int signal, const struct agent_info *info, struct arch_context *k)
{
	struct agent_thread *t = agent_thread_here(k);
	struct agent_action a = take_action(t, signal);

	if (!agent_has(arch_context_ip(k))) {
		agent_deliver(t, k, info, &a, NULL);
		return;
	}
	/* what an instruction has caused comes again and again */
	if (info->code > 0 && info->code < 0x80 && (AGENT_SIG(signal) & (AGENT_SIG(AGENT_SIGILL) | AGENT_SIG(7) | AGENT_SIG(8) | AGENT_SIG(AGENT_SIGSEGV))))
		agent_panic("a fault of its own");
	defer(t, k, info, &a);
}

/* SIGSYS that no call of the program's has brought about. */
static bool foreign(struct agent_thread *t, const struct agent_info *info, struct arch_context *k)
{
	bool inside = agent_has(arch_context_ip(k)), filter = info->code == SYS_SECCOMP;
	struct agent_info i = *info;
	struct agent_action a;

	if (filter && inside) {
		/* A filter of the program's own wants its call to trap: it shall see that where it made the call. The call is not made again, and has the number for a result. */
		if (t->blocked & AGENT_SIG(AGENT_SIGSYS) || t->actions->action[AGENT_SIGSYS].handler <= AGENT_SIG_IGN)
			agent_die_of(t, AGENT_SIGSYS);
		a = take_own_action(t);
		defer(t, k, &i, &a);
		return true;
	}
	if (t->blocked & AGENT_SIG(AGENT_SIGSYS)) {
		t->waiting |= AGENT_SIG(AGENT_SIGSYS);
		t->waiting_info = i;
		return inside;
	}
	a = take_own_action(t);
	if (a.handler == AGENT_SIG_IGN)
		return inside;
	if (a.handler == AGENT_SIG_DFL)
		agent_die_of(t, AGENT_SIGSYS);
	if (!inside) {
		agent_deliver(t, k, &i, &a, NULL);
		return false;
	}
	if (t->deferred) /* another one came between the kernel's look and ours; all are blocked now */
		send_again(t, &i);
	else
		defer(t, k, &i, &a);
	return true;
}

/* Not 0: back to the agent, which was at work. */
int agent_trapped(int signal, const struct agent_info *info, struct arch_context *k);
int agent_trapped(int signal, const struct agent_info *info, struct arch_context *k)
{
	struct agent_thread *t = agent_thread_here(k);
	struct agent_call c = { .thread = t, .context = k };
	uint64_t again;

	(void)signal;
	if (agent_has(arch_context_ip(k)) || !(info->code == SYS_USER_DISPATCH || (info->code == SYS_SECCOMP && agent_shared()->by_filter)))
		return foreign(t, info, k);
	agent_count(&agent_shared()->traps);
	c.number = arch_number(k);
	c.narrow = info->call_audit != ARCH_AUDIT;
	arch_get_args(k, c.args, c.narrow);
	t->again = c.number;
	t->tried = false;
	agent_dispatch(&c);
	again = t->again;
	if (!c.replaced) {
		if (c.ret == -AGENT_AGAIN)
			arch_set_again(k, again);
		else
			arch_set_return(k, c.ret);
	}
	agent_deliver_waiting(t, k);
	return 0;
}
