/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that asks to be traced by another: its tracer would see each trap of the agent as a signal, and a parent that waits in vfork() would never let it go on. So the agent leaves it: the
 * kernel gets all that the program has asked for, and its next calls are its own. The supervisor is told.
 */
#include "blob.h"

#define PTRACE_TRACEME 0

static void leave(struct agent_call *c)
{
	struct agent_thread *t = c->thread;
	struct arch_context *k = c->context;
	uint64_t all = AGENT_ALL_SIGNALS;
	struct agent_action now;

	own(__NR_execve, agent_shared()->key | AGENT_ASK_FAILED, 0, AGENT_AT_TRACED);
	own(__NR_rt_sigprocmask, 2, &all, 0, 8);
	for (int i = 1; i <= AGENT_SIGNALS; i++)
		if (i == AGENT_SIGSYS || (own(__NR_rt_sigaction, i, 0, &now, 8) == 0 && now.handler == agent_here(agent_on_signal)))
			own(__NR_rt_sigaction, i, &t->actions->action[i], 0, 8);
	own(__NR_prctl, PR_SET_SYSCALL_USER_DISPATCH, 0);
	/* the frame has the rest */
	k->mask = agent_shown_mask(t, k);
	k->stack = t->altstack;
}

int64_t agent_ptrace(struct agent_call *c)
{
	bool traceme = c->args[0] == PTRACE_TRACEME;
	int64_t r;

	/* filters stay for ever, and handlers are for all threads of a process */
	if (traceme && (agent_shared()->by_filter || (!c->thread->lent && agent_slots_taken() > 1)))
		return -AGENT_EPERM;
	r = agent_issue_call(c);
	if (traceme && r == 0)
		leave(c);
	return r;
}
