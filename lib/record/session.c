/* SPDX-License-Identifier: BSD-2-Clause */
/* One recording, from the first task to the last block: the kernel's side fills chunks, and this moves them to the file. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cgroups.h"
#include "base/time.h"
#include "base/util.h"
#include "bpf/recorder.h"
#include "launch/child.h"
#include "launch/guard.h"
#include "record/by-hook.h"
#include "record/chosen.h"
#include "record/file-sink.h"
#include "record/flight.h"
#include "record/freezer.h"
#include "record/images.h"
#include "record/pause.h"
#include "record/pieces.h"
#include "record/snaps.h"
#include "record/start.h"
#include "launch/watch.h"
#include "seam/recording.h"

#define LOOK_NS NS_PER_S /* records wait in a buffer that is not full for so long, and for as long again */
#define TELL_NS (NS_PER_S / 5)
#define RELIEVE_TIMES 100
#define RELIEVE_US 20000
#define HURRY_ROUND 8 /* chunks that are moved before it is looked whether somebody waits for them */

struct session {
	struct seam_record_options *o; /* with what was chosen for those who left it open */
	struct seam_record_result *result;
	struct recorder *recorder;
	struct sink *sink;
	struct watch watch;
	struct child child;
	struct recorder_where where;
	struct guard guard;
	struct trace_builder own; /* records that are ours: the recorder's stream */
	struct images images;
	struct snaps snaps;
	struct freezer freezer;
	struct hurry hurry;
	struct start *start;
	unsigned nap_us; /* after each block, for tests of what happens when a writer is slow */
	int signal; /* that ended it */
	uint64_t began;
	uint64_t used; /* of processors, before it began */
	bool refused; /* the kernel takes no recorder */
	bool write_failed;
	struct seam_err write_err;
};

/* Our own records go to the file with those that came slowly. */
static void end_own(struct session *s)
{
	if (!s->write_failed && sink_build_end(s->sink, &s->own, &s->write_err) < 0)
		s->write_failed = true;
}

static uint64_t turn_due(const struct session *s)
{
	return s->sink->ops->due && !s->write_failed ? s->sink->ops->due(s->sink) : SINK_NEVER;
}

static void turn(struct session *s)
{
	end_own(s);
	if (!s->write_failed && s->sink->ops->turn(s->sink, recorder_oldest(s->recorder), &s->write_err) < 0)
		s->write_failed = true;
}

static void take_arrived(struct session *s)
{
	uint32_t pid;

	while ((pid = recorder_arrived(s->recorder)))
		if (!s->write_failed && start_arrived(s->start, (pid_t)pid, &s->write_err) < 0)
			s->write_failed = true;
}

/* Moves what there is. A file that cannot be written any more is no reason to hold the program: it is told at the end. */
static void move_chunks(struct session *s)
{
	const struct trace_block *b;
	unsigned cpu, n = 0;

	recorder_round(s->recorder);
	while (recorder_take(s->recorder, &cpu, &b)) {
		if (n++ % HURRY_ROUND == 0)
			pause_hurry(&s->hurry, s->recorder, time_mono_ns());
		if (!s->write_failed && s->sink->ops->block(s->sink, b, b + 1, &s->write_err) < 0)
			s->write_failed = true;
		if (s->nap_us)
			usleep(s->nap_us);
		recorder_release(s->recorder, cpu);
		if (turn_due(s) == 0)
			turn(s);
	}
	take_arrived(s);
	recorder_relieve(s->recorder);
}

/* A file may begin where we are, or has begun. */
static void look_again(struct session *s)
{
	const struct seam_tasks *tasks = s->sink->ops->look && !s->write_failed ? s->sink->ops->look(s->sink) : NULL;

	if (tasks && start_look(s->start, tasks, &s->write_err) < 0)
		s->write_failed = true;
}

/* All that has been recorded before now. */
static void move_all(struct session *s)
{
	recorder_flush(s->recorder, true);
	move_chunks(s);
	end_own(s);
}

static void tell_progress(struct session *s)
{
	struct seam_record_progress p = { .seconds = (double)(time_mono_ns() - s->began) / 1e9 };
	struct seam_record_result so_far = { 0 };
	struct recorder_count n;

	if (!s->o->progress)
		return;
	s->sink->ops->tell(s->sink, &so_far);
	p.stored = so_far.stored;
	recorder_count(s->recorder, &n);
	p.calls = n.calls;
	p.lost = n.lost;
	p.tasks = n.tasks;
	p.stops = n.stops;
	s->o->progress(s->o->user, &p);
}

/* Nanoseconds of processors that we have used so far, all threads together. */
static uint64_t used_ns(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ((uint64_t)u.ru_utime.tv_sec + (uint64_t)u.ru_stime.tv_sec) * NS_PER_S +
	       ((uint64_t)u.ru_utime.tv_usec + (uint64_t)u.ru_stime.tv_usec) * NS_PER_US;
}

/* Whether the recording is over. */
static bool is_over(struct session *s)
{
	int signal = watch_signal();

	if (!s->o->command) {
		s->signal = signal;
		return signal || s->write_failed || (!s->o->all && !s->o->cgroup_count && !s->watch.alive);
	}
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
	bool more;

	while (!is_over(s)) {
		uint64_t until = MIN(look, turn_due(s));

		watch_wait(&s->watch, MIN(until, s->o->progress ? told + TELL_NS : UINT64_MAX));
		move_chunks(s);
		now = time_mono_ns();
		if (now >= look) {
			recorder_flush(s->recorder, false);
			move_chunks(s);
			end_own(s);
			look = UINT64_MAX;
		}
		if (turn_due(s) <= now)
			move_all(s);
		if (turn_due(s) <= now)
			turn(s);
		look_again(s);
		snaps_want_crash(&s->snaps, s->child.pid);
		if (snaps_wanted(&s->snaps)) {
			move_all(s);
			snaps_begin(&s->snaps);
		}
		if (look == UINT64_MAX && !recorder_is_idle(s->recorder))
			look = now + LOOK_NS;
		if (now - told >= TELL_NS) {
			told = now;
			tell_progress(s);
		}
	}
	recorder_detach(s->recorder);
	move_all(s);
	do {
		more = recorder_under_way(s->recorder);
		move_all(s);
	} while (more);
	tell_progress(s);
}

static int open_sink(struct session *s, struct seam_err *err)
{
	if (s->o->flight)
		return flight_open(&s->sink, s->o, s->child.pid, err);
	if (s->o->rotate_bytes || s->o->rotate_ns)
		return pieces_open(&s->sink, s->o, s->child.pid, err);
	return file_sink_open(&s->sink, s->o, err);
}

static void drain(void *user)
{
	move_chunks(user);
}

static int begin(struct session *s, struct seam_err *err)
{
	int r;

	if (s->o->command) {
		r = recorder_add(s->recorder, s->child.pid, true, err);
		if (r < 0)
			return r;
		r = start_command(s->start, s->child.pid, true, err);
		if (r < 0)
			return r;
		r = child_go(&s->child, s->o->command, err);
		s->result->no_command = r < 0;
		return r;
	}
	return start_attached(s->start, s->o, err);
}

static void fill_result(struct session *s, uint64_t ended)
{
	struct seam_record_result *ret = s->result;
	struct recorder_count n;

	recorder_count(s->recorder, &n);
	ret->calls = n.calls;
	ret->lost = n.lost;
	ret->lost_others = n.lost_others;
	ret->tasks = n.tasks;
	ret->stops = n.stops;
	ret->pause = pause_said(recorder_pause(s->recorder));
	ret->seconds = (double)(ended - s->began) / 1e9;
	s->sink->ops->tell(s->sink, ret);
}

/* Folders and numbers of the chosen cgroups. */
struct chosen {
	struct buf paths[MAX_CGROUPS];
	const char *names[MAX_CGROUPS];
	uint64_t ids[MAX_CGROUPS];
	uint32_t n;
};

static int find_cgroups(struct chosen *c, const struct seam_record_options *o, struct seam_err *err)
{
	int r = 0;

	if (o->cgroup_count > MAX_CGROUPS)
		return seam_err_set(err, -E2BIG, "more than %u cgroups: take one that is above them", MAX_CGROUPS);
	for (size_t i = 0; i < o->cgroup_count && r >= 0; i++) {
		buf_init(&c->paths[c->n]);
		r = cgroups_find(o->cgroups[i], &c->paths[c->n], &c->ids[c->n], err);
		c->names[c->n] = c->paths[c->n].data;
		c->n++;
	}
	return r;
}

static void release_cgroups(struct chosen *c)
{
	while (c->n)
		buf_release(&c->paths[--c->n]);
}

/*
 * Run when the recorder was killed. The kernel's side is gone with it, but who was stopped or frozen for want of room would wait for ever: which processes were stopped stands in
 * the memory that both have mapped, and the cgroup that was frozen is open in both. Who waits inside the kernel is let go by the kernel itself.
 */
static void lost(void *user)
{
	struct session *s = user;

	freezer_dissolve(&s->freezer);
	/* the kernel takes the programs away a little later: until then they may stop others */
	for (int i = 0; i < RELIEVE_TIMES; i++) {
		recorder_relieve(s->recorder);
		usleep(RELIEVE_US);
	}
}

/* What the recording stands on, in an order that leaves nothing behind whatever fails. */
static int prepare(struct session *s, struct chosen *c, struct seam_err *err)
{
	struct seam_record_options *o = s->o;
	struct recorder_options ro = { .buffer = o->buffer, .snap = o->snap, .no_structures = o->no_structures, .durations = o->durations, .everything = o->all,
				       .calls = o->calls, .traps = o->traps, .image = images_seen, .user = &s->images };
	int r;

	trace_builder_init(&s->own, TRACE_STREAM_RECORDER, 0, NULL);
	s->images.builder = &s->own;
	r = find_cgroups(c, o, err);
	if (r < 0)
		return r;
	o->cgroups = c->names;
	ro.cgroups = c->ids;
	ro.cgroup_count = c->n;
	if (o->command) {
		r = child_start(&s->child, &(struct child_how){ .command = o->command, .away = !strcmp(o->output, "-"), .watch = &s->watch }, err);
		s->result->no_command = r < 0;
		if (r < 0)
			return r;
	}
	r = chosen_make(&s->where, o, err);
	if (r < 0)
		return r;
	ro.where = r > 0 ? &s->where : NULL;
	r = pause_choose(o, s->child.pid, &s->freezer, &ro.pause, err);
	if (r < 0)
		return r;
	r = recorder_open(&s->recorder, &ro, err);
	s->refused = r < 0;
	if (r < 0)
		return r;
	o->pause = pause_said(recorder_pause(s->recorder));
	/* before there is a thread */
	if (o->pause != SEAM_PAUSE_NO)
		r = guard_start(&s->guard, &(struct guard_how){ lost, s, { &s->freezer.parent, &s->freezer.group }, 2 }, err);
	if (r >= 0 && o->pause == SEAM_PAUSE_FREEZE)
		r = freezer_start(&s->freezer, s->recorder, err);
	if (r >= 0)
		r = watch_early(&s->watch, &s->result->signal, err);
	if (r >= 0)
		r = open_sink(s, err);
	if (r >= 0) {
		s->images.sink = s->sink;
		s->start = start_new(s->recorder, &s->images, drain, s);
	}
	return r;
}

static const char *signal_name(int signal, char text[32])
{
	snprintf(text, 32, "SIG%s", sigabbrev_np(signal));
	return text;
}

static bool has(void *recorder, pid_t pid)
{
	return recorder_has(recorder, pid);
}

static int record(struct session *s, struct seam_err *err)
{
	char name[32];
	const char *nap = getenv("SEAM_TEST_WRITER_SLEEP_US");
	uint64_t ended;
	int r;

	set_watch(s);
	s->nap_us = nap ? (unsigned)strtoul(nap, NULL, 10) : 0;
	s->began = time_mono_ns();
	s->used = used_ns();
	r = s->o->flight ? snaps_open(&s->snaps, s->sink, s->o, has, s->recorder, &s->watch, err) : 0;
	if (r >= 0)
		r = begin(s, err);
	if (r >= 0)
		run(s);
	ended = time_mono_ns();
	recorder_detach(s->recorder);
	freezer_stop(&s->freezer);
	if (r >= 0 && s->snaps.flight)
		snaps_want_last(&s->snaps, s->result->status, s->signal ? signal_name(s->signal, name) : NULL);
	snaps_end(&s->snaps);
	if (r >= 0 && s->snaps.failure.code) {
		*err = s->snaps.failure;
		r = err->code;
	}
	snaps_release(&s->snaps);
	if (r >= 0 && s->write_failed) {
		*err = s->write_err;
		r = err->code;
	}
	if (s->sink->ops->finish(s->sink, &s->write_err) < 0 && r >= 0) {
		*err = s->write_err;
		r = err->code;
	}
	fill_result(s, ended);
	s->result->own_seconds = (double)(used_ns() - s->used) / 1e9;
	return r;
}

static int record_by_bpf(const struct seam_record_options *o, struct seam_record_result *ret, bool *ret_refused, struct seam_err *err)
{
	struct seam_record_options mine = *o;
	struct session s = { .o = &mine, .result = ret, .child = CHILD_NONE, .guard = GUARD_NONE, .freezer = FREEZER_NONE };
	struct chosen chosen = { .n = 0 };
	int r;

	mine.engine = ret->engine = SEAM_ENGINE_BPF;
	/* the first thing: who asks for the end while it begins means it */
	watch_signals(&s.watch, o->command, o->flight);
	r = prepare(&s, &chosen, err);
	if (r >= 0)
		r = record(&s, err);
	start_free(s.start);
	if (s.sink)
		s.sink->ops->free(s.sink);
	child_release(&s.child);
	freezer_dissolve(&s.freezer);
	guard_end(&s.guard);
	recorder_close(s.recorder);
	images_release(&s.images);
	trace_builder_release(&s.own);
	release_cgroups(&chosen);
	chosen_release(&s.where);
	watch_release(&s.watch);
	*ret_refused = s.refused;
	return r;
}

int seam_record(const struct seam_record_options *o, struct seam_record_result *ret, struct seam_err *err)
{
	struct seam_err own = SEAM_ERR_INIT, why = SEAM_ERR_INIT;
	bool refused = false;
	int r;

	err = err ? err : &own;
	*ret = (struct seam_record_result){ 0 };
	if (o->engine == SEAM_ENGINE_PTRACE)
		return record_by_hook(o, NULL, ret, err);
	r = record_by_bpf(o, ret, &refused, err);
	if (r >= 0 || !refused || o->engine == SEAM_ENGINE_BPF)
		return r;
	/* what only the kernel's side can do is refused by what it says itself */
	if (by_hook_may(o, &why) < 0)
		return r;
	why = *err;
	seam_err_clear(err);
	if (o->fallen_back)
		o->fallen_back(o->user, SEAM_ENGINE_PTRACE, why.text);
	*ret = (struct seam_record_result){ 0 };
	return record_by_hook(o, NULL, ret, err);
}

int seam_observe(const struct seam_record_options *o, void (*event)(void *user, const struct seam_event *e), void *user,
		 struct seam_record_result *ret, struct seam_err *err)
{
	const struct by_hook_observer observer = { event, user };

	*ret = (struct seam_record_result){ 0 };
	return record_by_hook(o, &observer, ret, err);
}
