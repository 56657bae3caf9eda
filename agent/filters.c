/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Filters: the one that makes calls trap where the kernel has no Syscall User Dispatch, and those of the program, which are let see the program's calls only. Calls of the agent's own come
 * from its gate, and those of a program into which the agent is being put have its window or the run's key for an argument: these go on whatever a filter says.
 */
#include "blob.h"

#define PR_SET_NO_NEW_PRIVS 38
#define PR_SET_SECCOMP 22
#define SECCOMP_SET_MODE_STRICT 0
#define SECCOMP_SET_MODE_FILTER 1
#define RET_KILL 0u
#define RET_TRAP 0x30000u
#define RET_ALLOW 0x7fff0000u
#define INSTRUCTIONS_MAX 4096u
#define MAP_TEXT 0x100002 /* private, here, but not over others */

/* Loads of struct seccomp_data. */
#define LD 0x20
#define AT_NUMBER 0
#define AT_AUDIT 4
#define AT_IP 8
#define AT_ARG(n) (16 + 8 * (n))
#define JEQ 0x15
#define JGE 0x35
#define JA 0x05
#define RET 0x06
#define AND 0x54
#define LD_IMM 0x00

struct instruction {
	uint16_t code;
	uint8_t if_true, if_false;
	uint32_t k;
};

struct program {
	uint16_t n;
	struct instruction *code;
};

static uint32_t put(struct program *p, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t k)
{
	p->code[p->n] = (struct instruction){ code, if_true, if_false, k };
	return p->n++;
}

/* Allowed if an argument is this, but for the bits of @but in its lower half. */
static void put_allow_if(struct program *p, uint32_t number, unsigned arg, uint64_t is, uint32_t but)
{
	put(p, LD, 0, 0, AT_NUMBER);
	put(p, JEQ, 0, 6, number);
	put(p, LD, 0, 0, AT_ARG(arg) + 4);
	put(p, JEQ, 0, 4, (uint32_t)(is >> 32));
	put(p, LD, 0, 0, AT_ARG(arg));
	put(p, AND, 0, 0, ~but);
	put(p, JEQ, 0, 1, (uint32_t)is);
	put(p, RET, 0, 0, RET_ALLOW);
}

/* The text of the agent may be mapped where it is not yet: who makes this call where it is gets an error. */
static void put_allow_text(struct program *p)
{
	uint64_t base = (uint64_t)agent_start;

	put(p, LD, 0, 0, AT_NUMBER);
	put(p, JEQ, 0, 7, __NR_mmap);
	put(p, LD, 0, 0, AT_ARG(0) + 4);
	put(p, JEQ, 0, 5, (uint32_t)(base >> 32));
	put(p, LD, 0, 0, AT_ARG(0));
	put(p, JEQ, 0, 3, (uint32_t)base);
	put(p, LD, 0, 0, AT_ARG(3));
	put(p, JEQ, 0, 1, MAP_TEXT);
	put(p, RET, 0, 0, RET_ALLOW);
}

/* Ends with nothing loaded, as a filter begins. Calls of the 32-bit table go to what follows. */
static void put_own(struct program *p, uint64_t from, uint64_t to)
{
	uint32_t other;

	put(p, LD, 0, 0, AT_AUDIT);
	other = put(p, JEQ, 0, 0, ARCH_AUDIT);
	/* the window begins at a multiple of 4 GiB. An instruction pointer stands behind the call. */
	put(p, LD, 0, 0, AT_IP + 4);
	put(p, JEQ, 0, 4, (uint32_t)(from >> 32));
	put(p, LD, 0, 0, AT_IP);
	put(p, JGE, 0, 2, (uint32_t)from);
	put(p, JGE, 1, 0, (uint32_t)to + 1);
	put(p, RET, 0, 0, RET_ALLOW);
	put_allow_if(p, __NR_execve, 0, agent_shared()->key, AGENT_ASK_MASK);
	put_allow_text(p);
	p->code[other].if_false = (uint8_t)(p->n - other - 1);
	put(p, LD_IMM, 0, 0, 0);
}

/* Every call but the agent's. Programs of the 32-bit table, which cannot have the agent, are let alone. */
int agent_filter_all(void)
{
	struct instruction code[64];
	struct program p = { 0, code };
	int64_t r;

	put_own(&p, (uint64_t)agent_start, (uint64_t)agent_text_end);
	put(&p, LD, 0, 0, AT_AUDIT);
	put(&p, JEQ, 1, 0, ARCH_AUDIT);
	put(&p, RET, 0, 0, RET_ALLOW);
	put(&p, RET, 0, 0, RET_TRAP);
	r = own(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p);
	if (r == -AGENT_EACCES && own(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1) == 0)
		r = own(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p);
	return (int)r;
}

int agent_arm(void)
{
	if (agent_shared()->by_filter)
		return 0;
	return (int)own(__NR_prctl, PR_SET_SYSCALL_USER_DISPATCH, 1, agent_start, agent_text_end - agent_start, 0);
}

/* @real: which word of c->real points to the program's filter. */
static int64_t add_filter(struct agent_call *c, unsigned real)
{
	struct program theirs, p = { 0 };
	uint64_t room = (INSTRUCTIONS_MAX + 64) * sizeof(*p.code);
	int64_t r;

	if (agent_copy_in(c->thread, &theirs, c->real[real], sizeof(theirs)) < 0)
		return -AGENT_EFAULT;
	if (!theirs.n || theirs.n > INSTRUCTIONS_MAX)
		return -AGENT_EINVAL;
	r = own(__NR_mmap, 0, room, 3, 0x22, -1, 0);
	if (r < 0)
		return r;
	p.code = (struct instruction *)r;
	put_own(&p, (uint64_t)agent_gate, (uint64_t)agent_gate_end);
	if (agent_copy_in(c->thread, p.code + p.n, (uint64_t)theirs.code, theirs.n * sizeof(*p.code)) < 0) {
		r = -AGENT_EFAULT;
	} else {
		p.n = (uint16_t)(p.n + theirs.n);
		c->real[real] = (uint64_t)&p;
		r = agent_issue_call(c);
	}
	own(__NR_munmap, p.code, room);
	return r;
}

/* The kernel's strict mode would end us. The same as a filter, but that the end comes by SIGSYS. */
static int64_t be_strict(void)
{
	static const uint16_t numbers[] = { __NR_read, __NR_write, __NR_exit, __NR_rt_sigreturn };
	struct instruction code[64];
	struct program p = { 0, code };

	put_own(&p, (uint64_t)agent_gate, (uint64_t)agent_gate_end);
	put(&p, LD, 0, 0, AT_AUDIT);
	put(&p, JEQ, 1, 0, ARCH_AUDIT);
	put(&p, RET, 0, 0, RET_KILL);
	put(&p, LD, 0, 0, AT_NUMBER);
	for (unsigned i = 0; i < 4; i++) {
		put(&p, JEQ, 0, 1, numbers[i]);
		put(&p, RET, 0, 0, RET_ALLOW);
	}
	put(&p, RET, 0, 0, RET_KILL);
	return own(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &p);
}

int64_t agent_seccomp(struct agent_call *c)
{
	if (c->args[0] == SECCOMP_SET_MODE_STRICT && !c->args[1] && !c->args[2])
		return be_strict();
	if (c->args[0] == SECCOMP_SET_MODE_FILTER)
		return add_filter(c, 3);
	return agent_issue_call(c);
}

int64_t agent_prctl(struct agent_call *c)
{
	switch (c->args[0]) {
	case PR_SET_SYSCALL_USER_DISPATCH:
		return -AGENT_EINVAL; /* as kernels have it that do not know it */
	case PR_SET_SECCOMP:
		if (c->args[1] == 1)
			return be_strict();
		if (c->args[1] == 2)
			return add_filter(c, 3);
		break;
	}
	return agent_issue_call(c);
}
