/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the blocks of a trace: by its index, or one by one, also behind what is damaged. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "trace/reader.h"
#include "trace/sum.h"

enum { CHUNK = 64 << 10 };

static uint64_t after(const struct trace_block *head, uint64_t offset)
{
	return offset + sizeof(*head) + ((uint64_t)head->stored + 7) / 8 * 8;
}

/* A new stream, or the one with this number. */
static uint32_t stream_index(struct seam_trace *t, uint32_t number)
{
	size_t mask, i;

	if (t->stream_count * 2 >= t->stream_slot_count) {
		size_t n = t->stream_slot_count ? t->stream_slot_count * 2 : 64;

		free(t->stream_slots);
		t->stream_slots = xcalloc(n, sizeof(*t->stream_slots));
		t->stream_slot_count = n;
		for (size_t k = 0; k < t->stream_count; k++) {
			for (i = t->streams[k].number * 0x9e3779b1u & (n - 1); t->stream_slots[i]; i = (i + 1) & (n - 1))
				;
			t->stream_slots[i] = (uint32_t)k + 1;
		}
	}
	mask = t->stream_slot_count - 1;
	for (i = number * 0x9e3779b1u & mask; t->stream_slots[i]; i = (i + 1) & mask)
		if (t->streams[t->stream_slots[i] - 1].number == number)
			return t->stream_slots[i] - 1;
	if (t->stream_count == t->stream_cap) {
		t->stream_cap = t->stream_cap ? t->stream_cap * 2 : 16;
		t->streams = xreallocarray(t->streams, t->stream_cap, sizeof(*t->streams));
	}
	t->streams[t->stream_count] = (struct trace_stream){ .number = number, .first_block = TRACE_NONE,
							     .last_block = TRACE_NONE, .block = TRACE_NONE };
	t->stream_slots[i] = (uint32_t)++t->stream_count;
	return (uint32_t)t->stream_count - 1;
}

void trace_add_place(struct seam_trace *t, const struct trace_index *x)
{
	uint32_t index = stream_index(t, x->stream), place = (uint32_t)t->place_count;
	struct trace_stream *s = &t->streams[index];

	/* A file of this many blocks has 100 GiB of headers alone. */
	if (t->place_count == TRACE_NONE)
		return;
	if (t->place_count == t->place_cap) {
		t->place_cap = t->place_cap ? t->place_cap * 2 : 64;
		t->places = xreallocarray(t->places, t->place_cap, sizeof(*t->places));
	}
	t->places[t->place_count++] = (struct trace_place){ .offset = x->offset, .first = x->first, .last = x->last,
							    .stream = index, .records = x->records, .next = TRACE_NONE };
	if (s->last_block == TRACE_NONE)
		s->first_block = place;
	else
		t->places[s->last_block].next = place;
	s->last_block = place;
	if (s->block != TRACE_NONE)
		return;
	/* It had come to its end, and goes on. */
	s->block = place;
	s->time = x->first;
	if (!s->in_heap)
		trace_heap_push(t, index);
}

/* The index block at *offset: its entries are added to @ret; *offset moves behind it. */
static int read_entries(struct seam_trace *t, uint64_t *offset, struct buf *ret, struct seam_err *err)
{
	_cleanup_free_ unsigned char *data = NULL;
	struct trace_block head;
	size_t cap = 0;
	int r = trace_pread(t, &head, sizeof(head), *offset);

	if (r < 0)
		return seam_err_errno(err, r, "cannot read %s", t->path);
	if (r == 0 || !trace_head_fits(&head) || head.kind != TRACE_INDEX || trace_head_fault(&head))
		return seam_err_set(err, -EBADMSG, "the header of the index is damaged");
	r = trace_load(t, &head, *offset, &data, &cap, err);
	if (r < 0)
		return r;
	if (head.size % sizeof(struct trace_index))
		return seam_err_set(err, -EBADMSG, "the index ends inside an entry");
	buf_add(ret, data, head.size);
	*offset = after(&head, *offset);
	return 0;
}

int trace_read_index(struct seam_trace *t, struct seam_err *err)
{
	_cleanup_buf_ struct buf entries = BUF_INIT;
	struct seam_err why = SEAM_ERR_INIT;
	struct trace_end end;
	uint64_t offset, before = 0;
	int r;

	if (t->size < sizeof(struct trace_block) + sizeof(end))
		return 0;
	r = trace_pread(t, &end, sizeof(end), t->size - sizeof(end));
	if (r < 0)
		return seam_err_errno(err, r, "cannot read %s", t->path);
	if (r == 0 || end.magic != TRACE_END_MAGIC || end.sum != trace_end_sum(&end))
		return 0;
	for (offset = end.index; offset < t->size - sizeof(end);) {
		/* What is wrong is told by the scan, which meets it too. */
		r = read_entries(t, &offset, &entries, &why);
		if (r < 0)
			return 0;
	}
	for (size_t i = 0; i < entries.len; i += sizeof(struct trace_index)) {
		struct trace_index x;

		memcpy(&x, entries.data + i, sizeof(x));
		/* Each block once, in order, before the index: else it is not an index. */
		if (x.offset <= before || x.offset % 8 || x.offset >= end.index)
			return 0;
		before = x.offset;
	}
	for (size_t i = 0; i < entries.len; i += sizeof(struct trace_index)) {
		struct trace_index x;

		memcpy(&x, entries.data + i, sizeof(x));
		trace_add_place(t, &x);
	}
	t->finished = true;
	t->scan_at = t->size;
	return 1;
}

/* The next multiple of 8 from @offset on where a header fits; the end of the file if there is none. */
static int resync(struct seam_trace *t, uint64_t offset, uint64_t *ret, struct seam_err *err)
{
	_cleanup_free_ unsigned char *chunk = xmalloc(CHUNK);
	static const uint32_t magic = TRACE_BLOCK_MAGIC;
	struct trace_block head;

	while (offset + sizeof(head) <= t->size) {
		size_t n = MIN((uint64_t)CHUNK, t->size - offset);
		int r = trace_pread(t, chunk, n, offset);

		if (r <= 0)
			return seam_err_errno(err, r < 0 ? r : -EIO, "cannot read %s", t->path);
		for (size_t i = 0; i + sizeof(head) <= n; i += 8) {
			if (memcmp(chunk + i, &magic, sizeof(magic)) != 0)
				continue;
			memcpy(&head, chunk + i, sizeof(head));
			if (trace_head_fits(&head)) {
				*ret = offset + i;
				return 0;
			}
		}
		/* The last ones could not be looked at in full. */
		offset += (n - sizeof(head)) / 8 * 8 + 8;
	}
	*ret = t->size;
	return 0;
}

/* Something that is no header; moves behind it. 0: the end; 1: go on. */
static int skip_damage(struct seam_trace *t, struct seam_err *err)
{
	uint64_t left = t->size - t->scan_at, next = t->size;
	struct trace_end end;
	int r;

	if (left == sizeof(end)) {
		r = trace_pread(t, &end, sizeof(end), t->scan_at);
		if (r > 0 && end.magic == TRACE_END_MAGIC && end.sum == trace_end_sum(&end)) {
			t->finished = true;
			t->scan_at = t->size;
			return 0;
		}
	}
	if (t->options.follow && left < sizeof(struct trace_block))
		return 0;
	if (t->after_index && left == sizeof(end)) {
		trace_damaged(t, t->scan_at, 0, "the end of the file is damaged");
		t->scan_at = t->size;
		return 0;
	}
	r = resync(t, t->scan_at + 8, &next, err);
	if (r < 0)
		return r;
	/* It is told when the next block has come. */
	if (t->options.follow && next == t->size)
		return 0;
	if (left < sizeof(struct trace_block))
		trace_damaged(t, t->scan_at, 0, "the file ends inside its header");
	else
		trace_damaged(t, t->scan_at, 0, "its header is damaged; %llu bytes %s", (unsigned long long)(next - t->scan_at),
			      next == t->size ? "to the end of the file cannot be read" : "up to the next block were skipped");
	t->scan_at = next;
	return 1;
}

static void see_block(struct seam_trace *t, const struct trace_block *head)
{
	const char *fault = trace_head_fault(head);

	t->after_index = head->kind == TRACE_INDEX;
	if (fault) {
		trace_damaged(t, t->scan_at, head->records, "%s", fault);
		return;
	}
	if (!t->has_head) {
		t->has_head = true;
		t->arch = head->arch;
	}
	if (head->kind == TRACE_RECORDS) {
		struct trace_index x = { t->scan_at, head->first, head->last, head->stream, head->records };

		trace_add_place(t, &x);
	} else if (head->kind == TRACE_META && !t->has_meta) {
		trace_read_meta(t, head, t->scan_at);
	} else if (head->kind == TRACE_INDEX) {
		_cleanup_free_ unsigned char *data = NULL;
		struct seam_err why = SEAM_ERR_INIT;
		size_t cap = 0;

		if (trace_load(t, head, t->scan_at, &data, &cap, &why) < 0)
			trace_damaged(t, t->scan_at, 0, "%s; it is the index, which is not needed", why.text);
	}
}

int trace_scan(struct seam_trace *t, struct seam_err *err)
{
	while (!t->finished && t->scan_at < t->size) {
		struct trace_block head;
		int r = trace_pread(t, &head, sizeof(head), t->scan_at);

		if (r < 0)
			return seam_err_errno(err, r, "cannot read %s", t->path);
		if (r == 0 || !trace_head_fits(&head)) {
			r = skip_damage(t, err);
			if (r <= 0)
				return r;
			continue;
		}
		if (t->scan_at + sizeof(head) + head.stored > t->size) {
			if (t->options.follow)
				return 0;
			trace_damaged(t, t->scan_at, head.kind == TRACE_RECORDS ? head.records : 0,
				      "the file ends after %llu of its %u bytes",
				      (unsigned long long)(t->size - t->scan_at - sizeof(head)), head.stored);
			t->has_head = true;
			t->scan_at = t->size;
			return 0;
		}
		see_block(t, &head);
		/* Beyond the end, where the last zeros are missing. */
		t->scan_at = after(&head, t->scan_at);
	}
	return 0;
}
