/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that can be left in the middle and gone on with later, each on a stack of its own. */
#ifndef HOOK_COROUTINE_H
#define HOOK_COROUTINE_H

#include <stddef.h>

struct coroutine;

/* Stacks that are not in use are kept for the next ones. All zeros at first. */
struct coroutine_pool {
	struct coroutine *free;
	size_t free_count;
	size_t live; /* that have begun and not been given back */
};

/* One that will run @fn when it is first gone on with. NULL: there is no memory for its stack. */
struct coroutine *coroutine_new(struct coroutine_pool *p, void (*fn)(void *arg), void *arg);
/* Runs it until it leaves or ends. */
void coroutine_run(struct coroutine *c);
/* In it: back to who runs it. */
void coroutine_leave(struct coroutine *c);
/* Given up, wherever it stands: what its functions had to do is not done. */
void coroutine_free(struct coroutine_pool *p, struct coroutine *c);
void coroutine_pool_release(struct coroutine_pool *p);

#endif
