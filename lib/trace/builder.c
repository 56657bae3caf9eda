/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes records of events, with the state of their block: the task before, the arguments before, the time before. */
#include "trace/builder-parts.h"

#include <errno.h>
#include <string.h>

enum {
	LIMIT = 256 << 10,
	MOST_WORDS = UINT16_MAX,
	MOST_BYTES = MOST_WORDS * 4,
	PIECE = 128 << 10, /* memory of one record; what is left goes into MORE */
};

void trace_builder_init(struct trace_builder *b, uint32_t stream, size_t limit, struct trace_writer *writer)
{
	memset(b, 0, sizeof(*b));
	buf_init(&b->data);
	b->head.stream = stream;
	b->limit = limit ? MIN(limit, (size_t)TRACE_BLOCK_MAX / 2) : LIMIT;
	b->writer = writer;
	trace_memo_begin(&b->memo);
}

void trace_builder_release(struct trace_builder *b)
{
	buf_release(&b->data);
	trace_memo_release(&b->memo);
}

void trace_builder_next(struct trace_builder *b)
{
	b->head = (struct trace_block){ .stream = b->head.stream, .sequence = b->sequence };
	buf_clear(&b->data);
	trace_memo_begin(&b->memo);
	b->has_task = false;
}

int trace_builder_flush(struct trace_builder *b, struct seam_err *err)
{
	int r = 0;

	if (b->head.records && b->writer)
		r = trace_writer_block(b->writer, &b->head, b->data.data, err);
	trace_builder_next(b);
	return r;
}

/* The head of a record; its length comes with close_record(). Returns where it begins. */
static size_t open_record(struct trace_builder *b, uint8_t kind, uint8_t flags, uint64_t time, uint32_t task)
{
	size_t start = b->data.len;
	struct trace_record rec = { .kind = kind, .flags = flags };

	if (!b->head.records) {
		b->head.first = time;
		b->time = time;
	}
	/* A CLOCK record says the time itself. */
	rec.elapsed = kind == TRACE_CLOCK ? 0 : (uint32_t)(time - b->time);
	if (b->has_task && task == b->task)
		rec.flags |= TRACE_SAME_TASK;
	buf_add(&b->data, &rec, sizeof(rec));
	if (!(rec.flags & TRACE_SAME_TASK))
		trace_put32(b, task);
	b->task = task;
	b->has_task = true;
	b->time = time;
	b->head.last = time;
	return start;
}

static void close_record(struct trace_builder *b, size_t start)
{
	uint16_t words = (uint16_t)((b->data.len - start) / 4);

	memcpy(b->data.data + start, &words, sizeof(words));
	b->head.size = (uint32_t)b->data.len;
	b->head.records++;
	b->sequence++;
}

/* Whether there is room for a record, with a CLOCK before it if the time asks for one. */
static int make_room(struct trace_builder *b, uint64_t *time, struct seam_err *err)
{
	int r = 0;

	if (b->data.len >= (b->writer ? b->limit : TRACE_BLOCK_MAX - 2 * MOST_BYTES)) {
		if (!b->writer)
			return seam_err_set(err, -ENOSPC, "the block is full");
		r = trace_builder_flush(b, err);
	}
	if (b->sequence && *time < b->time)
		*time = b->time;
	if (b->head.records && *time - b->time > UINT32_MAX) {
		size_t start = open_record(b, TRACE_CLOCK, 0, *time, b->task);

		trace_put64(b, *time);
		close_record(b, start);
	}
	return r;
}

/* The piece, or as much as `size` of it. */
static void put_blob(struct trace_builder *b, const struct seam_blob *blob, uint32_t size, const uint64_t *args)
{
	unsigned source = blob->source;

	/* An argument that is not the address would lose it. */
	if (source >= SEAM_MAX_ARGS || !args || args[source] != blob->address)
		source = TRACE_BLOB_ELSEWHERE;
	trace_put32(b, size | source << TRACE_BLOB_SOURCE_SHIFT | (blob->when == SEAM_AT_EXIT ? TRACE_BLOB_EXIT : 0) |
			 (uint32_t)(blob->status & TRACE_BLOB_STATUS) << TRACE_BLOB_STATUS_SHIFT);
	if (source == TRACE_BLOB_ELSEWHERE)
		trace_put64(b, blob->address);
	if (blob->status != SEAM_BLOB_WHOLE)
		trace_put32(b, blob->whole);
	buf_add(&b->data, blob->bytes, size);
	trace_pad(b);
}

/* A MORE record in place of the one that is full. */
static int open_more(struct trace_builder *b, const struct seam_event *e, uint8_t flags, size_t *start,
		     struct seam_err *err)
{
	uint64_t time = e->time;
	int r = make_room(b, &time, err);

	*start = open_record(b, TRACE_MORE, flags, time, e->tid);
	return r;
}

/* Bytes that go on from the record before. */
static int put_more(struct trace_builder *b, const struct seam_event *e, const unsigned char *bytes, size_t n,
		    struct seam_err *err)
{
	int r = 0;

	while (n) {
		uint32_t size = (uint32_t)MIN(n, (size_t)PIECE);
		size_t start;
		int failed = open_more(b, e, 0, &start, err);

		trace_put32(b, size);
		buf_add(&b->data, bytes, size);
		trace_pad(b);
		close_record(b, start);
		r = failed < 0 ? failed : r;
		bytes += size;
		n -= size;
	}
	return r;
}

/*
 * The memory of a call, whose record begins at start and is still open, and is closed after it; what does not fit goes into
 * MORE records, of which the first bytes of a piece stand in one with MORE_PIECES.
 */
static int put_blobs(struct trace_builder *b, const struct seam_event *e, size_t start, const uint64_t *args,
		     struct seam_err *err)
{
	bool open = true;
	int r = 0;

	for (uint32_t i = 0; i < e->blob_count; i++) {
		const struct seam_blob *blob = &e->blobs[i];
		size_t room;
		uint32_t size;
		int failed = 0;

		if (open && b->data.len - start >= PIECE) {
			close_record(b, start);
			open = false;
		}
		if (!open) {
			failed = open_more(b, e, TRACE_MORE_PIECES, &start, err);
			r = failed < 0 ? failed : r;
			args = NULL;
			open = true;
		}
		room = b->data.len - start < PIECE ? PIECE - (b->data.len - start) : 0;
		size = (uint32_t)MIN((size_t)blob->size, room);
		put_blob(b, blob, size, args);
		if (size < blob->size) {
			close_record(b, start);
			open = false;
			failed = put_more(b, e, blob->bytes + size, blob->size - size, err);
			r = failed < 0 ? failed : r;
		}
	}
	if (open)
		close_record(b, start);
	return r;
}

static uint64_t duration_of(const struct seam_event *e)
{
	return e->time > e->entered ? e->time - e->entered : 0;
}

static uint8_t call_flags(const struct seam_event *e)
{
	uint64_t duration = duration_of(e);
	unsigned flags = 0;

	if (e->kind == SEAM_EVENT_UNKNOWN && !e->returned)
		flags |= TRACE_UNRETURNED;
	else if (e->kind != SEAM_EVENT_ENTRY && e->ret)
		flags |= e->ret == (int32_t)e->ret ? TRACE_RESULT : TRACE_RESULT_WIDE;
	if (e->timed)
		flags |= duration <= UINT32_MAX ? TRACE_DURATION : TRACE_DURATION_WIDE;
	return (uint8_t)(flags | (e->compat ? TRACE_COMPAT : 0) | (e->no_room ? TRACE_NO_ROOM : 0));
}

static void put_outcome(struct trace_builder *b, const struct seam_event *e, uint8_t flags)
{
	if (flags & TRACE_RESULT)
		trace_put32(b, (uint32_t)e->ret);
	if (flags & TRACE_RESULT_WIDE)
		trace_put64(b, (uint64_t)e->ret);
	if (flags & TRACE_DURATION)
		trace_put32(b, (uint32_t)duration_of(e));
	if (flags & TRACE_DURATION_WIDE)
		trace_put64(b, duration_of(e));
}

static void put_number(struct trace_builder *b, const struct seam_event *e, const uint64_t *last)
{
	struct trace_call call = { .number = (uint16_t)e->number };

	for (int i = 0; i < SEAM_MAX_ARGS; i++) {
		if (e->args[i] != last[i])
			call.given |= (uint8_t)(1 << i);
		if (e->args[i] >> 32 != last[i] >> 32)
			call.wide |= (uint8_t)(1 << i);
	}
	buf_add(&b->data, &call, sizeof(call));
}

static void put_given(struct trace_builder *b, const struct seam_event *e, uint64_t *last)
{
	for (int i = 0; i < SEAM_MAX_ARGS; i++) {
		if (e->args[i] >> 32 != last[i] >> 32)
			trace_put64(b, e->args[i]);
		else if (e->args[i] != last[i])
			trace_put32(b, (uint32_t)e->args[i]);
		last[i] = e->args[i];
	}
}

static int put_call(struct trace_builder *b, const struct seam_event *e, struct seam_err *err)
{
	uint8_t flags = call_flags(e);
	size_t start = open_record(b, e->kind, flags, e->time, e->tid);

	if (e->kind == SEAM_EVENT_UNKNOWN) {
		trace_put64(b, e->number);
		put_outcome(b, e, flags);
		for (int i = 0; i < SEAM_MAX_ARGS; i++)
			trace_put64(b, e->args[i]);
	} else {
		uint64_t *last = trace_memo(&b->memo, (uint16_t)e->number, e->compat);

		put_number(b, e, last);
		put_outcome(b, e, flags);
		put_given(b, e, last);
	}
	return put_blobs(b, e, start, e->args, err);
}

/* What an exec has that did not fit into its record. */
static int put_words(struct trace_builder *b, const struct seam_event *e, struct seam_err *err)
{
	int r = 0;

	for (int env = 0; env < 2; env++) {
		const struct seam_strings *s = env ? &e->exec.env : &e->exec.args;

		for (uint32_t done = MIN(s->size, TRACE_EXEC_WORDS); done < s->size;) {
			struct seam_event x = { .kind = SEAM_EVENT_WORDS, .time = e->time, .tid = e->tid };
			uint32_t n = MIN(s->size - done, (uint32_t)PIECE);
			int failed = make_room(b, &x.time, err);
			size_t start;

			x.words.env = env;
			x.words.more = (struct seam_strings){ s->bytes + done, n, n };
			start = open_record(b, x.kind, trace_rest_flags(&x), x.time, x.tid);
			trace_put_rest(b, &x);
			close_record(b, start);
			done += n;
			r = failed < 0 ? failed : r;
		}
	}
	return r;
}

static int check(const struct seam_event *e, struct seam_err *err)
{
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_ENTRY:
		if (e->number > UINT16_MAX)
			return seam_err_set(err, -EINVAL, "call number %llu is for an UNKNOWN record", (unsigned long long)e->number);
		return 0;
	case SEAM_EVENT_LOSS:
		if (e->loss.count > UINT32_MAX)
			return seam_err_set(err, -EINVAL, "a loss of %llu calls is for several records",
					    (unsigned long long)e->loss.count);
		return 0;
	case SEAM_EVENT_WORDS:
		if (e->words.more.size > PIECE)
			return seam_err_set(err, -EINVAL, "words of %u bytes are for several records", e->words.more.size);
		return 0;
	case SEAM_EVENT_MORE:
		if (!e->more.pieces && e->blob_count != 1)
			return seam_err_set(err, -EINVAL, "what goes on is one piece of memory");
		return 0;
	case SEAM_EVENT_UNKNOWN:
	case SEAM_EVENT_FORK:
	case SEAM_EVENT_EXEC:
	case SEAM_EVENT_EXIT:
	case SEAM_EVENT_NAME:
	case SEAM_EVENT_SIGNAL:
	case SEAM_EVENT_TASK:
	case SEAM_EVENT_SUBMIT:
	case SEAM_EVENT_COMPLETE:
	case SEAM_EVENT_IMAGE:
	case SEAM_EVENT_TRAP:
	case SEAM_EVENT_DESCRIPTOR:
	case SEAM_EVENT_FILE:
		return 0;
	default:
		return seam_err_set(err, -EINVAL, "there are no records of kind %u to build", e->kind);
	}
}

int trace_build(struct trace_builder *b, const struct seam_event *event, struct seam_err *err)
{
	struct seam_event own = *event, *e = &own;
	int r = check(e, err), failed;
	size_t start;

	if (r < 0)
		return r;
	r = make_room(b, &e->time, err);
	/* What a writer could not write is gone, but the block that begins is good. */
	if (r < 0 && !b->writer)
		return r;
	if (e->kind == SEAM_EVENT_LOSS)
		e->tid = b->task;
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_ENTRY:
	case SEAM_EVENT_UNKNOWN:
		failed = put_call(b, e, err);
		break;
	case SEAM_EVENT_MORE:
		if (!e->more.pieces) {
			failed = put_more(b, e, e->blobs->bytes, e->blobs->size, err);
			break;
		}
		start = open_record(b, TRACE_MORE, TRACE_MORE_PIECES, e->time, e->tid);
		failed = put_blobs(b, e, start, NULL, err);
		break;
	case SEAM_EVENT_SUBMIT:
	case SEAM_EVENT_COMPLETE:
		start = open_record(b, e->kind, trace_rest_flags(e), e->time, e->tid);
		trace_put_rest(b, e);
		failed = put_blobs(b, e, start, NULL, err);
		break;
	default:
		start = open_record(b, e->kind, trace_rest_flags(e), e->time, e->tid);
		trace_put_rest(b, e);
		close_record(b, start);
		failed = e->kind == SEAM_EVENT_EXEC ? put_words(b, e, err) : 0;
	}
	return failed < 0 ? failed : r;
}
