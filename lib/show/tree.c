/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of a trace, put together from its events. A number may be used again: each use is a process of its own. */
#include "show/tree.h"

#include <string.h>

#include "base/alloc.h"
#include "base/util.h"
#include "show/tree-parts.h"

struct tree *tree_new(void)
{
	return xcalloc(1, sizeof(struct tree));
}

void tree_free(struct tree *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->count; i++) {
		struct tree_process *p = &t->processes[i];

		for (size_t k = 0; k < p->exec_count; k++) {
			free(p->execs[k].file);
			free(p->execs[k].args);
		}
		free(p->execs);
	}
	free(t->processes);
	free(t->slots);
	free(t);
}

/* Where the task is, or the free place where it would be; there is always one. */
static struct tree_slot *slot(const struct tree *t, uint32_t tid)
{
	size_t at = tid * 0x9e3779b1u & (t->slot_count - 1);

	while (t->slots[at].tid && t->slots[at].tid != tid)
		at = (at + 1) & (t->slot_count - 1);
	return &t->slots[at];
}

static void set_task(struct tree *t, uint32_t tid, uint32_t process)
{
	struct tree_slot *s;

	if (!tid)
		return;
	if (2 * (t->slots_used + 1) > t->slot_count) {
		struct tree_slot *old = t->slots;
		size_t n = t->slot_count;

		t->slot_count = n ? n * 2 : 256;
		t->slots = xcalloc(t->slot_count, sizeof(*t->slots));
		for (size_t i = 0; i < n; i++)
			if (old[i].tid)
				*slot(t, old[i].tid) = old[i];
		free(old);
	}
	s = slot(t, tid);
	t->slots_used += !s->tid;
	*s = (struct tree_slot){ tid, process };
}

/* TREE_NONE: it has not been heard of. */
static uint32_t of_task(const struct tree *t, uint32_t tid)
{
	const struct tree_slot *s = t->slot_count && tid ? slot(t, tid) : NULL;

	return s && s->tid ? s->process : TREE_NONE;
}

static uint32_t add(struct tree *t, uint32_t pid, uint32_t parent, uint32_t ppid, uint64_t time)
{
	struct tree_process *p;

	if (t->count == t->cap) {
		t->cap = t->cap ? t->cap * 2 : 64;
		t->processes = xreallocarray(t->processes, t->cap, sizeof(*t->processes));
	}
	p = &t->processes[t->count];
	*p = (struct tree_process){ .pid = pid, .parent = parent, .ppid = ppid, .start = time, .last = time };
	if (parent != TREE_NONE)
		memcpy(p->name, t->processes[parent].name, sizeof(p->name));
	return (uint32_t)t->count++;
}

/* That of the event's task. One that nobody has spoken of before was there already. */
static struct tree_process *process_of(struct tree *t, const struct seam_event *e)
{
	uint32_t at = of_task(t, e->tid);

	if (at == TREE_NONE && e->pid)
		at = of_task(t, e->pid);
	if (at == TREE_NONE) {
		at = add(t, e->pid ? e->pid : e->tid, TREE_NONE, 0, e->timed ? e->entered : e->time);
		t->processes[at].tasks = 1;
		set_task(t, e->pid, at);
	}
	if (of_task(t, e->tid) != at)
		set_task(t, e->tid, at);
	return &t->processes[at];
}

static void see_fork(struct tree *t, const struct seam_event *e)
{
	struct tree_process *maker = process_of(t, e);
	uint32_t parent = of_task(t, e->fork.ppid), child;

	maker->last = e->time;
	if (e->fork.tid != e->fork.pid) { /* a thread */
		child = of_task(t, e->fork.pid);
		if (child == TREE_NONE)
			child = (uint32_t)(maker - t->processes);
		t->processes[child].tasks += !e->fork.worker;
		set_task(t, e->fork.tid, child);
		return;
	}
	if (parent == TREE_NONE)
		parent = (uint32_t)(maker - t->processes);
	child = add(t, e->fork.pid, parent, e->fork.ppid, e->time);
	t->processes[child].tasks = 1;
	set_task(t, e->fork.tid, child);
}

static void set_name(struct tree_process *p, const char *name)
{
	size_t n = strnlen(name, sizeof(p->name) - 1);

	memcpy(p->name, name, n);
	memset(p->name + n, 0, sizeof(p->name) - n);
}

static void add_exec(struct tree_process *p, uint64_t time, const struct seam_strings *file, const struct seam_strings *args)
{
	struct tree_exec *x;
	const char *base;

	p->execs = xreallocarray(p->execs, p->exec_count + 1, sizeof(*p->execs));
	x = &p->execs[p->exec_count++];
	*x = (struct tree_exec){ .time = time, .args_size = args->size, .cut = args->whole > args->size };
	x->file = xstrndup(file->size ? file->bytes : "", file->size);
	x->args = xcalloc(args->size + 1, 1);
	if (args->size)
		memcpy(x->args, args->bytes, args->size);
	base = strrchr(x->file, '/');
	set_name(p, base ? base + 1 : x->file);
}

/* More of what the last one was given. */
static void see_words(struct tree_process *p, const struct seam_strings *more)
{
	struct tree_exec *x = p->exec_count ? &p->execs[p->exec_count - 1] : NULL;

	if (!x || !more->size)
		return;
	x->args = xrealloc(x->args, (size_t)x->args_size + more->size + 1);
	memcpy(x->args + x->args_size, more->bytes, more->size);
	x->args_size += more->size;
	x->args[x->args_size] = '\0';
	x->cut = more->whole > more->size;
}

static void see_task(struct tree *t, const struct seam_event *e)
{
	bool another = e->pid && of_task(t, e->pid) != TREE_NONE && of_task(t, e->tid) == TREE_NONE;
	struct tree_process *p = process_of(t, e);

	p->before = true;
	p->tasks += another;
	if (!p->ppid)
		p->ppid = e->task.ppid;
	if (e->pid && e->pid != e->tid)
		return;
	if (!p->exec_count && (e->task.file.size || e->task.args.size))
		add_exec(p, e->time, &e->task.file, &e->task.args);
	set_name(p, e->task.name);
}

static void see_call(struct tree_process *p, const struct seam_event *e)
{
	p->calls++;
	p->errors += e->returned && seam_has_failed(e->ret);
}

void tree_see(struct tree *t, const struct seam_event *e, bool counted)
{
	struct tree_process *p;

	if (!e->tid)
		return;
	switch (e->kind) {
	case SEAM_EVENT_FORK:
		see_fork(t, e);
		return;
	case SEAM_EVENT_TASK:
		see_task(t, e);
		return;
	default:
		break;
	}
	p = process_of(t, e);
	if (e->time > p->last)
		p->last = e->time;
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_ENTRY:
	case SEAM_EVENT_UNKNOWN:
		if (counted)
			see_call(p, e);
		break;
	case SEAM_EVENT_EXEC:
		add_exec(p, e->time, &e->exec.file, &e->exec.args);
		break;
	case SEAM_EVENT_WORDS:
		if (!e->words.env)
			see_words(p, &e->words.more);
		break;
	case SEAM_EVENT_NAME:
		if (e->tid == p->pid)
			set_name(p, e->name.name);
		break;
	case SEAM_EVENT_EXIT:
		if (e->exit.last) {
			p->ended = true;
			p->end = e->time;
			p->status = e->exit.status;
		}
		break;
	default:
		break;
	}
}
