/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as one line of text that has all of it: what two readers of a trace must agree about. */
#ifndef TESTS_EVENT_TEXT_H
#define TESTS_EVENT_TEXT_H

#include "base/buf.h"
#include "seam/trace.h"

typedef unsigned long long ull;

static inline void text_hex_bytes(struct buf *b, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++) {
		buf_addc(b, "0123456789abcdef"[p[i] >> 4]);
		buf_addc(b, "0123456789abcdef"[p[i] & 15]);
	}
}

static inline void text_strings(struct buf *b, const char *what, const struct seam_strings *s)
{
	buf_addf(b, " %s=%u:", what, s->whole);
	text_hex_bytes(b, s->bytes, s->size);
}

static inline void text_blobs(struct buf *b, const struct seam_event *e, uint32_t first)
{
	static const char *const statuses[] = { "whole", "cut", "faulted" };

	for (uint32_t i = first; i < e->blob_count; i++) {
		const struct seam_blob *x = &e->blobs[i];

		buf_addf(b, " {%s %llx %s", x->when == SEAM_AT_EXIT ? "after" : "before", (ull)x->address, statuses[x->status]);
		if (x->status && x->whole != SEAM_BLOB_UNKNOWN)
			buf_addf(b, " %u", x->whole);
		buf_addf(b, " %u:", x->size);
		text_hex_bytes(b, x->bytes, x->size);
		buf_adds(b, "}");
	}
}

static inline void text_call(struct buf *b, const struct seam_event *e)
{
	buf_addf(b, " arch=%u nr=%llu args=", e->arch, (ull)e->number);
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		buf_addf(b, "%s%llx", i ? "," : "", (ull)e->args[i]);
	if (e->returned)
		buf_addf(b, " ret=%lld", (long long)e->ret);
	if (e->timed)
		buf_addf(b, " entered=%llu", (ull)e->entered);
	if (e->no_room)
		buf_adds(b, " noroom");
	text_blobs(b, e, 0);
}

static inline void event_text(struct buf *b, const struct seam_event *e)
{
	if (e->kind == SEAM_EVENT_DAMAGE) {
		buf_addf(b, "damage at %llu\n", (ull)e->damage.offset);
		return;
	}
	buf_addf(b, "%llu %x %llu %s", (ull)e->time, e->stream, (ull)e->sequence, seam_event_kind_name(e->kind));
	if (e->kind != SEAM_EVENT_LOSS && e->kind != SEAM_EVENT_GAP)
		buf_addf(b, " tid=%u", e->tid);
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_ENTRY:
	case SEAM_EVENT_UNKNOWN:
		text_call(b, e);
		break;
	case SEAM_EVENT_MORE:
		if (!e->more.pieces) {
			buf_addc(b, ' ');
			text_hex_bytes(b, e->blobs->bytes, e->blobs->size);
		}
		text_blobs(b, e, !e->more.pieces);
		break;
	case SEAM_EVENT_FORK:
		buf_addf(b, " child=%u pid=%u ppid=%u", e->fork.tid, e->fork.pid, e->fork.ppid);
		break;
	case SEAM_EVENT_EXEC:
		buf_addf(b, " pid=%u old=%u", e->pid, e->exec.old_tid);
		text_strings(b, "file", &e->exec.file);
		text_strings(b, "args", &e->exec.args);
		text_strings(b, "env", &e->exec.env);
		break;
	case SEAM_EVENT_EXIT:
		buf_addf(b, " pid=%u status=%x last=%d", e->pid, e->exit.status, e->exit.last);
		break;
	case SEAM_EVENT_NAME:
		buf_addf(b, " name=%s", e->name.name);
		break;
	case SEAM_EVENT_SIGNAL:
		buf_addf(b, " signal=%u error=%d code=%d handler=%llx flags=%llx", e->signal.signal, e->signal.error,
			 e->signal.code, (ull)e->signal.handler, (ull)e->signal.flags);
		break;
	case SEAM_EVENT_TASK:
		buf_addf(b, " pid=%u ppid=%u uid=%u name=%s", e->pid, e->task.ppid, e->task.uid, e->task.name);
		text_strings(b, "file", &e->task.file);
		text_strings(b, "args", &e->task.args);
		break;
	default:
		buf_addf(b, " count=%llu", (ull)e->loss.count);
	}
	buf_adds(b, "\n");
}

#endif
