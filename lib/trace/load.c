/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocks from the file into memory: checked, decompressed, and never by a number that was not checked. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "base/alloc.h"
#include "trace/reader.h"
#include "trace/sum.h"

enum { DAMAGES_MOST = 1000 }; /* that wait to be told; more are counted */

int trace_pread(struct seam_trace *t, void *to, size_t n, uint64_t offset)
{
	char *p = to;

	if (offset > INT64_MAX - n)
		return 0;
	while (n) {
		ssize_t got = pread(t->fd, p, n, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return 0;
		p += got;
		n -= (size_t)got;
		offset += (uint64_t)got;
	}
	return 1;
}

void trace_damaged(struct seam_trace *t, uint64_t offset, uint64_t records, const char *fmt, ...)
{
	_cleanup_free_ char *what = NULL;
	va_list ap;

	t->damage_total++;
	if (t->damage_count - t->damage_next >= DAMAGES_MOST) {
		t->damage_more++;
		return;
	}
	if (t->damage_next == t->damage_count)
		t->damage_next = t->damage_count = 0;
	if (t->damage_count == t->damage_cap) {
		t->damage_cap = t->damage_cap ? t->damage_cap * 2 : 8;
		t->damages = xreallocarray(t->damages, t->damage_cap, sizeof(*t->damages));
	}
	va_start(ap, fmt);
	what = xvasprintf(fmt, ap);
	va_end(ap);
	t->damages[t->damage_count++] = (struct trace_damage){
		.offset = offset, .records = records,
		.text = xasprintf("%s: block at %llu: %s", t->path, (unsigned long long)offset, what),
	};
}

bool trace_head_fits(const struct trace_block *head)
{
	return head->magic == TRACE_BLOCK_MAGIC && head->head_sum == trace_head_sum(head);
}

const char *trace_head_fault(const struct trace_block *head)
{
	if (head->version > TRACE_VERSION)
		return "it was written in a newer version of the format; read it with the seam that wrote it";
	if (head->arch >= SEAM_ARCH_DESCRIBED)
		return "it is of an architecture that this build does not know";
	if (head->size > TRACE_BLOCK_MAX || head->stored > TRACE_BLOCK_MAX)
		return "it is bigger than the format allows";
	if (head->codec > TRACE_ZSTD)
		return "it is compressed in a way that this build does not know";
	if (head->codec == TRACE_RAW && head->size != head->stored)
		return "its two sizes differ, and it is not compressed";
	return NULL;
}

/* Room for n bytes at *p, whose content may go. */
static int make_room(unsigned char **p, size_t *cap, size_t n, struct seam_err *err)
{
	unsigned char *fresh;
	int r;

	if (*p && n <= *cap)
		return 0;
	r = alloc_untrusted(n, 1, TRACE_BLOCK_MAX, &fresh, err);
	if (r < 0)
		return r;
	free(*p);
	*p = fresh;
	*cap = n;
	return 0;
}

int trace_load(struct seam_trace *t, const struct trace_block *head, uint64_t offset, unsigned char **data, size_t *cap,
	       struct seam_err *err)
{
	struct seam_err why = SEAM_ERR_INIT;
	bool packed = head->codec != TRACE_RAW;
	unsigned char **to = packed ? &t->packed : data;
	int r = make_room(to, packed ? &t->packed_cap : cap, head->stored, err);

	if (r < 0)
		return r;
	r = trace_pread(t, *to, head->stored, offset + sizeof(*head));
	if (r < 0)
		return seam_err_set(err, -EBADMSG, "it cannot be read: %s", strerror(-r));
	if (r == 0)
		return seam_err_set(err, -EBADMSG, "the file ends inside it");
	if (trace_sum(*to, head->stored) != head->sum)
		return seam_err_set(err, -EBADMSG, "it is damaged: its check sum does not fit");
	if (!packed)
		return 0;
	r = make_room(data, cap, head->size, err);
	if (r < 0)
		return r;
	r = trace_decompress(&t->codec, t->packed, head->stored, *data, head->size, &why);
	if (r == -EBADMSG || r == -EOPNOTSUPP)
		return seam_err_set(err, -EBADMSG, "it %s", why.text);
	return r < 0 ? seam_err_set(err, r, "%s", why.text) : 0;
}

void trace_unload(struct seam_trace *t, struct trace_stream *s)
{
	t->memory -= s->cap + s->memo_bytes;
	free(s->data);
	s->data = NULL;
	s->cap = 0;
	trace_memo_release(&s->memo);
	s->memo_bytes = 0;
	s->loaded = s->ready = false;
}

/* Whether the block may come into memory, after giving up what nobody reads. */
static int within_limit(struct seam_trace *t, struct trace_stream *s, size_t n, struct seam_err *err)
{
	uint64_t limit = t->options.memory ? t->options.memory : 2ULL << 30;
	uint64_t more = n > s->cap ? n - s->cap : 0;

	if (t->memory + more <= limit)
		return 0;
	for (size_t i = 0; i < t->stream_count; i++)
		if (!t->streams[i].loaded && t->streams[i].data)
			trace_unload(t, &t->streams[i]);
	more = n > s->cap ? n - s->cap : 0;
	if (t->memory + more <= limit)
		return 0;
	return seam_err_set(err, -E2BIG, "%s: the blocks of %zu streams at the same time need more than the limit of %llu MiB",
			    t->path, t->stream_count, (unsigned long long)(limit >> 20));
}

static void count_memo(struct seam_trace *t, struct trace_stream *s)
{
	size_t bytes = s->memo.cap * sizeof(*s->memo.slots);

	t->memory += bytes - s->memo_bytes;
	s->memo_bytes = bytes;
}

/* 1; 0: it cannot be read, which was told; negative errno. */
static int load_place(struct seam_trace *t, struct trace_stream *s, struct trace_place *p, struct seam_err *err)
{
	struct seam_err why = SEAM_ERR_INIT;
	const char *fault = NULL;
	struct trace_block head;
	size_t before;
	int r = trace_pread(t, &head, sizeof(head), p->offset);

	if (r <= 0 || !trace_head_fits(&head))
		fault = "its header is damaged";
	else if (head.kind != TRACE_RECORDS || head.stream != s->number || head.records != p->records ||
		 head.first != p->first || head.last != p->last)
		fault = "its header is not what the index says";
	else
		fault = trace_head_fault(&head);
	if (fault) {
		s->expects = false;
		if (!p->told)
			trace_damaged(t, p->offset, p->records, "%s", fault);
		p->told = true;
		return 0;
	}
	count_memo(t, s);
	r = within_limit(t, s, head.size, err);
	if (r < 0)
		return r;
	before = s->cap;
	r = trace_load(t, &head, p->offset, &s->data, &s->cap, &why);
	t->memory += s->cap - before;
	if (r < 0 && r != -EBADMSG)
		return seam_err_set(err, r, "%s: block at %llu: %s", t->path, (unsigned long long)p->offset, why.text);
	s->gap = 0;
	if (s->expects && head.sequence > s->expected)
		s->gap = head.sequence - s->expected;
	if (s->expects && head.sequence < s->expected && !p->told) {
		trace_damaged(t, p->offset, 0, "its records have numbers of records before them");
		p->told = true;
	}
	s->expects = true;
	s->expected = head.sequence + head.records + head.lost;
	if (r < 0) {
		/* What is missing before it is told with what comes after. */
		s->expected -= s->gap;
		if (!p->told)
			trace_damaged(t, p->offset, head.records, "%s", why.text);
		p->told = true;
		return 0;
	}
	s->at = s->data;
	s->end = s->data + head.size;
	s->left = head.records;
	s->sequence = head.sequence;
	s->time = head.first;
	s->arch = head.arch;
	s->task = 0;
	if (s->gap)
		s->open = false;
	trace_memo_begin(&s->memo);
	return 1;
}

int trace_load_next(struct seam_trace *t, struct trace_stream *s, struct seam_err *err)
{
	while (s->block != TRACE_NONE) {
		struct trace_place *p = &t->places[s->block];
		int r = load_place(t, s, p, err);

		if (r < 0)
			return r;
		if (r > 0) {
			s->loaded = true;
			s->ready = false;
			return 1;
		}
		s->open = false;
		s->block = p->next;
	}
	return 0;
}
