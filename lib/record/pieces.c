/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as a row of files, each of which stands alone; old ones can be removed while it goes on. */
#include "record/pieces.h"

#include <errno.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/time.h"
#include "record/about.h"
#include "record/file-sink.h"
#include "record/numbered.h"
#include "record/notes.h"
#include "trace/meta.h"
#include "trace/record.h"

struct pieces {
	struct sink sink;
	const struct seam_record_options *o;
	struct trace_writer *writer;
	struct noted noted;
	struct buf notes; /* of the block under way */
	uint64_t sequence; /* of the next record of the recorder's own stream, which begins anew in each piece */
	uint64_t number, first;
	uint64_t blocks;  /* in this piece */
	bool look;        /* it does not know yet what is open */
	uint64_t until;   /* the end of its time; SINK_NEVER */
	struct trace_writer_stats done; /* pieces before this one, together */
};

static struct pieces *own(struct sink *s)
{
	return (struct pieces *)(void *)s;
}

static int put(struct sink *s, const struct trace_block *head, const void *records, struct seam_err *err)
{
	struct pieces *p = own(s);
	struct trace_block mine;

	buf_clear(&p->notes);
	notes_take(&p->notes, head, records);
	notes_apply(&p->notes, &p->noted);
	/* the time of a piece begins with what is in it, beside what we say ourselves */
	if (head->stream != TRACE_STREAM_RECORDER && !p->blocks++ && p->o->rotate_ns)
		p->until = time_mono_ns() + p->o->rotate_ns;
	if (head->stream == TRACE_STREAM_RECORDER) {
		mine = *head;
		mine.sequence = p->sequence;
		p->sequence += head->records;
		head = &mine;
	}
	return trace_writer_block(p->writer, head, records, err);
}

/* The bytes that the file would have if it ended now. */
static uint64_t size_of(struct pieces *p)
{
	struct trace_writer_stats stats;

	trace_writer_stats(p->writer, &stats);
	return stats.file + stats.blocks * sizeof(struct trace_index) + sizeof(struct trace_block) + sizeof(struct trace_end);
}

static uint64_t due(const struct sink *s)
{
	struct pieces *p = (struct pieces *)(uintptr_t)s;

	if (!p->blocks)
		return SINK_NEVER;
	return p->o->rotate_bytes && size_of(p) >= p->o->rotate_bytes ? 0 : p->until;
}

/* The tasks that there are, for a file that has not seen them come. */
static int put_tasks(struct pieces *p, struct trace_writer *w, uint64_t time, struct seam_err *err)
{
	struct trace_builder b;
	int r;

	trace_builder_init(&b, TRACE_STREAM_RECORDER, 0, w);
	r = noted_build(&b, &p->noted, time, err);
	if (r >= 0)
		r = trace_builder_flush(&b, err);
	if (r >= 0)
		r = trace_writer_flush(w, err);
	p->sequence = b.sequence;
	trace_builder_release(&b);
	return r;
}

/* A file with metadata and tasks, under the name of the next piece that is not there yet. No record in it is before @begins. */
static int open_next(struct pieces *p, uint64_t begins, struct trace_writer **ret, struct seam_err *err)
{
	struct trace_writer_options options = sink_writer_options(p->o);
	_cleanup_buf_ struct buf meta = BUF_INIT, path = BUF_INIT;
	struct trace_writer *w;
	int r;

	/* what waits is not counted yet */
	if (options.queue && p->o->rotate_bytes)
		options.queue = (unsigned)MAX(MIN(p->o->rotate_bytes >> 18, (uint64_t)SINK_QUEUE), 2u);
	about_recording(p->o, &meta);
	trace_meta_addf(&meta, "piece", "%llu", (unsigned long long)(p->first ? p->number + 2 - p->first : 1));
	/* it is no piece before it can be read */
	buf_addf(&path, "%s.new-%d", p->o->output, (int)getpid());
	r = trace_writer_open(&w, path.data, &options, &meta, err);
	if (r < 0)
		return r;
	r = p->first ? put_tasks(p, w, begins, err) : 0;
	if (r >= 0)
		r = numbered_take(w, p->o->output, &p->number, err);
	if (r < 0) {
		unlink(path.data);
		trace_writer_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

static int end_piece(struct pieces *p, struct seam_err *err)
{
	struct trace_writer_stats stats;
	int r = trace_writer_finish(p->writer, err);

	trace_writer_stats(p->writer, &stats);
	p->done.bytes += stats.bytes;
	p->done.file += stats.file + stats.blocks * sizeof(struct trace_index) + sizeof(struct trace_block) +
			sizeof(struct trace_end);
	trace_writer_free(p->writer);
	p->writer = NULL;
	return r;
}

/* The next piece stands before the one under way ends, and that before old ones go. */
static int turn(struct sink *s, uint64_t begins, struct seam_err *err)
{
	struct pieces *p = own(s);
	struct trace_writer *next;
	int r;

	r = open_next(p, begins, &next, err);
	if (r < 0)
		return r;
	r = end_piece(p, err);
	p->writer = next;
	p->blocks = 0;
	p->look = true;
	p->until = SINK_NEVER;
	numbered_trim(p->o->output, p->o->keep);
	return r;
}

static const struct seam_tasks *look(struct sink *s)
{
	struct pieces *p = own(s);
	bool wanted = p->look;

	p->look = false;
	return wanted ? p->noted.tasks : NULL;
}

static void command(struct sink *s, pid_t pid)
{
	noted_command(&own(s)->noted, pid);
}

static int finish(struct sink *s, struct seam_err *err)
{
	return trace_writer_finish(own(s)->writer, err);
}

static void tell(struct sink *s, struct seam_record_result *ret)
{
	struct pieces *p = own(s);
	struct trace_writer_stats stats;

	trace_writer_stats(p->writer, &stats);
	ret->bytes = p->done.bytes + stats.bytes;
	ret->stored = p->done.file + size_of(p);
	ret->first_file = p->first;
	ret->last_file = p->number;
}

static void give_up(struct sink *s)
{
	struct pieces *p = own(s);

	trace_writer_free(p->writer);
	noted_release(&p->noted);
	buf_release(&p->notes);
	free(p);
}

int pieces_open(struct sink **ret, const struct seam_record_options *o, pid_t process, struct seam_err *err)
{
	static const struct sink_ops ops = { .block = put, .due = due, .turn = turn, .look = look, .command = command, .finish = finish, .tell = tell,
					     .free = give_up };
	struct pieces *p = xcalloc(1, sizeof(*p));
	int r;

	p->sink.ops = &ops;
	p->o = o;
	p->until = SINK_NEVER;
	noted_init(&p->noted);
	buf_init(&p->notes);
	if (process)
		command(&p->sink, process);
	r = numbered_last(o->output, &p->number, err);
	if (r >= 0)
		r = open_next(p, 0, &p->writer, err);
	if (r < 0) {
		give_up(&p->sink);
		return r;
	}
	p->first = p->number;
	numbered_trim(o->output, o->keep);
	*ret = &p->sink;
	return 0;
}
