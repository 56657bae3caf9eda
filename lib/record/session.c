/* SPDX-License-Identifier: BSD-2-Clause */
/* One recording, from the first task to the last block: the kernel's side fills chunks, and this moves them to the file. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/time.h"
#include "bpf/recorder.h"
#include "record/child.h"
#include "record/guard.h"
#include "record/start.h"
#include "record/stop.h"
#include "seam/recording.h"
#include "trace/builder.h"
#include "trace/meta.h"
#include "trace/writer.h"

#define LOOK_MS 20 /* a buffer that fills slowly is looked at so often */
#define QUEUE 64   /* blocks that wait for compression */

struct session {
	const struct seam_record_options *o;
	struct seam_record_result *result;
	struct recorder *recorder;
	struct trace_writer *writer;
	struct child child;
	struct guard guard;
	uint64_t began;
	bool write_failed;
	struct seam_err write_err;
};

static void add_meta(const struct session *s, struct buf *meta)
{
	const struct seam_record_options *o = s->o;
	const struct seam_tables *t = &seam_tables;
	enum seam_arch arch = seam_arch_native();

	trace_meta_add_host(meta);
	trace_meta_add(meta, "engine", "bpf");
	for (char **word = o->command; word && *word; word++)
		trace_meta_add(meta, "command", *word);
	if (o->all)
		trace_meta_add(meta, "select", "the machine");
	for (size_t i = 0; i < o->pid_count; i++)
		trace_meta_addf(meta, "select", "process %d", (int)o->pids[i]);
	trace_meta_addf(meta, "snap", "%llu", (unsigned long long)o->snap);
	trace_meta_add(meta, "durations", o->durations ? "yes" : "no");
	trace_meta_add(meta, "tables", t->version);
	for (uint32_t i = 0; i < t->arch[arch].call_count; i++) {
		const struct seam_call *c = &t->arch[arch].calls[i];
		struct seam_span args = t->variants[c->variants.first].args;
		_cleanup_buf_ struct buf line = BUF_INIT;

		buf_addf(&line, "%s %u %s", t->arch[arch].name, c->number, seam_string(t, c->name));
		for (uint32_t k = 0; k < args.count; k++)
			buf_addf(&line, " %s", seam_string(t, t->args[args.first + k].name));
		trace_meta_add(meta, "call", line.data);
	}
}

static int open_writer(struct session *s, struct seam_err *err)
{
	struct trace_writer_options options = { .arch = seam_arch_native(), .codec = s->o->level ? TRACE_ZSTD : TRACE_RAW,
						.level = s->o->level, .queue = s->o->level ? QUEUE : 0 };
	_cleanup_buf_ struct buf meta = BUF_INIT;

	add_meta(s, &meta);
	return trace_writer_open(&s->writer, s->o->output, &options, &meta, err);
}

/* Moves what there is. A file that cannot be written any more is no reason to hold the program: it is told at the end. */
static void move_chunks(struct session *s)
{
	const struct trace_block *b;
	unsigned cpu;

	while (recorder_take(s->recorder, &cpu, &b)) {
		if (!s->write_failed && trace_writer_block(s->writer, b, b + 1, &s->write_err) < 0)
			s->write_failed = true;
		recorder_release(s->recorder, cpu);
	}
	recorder_relieve(s->recorder);
}

static void tell_progress(struct session *s)
{
	struct recorder_count n;

	if (!s->o->progress)
		return;
	recorder_count(s->recorder, &n);
	s->o->progress(s->o->user, n.calls, n.lost, (double)(time_mono_ns() - s->began) / 1e9);
}

static bool any_alive(const struct session *s)
{
	for (size_t i = 0; i < s->o->pid_count; i++)
		if (kill(s->o->pids[i], 0) == 0 || errno == EPERM)
			return true;
	return false;
}

/* Whether the recording is over. */
static bool is_over(struct session *s)
{
	int signal = stop_asked();

	if (s->o->command) {
		if (signal && s->child.pid > 0)
			kill(s->child.pid, signal);
		return waitpid(s->child.pid, &s->result->status, WNOHANG) == s->child.pid;
	}
	return signal || (!s->o->all && !any_alive(s));
}

static void run(struct session *s)
{
	struct pollfd polled[2] = { { .fd = recorder_fd(s->recorder), .events = POLLIN },
				    { .fd = s->child.pidfd, .events = POLLIN } };
	uint64_t told = 0;

	while (!s->write_failed || s->o->command) {
		uint64_t now = time_mono_ns();

		if (is_over(s))
			break;
		if (now - told > NS_PER_S / 5) {
			told = now;
			tell_progress(s);
		}
		poll(polled, 2, LOOK_MS);
		move_chunks(s);
	}
	recorder_detach(s->recorder);
	move_chunks(s);
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
	return start_attached(s->recorder, s->writer, s->o, err);
}

static void fill_result(struct session *s, uint64_t ended)
{
	struct seam_record_result *ret = s->result;
	struct trace_writer_stats stats;
	struct recorder_count n;
	struct stat st;

	recorder_count(s->recorder, &n);
	trace_writer_stats(s->writer, &stats);
	ret->calls = n.calls;
	ret->lost = n.lost;
	ret->tasks = n.tasks;
	ret->stops = n.stops;
	ret->bytes = stats.bytes;
	ret->seconds = (double)(ended - s->began) / 1e9;
	if (stat(s->o->output, &st) == 0)
		ret->stored = (uint64_t)st.st_size;
}

int seam_record(const struct seam_record_options *o, struct seam_record_result *ret, struct seam_err *err)
{
	struct recorder_options ro = { .buffer = o->buffer, .snap = o->snap, .durations = o->durations,
				       .everything = o->all, .pause = !o->drop, .calls = o->calls };
	struct session s = { .o = o, .result = ret, .child = CHILD_NONE, .guard = GUARD_NONE };
	struct sigaction old[STOP_SIGNALS];
	uint64_t ended;
	int r;

	*ret = (struct seam_record_result){ 0 };
	if (o->command) {
		r = child_start(&s.child, o->command, err);
		if (r < 0)
			return r;
	}
	r = recorder_open(&s.recorder, &ro, err);
	if (r < 0) {
		child_release(&s.child);
		return r;
	}
	/* before there is a thread that writes */
	r = ro.pause ? guard_start(&s.guard, s.recorder, err) : 0;
	if (r >= 0)
		r = open_writer(&s, err);
	if (r >= 0) {
		stop_signals_set(o->command != NULL, old);
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
		if (trace_writer_finish(s.writer, &s.write_err) < 0 && r >= 0) {
			*err = s.write_err;
			r = err->code;
		}
		fill_result(&s, ended);
		stop_signals_restore(old);
		trace_writer_free(s.writer);
	}
	guard_end(&s.guard);
	recorder_close(s.recorder);
	child_release(&s.child);
	return r;
}
