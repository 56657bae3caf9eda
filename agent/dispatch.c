/* SPDX-License-Identifier: BSD-2-Clause */
/* Where all calls of the program come together, and what is done about each: most are counted and made; the few that have to do with the agent's own life are changed on the way. */
#include "blob.h"

#define ARCH_SHSTK_ENABLE 0x5001
#define EOPNOTSUPP 95

int64_t agent_issue_call(struct agent_call *c)
{
	return agent_program_call(c->real, c->thread);
}

void agent_panic(const char *what)
{
	static const char before[] = "seam's agent: ", after[] = "; it cannot go on\n";
	size_t n = 0;

	while (what[n])
		n++;
	own(__NR_write, 2, before, sizeof(before) - 1);
	own(__NR_write, 2, what, n);
	own(__NR_write, 2, after, sizeof(after) - 1);
	own(__NR_exit_group, 125);
	__builtin_unreachable();
}

static int64_t special(struct agent_call *c)
{
	int64_t r;

	switch (c->number) {
	case __NR_rt_sigaction:
		return agent_sigaction(c);
	case __NR_rt_sigprocmask:
		return agent_sigprocmask(c);
	case __NR_rt_sigreturn:
		return agent_sigreturn(c);
	case __NR_rt_sigpending:
		return agent_sigpending(c);
	case __NR_sigaltstack:
		return agent_sigaltstack(c);
	case __NR_rt_sigsuspend:
		return agent_with_mask(c, 0, false);
	case __NR_ppoll:
		return agent_with_mask(c, 3, false);
	case __NR_epoll_pwait:
#ifdef __NR_epoll_pwait2
	case __NR_epoll_pwait2:
#endif
		return agent_with_mask(c, 4, false);
	case __NR_pselect6:
#ifdef __NR_io_pgetevents
	case __NR_io_pgetevents:
#endif
		return agent_with_mask(c, 5, true);
	case __NR_clone:
#ifdef __NR_fork
	case __NR_fork:
	case __NR_vfork:
#endif
#ifdef __NR_clone3
	case __NR_clone3:
#endif
		return agent_birth(c);
	case __NR_exit:
		return agent_end_thread(c);
	case __NR_execve:
	case __NR_execveat:
		return agent_exec(c);
	case __NR_seccomp:
		return agent_seccomp(c);
	case __NR_ptrace:
		return agent_ptrace(c);
	case __NR_prctl:
		return agent_prctl(c);
#ifdef __NR_arch_prctl
	case __NR_arch_prctl:
		if (c->args[0] == ARCH_SHSTK_ENABLE) /* a second stack of return addresses, of which the agent knows nothing */
			return -EOPNOTSUPP;
		return agent_issue_call(c);
#endif
	default:
		r = agent_guard(c);
		return r ? r : agent_issue_call(c);
	}
}

/* Calls of the 32-bit table: those that are about threads, handlers and masks would take the agent away. */
static int64_t narrow(struct agent_call *c)
{
	static const uint16_t not[] = { 2, 119, 120, 173, 174, 175, 179, 186, 190, 435 };

	agent_count(&agent_shared()->narrow);
	for (unsigned i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (c->number == not[i])
			return -AGENT_ENOSYS;
	return agent_narrow_call(c->real, c->thread);
}

void agent_dispatch(struct agent_call *c)
{
	struct agent_shared *s = agent_shared();
	uint64_t *count = c->number < AGENT_NUMBERS ? &s->calls[c->number] : &s->others;

	c->real[0] = c->number;
	memcpy(c->real + 1, c->args, sizeof(c->args));
	if (c->narrow) {
		c->ret = narrow(c);
		return;
	}
	agent_count(count);
	c->ret = special(c);
	/* it has not even been tried */
	if (c->ret == -AGENT_AGAIN && c->thread->again == c->number && !c->thread->tried)
		__atomic_fetch_sub(count, 1, __ATOMIC_RELAXED);
}
