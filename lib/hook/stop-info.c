/* SPDX-License-Identifier: BSD-2-Clause */
/* What a task that has stopped at a call is about. */
#include "hook/stop-info.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>

/* As the kernel says it. */
static int ask(struct task *t, struct stop_info *ret)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, t->tid, (void *)sizeof(info), &info) < 0)
		return -errno;
	ret->call.compat = arch_audit(true) && info.arch == arch_audit(true);
	switch (info.op) {
	case PTRACE_SYSCALL_INFO_ENTRY:
	case PTRACE_SYSCALL_INFO_SECCOMP:
		ret->side = STOP_ENTRY;
		ret->call.number = info.entry.nr;
		memcpy(ret->call.args, info.op == PTRACE_SYSCALL_INFO_ENTRY ? info.entry.args : info.seccomp.args, sizeof(ret->call.args));
		break;
	case PTRACE_SYSCALL_INFO_EXIT:
		ret->side = STOP_EXIT;
		ret->call.ret = info.exit.rval;
		break;
	default:
		ret->side = STOP_ELSEWHERE;
	}
	return 0;
}

/* Since 4.8 the filter is asked after the entry's own stop, where there is one. */
static int find_out(struct task *t, bool seccomp, struct stop_info *ret)
{
	ret->side = seccomp || !t->inside ? STOP_ENTRY : STOP_EXIT;
	if (ret->side == STOP_ENTRY)
		return arch_call_entered(t->tid, &ret->call);
	return arch_call_returned(t->tid, !t->execs, t->compat, &ret->call);
}

int stop_info(struct supervisor *s, struct task *t, bool seccomp, struct stop_info *ret)
{
	int r = -EIO;

	if (!s->no_info)
		r = ask(t, ret);
	if (r == -EIO) {
		s->no_info = true;
		r = find_out(t, seccomp, ret);
	}
	if (r < 0)
		return r;
	t->inside = ret->side == STOP_ENTRY;
	if (ret->side == STOP_EXIT && ret->call.compat && !seam_has_failed(ret->call.ret))
		ret->call.ret = (int64_t)(uint32_t)ret->call.ret;
	return 0;
}
