/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls about signals: what the program asks of the kernel is kept here, and the kernel is asked for what the agent needs. */
#include "blob.h"

#define MINSIGSTKSZ 2048
#define NEVER_BLOCKED (AGENT_SIG(AGENT_SIGKILL) | AGENT_SIG(AGENT_SIGSTOP))

/* The kernel's own, for the agent. */
static int set_trap_handler(void)
{
	/* no mask, and itself let through: the calls are made under the program's mask */
	const struct agent_action a = {
		agent_here(agent_on_trap), AGENT_SA_SIGINFO | AGENT_SA_RESTORER | AGENT_SA_ONSTACK | AGENT_SA_NODEFER, agent_here(agent_restorer), 0,
	};

	return (int)own(__NR_rt_sigaction, AGENT_SIGSYS, &a, 0, 8);
}

/* For a program, or a process whose handlers the kernel has taken away. */
int agent_own_handlers(struct agent_actions *actions)
{
	struct agent_action *a = &actions->action[AGENT_SIGSYS];

	own(__NR_rt_sigaction, AGENT_SIGSYS, 0, a, 8);
	return set_trap_handler();
}

/* What the kernel says of a handler that may be ours. */
static void as_program_set_it(const struct agent_action *kept, struct agent_action *a)
{
	uint64_t handler = a->handler == agent_here(agent_on_signal) ? kept->handler : a->handler;

	if (a->restorer != agent_here(agent_restorer))
		return;
	*a = *kept;
	a->handler = handler;
}

static int64_t change(struct agent_call *c, int signal, const struct agent_action *wanted, struct agent_action *ret_old)
{
	struct agent_action *kept = &c->thread->actions->action[signal], set;
	int64_t r = 0;

	if (signal != AGENT_SIGSYS) {
		if (wanted) {
			set = *wanted;
			if (set.handler > AGENT_SIG_IGN) {
				set.handler = agent_here(agent_on_signal);
				set.flags |= AGENT_SA_SIGINFO | AGENT_SA_RESTORER | AGENT_SA_ONSTACK;
				set.restorer = agent_here(agent_restorer);
				set.mask = AGENT_ALL_SIGNALS;
			}
			c->real[2] = (uint64_t)&set;
		}
		c->real[3] = (uint64_t)ret_old;
		r = agent_issue_call(c);
		if (r < 0)
			return r;
		as_program_set_it(kept, ret_old);
	} else {
		*ret_old = *kept;
	}
	if (wanted) {
		*kept = *wanted;
		kept->flags &= AGENT_SA_KNOWN;
		kept->mask &= ~NEVER_BLOCKED;
	}
	return r;
}

int64_t agent_sigaction(struct agent_call *c)
{
	uint64_t all = AGENT_ALL_SIGNALS, before;
	struct agent_actions *actions = c->thread->actions;
	struct agent_action wanted, old;
	int64_t r;

	if (c->args[0] < 1 || c->args[0] > AGENT_SIGNALS || c->args[3] != 8 || (c->args[1] && (AGENT_SIG(c->args[0]) & NEVER_BLOCKED)))
		return agent_issue_call(c);
	if (c->args[1] && agent_copy_in(c->thread, &wanted, c->args[1], sizeof(wanted)) < 0)
		return -AGENT_EFAULT;
	own(__NR_rt_sigprocmask, 2, &all, &before, 8);
	agent_lock(&actions->lock);
	r = change(c, (int)c->args[0], c->args[1] ? &wanted : NULL, &old);
	agent_unlock(&actions->lock);
	/* what has come before we blocked all keeps all blocked */
	if (!c->thread->deferred)
		own(__NR_rt_sigprocmask, 2, &before, 0, 8);
	if (r == 0 && c->args[2] && agent_copy_out(c->thread, c->args[2], &old, sizeof(old)) < 0)
		r = -AGENT_EFAULT;
	return r;
}

/* The kernel takes the mask when the agent leaves. */
int64_t agent_sigprocmask(struct agent_call *c)
{
	uint64_t shown = agent_shown_mask(c->thread, c->context), set;

	if (c->args[3] != 8)
		return -AGENT_EINVAL;
	if (c->args[1]) {
		if (agent_copy_in(c->thread, &set, c->args[1], 8) < 0)
			return -AGENT_EFAULT;
		set &= ~NEVER_BLOCKED;
		switch ((int)c->args[0]) {
		case 0:
			set |= shown;
			break;
		case 1:
			set = shown & ~set;
			break;
		case 2:
			break;
		default:
			return -AGENT_EINVAL;
		}
		agent_set_mask(c->thread, c->context, set);
	}
	return c->args[2] ? agent_copy_out(c->thread, c->args[2], &shown, 8) : 0;
}

int64_t agent_sigpending(struct agent_call *c)
{
	int64_t r = agent_issue_call(c);
	uint64_t set;

	if (r == 0 && c->thread->waiting && c->args[1] == 8 && agent_copy_in(c->thread, &set, c->args[0], 8) == 0) {
		set |= c->thread->waiting;
		agent_copy_out(c->thread, c->args[0], &set, 8);
	}
	return r;
}

bool agent_on_altstack(const struct arch_altstack *s, uint64_t sp)
{
	return s->size && !((uint32_t)s->flags & SS_AUTODISARM) && sp - s->sp - 1 < s->size;
}

static int64_t set_altstack(struct arch_altstack *s, const struct arch_altstack *wanted, uint64_t sp)
{
	uint32_t mode = (uint32_t)wanted->flags & ~SS_AUTODISARM;

	if (agent_on_altstack(s, sp))
		return -AGENT_EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -AGENT_EINVAL;
	if (mode != SS_DISABLE && wanted->size < MINSIGSTKSZ)
		return -AGENT_ENOMEM;
	*s = *wanted;
	s->unused = 0;
	if (mode == SS_DISABLE)
		s->sp = s->size = 0;
	return 0;
}

int64_t agent_sigaltstack(struct agent_call *c)
{
	struct arch_altstack *s = &c->thread->altstack, wanted, old = *s;
	uint64_t sp = arch_context_sp(c->context);
	int64_t r;

	old.flags = (int32_t)(((uint32_t)s->flags & SS_AUTODISARM) | (!s->size ? SS_DISABLE : agent_on_altstack(s, sp) ? SS_ONSTACK : 0));
	if (c->args[0]) {
		if (agent_copy_in(c->thread, &wanted, c->args[0], sizeof(wanted)) < 0)
			return -AGENT_EFAULT;
		r = set_altstack(s, &wanted, sp);
		if (r < 0)
			return r;
	}
	return c->args[1] ? agent_copy_out(c->thread, c->args[1], &old, sizeof(old)) : 0;
}

/* The program goes on where a frame of its own says; the agent's frame takes its place, so that nothing of the program's memory is written to. */
int64_t agent_sigreturn(struct agent_call *c)
{
	struct arch_context *k = c->context, back;

	if (agent_copy_in(c->thread, &back, arch_returned_context(k), sizeof(back)) < 0)
		agent_die_of(c->thread, AGENT_SIGSEGV);
	set_altstack(&c->thread->altstack, &back.stack, arch_context_sp(&back));
	back.stack = k->stack;
	memcpy(k, &back, sizeof(*k));
	agent_set_mask(c->thread, k, back.mask & ~NEVER_BLOCKED);
	c->replaced = true;
	return 0;
}

static int64_t wait_with(struct agent_call *c, uint64_t mask)
{
	struct agent_thread *t = c->thread;
	struct agent_action a;
	int64_t r;

	if (t->waiting & ~mask) {
		/* it has come already, and is let through now */
		a = t->actions->action[AGENT_SIGSYS];
		t->waiting = 0;
		if (a.handler == AGENT_SIG_DFL)
			agent_die_of(t, AGENT_SIGSYS);
		arch_set_return(c->context, -AGENT_EINTR);
		agent_deliver(t, c->context, &t->waiting_info, &a, &mask);
		c->replaced = true;
		return -AGENT_EINTR;
	}
	r = agent_issue_call(c);
	if (r == -AGENT_EINTR && t->deferred) {
		t->interrupted = true;
		t->other_mask = mask & ~NEVER_BLOCKED;
	}
	return r;
}

int64_t agent_with_mask(struct agent_call *c, unsigned arg, bool indirect)
{
	uint64_t pair[2], mask, let, at = c->args[arg];

	if (!at)
		return agent_issue_call(c);
	if (indirect) {
		if (agent_copy_in(c->thread, pair, at, sizeof(pair)) < 0)
			return -AGENT_EFAULT;
		at = pair[0];
		if (!at || pair[1] != 8)
			return agent_issue_call(c);
	} else if (c->args[arg + 1] != 8) {
		return agent_issue_call(c);
	}
	if (agent_copy_in(c->thread, &mask, at, sizeof(mask)) < 0)
		return -AGENT_EFAULT;
	let = mask & ~AGENT_OWN_SIGNALS;
	pair[0] = (uint64_t)&let;
	c->real[1 + arg] = indirect ? (uint64_t)pair : (uint64_t)&let;
	return wait_with(c, mask);
}
