/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose turn it is, of those that have stopped. */
#include "hook/turns.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "base/alloc.h"

#define ALONE_MAX 16u

static void take(struct turns *t, pid_t tid, int status)
{
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 16;
		t->taken = xreallocarray(t->taken, t->room, sizeof(*t->taken));
	}
	t->taken[t->count++] = (struct turn){ tid, status };
}

/* What stopped under this number was another task, which is no more: the one that executes has got its number. */
static void forget(struct turns *t, pid_t tid)
{
	size_t n = 0;

	for (size_t i = 0; i < t->count; i++)
		if (t->taken[i].tid != tid)
			t->taken[n++] = t->taken[i];
	t->count = n;
}

static void take_all(struct turns *t, pid_t tid, int status)
{
	t->count = t->next = t->alone = 0;
	while (tid > 0) {
		if (WIFSTOPPED(status) && status >> 16 == PTRACE_EVENT_EXEC)
			forget(t, tid);
		take(t, tid, status);
		tid = waitpid(-1, &status, __WALL | WNOHANG);
	}
}

pid_t turns_wait(struct turns *t, int options, int *ret_status)
{
	int status = 0;
	pid_t tid;

	if (t->next == t->count) {
		tid = waitpid(-1, &status, __WALL | options);
		if (tid <= 0 || ++t->alone < ALONE_MAX) {
			*ret_status = status;
			return tid;
		}
		take_all(t, tid, status);
	}
	*ret_status = t->taken[t->next].status;
	return t->taken[t->next++].tid;
}

void turns_release(struct turns *t)
{
	free(t->taken);
	*t = (struct turns){ 0 };
}
