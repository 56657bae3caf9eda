/* SPDX-License-Identifier: BSD-2-Clause */
/* One recording, from the first task to the last block: the kernel's side fills chunks, and this moves them to the file. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/time.h"
#include "base/util.h"
#include "bpf/recorder.h"
#include "record/child.h"
#include "record/file-sink.h"
#include "record/guard.h"
#include "record/images.h"
#include "record/start.h"
#include "record/watch.h"
#include "seam/recording.h"

#define LOOK_NS NS_PER_S /* records wait in a buffer that is not full for so long, and for as long again */
#define TELL_NS (NS_PER_S / 5)
#define ROUND 256 /* chunks that are moved before one looks at anything else */

struct session {
	const struct seam_record_options *o;
	struct seam_record_result *result;
	struct recorder *recorder;
	struct sink *sink;
	struct watch watch;
	struct child child;
	struct guard guard;
	struct trace_builder own; /* records that are ours: the recorder's stream */
	struct images images;
	uint64_t began;
	bool write_failed;
	struct seam_err write_err;
};

/*
 * Moves what there is, or a part of it: then it returns true. A file that cannot be written any more is no reason to hold the
 * program: it is told at the end.
 */
static bool move_chunks(struct session *s)
{
	const struct trace_block *b;
	unsigned cpu, n = 0;

	while (n < ROUND && recorder_take(s->recorder, &cpu, &b)) {
		if (!s->write_failed && s->sink->ops->block(s->sink, b, b + 1, &s->write_err) < 0)
			s->write_failed = true;
		recorder_release(s->recorder, cpu);
		n++;
	}
	recorder_relieve(s->recorder);
	return n == ROUND;
}

/* Our own records go to the file with those that came slowly. */
static void end_own(struct session *s)
{
	if (!s->write_failed && sink_build_end(s->sink, &s->own, &s->write_err) < 0)
		s->write_failed = true;
}

static void tell_progress(struct session *s)
{
	struct seam_record_progress p = { .seconds = (double)(time_mono_ns() - s->began) / 1e9 };
	struct recorder_count n;

	if (!s->o->progress)
		return;
	recorder_count(s->recorder, &n);
	p.calls = n.calls;
	p.lost = n.lost;
	p.tasks = n.tasks;
	p.stops = n.stops;
	s->o->progress(s->o->user, &p);
}

/* Whether the recording is over. */
static bool is_over(struct session *s)
{
	int signal = watch_signal();

	if (!s->o->command)
		return signal || s->write_failed || (!s->o->all && !s->watch.alive);
	if (signal)
		kill(s->child.pid, signal);
	return waitpid(s->child.pid, &s->result->status, WNOHANG) == s->child.pid;
}

static void set_watch(struct session *s)
{
	watch_fd(&s->watch, recorder_fd(s->recorder));
	if (s->o->command)
		watch_process(&s->watch, s->child.pid);
	for (size_t i = 0; i < s->o->pid_count; i++)
		watch_process(&s->watch, s->o->pids[i]);
}

/* Sleeps while nothing is recorded; what comes slowly is taken after a while, full or not. */
static void run(struct session *s)
{
	uint64_t now = time_mono_ns(), told = now, look = UINT64_MAX;
	bool more = false;

	while (!is_over(s)) {
		watch_wait(&s->watch, more ? now : MIN(look, s->o->progress ? told + TELL_NS : UINT64_MAX));
		more = move_chunks(s);
		now = time_mono_ns();
		if (now >= look) {
			recorder_flush(s->recorder, false);
			end_own(s);
			more = move_chunks(s);
			look = UINT64_MAX;
		}
		if (look == UINT64_MAX && !recorder_is_idle(s->recorder))
			look = now + LOOK_NS;
		if (now - told >= TELL_NS) {
			told = now;
			tell_progress(s);
		}
	}
	recorder_detach(s->recorder);
	recorder_flush(s->recorder, true);
	while (move_chunks(s))
		;
	do {
		more = recorder_under_way(s->recorder);
		while (move_chunks(s))
			;
	} while (more);
	end_own(s);
	tell_progress(s);
}

static int begin(struct session *s, struct seam_err *err)
{
	int r;

	if (s->o->command) {
		r = recorder_add(s->recorder, s->child.pid, true, err);
		if (r >= 0)
			r = child_go(&s->child, s->o->command, err);
		s->result->ran = r >= 0;
		return r;
	}
	return start_attached(s->recorder, &s->images, s->o, err);
}

static void fill_result(struct session *s, uint64_t ended)
{
	struct seam_record_result *ret = s->result;
	struct recorder_count n;

	recorder_count(s->recorder, &n);
	ret->calls = n.calls;
	ret->lost = n.lost;
	ret->tasks = n.tasks;
	ret->stops = n.stops;
	ret->seconds = (double)(ended - s->began) / 1e9;
	s->sink->ops->tell(s->sink, ret);
}

int seam_record(const struct seam_record_options *o, struct seam_record_result *ret, struct seam_err *err)
{
	struct recorder_options ro = { .buffer = o->buffer, .snap = o->snap, .durations = o->durations,
				       .everything = o->all, .pause = !o->drop, .calls = o->calls, .traps = o->traps,
				       .image = images_seen };
	struct session s = { .o = o, .result = ret, .child = CHILD_NONE, .guard = GUARD_NONE };
	uint64_t ended;
	int r;

	*ret = (struct seam_record_result){ 0 };
	if (o->command) {
		r = child_start(&s.child, o->command, err);
		if (r < 0)
			return r;
	}
	trace_builder_init(&s.own, TRACE_STREAM_RECORDER, 0, NULL);
	s.images.builder = &s.own;
	ro.user = &s.images;
	r = recorder_open(&s.recorder, &ro, err);
	if (r < 0) {
		child_release(&s.child);
		trace_builder_release(&s.own);
		return r;
	}
	/* before there is a thread that writes */
	r = ro.pause ? guard_start(&s.guard, s.recorder, err) : 0;
	if (r >= 0)
		r = file_sink_open(&s.sink, o, err);
	if (r >= 0) {
		s.images.sink = s.sink;
		watch_signals(&s.watch, o->command, false);
		set_watch(&s);
		s.began = time_mono_ns();
		r = begin(&s, err);
		if (r >= 0)
			run(&s);
		ended = time_mono_ns();
		recorder_detach(s.recorder);
		if (r >= 0 && s.write_failed) {
			*err = s.write_err;
			r = err->code;
		}
		if (s.sink->ops->finish(s.sink, &s.write_err) < 0 && r >= 0) {
			*err = s.write_err;
			r = err->code;
		}
		fill_result(&s, ended);
		watch_release(&s.watch);
		s.sink->ops->free(s.sink);
	}
	guard_end(&s.guard);
	recorder_close(s.recorder);
	images_release(&s.images);
	trace_builder_release(&s.own);
	child_release(&s.child);
	return r;
}
