/* SPDX-License-Identifier: BSD-2-Clause */
/* Records as events. All is checked: a record is only believed as far as its own length goes. */
#include <string.h>

#include "base/alloc.h"
#include "trace/part.h"

/* Bits that are set, of six. */
static unsigned bits(unsigned six)
{
	return (unsigned)(UINT64_C(0x4332322132212110) >> (six & 15) * 4 & 15) + (six >> 4 & 1) + (six >> 5 & 1);
}

/* A fault inside a block is told once, however often it is read. */
static void record_damaged(struct seam_trace *t, struct trace_stream *s, uint64_t records, const char *what)
{
	struct trace_place *p = &t->places[s->block];

	if (!p->told)
		trace_damaged(t, p->offset, records, "record %llu of it at byte %zu: %s",
			      (unsigned long long)(p->records - s->left), (size_t)(s->at - s->data), what);
}

/* Others are of a later version. */
static bool is_event(unsigned kind)
{
	return (kind >= TRACE_CALL && kind <= TRACE_DESCRIPTOR) || kind == TRACE_FILE || kind == TRACE_WORDS;
}

bool trace_find_record(struct seam_trace *t, struct trace_stream *s)
{
	for (;;) {
		struct trace_record rec;
		size_t left = (size_t)(s->end - s->at), bytes;
		struct part clock;

		if (!s->left || !left) {
			struct trace_place *p = &t->places[s->block];

			if (s->left && !p->told)
				trace_damaged(t, p->offset, s->left, "%u of its %u records are not in it", s->left, p->records);
			else if (left && !p->told)
				trace_damaged(t, p->offset, 0, "there is more in it than its %u records", p->records);
			p->told = true;
			return false;
		}
		if (left < sizeof(rec)) {
			record_damaged(t, s, s->left, "the block ends inside it");
			t->places[s->block].told = true;
			return false;
		}
		memcpy(&rec, s->at, sizeof(rec));
		bytes = (size_t)rec.words * 4;
		if (bytes > left || bytes < sizeof(rec) + (rec.flags & TRACE_SAME_TASK ? 0 : 4)) {
			record_damaged(t, s, s->left, "its length cannot be");
			t->places[s->block].told = true;
			return false;
		}
		s->time += rec.elapsed;
		if (rec.kind == TRACE_CLOCK) {
			clock = (struct part){ s->at + sizeof(rec) + (rec.flags & TRACE_SAME_TASK ? 0 : 4), s->at + bytes };
			if (has(&clock, 8))
				s->time = take64(&clock);
		} else if (is_event(rec.kind)) {
			s->ready = true;
			return true;
		}
		/* Its task counts all the same. */
		if (!(rec.flags & TRACE_SAME_TASK))
			memcpy(&s->task, s->at + sizeof(rec), sizeof(s->task));
		s->open = false;
		s->at += bytes;
		s->left--;
		s->sequence++;
	}
}

static struct seam_blob *new_blob(struct seam_trace *t)
{
	if (t->event.blob_count == t->blob_cap) {
		t->blob_cap = t->blob_cap ? t->blob_cap * 2 : 16;
		t->blobs = xreallocarray(t->blobs, t->blob_cap, sizeof(*t->blobs));
	}
	return &t->blobs[t->event.blob_count++];
}

/* Pieces of memory up to the end of the record. */
const char *trace_take_blobs(struct seam_trace *t, struct part *a, const uint64_t *args)
{
	while (has(a, 4)) {
		uint32_t word = take32(a), size = word & TRACE_BLOB_SIZE;
		uint32_t source = word >> TRACE_BLOB_SOURCE_SHIFT & TRACE_BLOB_SOURCE;
		uint32_t status = word >> TRACE_BLOB_STATUS_SHIFT & TRACE_BLOB_STATUS;
		size_t more = (source == TRACE_BLOB_ELSEWHERE ? 8u : 0u) + (status ? 4u : 0u);
		struct seam_blob *b;

		if (!has(a, more + size))
			return "its memory is longer than the record";
		if (source != TRACE_BLOB_ELSEWHERE && (source >= SEAM_MAX_ARGS || !args))
			return "its memory belongs to an argument that there is not";
		b = new_blob(t);
		b->address = source == TRACE_BLOB_ELSEWHERE ? take64(a) : args[source];
		b->whole = status ? take32(a) : size;
		b->size = size;
		/* A status that comes with a later version is none of ours: something is missing, that much is sure. */
		b->status = (uint8_t)MIN(status, (uint32_t)TRACE_BLOB_FAULTED);
		b->when = word & TRACE_BLOB_EXIT ? SEAM_AT_EXIT : SEAM_AT_ENTRY;
		b->source = (uint8_t)source;
		b->bytes = a->p;
		a->p += MIN((size + 3) & ~3u, (size_t)(a->end - a->p));
	}
	return NULL;
}

static const char *take_outcome(struct seam_event *e, uint8_t flags, struct part *a)
{
	uint64_t duration;
	size_t n = (flags & TRACE_RESULT ? 4u : 0u) + (flags & TRACE_RESULT_WIDE ? 8u : 0u) +
		   (flags & TRACE_DURATION ? 4u : 0u) + (flags & TRACE_DURATION_WIDE ? 8u : 0u);

	if (!has(a, n))
		return "it is too short for its result";
	e->ret = 0;
	if (flags & TRACE_RESULT)
		e->ret = (int32_t)take32(a);
	if (flags & TRACE_RESULT_WIDE)
		e->ret = (int64_t)take64(a);
	e->timed = flags & (TRACE_DURATION | TRACE_DURATION_WIDE);
	e->entered = 0;
	if (e->timed) {
		duration = flags & TRACE_DURATION ? take32(a) : 0;
		if (flags & TRACE_DURATION_WIDE)
			duration = take64(a);
		e->entered = duration < e->time ? e->time - duration : 0;
	}
	return NULL;
}

static const char *take_args(struct trace_stream *s, struct seam_event *e, uint8_t flags, struct part *a)
{
	struct trace_call call;
	const char *why;
	uint64_t *args;
	unsigned given;

	if (!take(a, &call, sizeof(call)))
		return "it is too short for a call";
	why = take_outcome(e, flags, a);
	if (why)
		return why;
	e->number = call.number;
	given = call.given & 0x3fu;
	if (!has(a, 4 * (bits(given) + bits(given & call.wide))))
		return "it is too short for its arguments";
	args = trace_memo(&s->memo, call.number, flags & TRACE_COMPAT);
	for (; given; given &= given - 1) {
		int i = __builtin_ctz(given);

		if (call.wide & 1 << i)
			args[i] = take64(a);
		else
			args[i] = (args[i] & ~(uint64_t)UINT32_MAX) | take32(a);
	}
	memcpy(e->args, args, sizeof(e->args));
	return NULL;
}

static const char *take_call(struct seam_trace *t, struct trace_stream *s, const struct trace_record *rec, struct part *a)
{
	struct seam_event *e = &t->event;
	const char *why;

	e->compat = rec->flags & TRACE_COMPAT;
	e->no_room = rec->flags & TRACE_NO_ROOM;
	e->returned = rec->kind == TRACE_CALL || (rec->kind == TRACE_UNKNOWN && !(rec->flags & TRACE_UNRETURNED));
	if (e->compat) {
		if (seam_arch_narrow(s->arch) == SEAM_ARCH_COUNT)
			return "it is a call of a 32-bit table, which riscv64 has not";
		e->arch = (uint8_t)seam_arch_narrow(s->arch);
	}
	if (rec->kind == TRACE_UNKNOWN) {
		if (!take(a, &e->number, 8))
			return "it is too short for a call";
		why = take_outcome(e, rec->flags, a);
		if (why)
			return why;
		if (!take(a, e->args, sizeof(e->args)))
			return "it is too short for its arguments";
	} else {
		why = take_args(s, e, rec->flags, a);
		if (why)
			return why;
	}
	return trace_take_blobs(t, a, e->args);
}

/* @joined: the blob whose bytes stand at the end of t->join, where there is room for all of the block. */
static const char *take_more(struct seam_trace *t, struct part *a, uint32_t *joined)
{
	struct seam_blob *last;
	uint32_t size;

	if (!t->event.blob_count)
		return "it goes on with nothing";
	if (!has(a, 4))
		return "it is too short";
	size = take32(a);
	if (!has(a, size))
		return "its memory is longer than the record";
	last = &t->blobs[t->event.blob_count - 1];
	if (*joined != t->event.blob_count) {
		const unsigned char *from = last->bytes;

		last->bytes = (const unsigned char *)t->join.data + t->join.len;
		buf_add(&t->join, from, last->size);
		*joined = t->event.blob_count;
	}
	buf_add(&t->join, a->p, size);
	last->size += size;
	if (last->status == SEAM_BLOB_WHOLE)
		last->whole = last->size;
	else if (last->status == SEAM_BLOB_CUT && last->size == last->whole)
		last->status = SEAM_BLOB_WHOLE;
	return NULL;
}

/* The header of the record that stands next, if it goes on with what this task has. */
static bool more_follows(const struct trace_stream *s, uint8_t kind, uint32_t task, struct trace_record *rec, struct part *a)
{
	size_t left = (size_t)(s->end - s->at), head = sizeof(*rec);

	if (!s->left || left < sizeof(*rec) || s->at[2] != kind)
		return false;
	memcpy(rec, s->at, sizeof(*rec));
	if (!(rec->flags & TRACE_SAME_TASK)) {
		uint32_t own;

		head += 4;
		if (left < head)
			return false;
		memcpy(&own, s->at + sizeof(*rec), sizeof(own));
		if (own != task)
			return false;
	}
	if ((size_t)rec->words * 4 < head || (size_t)rec->words * 4 > left)
		return false;
	*a = (struct part){ s->at + head, s->at + (size_t)rec->words * 4 };
	return true;
}

static void step(struct trace_stream *s, size_t bytes)
{
	s->at += bytes;
	s->left--;
	s->sequence++;
}

/* Memory that goes on in the records after this one, up to the end of the block. */
static void join_more(struct seam_trace *t, struct trace_stream *s, uint32_t task)
{
	struct trace_record rec;
	uint32_t joined = UINT32_MAX;
	struct part a;

	s->open_pieces = false;
	if (!more_follows(s, TRACE_MORE, task, &rec, &a))
		return;
	buf_clear(&t->join);
	buf_grow(&t->join, (size_t)(s->end - s->data));
	do {
		const char *why = rec.flags & TRACE_MORE_PIECES ? trace_take_blobs(t, &a, NULL) : take_more(t, &a, &joined);

		s->open_pieces |= (rec.flags & TRACE_MORE_PIECES) != 0;
		s->time += rec.elapsed;
		if (why)
			record_damaged(t, s, 1, why);
		step(s, (size_t)rec.words * 4);
	} while (more_follows(s, TRACE_MORE, task, &rec, &a));
}

/* The first strings of an exec and those that follow, up to the end of the block, in one piece. */
static void join_words(struct seam_trace *t, struct trace_stream *s, uint32_t task)
{
	struct seam_strings *to[2] = { &t->event.exec.args, &t->event.exec.env };
	struct buf *join[2] = { &t->join, &t->join_env };
	struct trace_record rec;
	struct part a;

	if (!more_follows(s, TRACE_WORDS, task, &rec, &a))
		return;
	for (int i = 0; i < 2; i++) {
		buf_clear(join[i]);
		buf_add(join[i], to[i]->bytes, to[i]->size);
	}
	do {
		uint32_t size = has(&a, 4) ? take32(&a) : UINT32_MAX;

		s->time += rec.elapsed;
		if (has(&a, size))
			buf_add(join[(rec.flags & TRACE_WORDS_ENV) != 0], a.p, size);
		else
			record_damaged(t, s, 1, "its words are longer than the record");
		step(s, (size_t)rec.words * 4);
	} while (more_follows(s, TRACE_WORDS, task, &rec, &a));
	for (int i = 0; i < 2; i++) {
		to[i]->bytes = join[i]->data;
		to[i]->size = (uint32_t)join[i]->len;
		to[i]->whole = MAX(to[i]->whole, to[i]->size);
	}
}

/* What MORE in the next block goes on from. */
static void leave_open(struct seam_trace *t, struct trace_stream *s)
{
	struct seam_event *e = &t->event;
	const struct seam_blob *last;

	e->blobs = t->blobs;
	s->open = true;
	s->open_task = e->tid;
	if (!e->blob_count)
		return;
	last = &t->blobs[e->blob_count - 1];
	s->open = last->address != 0;
	s->open_at = last->address + last->size;
	s->open_when = last->when;
}

/* MORE that begins a block, or that follows nothing it could belong to. */
static const char *lone_more(struct seam_trace *t, struct trace_stream *s, uint8_t flags, struct part *a)
{
	struct seam_event *e = &t->event;

	e->more.pieces = flags & TRACE_MORE_PIECES;
	if (!e->more.pieces) {
		bool known = s->open && s->open_task == e->tid;
		struct seam_blob *b = new_blob(t);

		*b = (struct seam_blob){ .address = known ? s->open_at : 0, .when = known ? s->open_when : SEAM_AT_EXIT,
					 .source = SEAM_BLOB_ELSEWHERE };
		if (!has(a, 4))
			return "it is too short";
		b->size = b->whole = take32(a);
		b->bytes = a->p;
		return has(a, b->size) ? NULL : "its memory is longer than the record";
	}
	return trace_take_blobs(t, a, NULL);
}

bool trace_decode(struct seam_trace *t, struct trace_stream *s)
{
	struct seam_event *e = &t->event;
	struct trace_record rec;
	const char *why;
	struct part a;
	size_t bytes;

	memcpy(&rec, s->at, sizeof(rec));
	bytes = (size_t)rec.words * 4;
	a = (struct part){ s->at + sizeof(rec), s->at + bytes };
	if (!(rec.flags & TRACE_SAME_TASK))
		s->task = take32(&a);
	e->kind = rec.kind;
	e->arch = s->arch;
	e->compat = e->returned = e->timed = e->no_room = false;
	e->stream = s->number;
	e->sequence = s->sequence;
	e->time = s->time;
	e->tid = s->task;
	e->pid = 0;
	e->blobs = NULL;
	e->blob_count = 0;
	switch (rec.kind) {
	case TRACE_CALL:
	case TRACE_ENTRY:
	case TRACE_UNKNOWN:
		why = take_call(t, s, &rec, &a);
		break;
	case TRACE_MORE:
		why = lone_more(t, s, rec.flags, &a);
		break;
	default:
		why = trace_take_rest(t, s, &rec, &a);
		e->blobs = t->blobs;
		s->open = false;
	}
	if (why)
		record_damaged(t, s, 1, why);
	step(s, bytes);
	s->ready = false;
	if (why) {
		s->open = false;
		return false;
	}
	if (rec.kind <= TRACE_UNKNOWN || rec.kind == TRACE_MORE) {
		join_more(t, s, e->tid);
		leave_open(t, s);
	} else if (rec.kind == TRACE_EXEC) {
		join_words(t, s, e->tid);
	}
	return true;
}

/* Keeps the block in memory that the event points into, and lets the stream go on to its next one. */
static int hold_block(struct seam_trace *t, struct trace_stream *s, struct seam_err *err)
{
	if (t->held_count == t->held_cap) {
		t->held_cap = t->held_cap ? t->held_cap * 2 : 4;
		t->held = xreallocarray(t->held, t->held_cap, sizeof(*t->held));
	}
	t->held[t->held_count++] = (struct trace_held){ s->data, s->cap };
	s->data = NULL;
	s->cap = 0;
	s->loaded = false;
	s->block = t->places[s->block].next;
	return trace_load_next(t, s, err);
}

void trace_held_release(struct seam_trace *t)
{
	while (t->held_count) {
		struct trace_held *h = &t->held[--t->held_count];

		t->memory -= h->cap;
		free(h->data);
	}
}

#define JOINED_MOST (256u << 20) /* bytes of one piece that come from several blocks */

/* Whether the call just read may go on in the stream's next block, which begins at the same time then. */
static bool goes_on(const struct seam_trace *t, const struct trace_stream *s)
{
	const struct seam_event *e = &t->event;
	const struct seam_blob *last = e->blob_count ? &t->blobs[e->blob_count - 1] : NULL;
	uint32_t next = t->places[s->block].next;

	return e->kind != SEAM_EVENT_MORE && !s->left && s->open && !s->open_pieces && last &&
	       last->status == SEAM_BLOB_CUT && last->size < last->whole &&
	       last->size < JOINED_MOST && next != TRACE_NONE && t->places[next].first == e->time;
}

/* Brings the last piece's bytes into t->join: they are all that is there. */
static void begin_join(struct seam_trace *t)
{
	struct seam_blob *last = &t->blobs[t->event.blob_count - 1];

	if (t->join.len != last->size || last->bytes != (const unsigned char *)t->join.data) {
		buf_clear(&t->join);
		buf_add(&t->join, last->bytes, last->size);
		last->bytes = (const unsigned char *)t->join.data;
	}
}

int trace_join_across(struct seam_trace *t, struct trace_stream *s, struct seam_err *err)
{
	struct seam_event *e = &t->event;
	uint32_t count = e->blob_count;
	struct trace_record rec;
	struct part a;

	while (goes_on(t, s)) {
		struct seam_blob *last = &t->blobs[count - 1];
		int r;

		begin_join(t);
		r = hold_block(t, s, err);
		if (r <= 0)
			return r;
		/* the next one may be another, when one between them could not be read */
		if (!s->open || s->gap)
			return 0;
		while (more_follows(s, TRACE_MORE, e->tid, &rec, &a) && !(rec.flags & TRACE_MORE_PIECES)) {
			const char *why;

			/* the bytes may move when there are more of them */
			buf_grow(&t->join, (size_t)(a.end - a.p));
			last->bytes = (const unsigned char *)t->join.data;
			why = take_more(t, &a, &count);
			if (why)
				record_damaged(t, s, 1, why);
			s->task = e->tid;
			s->time += rec.elapsed;
			step(s, (size_t)rec.words * 4);
		}
		leave_open(t, s);
	}
	return 0;
}
