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

static inline void text_own(struct buf *b, const struct seam_own_pids *own)
{
	if (own->tid)
		buf_addf(b, " own=%u,%u,%u", own->tid, own->pid, own->space);
}

/* What happens beside calls. */
static inline void text_other(struct buf *b, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_SUBMIT:
		buf_addf(b, " request=%llx ring=%llx user=%llx flags=%llx op=%u%s entry=", (ull)e->submit.request,
			 (ull)e->submit.ring, (ull)e->submit.user_data, (ull)e->submit.flags, e->submit.opcode,
			 e->submit.polled ? " polled" : "");
		text_hex_bytes(b, e->submit.entry, e->submit.entry_size);
		text_blobs(b, e, 0);
		break;
	case SEAM_EVENT_COMPLETE:
		buf_addf(b, " request=%llx ring=%llx user=%llx result=%d flags=%x worker=%u op=%u extra=%llx,%llx",
			 (ull)e->complete.request, (ull)e->complete.ring, (ull)e->complete.user_data, e->complete.result,
			 e->complete.flags, e->complete.worker, e->complete.opcode, (ull)e->complete.extra[0],
			 (ull)e->complete.extra[1]);
		text_blobs(b, e, 0);
		break;
	case SEAM_EVENT_IMAGE:
		buf_addf(b, " pid=%u how=%u at=%llx+%llx offset=%llx inode=%llu dev=%u:%u changed=%lld prot=%x", e->pid,
			 e->image.how, (ull)e->image.address, (ull)e->image.bytes, (ull)e->image.offset,
			 (ull)e->image.inode, e->image.major, e->image.minor, (long long)e->image.changed,
			 e->image.protection);
		text_strings(b, "name", &e->image.name);
		break;
	case SEAM_EVENT_TRAP:
		buf_addf(b, " trap=%u at=%llx ip=%llx code=%llx", e->trap.trap, (ull)e->trap.address, (ull)e->trap.ip,
			 (ull)e->trap.code);
		break;
	case SEAM_EVENT_DESCRIPTOR:
		buf_addf(b, " fd=%d flags=%x position=%llu", e->descriptor.fd, e->descriptor.flags, (ull)e->descriptor.position);
		text_strings(b, "name", &e->descriptor.name);
		text_strings(b, "socket", &e->descriptor.socket);
		break;
	case SEAM_EVENT_FILE:
		buf_addf(b, " inode=%llu dev=%u:%u changed=%lld size=%llu id=", (ull)e->file.inode, e->file.major,
			 e->file.minor, (long long)e->file.changed, (ull)e->file.size);
		text_hex_bytes(b, e->file.id, e->file.id_size);
		text_strings(b, "name", &e->file.name);
		break;
	case SEAM_EVENT_WORDS:
		text_strings(b, e->words.env ? "env" : "args", &e->words.more);
		break;
	default:
		buf_addf(b, " count=%llu", (ull)e->loss.count);
	}
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
		buf_adds(b, e->fork.worker ? " worker" : "");
		text_own(b, &e->fork.own);
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
		buf_adds(b, e->signal.sent ? " sent" : "");
		break;
	case SEAM_EVENT_TASK:
		buf_addf(b, " pid=%u ppid=%u uid=%u name=%s", e->pid, e->task.ppid, e->task.uid, e->task.name);
		text_own(b, &e->task.own);
		text_strings(b, "file", &e->task.file);
		text_strings(b, "args", &e->task.args);
		break;
	default:
		text_other(b, e);
	}
	buf_adds(b, "\n");
}

#endif
