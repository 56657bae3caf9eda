/* SPDX-License-Identifier: BSD-2-Clause */
/* Recording by handlers at calls, where the kernel takes no recorder: by ptrace, without any privilege. */
#include "record/by-hook.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/str.h"
#include "base/time.h"
#include "base/util.h"
#include "calls/traits.h"
#include "record/by-hook-parts.h"
#include "record/file-sink.h"
#include "record/flight.h"
#include "record/pieces.h"
#include "trace/record.h"

#define BLOCK (64u << 10)
#define SMALL_BLOCK (32u << 10)

int by_hook_may(const struct seam_record_options *o, struct seam_err *err)
{
	const char *what = o->all ? "the whole machine is seen" : o->cgroup_count ? "a cgroup is followed" : o->traps ? "page faults are seen" :
			   o->pause != SEAM_PAUSE_BEST ? "it makes a difference how tasks wait for room" : NULL;

	return what ? seam_err_set(err, -ENOTSUP, "only from inside the kernel, by engine bpf, %s: root may, or CAP_BPF and CAP_PERFMON", what) : 0;
}

/* --- A sink for who wants to see events as they happen. */

static int finish_nothing(struct sink *s, struct seam_err *err)
{
	(void)s;
	(void)err;
	return 0;
}

static void tell_nothing(struct sink *s, struct seam_record_result *ret)
{
	(void)s;
	(void)ret;
}

static void free_nothing(struct sink *s)
{
	free(s);
}

static struct sink *observed(void)
{
	static const struct sink_ops ops = { .finish = finish_nothing, .tell = tell_nothing, .free = free_nothing };
	struct sink *s = xcalloc(1, sizeof(*s));

	s->ops = &ops;
	return s;
}

static int open_sink(struct by_hook *b, struct seam_err *err)
{
	if (b->observer) {
		b->sink = observed();
		return 0;
	}
	if (b->o->flight)
		return flight_open(&b->sink, b->o, 0, err);
	if (b->o->rotate_bytes || b->o->rotate_ns)
		return pieces_open(&b->sink, b->o, 0, err);
	return file_sink_open(&b->sink, b->o, err);
}

/* --- The tables, as far as they say more than how to copy memory. */

static bool names_itself(const struct seam_tables *t, const struct seam_variant *v)
{
	bool writes = false;

	for (uint32_t i = 0; i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];
		const struct seam_object *o = &t->objects[e->object];

		writes |= e->verb == SEAM_VERB_WRITES_STATUS && o->how == SEAM_OBJECT_WORLD && o->world == SEAM_WORLD_TASK;
	}
	for (uint32_t i = 0; writes && i < v->args.count; i++) {
		const struct seam_type *type = &t->types[t->args[v->args.first + i].type];

		if (type->kind == SEAM_KIND_STR && type->dir == SEAM_DIR_IN)
			return true;
	}
	return false;
}

static void read_tables(struct by_hook *b)
{
	const struct seam_tables *t = &seam_tables;

	if (b->o->no_structures)
		bare_make(&b->bare, t);
	else
		b->bare.tables = *t;
	b->traits = xcalloc(t->variant_count, 1);
	b->protection = xcalloc(t->variant_count, 1);
	for (uint32_t i = 0; i < t->variant_count; i++) {
		const struct seam_variant *v = &t->variants[i];

		if (call_does(t, v, SEAM_VERB_EXECS))
			b->traits[i] |= CALL_EXECS;
		if (names_itself(t, v))
			b->traits[i] |= CALL_NAMES;
		b->protection[i] = call_protection(t, v);
	}
}

static uint64_t used_ns(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((uint64_t)u.ru_utime.tv_sec + (uint64_t)u.ru_stime.tv_sec) * NS_PER_S +
	       ((uint64_t)u.ru_utime.tv_usec + (uint64_t)u.ru_stime.tv_usec) * NS_PER_US;
}

static void no_drain(void *user)
{
	(void)user;
}

static bool has_process(void *user, pid_t pid)
{
	struct by_hook *b = user;
	struct seam_task task;

	return b->tasks && seam_tasks_get(b->tasks, (uint32_t)pid, &task) && !task.gone;
}

static int prepare(struct by_hook *b, struct seam_err *err)
{
	int r;

	b->own_space = by_hook_pid_space((uint32_t)getpid());
	trace_builder_init(&b->own, TRACE_STREAM_RECORDER, 0, NULL);
	/* what is given up, or stands in a file of its own, goes by whole blocks */
	trace_builder_init(&b->calls, 0, b->o->flight || b->o->rotate_bytes || b->o->rotate_ns ? SMALL_BLOCK : BLOCK, NULL);
	read_tables(b);
	r = by_hook_choice_make(&b->choice, b->o, err);
	if (r >= 0)
		r = open_sink(b, err);
	if (r < 0)
		return r;
	if (b->o->where_count || b->o->flight)
		seam_tasks_live(b->tasks = seam_tasks_new());
	b->sink->see = by_hook_see;
	b->sink->see_user = b;
	b->images.sink = b->sink;
	b->images.builder = &b->own;
	b->start = start_new(NULL, &b->images, no_drain, NULL);
	if (!b->o->flight)
		return 0;
	r = snaps_open(&b->snaps, b->sink, b->o, has_process, b, NULL, err);
	if (r >= 0)
		by_hook_listen(b);
	return r;
}

/* Handlers for what was chosen, and for all that happens beside calls. */
static int run(struct by_hook *b, struct seam_run_result *ret, struct seam_err *err)
{
	const struct seam_handler on_all = SEAM_ON_EVERY_CALL(by_hook_on_call), on_some = SEAM_ON_CALLS(b->choice.words.data, by_hook_on_call);
	const struct seam_handler handlers[] = {
		SEAM_ON_EVENT(FORK, by_hook_on_birth),
		SEAM_ON_EVENT(VFORK, by_hook_on_birth),
		SEAM_ON_EVENT(CLONE, by_hook_on_birth),
		SEAM_ON_EVENT(EXEC, by_hook_on_exec),
		SEAM_ON_EVENT(PRE_EXIT, by_hook_on_pre_exit),
		SEAM_ON_EVENT(RECEIVED_SIGNAL, by_hook_on_signal),
		b->choice.all ? on_all : (struct seam_handler)SEAM_ON_UNKNOWN_CALLS(by_hook_on_call),
		on_some,
	};
	const struct seam_tool tool = {
		.name = "record",
		.handlers = handlers,
		.handler_count = ARRAY_SIZE(handlers) - (b->choice.all || !b->choice.words.len),
		.task_bytes = sizeof(struct told_task),
		.process_bytes = sizeof(struct told_process),
		.inherit_task = by_hook_inherit_task,
		.inherit_process = by_hook_inherit_process,
		.release_task = by_hook_release_task,
		.user = b,
	};
	struct seam_run_options options = { .command = b->o->command, .pids = b->o->pids, .pid_count = b->o->pid_count, .leave = true,
					    .tick = by_hook_tick, .asked = b->o->flight ? by_hook_asked : NULL, .user = b };

	options.away = b->o->command && str_eq(b->o->output, "-");
	return seam_run(&tool, &options, ret, err);
}

static int end_files(struct by_hook *b, int r, int signal, struct seam_err *err)
{
	char name[32];

	snprintf(name, sizeof(name), "SIG%s", signal ? sigabbrev_np(signal) : "");
	by_hook_end_blocks(b);
	if (r >= 0 && b->snaps.flight)
		snaps_want_last(&b->snaps, b->result->status, signal ? name : NULL);
	snaps_end(&b->snaps);
	if (r >= 0 && b->snaps.failure.code) {
		*err = b->snaps.failure;
		r = err->code;
	}
	snaps_release(&b->snaps);
	if (r >= 0 && b->write_failed) {
		*err = b->write_err;
		r = err->code;
	}
	if (b->sink->ops->finish(b->sink, &b->write_err) < 0 && r >= 0) {
		*err = b->write_err;
		r = err->code;
	}
	return r;
}

static int record(struct by_hook *b, struct seam_err *err)
{
	struct seam_record_result *ret = b->result;
	struct seam_run_result ran = { 0 };
	int r;

	b->began = time_mono_ns();
	b->used = used_ns();
	b->flush_at = UINT64_MAX;
	by_hook_look_under_way(b);
	r = run(b, &ran, err);
	if (r >= 0 && b->begin_failed < 0) {
		*err = b->begin_err;
		r = b->begin_failed;
	}
	ret->seconds = (double)(time_mono_ns() - b->began) / 1e9;
	ret->status = ran.status;
	ret->no_command = ran.no_command;
	ret->calls = b->n_calls;
	ret->tasks = ran.tasks;
	ret->pause = SEAM_PAUSE_NO;
	r = end_files(b, r, ran.signal, err);
	b->sink->ops->tell(b->sink, ret);
	ret->own_seconds = (double)(used_ns() - b->used) / 1e9;
	return r;
}

int record_by_hook(const struct seam_record_options *o, const struct by_hook_observer *observer, struct seam_record_result *ret,
		   struct seam_err *err)
{
	struct seam_record_options mine = *o;
	struct by_hook *b = xcalloc(1, sizeof(*b));
	struct seam_err none = SEAM_ERR_INIT;
	int r;

	err = err ? err : &none;
	mine.engine = ret->engine = SEAM_ENGINE_PTRACE;
	b->o = &mine;
	b->observer = observer;
	b->result = ret;
	r = by_hook_may(o, err);
	if (r >= 0)
		r = prepare(b, err);
	if (r >= 0)
		r = record(b, err);
	start_free(b->start);
	if (b->sink)
		b->sink->ops->free(b->sink);
	images_release(&b->images);
	by_hook_choice_release(&b->choice);
	by_hook_free_calls(b);
	trace_builder_release(&b->own);
	trace_builder_release(&b->calls);
	seam_tasks_free(b->tasks);
	if (mine.no_structures)
		bare_release(&b->bare);
	free(b->traits);
	free(b->protection);
	free(b->blobs);
	free(b->under_way);
	free(b);
	return r;
}
