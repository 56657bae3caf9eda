/* SPDX-License-Identifier: BSD-2-Clause */
/* From what was counted to figures in order. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/histogram.h"
#include "base/util.h"
#include "stats/stats-parts.h"

const char *stats_call_name(enum seam_arch arch, uint64_t number)
{
	const struct seam_call *call = number < STATS_NUMBERS ? seam_call_by_number(&seam_tables, arch, number) : NULL;

	return call ? seam_string(&seam_tables, call->name) : NULL;
}

/* The most frequent errors, and the rest together. */
static void settle_errors(const struct seam_count *c, struct seam_stats_call *out)
{
	uint64_t rest = c->errors;

	for (unsigned place = 1; place < SEAM_COUNT_ERRORS; place++) {
		unsigned at = out->error_count;

		if (!c->error[place])
			continue;
		while (at && out->error[at - 1].count < c->error[place])
			at--;
		if (at >= SEAM_STATS_ERRORS - 1)
			continue;
		if (out->error_count < SEAM_STATS_ERRORS - 1)
			out->error_count++;
		memmove(&out->error[at + 1], &out->error[at], (out->error_count - 1 - at) * sizeof(*out->error));
		out->error[at].error = seam_count_error_at(place);
		out->error[at].count = c->error[place];
	}
	for (unsigned i = 0; i < out->error_count; i++)
		rest -= out->error[i].count;
	if (rest) {
		out->error[out->error_count].error = 0;
		out->error[out->error_count++].count = rest;
	}
}

void stats_settle_call(struct seam_stats *s, enum seam_arch arch, uint64_t number, const struct seam_count *n,
		       const struct seam_stats_idle *idle)
{
	struct seam_stats_call *out = &s->calls[s->call_count++];

	*out = (struct seam_stats_call){ .name = stats_call_name(arch, number), .arch = arch, .number = number,
					 .calls = n->calls, .errors = n->errors, .unreturned = n->unreturned, .idle = *idle };
	out->times.count = n->times.count;
	out->times.total = n->times.total;
	out->times.max = n->times.max;
	out->times.p50 = histogram_quantile(&n->times, 50);
	out->times.p90 = histogram_quantile(&n->times, 90);
	out->times.p99 = histogram_quantile(&n->times, 99);
	settle_errors(n, out);
}

void seam_stats_of_counts(const struct seam_counts *c, struct seam_stats *ret)
{
	static const struct seam_stats_idle nothing;
	enum seam_arch native = seam_arch_native();

	*ret = (struct seam_stats){ .live = true, .elapsed = c->elapsed };
	ret->calls = xcalloc(c->call_count + 1, sizeof(*ret->calls));
	for (size_t i = 0; i < c->call_count; i++) {
		const struct seam_counts_call *call = &c->calls[i];

		if (!call->count.calls)
			continue;
		stats_settle_call(ret, call->compat ? seam_arch_narrow(native) : native,
				  call->others ? UINT64_MAX : call->number, &call->count, &nothing);
		ret->all += call->count.calls;
		ret->errors += call->count.errors;
		ret->total += call->count.times.total;
	}
	ret->processes = xcalloc(c->process_count + 1, sizeof(*ret->processes));
	for (size_t i = 0; i < c->process_count; i++) {
		struct seam_stats_process *out = &ret->processes[ret->process_count];

		if (!c->processes[i].calls)
			continue;
		*out = (struct seam_stats_process){ .pid = c->processes[i].pid, .calls = c->processes[i].calls,
						    .errors = c->processes[i].errors, .total = c->processes[i].total };
		memcpy(out->name, c->processes[i].name, sizeof(out->name));
		ret->process_count++;
	}
	stats_settle_order(ret);
}

static void subtract_count(struct seam_count *a, const struct seam_count *b)
{
	a->calls -= b->calls;
	a->errors -= b->errors;
	a->unreturned -= b->unreturned;
	for (unsigned i = 0; i < SEAM_COUNT_ERRORS; i++)
		a->error[i] -= b->error[i];
	a->times.count -= b->times.count;
	a->times.total -= b->times.total;
	for (unsigned i = 0; i < SEAM_STEPS; i++)
		a->times.steps[i] -= b->times.steps[i];
	/* the longest of the rest is not known exactly: its step is */
	for (unsigned i = SEAM_STEPS; i-- > 0;)
		if (a->times.steps[i]) {
			a->times.max = MIN(a->times.max, histogram_top(i));
			return;
		}
	a->times.max = 0;
}

void seam_counts_subtract(struct seam_counts *later, const struct seam_counts *earlier)
{
	for (size_t i = 0; i < earlier->call_count; i++)
		for (size_t k = 0; k < later->call_count; k++) {
			const struct seam_counts_call *a = &earlier->calls[i];
			struct seam_counts_call *b = &later->calls[k];

			if (a->number == b->number && a->compat == b->compat && a->others == b->others) {
				subtract_count(&b->count, &a->count);
				break;
			}
		}
	/* both are in the order of pids */
	for (size_t i = 0, k = 0; i < earlier->process_count && k < later->process_count;) {
		const struct seam_counts_process *a = &earlier->processes[i];
		struct seam_counts_process *b = &later->processes[k];

		if (a->pid == b->pid) {
			b->calls -= a->calls;
			b->errors -= a->errors;
			b->total -= a->total;
		}
		i += a->pid <= b->pid;
		k += a->pid >= b->pid;
	}
	later->elapsed -= earlier->elapsed;
}
