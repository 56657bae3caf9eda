/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter with which the kernel stops tasks at the calls that are wanted, and at no others. */
#include "hook/stop-filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch/tracee.h"
#include "base/alloc.h"

static void put(struct stop_filter *p, uint16_t code, uint8_t jt, uint8_t jf, uint32_t k)
{
	p->code[p->n++] = (struct sock_filter){ code, jt, jf, k };
}

/* Numbers from @low up to, not including, @high, halved until a part is all wanted or not at all: ten questions for a call at most. */
static void put_numbers(struct stop_filter *p, struct wanted_list *const *lists, unsigned low, unsigned high)
{
	unsigned from = p->n, middle = low + (high - low) / 2;
	bool all = true, none = true;

	for (unsigned i = low; i < high; i++) {
		all &= lists[i] != NULL;
		none &= lists[i] == NULL;
	}
	if (all || none) {
		put(p, BPF_RET | BPF_K, 0, 0, none ? SECCOMP_RET_ALLOW : SECCOMP_RET_TRACE);
		return;
	}
	put(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, middle);
	put(p, BPF_JMP | BPF_JA, 0, 0, 0);
	put_numbers(p, lists, low, middle);
	p->code[from + 1].k = p->n - from - 2;
	put_numbers(p, lists, middle, high);
}

static void put_machine(struct stop_filter *p, struct wanted_list *const *lists, uint32_t audit, bool others)
{
	unsigned from = p->n;

	put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, arch));
	put(p, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, audit);
	put(p, BPF_JMP | BPF_JA, 0, 0, 0);
	put(p, BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr));
	put(p, BPF_JMP | BPF_JGE | BPF_K, 0, 1, WANTED_NUMBERS);
	put(p, BPF_RET | BPF_K, 0, 0, others ? SECCOMP_RET_TRACE : SECCOMP_RET_ALLOW);
	put_numbers(p, lists, 0, WANTED_NUMBERS);
	p->code[from + 2].k = p->n - from - 3;
}

void stop_filter_make(const struct wanted *w, struct stop_filter *ret)
{
	ret->n = 0;
	put_machine(ret, w->native, arch_audit(false), w->other != NULL);
	if (arch_audit(true))
		put_machine(ret, w->compat, arch_audit(true), w->other != NULL);
	put(ret, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}

/* Filters of this kind are older than the question which kinds there are (4.14): then it is asked for one without a program, which is no mistake but the address. */
bool stop_filter_possible(void)
{
	uint32_t action = SECCOMP_RET_TRACE;

	if (getenv("SEAM_TEST_NO_FILTER"))
		return false;
	if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0)
		return true;
	return errno == EINVAL && syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL) < 0 && errno == EFAULT;
}

int stop_filter_install(const struct wanted *w)
{
	struct stop_filter *f = xmalloc(sizeof(*f));
	struct sock_fprog prog = { .filter = f->code };
	int r = 0;

	stop_filter_make(w, f);
	prog.len = (unsigned short)f->n;
	/* Who may do without it keeps programs that run as somebody else what they are. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0 &&
	    (errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) < 0))
		r = -errno;
	free(f);
	return r;
}
