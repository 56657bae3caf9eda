/* SPDX-License-Identifier: BSD-2-Clause */
/* The tasks of a trace: who they are and what they run, as forks, execs, exits and names tell it. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "seam/trace.h"

/* Ended tasks are kept until so many others have ended, since a last call may be told after the end. */
enum { GONE_KEPT = 8192, FIRST = 64 };

/* What a process runs; shared by those that forked from it until they run something else. */
struct program {
	unsigned refs;
	char *exe, *args;
	uint32_t args_size;
};

struct entry {
	uint32_t tid, pid, ppid, uid;
	bool gone;
	bool worker;
	struct seam_own_pids own;
	uint64_t ended; /* when it is gone */
	char name[17];
	struct program *program; /* of a process: in the entry of its first task */
	struct entry *next;      /* in the same bucket */
};

struct seam_tasks {
	uint32_t uid; /* of those of whom nobody tells */
	bool untold;  /* users are not known */
	uint8_t users[128]; /* bits: calls with these numbers change the user */
	struct entry **buckets;
	size_t bucket_count, count;
	uint32_t gone[GONE_KEPT]; /* a ring; 0: none */
	size_t gone_next;
};

struct seam_tasks *seam_tasks_new(void)
{
	struct seam_tasks *s = xcalloc(1, sizeof(*s));

	s->uid = UINT32_MAX;
	s->bucket_count = FIRST;
	s->buckets = xcalloc(FIRST, sizeof(*s->buckets));
	return s;
}

/* Whether it always writes the credentials, and its arguments are users. */
static bool changes_user(const struct seam_tables *t, const struct seam_variant *v)
{
	if (!v->args.count || t->types[t->args[v->args.first].type].kind != SEAM_KIND_UID)
		return false;
	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];
		const struct seam_object *o = &t->objects[e->object];

		if (e->verb == SEAM_VERB_WRITES_STATUS && o->how == SEAM_OBJECT_WORLD && !e->may && !strcmp(seam_string(t, o->text), "creds"))
			return true;
	}
	return false;
}

static bool is_unseen(const struct seam_trace *trace, const char *call)
{
	const char *name;

	for (size_t n = 0; (name = seam_trace_meta(trace, "unseen", n)); n++)
		if (!strcmp(name, call))
			return true;
	return false;
}

bool seam_tasks_of(struct seam_tasks *s, const struct seam_trace *trace)
{
	const struct seam_tables *t = &seam_tables;
	const struct seam_arch_tables *arch = &t->arch[seam_trace_arch(trace)];
	const char *uid = seam_trace_meta(trace, "uid", 0);

	s->untold = !uid && seam_trace_meta(trace, "command", 0);
	for (uint32_t i = 0; i < arch->call_count; i++) {
		const struct seam_call *c = &arch->calls[i];

		if (!c->variants.count || c->number >= 8 * sizeof(s->users) || !changes_user(t, &t->variants[c->variants.first]))
			continue;
		s->users[c->number / 8] |= (uint8_t)(1u << c->number % 8);
		s->untold |= is_unseen(trace, seam_string(t, c->name));
	}
	s->uid = uid ? (uint32_t)strtoul(uid, NULL, 10) : UINT32_MAX;
	return !s->untold;
}

void seam_tasks_live(struct seam_tasks *s)
{
	const struct seam_tables *t = &seam_tables;
	const struct seam_arch_tables *arch = &t->arch[seam_arch_native()];

	for (uint32_t i = 0; i < arch->call_count; i++) {
		const struct seam_call *c = &arch->calls[i];

		if (c->variants.count && c->number < 8 * sizeof(s->users) && changes_user(t, &t->variants[c->variants.first]))
			s->users[c->number / 8] |= (uint8_t)(1u << c->number % 8);
	}
}

static void program_unref(struct program *p)
{
	if (!p || --p->refs)
		return;
	free(p->exe);
	free(p->args);
	free(p);
}

static struct program *program_ref(struct program *p)
{
	if (p)
		p->refs++;
	return p;
}

static struct entry **bucket(const struct seam_tasks *s, uint32_t tid)
{
	return &s->buckets[tid * 0x9e3779b1u & (s->bucket_count - 1)];
}

static void entry_free(struct entry *e)
{
	program_unref(e->program);
	free(e);
}

void seam_tasks_free(struct seam_tasks *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->bucket_count; i++) {
		for (struct entry *e = s->buckets[i], *next; e; e = next) {
			next = e->next;
			entry_free(e);
		}
	}
	free(s->buckets);
	free(s);
}

static struct entry *find(const struct seam_tasks *s, uint32_t tid)
{
	struct entry *e = *bucket(s, tid);

	while (e && e->tid != tid)
		e = e->next;
	return e;
}

static void grow(struct seam_tasks *s)
{
	struct entry **old = s->buckets;
	size_t n = s->bucket_count;

	s->bucket_count = n * 2;
	s->buckets = xcalloc(s->bucket_count, sizeof(*s->buckets));
	for (size_t i = 0; i < n; i++) {
		for (struct entry *e = old[i], *next; e; e = next) {
			struct entry **b = bucket(s, e->tid);

			next = e->next;
			e->next = *b;
			*b = e;
		}
	}
	free(old);
}

/* The one that is there, or a new one of which nothing is known. */
static struct entry *get(struct seam_tasks *s, uint32_t tid)
{
	struct entry *e = find(s, tid), **b;

	if (e)
		return e;
	if (s->count >= s->bucket_count)
		grow(s);
	e = xcalloc(1, sizeof(*e));
	e->tid = tid;
	e->uid = s->uid;
	b = bucket(s, tid);
	e->next = *b;
	*b = e;
	s->count++;
	return e;
}

static void drop(struct seam_tasks *s, uint32_t tid)
{
	for (struct entry **at = bucket(s, tid); *at; at = &(*at)->next) {
		struct entry *e = *at;

		if (e->tid != tid)
			continue;
		*at = e->next;
		entry_free(e);
		s->count--;
		return;
	}
}

static void end(struct seam_tasks *s, struct entry *e, uint64_t time)
{
	uint32_t *place = &s->gone[s->gone_next];
	struct entry *old = *place ? find(s, *place) : NULL;

	if (e->gone)
		return;
	if (old && old->gone)
		drop(s, old->tid);
	e->gone = true;
	e->ended = time;
	*place = e->tid;
	s->gone_next = (s->gone_next + 1) % GONE_KEPT;
}

static struct program *program_new(const struct seam_strings *exe, const struct seam_strings *args)
{
	struct program *p = xcalloc(1, sizeof(*p));

	p->refs = 1;
	p->exe = xstrndup(exe->size ? exe->bytes : "", exe->size);
	/* With a NUL at its end in any case. */
	p->args = xcalloc(args->size + 1, 1);
	if (args->size)
		memcpy(p->args, args->bytes, args->size);
	p->args_size = args->size;
	return p;
}

static void set_program(struct entry *e, struct program *p)
{
	program_unref(e->program);
	e->program = p;
}

static void set_name(struct entry *e, const char *name)
{
	size_t n = strnlen(name, sizeof(e->name) - 1);

	memcpy(e->name, name, n);
	memset(e->name + n, 0, sizeof(e->name) - n);
}

/* The entry of its process, which may be itself. */
static struct entry *process(struct seam_tasks *s, struct entry *e)
{
	return e->pid && e->pid != e->tid ? get(s, e->pid) : e;
}

static void see_fork(struct seam_tasks *s, const struct seam_event *x)
{
	struct entry *parent, *child = find(s, x->fork.tid);
	struct program *program;

	/* Its number may have been another's; but whoever takes events as they come may have heard of its end already. */
	if (!child || !child->gone || child->ended <= x->time) {
		drop(s, x->fork.tid);
		child = get(s, x->fork.tid);
	}
	child->pid = x->fork.pid;
	child->ppid = x->fork.ppid;
	child->own = x->fork.own;
	child->worker = x->fork.worker;
	parent = find(s, x->tid);
	if (!parent || parent == child)
		return;
	set_name(child, parent->name);
	child->uid = parent->uid;
	if (child->pid != child->tid)
		return;
	program = program_ref(process(s, parent)->program);
	set_program(child, program);
}

static void see_exec(struct seam_tasks *s, const struct seam_event *x)
{
	uint32_t tid = x->pid ? x->pid : x->tid;
	struct entry *e = get(s, tid), *old = x->exec.old_tid != tid ? find(s, x->exec.old_tid) : NULL;
	const char *base;

	/* The thread that asked has become the first one. */
	if (old) {
		uint32_t ppid = old->ppid;

		if (!e->ppid)
			e->ppid = ppid;
		drop(s, x->exec.old_tid);
	}
	if (e->gone && e->ended <= x->time)
		e->gone = false;
	e->pid = tid;
	e->own.tid = e->own.pid;
	set_program(e, program_new(&x->exec.file, &x->exec.args));
	base = strrchr(e->program->exe, '/');
	base = base ? base + 1 : e->program->exe;
	/* As the kernel does it. */
	memset(e->name, 0, sizeof(e->name));
	memcpy(e->name, base, strnlen(base, 15));
}

/* Arguments that came in another block than the exec. */
static void see_words(struct seam_tasks *s, const struct seam_event *x)
{
	struct entry *e = find(s, x->tid);
	struct program *p = e ? process(s, e)->program : NULL;

	if (!p || x->words.env || x->words.more.size > UINT32_MAX - 1 - p->args_size)
		return;
	p->args = xrealloc(p->args, (size_t)p->args_size + x->words.more.size + 1);
	memcpy(p->args + p->args_size, x->words.more.bytes, x->words.more.size);
	p->args_size += x->words.more.size;
	p->args[p->args_size] = 0;
}

static void see_exit(struct seam_tasks *s, const struct seam_event *x)
{
	struct entry *e = get(s, x->tid);

	if (x->pid)
		e->pid = x->pid;
	end(s, e, x->time);
}

static void see_task(struct seam_tasks *s, const struct seam_event *x)
{
	struct entry *e = get(s, x->tid);

	e->pid = x->pid;
	e->ppid = x->task.ppid;
	e->own = x->task.own;
	e->uid = x->task.uid;
	e->gone = false;
	set_name(e, x->task.name);
	e = process(s, e);
	if (x->task.file.size || x->task.args.size)
		set_program(e, program_new(&x->task.file, &x->task.args));
}

/*
 * The first argument is the real user, -1 leaves it. One argument alone is the real one if root says it; others change but the
 * effective one with it, as far as we can tell.
 */
static void see_call(struct seam_tasks *s, const struct seam_event *x)
{
	const struct seam_tables *t = &seam_tables;
	uint32_t uid = (uint32_t)x->args[0];
	const struct seam_call *c;
	struct entry *e;

	if (x->compat || !x->returned || x->ret || x->number >= 8 * sizeof(s->users) || !(s->users[x->number / 8] >> x->number % 8 & 1))
		return;
	c = seam_call_by_number(t, x->arch, x->number);
	e = get(s, x->tid);
	if (uid != UINT32_MAX && uid != e->uid)
		e->uid = !e->uid || (c && t->variants[c->variants.first].args.count > 1) ? uid : UINT32_MAX;
}

void seam_tasks_see(struct seam_tasks *s, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_CALL:
		see_call(s, e);
		break;
	case SEAM_EVENT_FORK:
		see_fork(s, e);
		break;
	case SEAM_EVENT_EXEC:
		see_exec(s, e);
		break;
	case SEAM_EVENT_EXIT:
		see_exit(s, e);
		break;
	case SEAM_EVENT_NAME:
		set_name(get(s, e->tid), e->name.name);
		break;
	case SEAM_EVENT_WORDS:
		see_words(s, e);
		break;
	case SEAM_EVENT_TASK:
		see_task(s, e);
		break;
	default:
		break;
	}
}

bool seam_tasks_get(const struct seam_tasks *s, uint32_t tid, struct seam_task *ret)
{
	const struct entry *e = find(s, tid), *first;

	*ret = (struct seam_task){ .tid = tid, .uid = s->uid, .name = "", .exe = "", .args = "" };
	if (!e)
		return false;
	ret->pid = e->pid;
	ret->ppid = e->ppid;
	ret->uid = s->untold ? UINT32_MAX : e->uid;
	ret->gone = e->gone;
	ret->worker = e->worker;
	ret->own = e->own;
	ret->name = e->name;
	first = e->pid && e->pid != tid ? find(s, e->pid) : e;
	if (first && !ret->ppid)
		ret->ppid = first->ppid;
	if (first && first->program) {
		ret->exe = first->program->exe;
		ret->args = first->program->args;
		ret->args_size = first->program->args_size;
	}
	return true;
}

uint32_t seam_tasks_pid(const struct seam_tasks *s, uint32_t tid)
{
	const struct entry *e = find(s, tid);

	return e ? e->pid : 0;
}

void seam_tasks_each(const struct seam_tasks *s, uint64_t since, void (*fn)(const struct seam_task *task, void *user), void *user)
{
	for (size_t i = 0; i < s->bucket_count; i++) {
		for (const struct entry *e = s->buckets[i]; e; e = e->next) {
			struct seam_task task;

			if ((e->gone && e->ended < since) || !e->pid || !seam_tasks_get(s, e->tid, &task))
				continue;
			fn(&task, user);
		}
	}
}
