/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace read for its figures. */
#include "seam/stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/histogram.h"
#include "base/util.h"
#include "stats/stats-parts.h"

static struct process *find_process(struct reading *r, uint32_t pid)
{
	for (size_t i = pid * 2654435761u;; i++) {
		struct process *p = &r->processes[i & (r->room - 1)];

		if (!p->pid || p->pid == pid)
			return p;
	}
}

static void grow(struct reading *r)
{
	struct process *old = r->processes;
	size_t n = r->room;

	r->room = n ? n * 2 : 64;
	r->processes = xcalloc(r->room, sizeof(*r->processes));
	for (size_t i = 0; i < n; i++)
		if (old[i].pid)
			*find_process(r, old[i].pid) = old[i];
	free(old);
}

static struct process *process_of(struct reading *r, const struct seam_event *e)
{
	struct seam_task task;
	struct process *p;
	uint32_t pid;

	if (r->last && r->last_tid == e->tid)
		return r->last;
	seam_tasks_get(r->tasks, e->tid, &task);
	pid = task.pid ? task.pid : e->tid;
	if (r->used * 2 >= r->room)
		grow(r);
	p = find_process(r, pid);
	if (!p->pid) {
		p->pid = pid;
		r->used++;
	}
	/* that of its first thread */
	if (task.pid && task.pid != e->tid)
		seam_tasks_get(r->tasks, task.pid, &task);
	/* the name that it has now, with the next program another one */
	if (task.name && *task.name && strncmp(p->name, task.name, sizeof(p->name) - 1) != 0) {
		memset(p->name, 0, sizeof(p->name));
		memcpy(p->name, task.name, MIN(strlen(task.name), sizeof(p->name) - 1));
	}
	r->last = p;
	r->last_tid = e->tid;
	return p;
}

static bool some_variant(const struct seam_call *call, bool (*has)(const struct seam_variant *v))
{
	for (uint32_t i = 0; i < call->variants.count; i++)
		if (has(&seam_tables.variants[call->variants.first + i]))
			return true;
	return false;
}

static bool has_wait(const struct seam_variant *v)
{
	return v->waits.count > 0;
}

static bool has_wake(const struct seam_variant *v)
{
	for (uint32_t i = 0; i < v->effects.count; i++)
		if (seam_tables.effects[v->effects.first + i].verb == SEAM_VERB_WAKES)
			return true;
	return false;
}

/* The descriptor whose content the call reads or writes, as many bytes as its result says; -1: none. */
static int moved_arg(const struct seam_call *call, uint8_t verb)
{
	const struct seam_tables *t = &seam_tables;
	const struct seam_variant *v = &t->variants[call->variants.first];

	if (call->variants.count != 1 || t->types[v->ret].kind != SEAM_KIND_SIZE)
		return -1;
	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];
		const struct seam_object *o = &t->objects[e->object];

		if (e->verb == verb && o->how == SEAM_OBJECT_VALUE && t->types[o->type].kind == SEAM_KIND_FD &&
		    o->arg < SEAM_MAX_ARGS)
			return o->arg;
	}
	return -1;
}

static bool has_open(const struct seam_variant *v)
{
	for (uint32_t i = 0; i < v->effects.count; i++)
		if (seam_tables.effects[v->effects.first + i].verb == SEAM_VERB_OPENS)
			return true;
	return false;
}

/* Also of a trace of another machine, by the name. */
static bool in_set(const struct seam_callset *set, const struct seam_event *e)
{
	const char *name = stats_call_name(e->arch, e->number);
	const struct seam_call *call = name ? seam_call_by_name(set->t, set->arch, name) : NULL;

	return call && seam_callset_has(set, call);
}

static void describe(struct counted *c)
{
	c->read_arg = c->write_arg = -1;
	if (!c->call)
		return;
	c->can_wait = some_variant(c->call, has_wait);
	c->can_wake = some_variant(c->call, has_wake);
	c->touches = c->call->classes & (SEAM_CLASS_FILE | SEAM_CLASS_DESC);
	c->opens = c->call->variants.count == 1 && some_variant(c->call, has_open);
	c->read_arg = moved_arg(c->call, SEAM_VERB_READS_CONTENT);
	c->write_arg = moved_arg(c->call, SEAM_VERB_WRITES_CONTENT);
}

static struct counted *counted_of(struct reading *r, const struct seam_event *e)
{
	unsigned number = e->number < STATS_NUMBERS ? (unsigned)e->number : STATS_NUMBERS;
	struct counted **c = &r->counted[e->arch % SEAM_ARCH_COUNT][number];

	if (!*c) {
		*c = xcalloc(1, sizeof(**c));
		if (number < STATS_NUMBERS && e->arch < SEAM_ARCH_DESCRIBED)
			(*c)->call = seam_call_by_number(&seam_tables, e->arch, number);
		if ((*c)->call && !((*c)->call->flags & SEAM_CALL_DESCRIBED))
			(*c)->call = NULL;
		(*c)->wanted = !r->o->calls || in_set(r->o->calls, e);
		describe(*c);
	}
	return *c;
}

static void count(struct reading *r, const struct seam_event *e, struct counted *c)
{
	struct process *p = process_of(r, e);

	r->s->all++;
	c->n.calls++;
	p->calls++;
	c->n.unreturned += !e->returned;
	if (e->returned && seam_has_failed(e->ret)) {
		c->n.error[seam_count_error_place(e->ret)]++;
		c->n.errors++;
		p->errors++;
		r->s->errors++;
	}
	if (e->timed && e->returned) {
		histogram_add(&c->n.times, e->time - e->entered);
		p->total += e->time - e->entered;
		r->s->total += e->time - e->entered;
	}
	if (e->returned && e->ret > 0) {
		p->read += c->read_arg >= 0 ? (uint64_t)e->ret : 0;
		p->written += c->write_arg >= 0 ? (uint64_t)e->ret : 0;
	}
	if (c->can_wait)
		waits_wait(r, e, c, p);
	if (r->files)
		by_file_see(r->by_file, r->files, e, c);
}

static bool is_wanted(struct reading *r, const struct seam_event *e, const struct counted *c)
{
	struct seam_filter_view view;

	if (!c->wanted)
		return false;
	if (!r->filter)
		return true;
	r->view.event = e;
	view = event_view_of(&r->view);
	return seam_filter_keeps(r->filter, &view, false);
}

static int read_all(struct reading *r, struct seam_err *err)
{
	const struct seam_event *e;
	struct counted *c;
	int n;

	while ((n = seam_trace_next(r->trace, &e, err)) > 0) {
		if (e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP)
			r->s->lost += e->loss.count;
		if (!e->tid)
			continue;
		if (!r->first)
			r->first = e->timed ? e->entered : e->time;
		r->final = e->time;
		if (r->files)
			seam_files_see(r->files, e);
		seam_tasks_see(r->tasks, e);
		if (e->kind != SEAM_EVENT_CALL && e->kind != SEAM_EVENT_ENTRY && e->kind != SEAM_EVENT_UNKNOWN) {
			r->last = NULL;
			continue;
		}
		c = counted_of(r, e);
		/* whoever wakes is told, also if his call does not count */
		if (c->can_wake)
			waits_wake(r, e, c);
		if (is_wanted(r, e, c))
			count(r, e, c);
	}
	return n;
}

static void settle(struct reading *r)
{
	struct seam_stats *s = r->s;
	size_t n = 0;

	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (unsigned i = 0; i <= STATS_NUMBERS; i++)
			n += r->counted[arch][i] && r->counted[arch][i]->n.calls;
	s->calls = xcalloc(n + 1, sizeof(*s->calls));
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (unsigned i = 0; i <= STATS_NUMBERS; i++) {
			const struct counted *c = r->counted[arch][i];

			if (c && c->n.calls)
				stats_settle_call(s, (enum seam_arch)arch, i < STATS_NUMBERS ? i : UINT64_MAX, &c->n,
						  &c->idle);
		}
	s->processes = xcalloc(r->used + 1, sizeof(*s->processes));
	for (size_t i = 0; i < r->room; i++) {
		const struct process *p = &r->processes[i];
		struct seam_stats_process *out = &s->processes[s->process_count];

		if (!p->pid)
			continue;
		*out = (struct seam_stats_process){ .pid = p->pid, .calls = p->calls, .errors = p->errors,
						    .total = p->total, .idle = p->idle, .read = p->read, .written = p->written };
		memcpy(out->name, p->name, sizeof(out->name));
		s->process_count++;
	}
	waits_settle(r->waits, s);
	by_file_settle(r->by_file, s);
	stats_settle_order(s);
	s->elapsed = r->final - r->first;
	s->damages = seam_trace_damages(r->trace);
}

int seam_stats_read(const char *path, const struct seam_stats_options *options, struct seam_stats *ret,
		    struct seam_err *err)
{
	static const struct seam_stats_options none;
	struct reading *r = xcalloc(1, sizeof(*r));
	int result;

	*ret = (struct seam_stats){ 0 };
	r->s = ret;
	r->o = options ? options : &none;
	result = seam_trace_open(&r->trace, path, NULL, err);
	if (result >= 0) {
		struct seam_filter_options fo = { .arch = seam_trace_arch(r->trace), .untold = 1u << SEAM_FILTER_CGROUP };

		r->tasks = seam_tasks_new();
		r->waits = waits_new(r->o->wait_over);
		r->by_file = by_file_new();
		r->view.t = &seam_tables;
		r->view.tasks = r->tasks;
		if (!seam_tasks_of(r->tasks, r->trace))
			fo.untold |= 1u << SEAM_FILTER_UID;
		if (r->o->where)
			result = seam_filter_new(r->o->where, &fo, &r->filter, err);
		if (r->o->files || (r->filter && seam_filter_uses(r->filter) & 1u << SEAM_FILTER_PATH))
			r->files = seam_files_new(NULL);
		if (r->files)
			seam_files_of(r->files, r->trace);
		r->view.files = r->files;
		if (result >= 0)
			result = read_all(r, err);
		if (result >= 0)
			settle(r);
		seam_filter_free(r->filter);
		waits_free(r->waits);
		by_file_free(r->by_file);
		seam_files_free(r->files);
		seam_tasks_free(r->tasks);
		seam_trace_close(r->trace);
	}
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (unsigned i = 0; i <= STATS_NUMBERS; i++)
			free(r->counted[arch][i]);
	free(r->processes);
	free(r);
	return result;
}

void seam_stats_release(struct seam_stats *s)
{
	for (size_t i = 0; i < s->wait_count; i++)
		free(s->waits[i].what);
	free(s->waits);
	for (size_t i = 0; i < s->file_count; i++)
		free(s->files[i].name);
	for (size_t i = 0; i < s->peer_count; i++)
		free(s->peers[i].name);
	free(s->files);
	free(s->peers);
	free(s->calls);
	free(s->processes);
	*s = (struct seam_stats){ 0 };
}
