/* SPDX-License-Identifier: BSD-2-Clause */
/* Where tasks run that stop often: on the supervisor's processor. Their own sets of processors are kept, and given back. */
#include "hook/place.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/time.h"
#include "base/util.h"
#include "hook/hook-parts.h"
#include "launch/guard.h"

#define WINDOW 64u                    /* stops after which it is looked again */
#define OFTEN_NS (20 * NS_PER_US)     /* between two stops: the supervisor is what all wait for, however many they are */
#define ALONE_NS (500 * NS_PER_US)    /* the same for a task that is alone: nothing else would use the other processors */
#define PINNED_MAX 16u

struct pinned {
	struct task *task;
	pid_t tid;
	cpu_set_t own;
};

/* In memory that the guard has too. */
struct place {
	struct guard guard;
	cpu_set_t own;        /* the supervisor's */
	bool here;            /* it is bound to one itself */
	uint64_t since;       /* the window began */
	unsigned stops, tasks;
	struct task *seen[PINNED_MAX];
	struct pinned pinned[PINNED_MAX];
	unsigned pinned_count;
};

struct place *place_new(void)
{
	struct place *p = mmap(NULL, sizeof(*p), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	p->guard = (struct guard)GUARD_NONE;
	sched_getaffinity(0, sizeof(p->own), &p->own);
	return p;
}

static void give_back(struct place *p, unsigned i)
{
	struct pinned *x = &p->pinned[i];

	sched_setaffinity(x->task->tid, sizeof(x->own), &x->own);
	x->task->pinned = false;
	*x = p->pinned[--p->pinned_count];
}

static void give_all_back(struct place *p)
{
	while (p->pinned_count)
		give_back(p, 0);
	if (p->here)
		sched_setaffinity(0, sizeof(p->own), &p->own);
	p->here = false;
}

void place_free(struct place *p)
{
	if (!p)
		return;
	give_all_back(p);
	guard_end(&p->guard);
	munmap(p, sizeof(*p));
}

/* We were killed, and the tasks go on. */
static void lost(void *user)
{
	const struct place *p = user;

	for (unsigned i = 0; i < p->pinned_count; i++)
		sched_setaffinity(p->pinned[i].tid, sizeof(p->pinned[i].own), &p->pinned[i].own);
}

static void pin(struct place *p, struct task *t)
{
	struct pinned *x = &p->pinned[p->pinned_count];
	cpu_set_t one;
	int here = sched_getcpu();
	unsigned cpu = (unsigned)here;

	if (t->pinned || p->pinned_count == PINNED_MAX || here < 0 || sched_getaffinity(t->tid, sizeof(x->own), &x->own) < 0 || !CPU_ISSET(cpu, &x->own))
		return;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	if (p->guard.pid == 0 && guard_start(&p->guard, &(struct guard_how){ lost, p, { NULL }, 0 }, NULL) < 0)
		return;
	if (!p->here && sched_setaffinity(0, sizeof(one), &one) < 0)
		return;
	p->here = true;
	x->task = t;
	x->tid = t->tid;
	p->pinned_count++;
	if (sched_setaffinity(t->tid, sizeof(one), &one) < 0)
		p->pinned_count--;
	else
		t->pinned = true;
}

static void begin_window(struct place *p, uint64_t now)
{
	for (unsigned i = 0; i < p->tasks; i++)
		p->seen[i]->seen = false;
	p->tasks = p->stops = 0;
	p->since = now;
}

static void look(struct place *p)
{
	uint64_t now = time_mono_ns(), each = (now - p->since) / WINDOW;

	if (p->tasks < PINNED_MAX && (each < OFTEN_NS || (p->tasks == 1 && each < ALONE_NS))) {
		for (unsigned i = 0; i < p->pinned_count;) {
			if (p->pinned[i].task->seen)
				i++;
			else
				give_back(p, i);
		}
		for (unsigned i = 0; i < p->tasks; i++)
			pin(p, p->seen[i]);
	} else {
		give_all_back(p);
	}
	begin_window(p, now);
}

void place_stop(struct place *p, struct task *t)
{
	if (!p)
		return;
	if (!p->stops)
		p->since = time_mono_ns();
	if (!t->seen && p->tasks < PINNED_MAX) {
		t->seen = true;
		p->seen[p->tasks++] = t;
	}
	if (++p->stops == WINDOW)
		look(p);
}

static struct pinned *pinned_of(struct place *p, const struct task *t)
{
	for (unsigned i = 0; i < p->pinned_count; i++)
		if (p->pinned[i].task == t)
			return &p->pinned[i];
	return NULL;
}

void place_born(struct place *p, struct task *t, const struct task *parent)
{
	const struct pinned *x = p && parent->pinned ? pinned_of(p, parent) : NULL;

	if (x)
		sched_setaffinity(t->tid, sizeof(x->own), &x->own);
}

void place_restore_all(struct place *p)
{
	if (p)
		give_all_back(p);
}

void place_restore(struct place *p, struct task *t)
{
	struct pinned *x = p && t->pinned ? pinned_of(p, t) : NULL;

	if (x)
		give_back(p, (unsigned)(x - p->pinned));
}

void place_forget(struct place *p, struct task *t)
{
	if (!p)
		return;
	if (t->pinned) {
		struct pinned *x = pinned_of(p, t);

		*x = p->pinned[--p->pinned_count];
		t->pinned = false;
	}
	for (unsigned i = 0; i < p->tasks; i++)
		if (p->seen[i] == t) {
			p->seen[i] = p->seen[--p->tasks];
			break;
		}
	t->seen = false;
}
