/* SPDX-License-Identifier: BSD-2-Clause */
/* What blocks say of tasks: who was made, runs what, has which images, has ended. It is kept when the blocks are not. */
#include "record/notes.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Behind it stands what the record has behind its task, and zeros up to a multiple of 8. */
#define ARGS_MOST (8u << 10) /* of an exec(); nobody reads more in a list of tasks */

struct note {
	uint64_t time;
	uint32_t task;
	uint32_t bytes;
	uint8_t kind;
	uint8_t flags;
	uint8_t spare[6];
};

static bool wanted(uint8_t kind, const unsigned char *body, size_t bytes)
{
	struct trace_image image;

	switch (kind) {
	case TRACE_IMAGE:
		/* memory of no file is made to be run again and again by those who compile as they go */
		if (bytes < sizeof(image))
			return false;
		memcpy(&image, body, sizeof(image)); /* records stand at multiples of 4 only */
		return image.inode;
	case TRACE_FILE:
		return bytes >= sizeof(struct trace_file);
	case TRACE_FORK:
		return bytes >= sizeof(struct trace_fork);
	case TRACE_EXEC:
		return bytes >= sizeof(struct trace_exec);
	case TRACE_EXIT:
		return bytes >= sizeof(struct trace_exit);
	case TRACE_NAME:
		return bytes >= sizeof(struct trace_name);
	case TRACE_TASK:
		return bytes >= sizeof(struct trace_task);
	default:
		return false;
	}
}

static void add(struct buf *notes, const struct note *n, const unsigned char *body)
{
	struct note head = *n;

	/* Of an exec() nobody asks for the environment later. */
	if (n->kind == TRACE_EXEC) {
		const struct trace_exec *x = (const void *)body;
		uint64_t some = sizeof(*x) + (uint64_t)x->file + MIN(x->args, ARGS_MOST);

		head.bytes = (uint32_t)MIN((uint64_t)n->bytes, some);
	}
	buf_add(notes, &head, sizeof(head));
	buf_add(notes, body, head.bytes);
	buf_addn(notes, 0, -(size_t)head.bytes % 8);
}

void notes_take(struct buf *notes, const struct trace_block *head, const void *records)
{
	const unsigned char *at = records, *end = at + head->size;
	struct note n = { .time = head->first };

	/* the first record's elapsed time is 0 */
	for (uint32_t i = 0; i < head->records && (size_t)(end - at) >= sizeof(struct trace_record); i++) {
		const struct trace_record *r = (const void *)at;
		size_t bytes = (size_t)r->words * 4, body = sizeof(*r);

		if (bytes < body || bytes > (size_t)(end - at))
			return;
		n.time += r->elapsed;
		if (!(r->flags & TRACE_SAME_TASK) && bytes >= body + 4) {
			memcpy(&n.task, at + body, sizeof(n.task));
			body += 4;
		}
		if (r->kind == TRACE_CLOCK && bytes >= body + 8)
			memcpy(&n.time, at + body, sizeof(n.time));
		n.kind = r->kind;
		n.flags = r->flags;
		n.bytes = (uint32_t)(bytes - body);
		if (wanted(n.kind, at + body, n.bytes))
			add(notes, &n, at + body);
		at += bytes;
	}
}

/* As many bytes as are there of those that there should be. */
static struct seam_strings strings(const unsigned char *body, size_t bytes, size_t at, uint32_t size, uint32_t whole)
{
	if (at >= bytes)
		return (struct seam_strings){ "", 0, whole };
	return (struct seam_strings){ (const char *)body + at, (uint32_t)MIN((size_t)size, bytes - at), whole };
}

/* Where a record has the numbers of its task in its own namespace; nothing: there is no such. */
static struct seam_own_pids own_pids(const struct note *n, const unsigned char *body, size_t at)
{
	struct trace_own_pids own = { 0 };

	if (at <= n->bytes && n->bytes - at >= sizeof(own))
		memcpy(&own, body + at, sizeof(own));
	return (struct seam_own_pids){ own.tid, own.pid, own.space };
}

static void see_image(const struct note *n, const unsigned char *body, struct seam_event *e)
{
	const struct trace_image *x = (const void *)body;

	e->pid = e->tid = x->pid;
	e->image.how = x->how;
	e->image.address = x->address;
	e->image.bytes = x->bytes;
	e->image.offset = x->offset;
	e->image.inode = x->inode;
	e->image.major = x->major;
	e->image.minor = x->minor;
	e->image.changed = x->changed;
	e->image.protection = x->protection;
	e->image.name = strings(body, n->bytes, sizeof(*x), x->name, x->name);
}

static void see_file(const struct note *n, const unsigned char *body, struct seam_event *e)
{
	const struct trace_file *x = (const void *)body;
	struct seam_strings id = strings(body, n->bytes, sizeof(*x), x->id, x->id);

	e->file.inode = x->inode;
	e->file.major = x->major;
	e->file.minor = x->minor;
	e->file.changed = x->changed;
	e->file.size = x->size;
	e->file.id = (const void *)id.bytes;
	e->file.id_size = id.size;
	e->file.name = strings(body, n->bytes, sizeof(*x) + (size_t)x->id, x->name, x->name);
}

static void see(const struct note *n, const unsigned char *body, struct noted *to)
{
	struct seam_event e = { .kind = n->kind, .time = n->time, .tid = n->task };

	if (n->kind == TRACE_FORK) {
		const struct trace_fork *x = (const void *)body;

		e.fork.tid = x->tid;
		e.fork.pid = x->pid;
		e.fork.ppid = x->ppid;
		e.fork.worker = n->flags & TRACE_FORK_WORKER;
		e.fork.own = own_pids(n, body, sizeof(*x));
	} else if (n->kind == TRACE_EXEC) {
		const struct trace_exec *x = (const void *)body;

		e.pid = x->pid;
		e.exec.old_tid = x->old_tid;
		e.exec.file = strings(body, n->bytes, sizeof(*x), x->file, x->file);
		e.exec.args = strings(body, n->bytes, sizeof(*x) + (size_t)x->file, x->args, x->args_whole);
	} else if (n->kind == TRACE_EXIT) {
		const struct trace_exit *x = (const void *)body;

		e.pid = x->pid;
		e.exit.status = x->status;
		e.exit.last = x->last;
	} else if (n->kind == TRACE_NAME) {
		memcpy(e.name.name, body, sizeof(struct trace_name));
	} else if (n->kind == TRACE_IMAGE) {
		see_image(n, body, &e);
	} else if (n->kind == TRACE_FILE) {
		see_file(n, body, &e);
	} else {
		const struct trace_task *x = (const void *)body;

		e.pid = x->pid;
		e.task.ppid = x->ppid;
		e.task.uid = x->uid;
		memcpy(e.task.name, x->name, sizeof(x->name));
		e.task.file = strings(body, n->bytes, sizeof(*x), x->file, x->file);
		e.task.args = strings(body, n->bytes, sizeof(*x) + (size_t)x->file, x->args, x->args);
		e.task.own = own_pids(n, body, (sizeof(*x) + (size_t)x->file + x->args + 3) / 4 * 4);
	}
	seam_tasks_see(to->tasks, &e);
	seen_images_see(&to->images, &e);
}

void noted_init(struct noted *n)
{
	*n = (struct noted){ .tasks = seam_tasks_new() };
}

void noted_release(struct noted *n)
{
	seam_tasks_free(n->tasks);
	seen_images_release(&n->images);
}

void notes_apply(const struct buf *notes, struct noted *to)
{
	for (size_t at = 0; at < notes->len;) {
		const struct note *n = (const void *)(notes->data + at);

		see(n, (const unsigned char *)(n + 1), to);
		at += sizeof(*n) + ((size_t)n->bytes + 7) / 8 * 8;
	}
}

struct building {
	struct trace_builder *builder;
	uint64_t time;
	struct seam_err *err;
	int result;
};

static void build(const struct seam_task *t, void *user)
{
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .tid = t->tid, .pid = t->pid };
	struct building *b = user;
	char path[64];
	struct stat st;

	if (b->result < 0)
		return;
	e.time = b->time;
	e.task.ppid = t->ppid;
	e.task.uid = t->uid;
	e.task.own = t->own;
	/* who has become somebody else is known as long as it is there */
	snprintf(path, sizeof(path), "/proc/%u", t->pid);
	if (stat(path, &st) == 0)
		e.task.uid = st.st_uid;
	snprintf(e.task.name, sizeof(e.task.name), "%s", t->name);
	if (t->tid == t->pid) {
		uint32_t n = (uint32_t)strlen(t->exe);

		e.task.file = (struct seam_strings){ t->exe, n ? n + 1 : 0, n ? n + 1 : 0 };
		e.task.args = (struct seam_strings){ t->args, t->args_size, t->args_size };
	}
	b->result = trace_build(b->builder, &e, b->err);
}

int noted_build(struct trace_builder *b, const struct noted *n, uint64_t time, struct seam_err *err)
{
	struct building building = { b, time, err, 0 };

	seam_tasks_each(n->tasks, time, build, &building);
	return building.result < 0 ? building.result : seen_images_build(b, &n->images, time, err);
}

void noted_command(struct noted *n, pid_t command)
{
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .tid = (uint32_t)command, .pid = (uint32_t)command };

	e.task.ppid = (uint32_t)getpid();
	e.task.uid = getuid();
	seam_tasks_see(n->tasks, &e);
}

static bool is_crash(uint32_t status)
{
	switch (status & 0x7f) {
	case SIGILL:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGSEGV:
	case SIGSYS:
	case SIGTRAP:
		return true;
	default:
		return false;
	}
}

pid_t notes_crash(const struct buf *notes, int *ret_status)
{
	for (size_t at = 0; at < notes->len;) {
		const struct note *n = (const void *)(notes->data + at);
		const struct trace_exit *x = (const void *)(n + 1);

		if (n->kind == TRACE_EXIT && x->last && is_crash(x->status)) {
			*ret_status = (int)x->status;
			return (pid_t)x->pid;
		}
		at += sizeof(*n) + ((size_t)n->bytes + 7) / 8 * 8;
	}
	return 0;
}

bool notes_end_of(const struct buf *notes, pid_t pid, int *ret_status)
{
	for (size_t at = 0; at < notes->len;) {
		const struct note *n = (const void *)(notes->data + at);
		const struct trace_exit *x = (const void *)(n + 1);

		if (n->kind == TRACE_EXIT && x->pid == (uint32_t)pid && x->last) {
			*ret_status = (int)x->status;
			return true;
		}
		at += sizeof(*n) + ((size_t)n->bytes + 7) / 8 * 8;
	}
	return false;
}
