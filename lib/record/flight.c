/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A recording of which only the last part is kept, in memory, and written when somebody wants to see it. Blocks stand compressed in
 * segments, as they will in the file; the oldest segment goes when there is no room, and leaves behind what it said of tasks.
 */
#include "record/flight.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/time.h"
#include "record/about.h"
#include "record/file-sink.h"
#include "record/notes.h"
#include "record/numbered.h"
#include "trace/meta.h"
#include "trace/pack.h"
#include "trace/sum.h"

#define SEGMENTS 64u /* that the memory is divided into */
#define LOOKS 8u       /* so often descriptors are written down while the memory fills once */
#define LOOK_SHARE 16u /* or seldomer, so that they take no more than this part of it */
#define SEGMENT_LEAST (64u << 10)
#define SEGMENT_MOST (1u << 20)

struct segment {
	struct segment *next; /* the younger one */
	unsigned refs;        /* of the list, of a file that is being written */
	size_t used, cap;     /* bytes of blocks, each at a multiple of 8 */
	uint64_t first, last; /* times of its records */
	uint64_t records;     /* and lost ones */
	struct buf notes;
	uint64_t data[];
};

struct ended {
	pid_t pid;
	int status;
	bool known;
};

/* A file that is being written. All but the thread's own results is set before it begins. */
struct dump {
	pthread_t thread;
	bool busy;
	struct trace_writer *writer;
	const char *base;
	struct segment **segments;
	size_t count;
	uint64_t number;   /* the last one that is taken; then the file's own */
	uint64_t sequence; /* of the next record of the recorder's own stream */
	char *path, *why;
	uint64_t bytes, span;
	struct seam_err failure;
	int done; /* an eventfd */
};

struct flight {
	struct sink sink;
	const struct seam_record_options *o;
	struct trace_packer packer;
	struct trace_writer_options format;
	size_t segment;       /* bytes of one */
	size_t memory;        /* of all in the list */
	struct segment *oldest, *youngest, *spare;
	struct noted noted; /* as it was when the oldest segment began */
	struct noted now;    /* as it is */
	uint64_t stored, own_stored; /* bytes since descriptors were written down last, and of these in the recorder's own stream */
	struct buf notes;
	uint64_t dropped;     /* records that were given up to make room */
	uint64_t complete;    /* since this time nothing was */
	uint64_t bytes;       /* of records, all in all */
	struct ended *ended;  /* for each process that was attached to */
	struct ended crash; /* .known: there was one */
	uint64_t first_file, last_file;
	struct dump dump;
};

static struct flight *own(const struct sink *s)
{
	return (struct flight *)(uintptr_t)s;
}

static size_t memory_of(const struct segment *g)
{
	return sizeof(*g) + g->cap + g->notes.cap;
}

/* One is kept for the next that is needed. */
static void unref(struct flight *f, struct segment *g)
{
	if (--g->refs)
		return;
	buf_release(&g->notes);
	if (!f->spare && g->cap == f->segment)
		f->spare = g;
	else
		free(g);
}

static void drop_oldest(struct flight *f)
{
	struct segment *g = f->oldest;

	notes_apply(&g->notes, &f->noted);
	f->dropped += g->records;
	f->complete = MAX(f->complete, g->last);
	f->memory -= memory_of(g);
	f->oldest = g->next;
	if (!f->oldest)
		f->youngest = NULL;
	unref(f, g);
}

static struct segment *new_segment(struct flight *f, size_t least)
{
	size_t cap = MAX(f->segment, least);
	struct segment *g = cap == f->segment ? steal_ptr(&f->spare) : NULL;

	while (f->oldest && f->memory + sizeof(*g) + cap > f->o->flight)
		drop_oldest(f);
	if (!g && cap == f->segment)
		g = steal_ptr(&f->spare);
	if (!g)
		g = xmalloc(sizeof(*g) + cap);
	*g = (struct segment){ .refs = 1, .cap = cap, .first = UINT64_MAX };
	buf_init(&g->notes);
	if (f->youngest)
		f->youngest->next = g;
	else
		f->oldest = g;
	f->youngest = g;
	f->memory += memory_of(g);
	return g;
}

static int put(struct sink *s, const struct trace_block *head, const void *records, struct seam_err *err)
{
	struct flight *f = own(s);
	struct segment *g = f->youngest;
	struct trace_block block = *head;
	const void *stored;
	size_t need, noted;
	unsigned char *to;

	(void)err;
	block.kind = TRACE_RECORDS;
	stored = trace_pack(&f->packer, f->format.codec, f->format.level, f->format.arch, &block, records);
	need = TRACE_IN_FILE(block.stored);
	if (!g || g->cap - g->used < need || g->notes.len > f->segment)
		g = new_segment(f, need);
	to = (unsigned char *)g->data + g->used;
	memcpy(to, &block, sizeof(block));
	memcpy(to + sizeof(block), stored, block.stored);
	memset(to + sizeof(block) + block.stored, 0, need - sizeof(block) - block.stored);
	g->used += need;
	g->records += block.records + block.lost;
	g->first = MIN(g->first, block.first);
	g->last = MAX(g->last, block.last);
	f->bytes += block.size;
	f->stored += need;
	f->own_stored += head->stream == TRACE_STREAM_RECORDER ? need : 0;
	noted = g->notes.cap;
	buf_clear(&f->notes);
	notes_take(&f->notes, head, records);
	buf_add(&g->notes, f->notes.data, f->notes.len);
	notes_apply(&f->notes, &f->now);
	f->memory += g->notes.cap - noted;
	if (!f->crash.known)
		f->crash.known = (f->crash.pid = notes_crash(&f->notes, &f->crash.status));
	for (size_t i = 0; i < f->o->pid_count; i++)
		f->ended[i].known |= notes_end_of(&f->notes, f->ended[i].pid, &f->ended[i].status);
	while (f->memory > f->o->flight && f->oldest != g)
		drop_oldest(f);
	return 0;
}

/* The recorder's own stream begins with the tasks, of which the segments know nothing. */
static int put_block(struct dump *d, const struct trace_block *head, struct seam_err *err)
{
	struct trace_block mine = *head;

	if (mine.stream == TRACE_STREAM_RECORDER) {
		mine.sequence = d->sequence;
		d->sequence += mine.records;
		mine.head_sum = trace_head_sum(&mine);
	}
	return trace_writer_packed(d->writer, &mine, head + 1, err);
}

static void *write_out(void *arg)
{
	struct dump *d = arg;
	struct trace_writer_stats stats;
	uint64_t one = 1;
	int r = 0;

	for (size_t i = 0; i < d->count && r >= 0; i++) {
		const unsigned char *at = (const unsigned char *)d->segments[i]->data, *end = at + d->segments[i]->used;

		while (at < end && r >= 0) {
			const struct trace_block *head = (const void *)at;

			r = put_block(d, head, &d->failure);
			at += TRACE_IN_FILE(head->stored);
		}
	}
	if (trace_writer_finish(d->writer, r < 0 ? NULL : &d->failure) < 0)
		r = -1;
	/* what could be written of it is worth having */
	if (numbered_take(d->writer, d->base, &d->number, r < 0 ? NULL : &d->failure) < 0)
		r = -1;
	trace_writer_stats(d->writer, &stats);
	d->bytes = stats.file;
	IGNORE_RESULT(write(d->done, &one, sizeof(one)) < 0);
	return NULL;
}

/* Metadata, and the tasks as they were before the first record. */
static int open_file(struct flight *f, const char *why, struct seam_err *err)
{
	_cleanup_buf_ struct buf meta = BUF_INIT, path = BUF_INIT;
	struct dump *d = &f->dump;
	uint64_t first = UINT64_MAX;
	struct trace_builder b;
	int r;

	about_recording(f->o, &meta);
	trace_meta_add(&meta, "snapshot", why);
	if (f->dropped) {
		trace_meta_addf(&meta, "complete", "%llu", (unsigned long long)f->complete);
		trace_meta_addf(&meta, "dropped", "%llu", (unsigned long long)f->dropped);
	}
	d->number = 0;
	r = numbered_last(f->o->output, &d->number, err);
	if (r < 0)
		return r;
	buf_addf(&path, "%s.new-%d", f->o->output, (int)getpid());
	r = trace_writer_open(&d->writer, path.data, &f->format, &meta, err);
	if (r < 0)
		return r;
	for (const struct segment *g = f->oldest; g; g = g->next)
		first = MIN(first, g->first);
	trace_builder_init(&b, TRACE_STREAM_RECORDER, 0, d->writer);
	if (f->dropped)
		r = noted_build(&b, &f->noted, first, err);
	if (r >= 0)
		r = trace_builder_flush(&b, err);
	d->sequence = b.sequence;
	trace_builder_release(&b);
	if (r < 0) {
		trace_writer_free(steal_ptr(&d->writer));
		unlink(path.data);
	}
	return r;
}

int flight_snap(struct sink *s, const char *why, struct seam_err *err)
{
	struct flight *f = own(s);
	struct dump *d = &f->dump;
	uint64_t first = UINT64_MAX, last = 0;
	sigset_t all, old;
	int r;

	if (d->busy)
		return seam_err_set(err, -EBUSY, "the last one is still being written");
	r = open_file(f, why, err);
	if (r < 0)
		return r;
	free(d->why);
	d->why = xstrdup(why);
	seam_err_clear(&d->failure);
	d->count = 0;
	for (struct segment *g = f->oldest; g; g = g->next) {
		d->segments = xreallocarray(d->segments, d->count + 1, sizeof(struct segment *));
		d->segments[d->count++] = g;
		g->refs++;
		first = MIN(first, g->first);
		last = MAX(last, g->last);
	}
	d->span = last > first ? last - first : 0;
	d->base = f->o->output;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&d->thread, NULL, write_out, d);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (r) {
		/* then the recording waits */
		write_out(d);
		d->thread = pthread_self();
	}
	d->busy = true;
	return 0;
}

int flight_fd(const struct sink *s)
{
	return own(s)->dump.done;
}

bool flight_is_busy(const struct sink *s)
{
	return own(s)->dump.busy;
}

bool flight_collect(struct sink *s, struct seam_snapshot *ret)
{
	struct flight *f = own(s);
	struct dump *d = &f->dump;
	_cleanup_buf_ struct buf name = BUF_INIT;
	_cleanup_free_ char *real = NULL;
	uint64_t n;

	if (!d->busy)
		return false;
	if (!pthread_equal(d->thread, pthread_self()))
		pthread_join(d->thread, NULL);
	IGNORE_RESULT(read(d->done, &n, sizeof(n)) < 0);
	for (size_t i = 0; i < d->count; i++)
		unref(f, d->segments[i]);
	trace_writer_free(steal_ptr(&d->writer));
	d->busy = false;
	numbered_of(f->o->output, d->number, &name);
	free(d->path);
	real = realpath(name.data, NULL);
	d->path = real ? steal_ptr(&real) : xstrdup(name.data);
	if (!f->first_file)
		f->first_file = d->number;
	f->last_file = d->number;
	numbered_trim(f->o->output, f->o->keep);
	*ret = (struct seam_snapshot){ .path = d->path, .why = d->why, .bytes = d->bytes, .seconds = (double)d->span / 1e9,
				       .error = d->failure.code ? d->failure.text : NULL, .code = d->failure.code };
	return true;
}

pid_t flight_crash(struct sink *s, int *ret_status)
{
	struct flight *f = own(s);

	if (!f->crash.known)
		return 0;
	f->crash.known = false;
	*ret_status = f->crash.status;
	return f->crash.pid;
}

bool flight_end_of(const struct sink *s, pid_t pid, int *ret_status)
{
	const struct flight *f = own(s);

	for (size_t i = 0; i < f->o->pid_count; i++) {
		if (f->ended[i].pid == pid && f->ended[i].known) {
			*ret_status = f->ended[i].status;
			return true;
		}
	}
	return false;
}

/* Whoever reads the memory from its beginning is told soon, and what tells him takes no more than a small part of it. */
static const struct seam_tasks *look(struct sink *s)
{
	struct flight *f = own(s);

	if (f->stored < MAX(f->o->flight / LOOKS, f->own_stored * LOOK_SHARE))
		return NULL;
	f->stored = f->own_stored = 0;
	return f->now.tasks;
}

static void command(struct sink *s, pid_t pid)
{
	noted_command(&own(s)->noted, pid);
	noted_command(&own(s)->now, pid);
}

static int finish(struct sink *s, struct seam_err *err)
{
	(void)s;
	(void)err;
	return 0;
}

static void tell(struct sink *s, struct seam_record_result *ret)
{
	struct flight *f = own(s);

	ret->bytes = f->bytes;
	ret->first_file = f->first_file;
	ret->last_file = f->last_file;
	for (const struct segment *g = f->oldest; g; g = g->next)
		ret->stored += g->used;
}

static void give_up(struct sink *s)
{
	struct flight *f = own(s);
	struct seam_snapshot last;

	flight_collect(s, &last);
	while (f->oldest)
		drop_oldest(f);
	free(f->spare);
	free(f->dump.segments);
	free(f->dump.path);
	free(f->dump.why);
	if (f->dump.done >= 0)
		close(f->dump.done);
	trace_packer_release(&f->packer);
	noted_release(&f->noted);
	noted_release(&f->now);
	buf_release(&f->notes);
	free(f->ended);
	free(f);
}

int flight_open(struct sink **ret, const struct seam_record_options *o, pid_t process, struct seam_err *err)
{
	static const struct sink_ops ops = { .block = put, .look = look, .command = command, .finish = finish, .tell = tell, .free = give_up };
	struct flight *f = xcalloc(1, sizeof(*f));
	uint64_t last;
	int r;

	f->sink.ops = &ops;
	f->o = o;
	f->format = sink_writer_options(o);
	f->format.queue = 0;
	f->segment = MAX(MIN(o->flight / SEGMENTS, (uint64_t)SEGMENT_MOST), (uint64_t)SEGMENT_LEAST);
	noted_init(&f->noted);
	noted_init(&f->now);
	buf_init(&f->notes);
	f->ended = xcalloc(o->pid_count + 1, sizeof(*f->ended));
	for (size_t i = 0; i < o->pid_count; i++)
		f->ended[i].pid = o->pids[i];
	if (process)
		command(&f->sink, process);
	f->dump.done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = f->dump.done < 0 ? seam_err_errno(err, -errno, "no descriptor to wait for snapshots") : 0;
	/* that nothing can be written there is said now, not after the crash */
	if (r >= 0)
		r = numbered_last(o->output, &last, err);
	if (r < 0) {
		give_up(&f->sink);
		return r;
	}
	*ret = &f->sink;
	return 0;
}
