/* SPDX-License-Identifier: BSD-2-Clause */
/* A trace in figures. */
#include "seam/stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/util.h"
#include "filter/event-view.h"
#include "seam/trace.h"
#include "stats/histogram.h"

#define ERRORS 4096  /* all that the kernel may return */
#define NUMBERS 1024 /* of one table that have a place of their own */

/* One call of one table, while it is counted. */
struct counted {
	uint64_t calls, errors, unreturned;
	struct histogram times;
	uint32_t *error; /* by number, made with the first one */
};

struct process {
	uint32_t pid; /* 0: free */
	char name[17];
	uint64_t calls, errors, total;
};

struct reading {
	struct seam_trace *trace;
	struct seam_tasks *tasks;
	struct seam_filter *filter;
	struct event_view view;
	struct seam_stats *s;
	struct counted *counted[SEAM_ARCH_COUNT][NUMBERS + 1]; /* the last one: numbers that have none */
	struct process *processes; /* a hash table by pid, a power of two */
	size_t room, used;
	struct process *last;
	uint64_t first, final;
};

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

	seam_tasks_get(r->tasks, e->tid, &task);
	pid = task.pid ? task.pid : e->tid;
	if (r->used * 2 >= r->room)
		grow(r);
	p = find_process(r, pid);
	if (!p->pid) {
		p->pid = pid;
		r->used++;
	}
	/* the name that it has now, with the next program another one */
	if (task.name && *task.name && strncmp(p->name, task.name, sizeof(p->name) - 1) != 0) {
		memset(p->name, 0, sizeof(p->name));
		memcpy(p->name, task.name, MIN(strlen(task.name), sizeof(p->name) - 1));
	}
	return p;
}

static struct counted *counted_of(struct reading *r, const struct seam_event *e)
{
	unsigned number = e->kind != SEAM_EVENT_UNKNOWN && e->number < NUMBERS ? (unsigned)e->number : NUMBERS;
	struct counted **c = &r->counted[e->arch % SEAM_ARCH_COUNT][number];

	if (!*c)
		*c = xcalloc(1, sizeof(**c));
	return *c;
}

static void count(struct reading *r, const struct seam_event *e)
{
	struct counted *c = counted_of(r, e);
	struct process *p = process_of(r, e);

	r->s->all++;
	c->calls++;
	p->calls++;
	c->unreturned += !e->returned;
	if (e->returned && e->ret < 0 && e->ret > -ERRORS) {
		if (!c->error)
			c->error = xcalloc(ERRORS, sizeof(*c->error));
		c->error[-e->ret]++;
		c->errors++;
		p->errors++;
		r->s->errors++;
	}
	if (e->timed && e->returned) {
		histogram_add(&c->times, e->time - e->entered);
		p->total += e->time - e->entered;
		r->s->total += e->time - e->entered;
	}
}

static int read_all(struct reading *r, struct seam_err *err)
{
	const struct seam_event *e;
	int n;

	while ((n = seam_trace_next(r->trace, &e, err)) > 0) {
		if (e->kind == SEAM_EVENT_LOSS || e->kind == SEAM_EVENT_GAP)
			r->s->lost += e->loss.count;
		if (!e->tid)
			continue;
		if (!r->first)
			r->first = e->time;
		r->final = e->time;
		seam_tasks_see(r->tasks, e);
		if (e->kind != SEAM_EVENT_CALL && e->kind != SEAM_EVENT_ENTRY && e->kind != SEAM_EVENT_UNKNOWN)
			continue;
		if (r->filter) {
			struct seam_filter_view view;

			r->view.event = e;
			view = event_view_of(&r->view);
			if (!seam_filter_keeps(r->filter, &view, false))
				continue;
		}
		count(r, e);
	}
	return n;
}

/* The most frequent errors, and the rest together. */
static void settle_errors(const struct counted *c, struct seam_stats_call *out)
{
	uint64_t rest = c->errors;

	for (int number = 1; c->error && number < ERRORS; number++) {
		unsigned at = out->error_count;

		if (!c->error[number])
			continue;
		while (at && out->error[at - 1].count < c->error[number])
			at--;
		if (at >= SEAM_STATS_ERRORS - 1)
			continue;
		if (out->error_count < SEAM_STATS_ERRORS - 1)
			out->error_count++;
		memmove(&out->error[at + 1], &out->error[at], (out->error_count - 1 - at) * sizeof(*out->error));
		out->error[at].error = number;
		out->error[at].count = c->error[number];
	}
	for (unsigned i = 0; i < out->error_count; i++)
		rest -= out->error[i].count;
	if (rest) {
		out->error[out->error_count].error = 0;
		out->error[out->error_count++].count = rest;
	}
}

static void settle_call(struct reading *r, enum seam_arch arch, unsigned number, const struct counted *c)
{
	struct seam_stats_call *out = &r->s->calls[r->s->call_count++];
	const struct seam_call *call = number < NUMBERS ? seam_call_by_number(&seam_tables, arch, number) : NULL;

	*out = (struct seam_stats_call){ .name = call ? seam_string(&seam_tables, call->name) : NULL, .arch = arch,
					 .number = number, .calls = c->calls, .errors = c->errors,
					 .unreturned = c->unreturned };
	out->times.count = c->times.count;
	out->times.total = c->times.total;
	out->times.max = c->times.max;
	out->times.p50 = histogram_quantile(&c->times, 50);
	out->times.p90 = histogram_quantile(&c->times, 90);
	out->times.p99 = histogram_quantile(&c->times, 99);
	settle_errors(c, out);
}

static int compare_calls(const void *a, const void *b)
{
	const struct seam_stats_call *x = a, *y = b;

	if (x->times.total != y->times.total)
		return x->times.total < y->times.total ? 1 : -1;
	return x->calls != y->calls ? (x->calls < y->calls ? 1 : -1) : x->number < y->number ? -1 : 1;
}

static int compare_processes(const void *a, const void *b)
{
	const struct seam_stats_process *x = a, *y = b;

	if (x->total != y->total)
		return x->total < y->total ? 1 : -1;
	return x->calls != y->calls ? (x->calls < y->calls ? 1 : -1) : x->pid < y->pid ? -1 : 1;
}

static void settle(struct reading *r)
{
	struct seam_stats *s = r->s;
	size_t n = 0;

	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (unsigned i = 0; i <= NUMBERS; i++)
			n += r->counted[arch][i] != NULL;
	s->calls = xcalloc(n + 1, sizeof(*s->calls));
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (unsigned i = 0; i <= NUMBERS; i++)
			if (r->counted[arch][i])
				settle_call(r, (enum seam_arch)arch, i, r->counted[arch][i]);
	s->processes = xcalloc(r->used + 1, sizeof(*s->processes));
	for (size_t i = 0; i < r->room; i++) {
		const struct process *p = &r->processes[i];
		struct seam_stats_process *out = &s->processes[s->process_count];

		if (!p->pid)
			continue;
		*out = (struct seam_stats_process){ .pid = p->pid, .calls = p->calls, .errors = p->errors, .total = p->total };
		memcpy(out->name, p->name, sizeof(out->name));
		s->process_count++;
	}
	qsort(s->calls, s->call_count, sizeof(*s->calls), compare_calls);
	qsort(s->processes, s->process_count, sizeof(*s->processes), compare_processes);
	s->elapsed = r->final - r->first;
	s->damages = seam_trace_damages(r->trace);
}

int seam_stats_read(const char *path, const char *where, struct seam_stats *ret, struct seam_err *err)
{
	struct reading *r = xcalloc(1, sizeof(*r));
	int result;

	*ret = (struct seam_stats){ 0 };
	r->s = ret;
	result = seam_trace_open(&r->trace, path, NULL, err);
	if (result >= 0) {
		struct seam_filter_options fo = { .arch = seam_trace_arch(r->trace) };

		r->tasks = seam_tasks_new();
		r->view.t = &seam_tables;
		r->view.tasks = r->tasks;
		if (where)
			result = seam_filter_new(where, &fo, &r->filter, err);
		if (result >= 0)
			result = read_all(r, err);
		if (result >= 0)
			settle(r);
		seam_filter_free(r->filter);
		seam_tasks_free(r->tasks);
		seam_trace_close(r->trace);
	}
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (unsigned i = 0; i <= NUMBERS; i++) {
			if (r->counted[arch][i])
				free(r->counted[arch][i]->error);
			free(r->counted[arch][i]);
		}
	free(r->processes);
	free(r);
	return result;
}

void seam_stats_release(struct seam_stats *s)
{
	free(s->calls);
	free(s->processes);
	*s = (struct seam_stats){ 0 };
}
