/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of what is no call as events. */
#include "trace/part.h"

static bool take_strings(struct part *a, struct seam_strings *s, uint32_t size)
{
	if (!has(a, size))
		return false;
	s->bytes = (const char *)a->p;
	s->size = s->whole = size;
	a->p += size;
	return true;
}

static const char *take_exec(struct seam_event *e, struct part *a)
{
	struct trace_exec x;

	if (!take(a, &x, sizeof(x)) || !take_strings(a, &e->exec.file, x.file) ||
	    !take_strings(a, &e->exec.args, x.args) || !take_strings(a, &e->exec.env, x.env))
		return "it is too short for an exec";
	e->pid = x.pid;
	e->exec.old_tid = x.old_tid;
	e->exec.args.whole = MAX(x.args_whole, x.args);
	e->exec.env.whole = MAX(x.env_whole, x.env);
	return NULL;
}

static void take_own(struct part *a, struct seam_own_pids *ret)
{
	struct trace_own_pids own = { 0 };

	take(a, &own, sizeof(own));
	*ret = (struct seam_own_pids){ own.tid, own.pid, own.space };
}

static const char *take_task(struct seam_event *e, struct part *a)
{
	struct trace_task x;
	size_t odd;

	if (!take(a, &x, sizeof(x)) || !take_strings(a, &e->task.file, x.file) || !take_strings(a, &e->task.args, x.args))
		return "it is too short for a task";
	e->pid = x.pid;
	e->task.ppid = x.ppid;
	e->task.uid = x.uid;
	memcpy(e->task.name, x.name, sizeof(x.name));
	e->task.name[sizeof(x.name)] = '\0';
	odd = -(size_t)(x.file + x.args) % 4;
	a->p += MIN(odd, (size_t)(a->end - a->p));
	take_own(a, &e->task.own);
	return NULL;
}

static const char *take_submit(struct seam_trace *t, const struct trace_record *rec, struct part *a)
{
	struct seam_event *e = &t->event;
	struct trace_submit x;

	if (!take(a, &x, sizeof(x)) || !has(a, x.entry))
		return "it is too short for a request";
	e->submit.request = x.request;
	e->submit.ring = x.ring;
	e->submit.user_data = x.user_data;
	e->submit.flags = x.flags;
	e->submit.opcode = x.opcode;
	e->submit.polled = rec->flags & TRACE_SUBMIT_POLLED;
	e->submit.entry = a->p;
	e->submit.entry_size = x.entry;
	a->p += MIN((x.entry + (size_t)3) & ~(size_t)3, (size_t)(a->end - a->p));
	return trace_take_blobs(t, a, NULL);
}

static const char *take_complete(struct seam_trace *t, struct part *a)
{
	struct seam_event *e = &t->event;
	struct trace_complete x;

	if (!take(a, &x, sizeof(x)))
		return "it is too short for a completion";
	e->complete.request = x.request;
	e->complete.ring = x.ring;
	e->complete.user_data = x.user_data;
	e->complete.result = x.result;
	e->complete.flags = x.flags;
	e->complete.worker = x.worker;
	e->complete.opcode = x.opcode;
	memcpy(e->complete.extra, x.extra, sizeof(x.extra));
	return trace_take_blobs(t, a, NULL);
}

static const char *take_image(struct seam_event *e, struct part *a)
{
	struct trace_image x;

	if (!take(a, &x, sizeof(x)) || !take_strings(a, &e->image.name, x.name))
		return "it is too short for an image";
	e->pid = x.pid;
	e->image.how = x.how;
	e->image.address = x.address;
	e->image.bytes = x.bytes;
	e->image.offset = x.offset;
	e->image.inode = x.inode;
	e->image.major = x.major;
	e->image.minor = x.minor;
	e->image.changed = x.changed;
	e->image.protection = x.protection;
	return NULL;
}

static const char *take_trap(struct seam_event *e, struct part *a)
{
	struct trace_trap x;

	if (!take(a, &x, sizeof(x)))
		return "it is too short for a trap";
	e->trap.trap = x.trap;
	e->trap.address = x.address;
	e->trap.ip = x.ip;
	e->trap.code = x.code;
	return NULL;
}

static const char *take_file(struct seam_event *e, struct part *a)
{
	struct trace_file x;
	size_t padded;

	if (!take(a, &x, sizeof(x)) || !has(a, x.id))
		return "it is too short for a file";
	e->file.inode = x.inode;
	e->file.major = x.major;
	e->file.minor = x.minor;
	e->file.changed = x.changed;
	e->file.size = x.size;
	e->file.id = a->p;
	e->file.id_size = x.id;
	padded = (x.id + (size_t)3) & ~(size_t)3;
	a->p += MIN(padded, (size_t)(a->end - a->p));
	return take_strings(a, &e->file.name, x.name) ? NULL : "it is too short for a file";
}

static const char *take_descriptor(struct seam_event *e, struct part *a)
{
	struct trace_descriptor x;

	if (!take(a, &x, sizeof(x)) || !take_strings(a, &e->descriptor.name, x.name) ||
	    !take_strings(a, &e->descriptor.socket, x.socket))
		return "it is too short for a descriptor";
	e->descriptor.fd = x.fd;
	e->descriptor.flags = x.flags;
	e->descriptor.position = x.position;
	return NULL;
}

const char *trace_take_rest(struct seam_trace *t, struct trace_stream *s, const struct trace_record *rec, struct part *a)
{
	struct seam_event *e = &t->event;
	struct trace_fork fork;
	struct trace_exit exit;
	struct trace_signal signal;
	struct trace_loss loss;

	switch (e->kind) {
	case TRACE_FORK:
		if (!take(a, &fork, sizeof(fork)))
			return "it is too short for a fork";
		e->fork.tid = fork.tid;
		e->fork.pid = fork.pid;
		e->fork.ppid = fork.ppid;
		e->fork.worker = rec->flags & TRACE_FORK_WORKER;
		take_own(a, &e->fork.own);
		return NULL;
	case TRACE_EXEC:
		return take_exec(e, a);
	case TRACE_EXIT:
		if (!take(a, &exit, sizeof(exit)))
			return "it is too short for an exit";
		e->pid = exit.pid;
		e->exit.status = exit.status;
		e->exit.last = exit.last;
		return NULL;
	case TRACE_NAME:
		if (!take(a, e->name.name, 16))
			return "it is too short for a name";
		e->name.name[16] = '\0';
		return NULL;
	case TRACE_SIGNAL:
		if (!take(a, &signal, sizeof(signal)))
			return "it is too short for a signal";
		e->signal.signal = signal.signal;
		e->signal.error = signal.error;
		e->signal.code = signal.code;
		e->signal.handler = signal.handler;
		e->signal.flags = signal.flags;
		e->signal.sent = rec->flags & TRACE_SIGNAL_SENT;
		e->signal.info = a->p;
		e->signal.info_size = (uint32_t)(a->end - a->p);
		return NULL;
	case TRACE_LOSS:
		if (!take(a, &loss, sizeof(loss)))
			return "it is too short for a loss";
		e->loss.count = loss.count;
		e->tid = 0;
		s->sequence += loss.count;
		return NULL;
	case TRACE_TASK:
		return take_task(e, a);
	case TRACE_SUBMIT:
		return take_submit(t, rec, a);
	case TRACE_COMPLETE:
		return take_complete(t, a);
	case TRACE_IMAGE:
		return take_image(e, a);
	case TRACE_TRAP:
		return take_trap(e, a);
	case TRACE_DESCRIPTOR:
		return take_descriptor(e, a);
	case TRACE_FILE:
		return take_file(e, a);
	default:
		e->words.env = rec->flags & TRACE_WORDS_ENV;
		if (!has(a, 4) || !take_strings(a, &e->words.more, take32(a)))
			return "its words are longer than the record";
		return NULL;
	}
}
