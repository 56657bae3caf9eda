/* SPDX-License-Identifier: BSD-2-Clause */
/* All streams as one, in the order of time: a heap of streams, with the block of each in memory that is being read. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "trace/reader.h"

/* Of two at the same time, the recorder's own comes first: it says which tasks there are. */
static bool earlier(const struct seam_trace *t, uint32_t a, uint32_t b)
{
	const struct trace_stream *x = &t->streams[a], *y = &t->streams[b];

	if (x->time != y->time)
		return x->time < y->time;
	return x->number + 1 < y->number + 1;
}

static void sift_down(struct seam_trace *t, size_t i)
{
	uint32_t moved = t->heap[i];

	for (;;) {
		size_t child = 2 * i + 1;

		if (child >= t->heap_len)
			break;
		if (child + 1 < t->heap_len && earlier(t, t->heap[child + 1], t->heap[child]))
			child++;
		if (!earlier(t, t->heap[child], moved))
			break;
		t->heap[i] = t->heap[child];
		i = child;
	}
	t->heap[i] = moved;
}

void trace_heap_push(struct seam_trace *t, uint32_t stream)
{
	size_t i = t->heap_len++;

	if (t->heap_len > t->heap_cap) {
		t->heap_cap = t->heap_cap ? t->heap_cap * 2 : 16;
		t->heap = xreallocarray(t->heap, t->heap_cap, sizeof(*t->heap));
	}
	t->streams[stream].in_heap = true;
	while (i && earlier(t, stream, t->heap[(i - 1) / 2])) {
		t->heap[i] = t->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	t->heap[i] = stream;
}

static void pop(struct seam_trace *t)
{
	t->streams[t->heap[0]].in_heap = false;
	t->heap[0] = t->heap[--t->heap_len];
	if (t->heap_len)
		sift_down(t, 0);
}

void trace_heap_clear(struct seam_trace *t)
{
	for (size_t i = 0; i < t->heap_len; i++)
		t->streams[t->heap[i]].in_heap = false;
	t->heap_len = 0;
}

/*
 * Brings the first stream of the heap to its next record, and to its place in the heap. 1: the first stream of the heap,
 * which may be another one now, may be ready.
 */
static int advance(struct seam_trace *t, struct seam_err *err)
{
	struct trace_stream *s = &t->streams[t->heap[0]];

	while (!s->ready) {
		if (s->loaded) {
			if (trace_find_record(t, s))
				break;
			s->loaded = false;
			s->block = t->places[s->block].next;
			if (s->block == TRACE_NONE) {
				trace_unload(t, s);
				pop(t);
				return 1;
			}
			/* Not loaded before it is its turn. */
			s->time = t->places[s->block].first;
			break;
		} else {
			int r = trace_load_next(t, s, err);

			if (r < 0)
				return r;
			if (r == 0) {
				trace_unload(t, s);
				pop(t);
				return 1;
			}
		}
	}
	sift_down(t, 0);
	return 1;
}

static bool tell_damage(struct seam_trace *t)
{
	struct trace_damage *d;

	free(t->damage_text);
	t->damage_text = NULL;
	if (t->damage_next == t->damage_count && !t->damage_more)
		return false;
	memset(&t->event, 0, sizeof(t->event));
	t->event.kind = SEAM_EVENT_DAMAGE;
	if (t->damage_next == t->damage_count) {
		t->damage_text = xasprintf("%s: %llu more places are damaged", t->path, (unsigned long long)t->damage_more);
		t->damage_more = 0;
		t->event.damage.text = t->damage_text;
		return true;
	}
	d = &t->damages[t->damage_next++];
	t->damage_text = steal_ptr(&d->text);
	t->event.damage.offset = d->offset;
	t->event.damage.records = d->records;
	t->event.damage.text = t->damage_text;
	return true;
}

static void tell_gap(struct seam_trace *t, struct trace_stream *s)
{
	memset(&t->event, 0, sizeof(t->event));
	t->event.kind = SEAM_EVENT_GAP;
	t->event.arch = s->arch;
	t->event.stream = s->number;
	t->event.time = s->time;
	t->event.sequence = s->sequence - s->gap;
	t->event.loss.count = s->gap;
	s->gap = 0;
}

/* Blocks that have come since. */
static int look_again(struct seam_trace *t, struct seam_err *err)
{
	struct stat st;

	if (!t->options.follow || t->finished)
		return 0;
	if (fstat(t->fd, &st) < 0)
		return seam_err_errno(err, -errno, "cannot read %s", t->path);
	if ((uint64_t)st.st_size <= t->scan_at)
		return 0;
	t->size = (uint64_t)st.st_size;
	if (!t->has_head && !t->scan_at) {
		int r = trace_check_first(t, err);

		if (r < 0)
			return r;
	}
	return trace_scan(t, err);
}

int seam_trace_next(struct seam_trace *t, const struct seam_event **ret, struct seam_err *err)
{
	trace_held_release(t);
	*ret = &t->event;
	for (bool again = true;;) {
		struct trace_stream *s;
		uint64_t time;
		int r;

		if ((t->damage_count || t->damage_more) && tell_damage(t))
			return 1;
		if (!t->heap_len) {
			if (!again)
				return 0;
			again = false;
			r = look_again(t, err);
			if (r < 0)
				return r;
			continue;
		}
		s = &t->streams[t->heap[0]];
		if (!s->ready) {
			r = advance(t, err);
			if (r < 0)
				return r;
			continue;
		}
		if (s->gap) {
			/* The block's first record is next, whose number is where the gap ends. */
			tell_gap(t, s);
			return 1;
		}
		time = s->time;
		if (!trace_decode(t, s))
			continue;
		r = trace_join_across(t, s, err);
		if (r < 0)
			return r;
		if (time >= t->skip)
			return 1;
	}
}

int seam_trace_seek(struct seam_trace *t, uint64_t time, struct seam_err *err)
{
	int r = look_again(t, err);

	if (r < 0)
		return r;
	trace_heap_clear(t);
	t->skip = time;
	for (size_t i = 0; i < t->stream_count; i++) {
		struct trace_stream *s = &t->streams[i];

		s->loaded = s->ready = s->expects = s->open = false;
		s->gap = 0;
		s->block = s->first_block;
		while (s->block != TRACE_NONE && t->places[s->block].last < time)
			s->block = t->places[s->block].next;
		if (s->block == TRACE_NONE) {
			trace_unload(t, s);
			continue;
		}
		s->time = t->places[s->block].first;
		trace_heap_push(t, (uint32_t)i);
	}
	return 0;
}
