/* SPDX-License-Identifier: BSD-2-Clause */
/* Functions that can be left in the middle and gone on with later, each on a stack of its own. */
#include "hook/coroutine.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "arch/stack.h"
#include "base/alloc.h"

#define STACK_BYTES (128u << 10)
#define FREE_MAX 64u

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

struct coroutine {
	struct coroutine *next; /* among the free ones */
	void *memory;           /* a page that nobody may touch, and the stack above it */
	size_t bytes, guard;
	void *here, *there;     /* where it stands, where who runs it stands */
	void (*fn)(void *arg);
	void *arg;
	void *fake, *outer_fake; /* the sanitizer's */
	const void *outer_stack;
	size_t outer_bytes;
};

/* The one that is begun just now: its first function cannot be given anything. */
static _Thread_local struct coroutine *beginning;

/* What the sanitizer wants to know: which stack is in use. */
static void tell_enter(struct coroutine *c)
{
#ifdef SANITIZED
	__sanitizer_start_switch_fiber(&c->outer_fake, (char *)c->memory + c->guard, c->bytes - c->guard);
#else
	(void)c;
#endif
}

static void tell_entered(struct coroutine *c)
{
#ifdef SANITIZED
	__sanitizer_finish_switch_fiber(c->fake, &c->outer_stack, &c->outer_bytes);
#else
	(void)c;
#endif
}

static void tell_leave(struct coroutine *c)
{
#ifdef SANITIZED
	__sanitizer_start_switch_fiber(&c->fake, c->outer_stack, c->outer_bytes);
#else
	(void)c;
#endif
}

static void tell_left(struct coroutine *c)
{
#ifdef SANITIZED
	__sanitizer_finish_switch_fiber(c->outer_fake, NULL, NULL);
#else
	(void)c;
#endif
}

static void begin(void)
{
	struct coroutine *c = beginning;

	tell_entered(c);
	c->fn(c->arg);
	/* nobody goes on with it after this */
	for (;;)
		coroutine_leave(c);
}

struct coroutine *coroutine_new(struct coroutine_pool *p, void (*fn)(void *arg), void *arg)
{
	struct coroutine *c = p->free;

	if (c) {
		p->free = c->next;
		p->free_count--;
	} else {
		size_t page = (size_t)sysconf(_SC_PAGESIZE);
		void *memory = mmap(NULL, page + STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

		if (memory == MAP_FAILED)
			return NULL;
		mprotect(memory, page, PROT_NONE);
		c = xcalloc(1, sizeof(*c));
		c->memory = memory;
		c->guard = page;
		c->bytes = page + STACK_BYTES;
	}
	c->next = NULL;
	c->fn = fn;
	c->arg = arg;
	c->fake = NULL;
	c->here = arch_stack_begin((char *)c->memory + c->bytes, begin);
	p->live++;
	return c;
}

void coroutine_run(struct coroutine *c)
{
	beginning = c;
	tell_enter(c);
	arch_stack_switch(&c->there, c->here);
	tell_left(c);
}

void coroutine_leave(struct coroutine *c)
{
	tell_leave(c);
	arch_stack_switch(&c->here, c->there);
	tell_entered(c);
}

static void destroy(struct coroutine *c)
{
	munmap(c->memory, c->bytes);
	free(c);
}

void coroutine_free(struct coroutine_pool *p, struct coroutine *c)
{
	if (!c)
		return;
	p->live--;
#ifdef SANITIZED
	/* frames that were left where they stood poisoned it */
	__asan_unpoison_memory_region((char *)c->memory + c->guard, c->bytes - c->guard);
#endif
	if (p->free_count >= FREE_MAX) {
		destroy(c);
		return;
	}
	c->next = p->free;
	p->free = c;
	p->free_count++;
}

void coroutine_pool_release(struct coroutine_pool *p)
{
	while (p->free) {
		struct coroutine *c = p->free;

		p->free = c->next;
		destroy(c);
	}
	p->free_count = 0;
}
