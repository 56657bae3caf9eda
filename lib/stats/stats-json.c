/* SPDX-License-Identifier: BSD-2-Clause */
/* Figures as JSON for programs; doc/stats.md is the contract. */
#include "base/util.h"
#include "seam/json.h"
#include "stats/stats-parts.h"

static void put_idle(struct seam_json *j, const struct seam_stats *s, const struct seam_stats_idle *idle)
{
	if (s->live)
		return;
	seam_json_member_u64(j, "waits", idle->waits);
	seam_json_member_u64(j, "blocked_ns", idle->blocked);
	seam_json_member_u64(j, "idle_ns", idle->idle);
}

static void put_call(struct seam_json *j, const struct seam_stats *s, const struct seam_stats_call *c)
{
	seam_json_begin_object(j);
	seam_json_member_string(j, "name", c->name);
	seam_json_member_string(j, "arch", seam_tables.arch[c->arch].name);
	seam_json_key(j, "number");
	if (c->number == UINT64_MAX)
		seam_json_null(j);
	else
		seam_json_u64(j, c->number);
	seam_json_member_u64(j, "calls", c->calls);
	seam_json_member_u64(j, "errors", c->errors);
	seam_json_member_u64(j, "unreturned", c->unreturned);
	seam_json_member_u64(j, "timed", c->times.count);
	seam_json_member_u64(j, "total_ns", c->times.total);
	seam_json_member_u64(j, "mean_ns", c->times.count ? c->times.total / c->times.count : 0);
	seam_json_member_u64(j, "p50_ns", c->times.p50);
	seam_json_member_u64(j, "p90_ns", c->times.p90);
	seam_json_member_u64(j, "p99_ns", c->times.p99);
	seam_json_member_u64(j, "max_ns", c->times.max);
	put_idle(j, s, &c->idle);
	seam_json_key(j, "by_error");
	seam_json_begin_object(j);
	for (unsigned k = 0; k < c->error_count; k++)
		seam_json_member_u64(j, stats_error_name(c->error[k].error), c->error[k].count);
	seam_json_end_object(j);
	seam_json_end_object(j);
}

static void put_process(struct seam_json *j, const struct seam_stats *s, const struct seam_stats_process *p)
{
	seam_json_begin_object(j);
	seam_json_member_u64(j, "pid", p->pid);
	seam_json_member_string(j, "name", p->name);
	seam_json_member_u64(j, "calls", p->calls);
	seam_json_member_u64(j, "errors", p->errors);
	seam_json_member_u64(j, "total_ns", p->total);
	put_idle(j, s, &p->idle);
	if (!s->live) {
		seam_json_member_u64(j, "read_bytes", p->read);
		seam_json_member_u64(j, "written_bytes", p->written);
	}
	seam_json_end_object(j);
}

static void put_files(struct seam_json *j, const char *key, const struct seam_stats_file *list, size_t n)
{
	seam_json_key(j, key);
	seam_json_begin_array(j);
	for (size_t i = 0; i < n; i++) {
		seam_json_begin_object(j);
		seam_json_member_string(j, "name", list[i].name);
		seam_json_member_u64(j, "calls", list[i].calls);
		seam_json_member_u64(j, "errors", list[i].errors);
		seam_json_member_u64(j, "total_ns", list[i].total);
		seam_json_member_u64(j, "opens", list[i].opens);
		seam_json_member_u64(j, "reads", list[i].reads);
		seam_json_member_u64(j, "writes", list[i].writes);
		seam_json_member_u64(j, "read_bytes", list[i].read);
		seam_json_member_u64(j, "written_bytes", list[i].written);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
}

static void put_wait(struct seam_json *j, const struct seam_stats_wait *w)
{
	seam_json_begin_object(j);
	seam_json_member_u64(j, "pid", w->pid);
	seam_json_member_string(j, "name", w->name);
	seam_json_member_string(j, "call", w->call);
	seam_json_member_string(j, "what", w->what);
	seam_json_member_bool(j, "idle", w->idle);
	seam_json_member_u64(j, "waits", w->count);
	seam_json_member_u64(j, "total_ns", w->total);
	seam_json_member_u64(j, "max_ns", w->max);
	seam_json_key(j, "wakers");
	seam_json_begin_array(j);
	for (unsigned k = 0; k < SEAM_STATS_WAKERS && w->waker[k].tid; k++) {
		seam_json_begin_object(j);
		seam_json_member_u64(j, "tid", w->waker[k].tid);
		seam_json_member_u64(j, "count", w->waker[k].count);
		seam_json_end_object(j);
	}
	seam_json_end_array(j);
	seam_json_end_object(j);
}

void seam_stats_json(struct seam_out *out, const struct seam_stats *s, size_t lines, bool indent)
{
	size_t most = lines ? lines : SIZE_MAX;
	struct seam_json j;

	seam_json_init(&j, out, indent);
	seam_json_begin_object(&j);
	seam_json_member_u64(&j, "calls", s->all);
	seam_json_member_u64(&j, "errors", s->errors);
	seam_json_member_u64(&j, "lost", s->lost);
	seam_json_member_u64(&j, "damages", s->damages);
	seam_json_member_u64(&j, "elapsed_ns", s->elapsed);
	seam_json_member_u64(&j, "total_ns", s->total);
	put_idle(&j, s, &s->idle);
	seam_json_key(&j, "by_call");
	seam_json_begin_array(&j);
	for (size_t i = 0; i < MIN(s->call_count, most); i++)
		put_call(&j, s, &s->calls[i]);
	seam_json_end_array(&j);
	seam_json_key(&j, "by_process");
	seam_json_begin_array(&j);
	for (size_t i = 0; i < MIN(s->process_count, most); i++)
		put_process(&j, s, &s->processes[i]);
	seam_json_end_array(&j);
	if (!s->live) {
		put_files(&j, "by_file", s->files, MIN(s->file_count, most));
		put_files(&j, "by_peer", s->peers, MIN(s->peer_count, most));
		seam_json_key(&j, "by_wait");
		seam_json_begin_array(&j);
		for (size_t i = 0; i < MIN(s->wait_count, most); i++)
			put_wait(&j, &s->waits[i]);
		seam_json_end_array(&j);
	}
	seam_json_end_object(&j);
	seam_out_putc(out, '\n');
}
