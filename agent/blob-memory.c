/* SPDX-License-Identifier: BSD-2-Clause */
/* What a library would have done: copying, also from and to addresses that may not be there, and locks. */
#include "blob.h"

/* Eight bytes anywhere. */
struct __attribute__((packed, may_alias)) eight {
	uint64_t all;
};

void *memcpy(void *to, const void *from, size_t n)
{
	char *t = to;
	const char *f = from;

	for (; n >= 8; n -= 8, t += 8, f += 8)
		((struct eight *)(void *)t)->all = ((const struct eight *)(const void *)f)->all;
	for (; n; n--)
		*t++ = *f++;
	return to;
}

void *memset(void *to, int byte, size_t n)
{
	for (char *t = to; n; n--)
		*t++ = (char)byte;
	return to;
}

struct piece {
	uint64_t at, n;
};

static int copy(struct agent_thread *t, uint64_t number, void *ours, uint64_t theirs, size_t n)
{
	struct piece here = { (uint64_t)ours, n }, there = { theirs, n };
	int64_t r;

	if (!n)
		return 0;
	r = own(number, t->pid, &here, 1, &there, 1, 0);
	if (r == (int64_t)n)
		return 0;
	if (r >= 0 || r == -AGENT_EFAULT)
		return -AGENT_EFAULT;
	/* The call is kept from us; then a bad address is the end. */
	if (number == __NR_process_vm_readv)
		memcpy(ours, (const void *)theirs, n);
	else
		memcpy((void *)theirs, ours, n);
	return 0;
}

int agent_copy_in(struct agent_thread *t, void *to, uint64_t from, size_t n)
{
	return copy(t, __NR_process_vm_readv, to, from, n);
}

int agent_copy_out(struct agent_thread *t, uint64_t to, const void *from, size_t n)
{
	return copy(t, __NR_process_vm_writev, (void *)(uint64_t)from, to, n);
}

/* 0: free, 1: taken, 2: taken, and somebody waits. */
void agent_lock(uint32_t *lock)
{
	uint32_t free = 0;

	if (__atomic_compare_exchange_n(lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return;
	while (__atomic_exchange_n(lock, 2, __ATOMIC_ACQUIRE))
		own(__NR_futex, lock, 128 /* FUTEX_WAIT_PRIVATE */, 2, 0);
}

void agent_unlock(uint32_t *lock)
{
	if (__atomic_exchange_n(lock, 0, __ATOMIC_RELEASE) == 2)
		own(__NR_futex, lock, 129 /* FUTEX_WAKE_PRIVATE */, 1);
}
