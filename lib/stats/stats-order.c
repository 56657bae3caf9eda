/* SPDX-License-Identifier: BSD-2-Clause */
/* In which order figures stand. */
#include <stdlib.h>
#include <string.h>

#include "base/util.h"
#include "stats/stats-parts.h"

/* What every table has, in its own way. */
struct figures {
	uint64_t time, calls, errors, mean, max, bytes, waited;
	const char *name;
	uint64_t number; /* the last thing to decide */
};

enum order { BY_TIME, BY_CALLS, BY_ERRORS, BY_MEAN, BY_MAX, BY_BYTES, BY_WAITED, BY_NAME, ORDERS };
static const char *const words[ORDERS] = { "time", "calls", "errors", "mean", "max", "bytes", "waited", "name" };

const char *const seam_stats_by_words[SEAM_STATS_BY_COUNT] = { "call", "process", "file", "peer", "wait" };

static uint64_t mean(uint64_t total, uint64_t count)
{
	return count ? total / count : 0;
}

static struct figures of_call(const void *p)
{
	const struct seam_stats_call *c = p;

	return (struct figures){ c->times.total, c->calls, c->errors, mean(c->times.total, c->times.count),
				 c->times.max, 0, c->idle.blocked + c->idle.idle, c->name ? c->name : "",
				 (uint64_t)c->arch << 32 | (uint32_t)c->number };
}

static struct figures of_process(const void *x)
{
	const struct seam_stats_process *p = x;

	return (struct figures){ p->total, p->calls, p->errors, mean(p->total, p->calls), 0, p->read + p->written,
				 p->idle.blocked + p->idle.idle,
				 p->name, p->pid };
}

static struct figures of_wait(const void *p)
{
	const struct seam_stats_wait *w = p;

	return (struct figures){ w->total, w->count, 0, mean(w->total, w->count), w->max, 0, w->total, w->name,
				 w->pid };
}

static struct figures of_file(const void *p)
{
	const struct seam_stats_file *f = p;

	return (struct figures){ f->total, f->calls, f->errors, mean(f->total, f->calls), 0, f->read + f->written, 0,
				 f->name, 0 };
}

static int falling(uint64_t a, uint64_t b)
{
	return a > b ? -1 : a < b;
}

static int compare(enum order order, const struct figures *a, const struct figures *b)
{
	int r = 0;

	switch (order) {
	case BY_CALLS:
		r = falling(a->calls, b->calls);
		break;
	case BY_ERRORS:
		r = falling(a->errors, b->errors);
		break;
	case BY_MEAN:
		r = falling(a->mean, b->mean);
		break;
	case BY_MAX:
		r = falling(a->max, b->max);
		break;
	case BY_BYTES:
		r = falling(a->bytes, b->bytes);
		break;
	case BY_WAITED:
		r = falling(a->waited, b->waited);
		break;
	case BY_NAME:
		r = strcmp(a->name, b->name);
		break;
	default:
		break;
	}
	if (!r)
		r = falling(a->time, b->time);
	if (!r)
		r = falling(a->calls, b->calls);
	if (!r)
		r = falling(b->number, a->number);
	return r ? r : strcmp(a->name, b->name);
}

struct sorting {
	enum order order;
	struct figures (*of)(const void *p);
};

static int compare_with(const void *a, const void *b, void *user)
{
	const struct sorting *s = user;
	struct figures x = s->of(a), y = s->of(b);

	return compare(s->order, &x, &y);
}

static void sort_all(struct seam_stats *s, enum order order)
{
	struct sorting calls = { order, of_call }, processes = { order, of_process }, waits = { order, of_wait };
	struct sorting files = { order, of_file };

	/* what is not there has no address */
	if (s->call_count)
		qsort_r(s->calls, s->call_count, sizeof(*s->calls), compare_with, &calls);
	if (s->process_count)
		qsort_r(s->processes, s->process_count, sizeof(*s->processes), compare_with, &processes);
	if (s->file_count)
		qsort_r(s->files, s->file_count, sizeof(*s->files), compare_with, &files);
	if (s->peer_count)
		qsort_r(s->peers, s->peer_count, sizeof(*s->peers), compare_with, &files);
	if (s->wait_count)
		qsort_r(s->waits, s->wait_count, sizeof(*s->waits), compare_with, &waits);
}

void stats_settle_order(struct seam_stats *s)
{
	sort_all(s, BY_TIME);
}

bool seam_stats_sort(struct seam_stats *s, const char *order)
{
	for (int i = 0; i < ORDERS; i++)
		if (!strcmp(order, words[i])) {
			sort_all(s, (enum order)i);
			return true;
		}
	return false;
}
