/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes records of what is no call. */
#include <string.h>

#include "trace/builder-parts.h"

#define NAME_MOST (8u << 10) /* of a name, and of other short things */

static void put_exec(struct trace_builder *b, const struct seam_event *e)
{
	/* Together less than a record. */
	uint32_t file = MIN(e->exec.file.size, (uint32_t)8 << 10);
	uint32_t args = MIN(e->exec.args.size, TRACE_EXEC_WORDS), env = MIN(e->exec.env.size, TRACE_EXEC_WORDS);
	struct trace_exec x = { .pid = e->pid, .old_tid = e->exec.old_tid, .file = file, .args = args, .env = env,
				.args_whole = e->exec.args.whole, .env_whole = e->exec.env.whole };

	buf_add(&b->data, &x, sizeof(x));
	buf_add(&b->data, e->exec.file.bytes, file);
	buf_add(&b->data, e->exec.args.bytes, args);
	buf_add(&b->data, e->exec.env.bytes, env);
	trace_pad(b);
}

static void put_own(struct trace_builder *b, const struct seam_own_pids *own)
{
	struct trace_own_pids x = { own->tid, own->pid, own->space };

	if (own->tid)
		buf_add(&b->data, &x, sizeof(x));
}

static void put_task(struct trace_builder *b, const struct seam_event *e)
{
	uint32_t file = MIN(e->task.file.size, (uint32_t)8 << 10), args = MIN(e->task.args.size, (uint32_t)120 << 10);
	struct trace_task x = { .pid = e->pid, .ppid = e->task.ppid, .uid = e->task.uid, .file = file, .args = args };

	memcpy(x.name, e->task.name, sizeof(x.name));
	buf_add(&b->data, &x, sizeof(x));
	buf_add(&b->data, e->task.file.bytes, file);
	buf_add(&b->data, e->task.args.bytes, args);
	trace_pad(b);
	put_own(b, &e->task.own);
}

static void put_submit(struct trace_builder *b, const struct seam_event *e)
{
	uint32_t entry = MIN(e->submit.entry_size, NAME_MOST);
	struct trace_submit x = { .request = e->submit.request, .ring = e->submit.ring, .user_data = e->submit.user_data,
				  .flags = e->submit.flags, .opcode = e->submit.opcode, .entry = entry };

	buf_add(&b->data, &x, sizeof(x));
	buf_add(&b->data, e->submit.entry, entry);
	trace_pad(b);
}

static void put_complete(struct trace_builder *b, const struct seam_event *e)
{
	struct trace_complete x = { .request = e->complete.request, .ring = e->complete.ring,
				    .user_data = e->complete.user_data, .result = e->complete.result,
				    .flags = e->complete.flags, .worker = e->complete.worker, .opcode = e->complete.opcode,
				    .extra = { e->complete.extra[0], e->complete.extra[1] } };

	buf_add(&b->data, &x, sizeof(x));
}

static void put_image(struct trace_builder *b, const struct seam_event *e)
{
	uint32_t name = MIN(e->image.name.size, NAME_MOST);
	struct trace_image x = { .pid = e->pid, .how = e->image.how, .address = e->image.address, .bytes = e->image.bytes,
				 .offset = e->image.offset, .inode = e->image.inode, .major = e->image.major,
				 .minor = e->image.minor, .changed = e->image.changed,
				 .protection = e->image.protection, .name = name };

	buf_add(&b->data, &x, sizeof(x));
	buf_add(&b->data, e->image.name.bytes, name);
	trace_pad(b);
}

static void put_trap(struct trace_builder *b, const struct seam_event *e)
{
	struct trace_trap x = { .trap = e->trap.trap, .address = e->trap.address, .ip = e->trap.ip, .code = e->trap.code };

	buf_add(&b->data, &x, sizeof(x));
}

static void put_file(struct trace_builder *b, const struct seam_event *e)
{
	uint32_t id = MIN(e->file.id_size, NAME_MOST), name = MIN(e->file.name.size, NAME_MOST);
	struct trace_file x = { .inode = e->file.inode, .major = e->file.major, .minor = e->file.minor,
				.changed = e->file.changed, .size = e->file.size, .id = id, .name = name };

	buf_add(&b->data, &x, sizeof(x));
	buf_add(&b->data, e->file.id, id);
	trace_pad(b);
	buf_add(&b->data, e->file.name.bytes, name);
	trace_pad(b);
}

static void put_descriptor(struct trace_builder *b, const struct seam_event *e)
{
	uint32_t name = MIN(e->descriptor.name.size, NAME_MOST), socket = MIN(e->descriptor.socket.size, NAME_MOST);
	struct trace_descriptor x = { .fd = e->descriptor.fd, .flags = e->descriptor.flags, .position = e->descriptor.position,
				      .name = name, .socket = socket };

	buf_add(&b->data, &x, sizeof(x));
	buf_add(&b->data, e->descriptor.name.bytes, name);
	buf_add(&b->data, e->descriptor.socket.bytes, socket);
	trace_pad(b);
}

uint8_t trace_rest_flags(const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_FORK:
		return e->fork.worker ? TRACE_FORK_WORKER : 0;
	case SEAM_EVENT_SIGNAL:
		return e->signal.sent ? TRACE_SIGNAL_SENT : 0;
	case SEAM_EVENT_SUBMIT:
		return e->submit.polled ? TRACE_SUBMIT_POLLED : 0;
	case SEAM_EVENT_WORDS:
		return e->words.env ? TRACE_WORDS_ENV : 0;
	default:
		return 0;
	}
}

void trace_put_rest(struct trace_builder *b, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_FORK:
		trace_put32(b, e->fork.tid);
		trace_put32(b, e->fork.pid);
		trace_put32(b, e->fork.ppid);
		put_own(b, &e->fork.own);
		break;
	case SEAM_EVENT_EXEC:
		put_exec(b, e);
		break;
	case SEAM_EVENT_EXIT:
		trace_put32(b, e->pid);
		trace_put32(b, e->exit.status);
		trace_put32(b, e->exit.last);
		break;
	case SEAM_EVENT_NAME:
		buf_add(&b->data, e->name.name, 16);
		break;
	case SEAM_EVENT_SIGNAL:
		trace_put32(b, e->signal.signal);
		trace_put32(b, (uint32_t)e->signal.error);
		trace_put32(b, (uint32_t)e->signal.code);
		trace_put32(b, 0);
		trace_put64(b, e->signal.handler);
		trace_put64(b, e->signal.flags);
		buf_add(&b->data, e->signal.info, e->signal.info_size & ~3u);
		break;
	case SEAM_EVENT_LOSS:
		trace_put32(b, (uint32_t)e->loss.count);
		b->head.lost += (uint32_t)e->loss.count;
		b->sequence += e->loss.count;
		break;
	case SEAM_EVENT_TASK:
		put_task(b, e);
		break;
	case SEAM_EVENT_SUBMIT:
		put_submit(b, e);
		break;
	case SEAM_EVENT_COMPLETE:
		put_complete(b, e);
		break;
	case SEAM_EVENT_IMAGE:
		put_image(b, e);
		break;
	case SEAM_EVENT_TRAP:
		put_trap(b, e);
		break;
	case SEAM_EVENT_DESCRIPTOR:
		put_descriptor(b, e);
		break;
	case SEAM_EVENT_FILE:
		put_file(b, e);
		break;
	default:
		trace_put32(b, e->words.more.size);
		buf_add(&b->data, e->words.more.bytes, e->words.more.size);
		trace_pad(b);
	}
}
