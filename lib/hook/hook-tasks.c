/* SPDX-License-Identifier: BSD-2-Clause */
/* The tasks that are followed, their processes, and the memory that these share. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "hook/hook-parts.h"
#include "hook/place.h"

static struct task **bucket(struct supervisor *s, pid_t tid)
{
	return &s->buckets[(uint32_t)tid % HOOK_BUCKETS];
}

struct task *task_find(struct supervisor *s, pid_t tid)
{
	struct task *t = *bucket(s, tid);

	while (t && t->tid != tid)
		t = t->next;
	return t;
}

struct task *task_add(struct supervisor *s, pid_t tid)
{
	struct task *t = xcalloc(1, sizeof(*t)), **at = bucket(s, tid);

	t->tid = tid;
	t->state = xcalloc(1, s->tool->task_bytes);
	t->next = *at;
	*at = t;
	s->task_count++;
	s->result->tasks++;
	return t;
}

void task_join(struct supervisor *s, struct task *t, struct process *p)
{
	(void)s;
	t->process = p;
	p->tasks++;
}

static void unlink_task(struct supervisor *s, struct task *t)
{
	struct task **at = bucket(s, t->tid);

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
}

void task_remove(struct supervisor *s, struct task *t)
{
	t->at = TASK_GONE;
	while (t->top)
		hook_abandon(t->top);
	if (s->tool->release_task)
		s->tool->release_task(t->state);
	free(t->state);
	place_forget(s->place, t);
	if (t->process)
		process_release(s, t->process);
	unlink_task(s, t);
	s->task_count--;
	free(t);
}

void task_rename(struct supervisor *s, struct task *t, pid_t tid)
{
	struct task **at;

	unlink_task(s, t);
	t->tid = tid;
	at = bucket(s, tid);
	t->next = *at;
	*at = t;
}

struct process *process_new(struct supervisor *s, uint32_t pid, struct space *space)
{
	struct process *p = xcalloc(1, sizeof(*p));

	p->pid = pid;
	p->space = space;
	p->state = xcalloc(1, s->tool->process_bytes);
	return p;
}

void process_release(struct supervisor *s, struct process *p)
{
	if (--p->tasks)
		return;
	if (s->tool->release_process)
		s->tool->release_process(p->state);
	space_release(p->space);
	free(p->state);
	free(p);
}

struct space *space_new(void)
{
	struct space *sp = xcalloc(1, sizeof(*sp));

	sp->users = 1;
	return sp;
}

struct space *space_share(struct space *sp)
{
	sp->users++;
	return sp;
}

/* What is ours in it is there too, and nobody holds any of it. */
struct space *space_copy(const struct space *sp)
{
	struct space *copy = xmemdup(sp, sizeof(*sp));

	copy->users = 1;
	for (unsigned i = 0; i < SCRATCH_AREAS; i++)
		copy->scratch[i].used = 0;
	return copy;
}

void space_release(struct space *sp)
{
	if (!--sp->users)
		free(sp);
}

void task_inherit(struct supervisor *s, struct task *child, const struct task *parent, enum seam_occasion how)
{
	const struct seam_tool *tool = s->tool;

	if (tool->inherit_task)
		tool->inherit_task(child->state, parent->state, how);
	else
		memcpy(child->state, parent->state, tool->task_bytes);
	if (child->process == parent->process)
		return;
	child->process->filters = parent->process->filters;
	if (tool->inherit_process)
		tool->inherit_process(child->process->state, parent->process->state, how);
	else
		memcpy(child->process->state, parent->process->state, tool->process_bytes);
}
