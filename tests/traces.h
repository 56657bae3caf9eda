/* SPDX-License-Identifier: BSD-2-Clause */
/* Traces for the tests: events of every kind, written to a file of which only the descriptor's name is known. */
#ifndef TESTS_TRACES_H
#define TESTS_TRACES_H

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/alloc.h"
#include "base/files.h"
#include "event-text.h"
#include "tap.h"
#include "trace/builder.h"
#include "trace/meta.h"

/* A file in memory, with a path that can be opened. */
struct scratch {
	int fd;
	char path[64];
};

static inline void scratch_init(struct scratch *s)
{
	s->fd = memfd_create("trace", MFD_CLOEXEC);
	snprintf(s->path, sizeof(s->path), "/proc/self/fd/%d", s->fd);
}

static inline void scratch_put(struct scratch *s, const void *p, size_t n)
{
	if (ftruncate(s->fd, 0) < 0 || lseek(s->fd, 0, SEEK_SET) < 0 || fd_write_all(s->fd, p, n) < 0)
		abort();
}

static inline struct seam_strings strings_of(const char *bytes, size_t n, uint32_t whole)
{
	return (struct seam_strings){ bytes, (uint32_t)n, whole };
}

/* The events of the sample, one stream each call; n: which of them. False after the last. The blobs are of the caller. */
static inline bool sample_event(int n, struct seam_event *e, struct seam_blob *blobs)
{
	static const char args[] = "cat\0-n\0/etc/passwd", env[] = "PATH=/bin\0LANG=C";
	static const unsigned char text[] = "/etc/passwd";

	memset(e, 0, sizeof(*e));
	memset(blobs, 0, 4 * sizeof(*blobs));
	e->time = 1000000 + (uint64_t)n * 1000;
	e->tid = 100;
	e->blobs = blobs;
	switch (n) {
	case 0:
		e->kind = SEAM_EVENT_TASK;
		e->pid = 100;
		e->task.ppid = 1;
		e->task.uid = 1000;
		memcpy(e->task.name, "sixteen-is-full!", 16);
		e->task.file = strings_of("/bin/sh", 8, 8);
		e->task.args = strings_of("sh", 3, 3);
		return true;
	case 1:
		e->kind = SEAM_EVENT_EXEC;
		e->pid = 100;
		e->exec.old_tid = 101;
		e->exec.file = strings_of("/usr/bin/cat", 13, 13);
		e->exec.args = strings_of(args, sizeof(args), sizeof(args));
		e->exec.env = strings_of(env, sizeof(env), 5000);
		return true;
	case 2: /* openat with a path */
	case 3:
		e->kind = SEAM_EVENT_CALL;
		e->returned = e->timed = true;
		e->number = 257;
		e->args[0] = (uint64_t)-100;
		e->args[1] = 0x7fff00001000 + (uint64_t)n;
		e->args[2] = 0x80000;
		e->ret = n == 2 ? 3 : -2;
		e->entered = e->time - 500;
		blobs[0] = (struct seam_blob){ e->args[1], text, sizeof(text), sizeof(text), SEAM_BLOB_WHOLE, SEAM_AT_ENTRY, 1 };
		e->blob_count = 1;
		return true;
	case 4: /* everything wide, memory of every status */
		e->kind = SEAM_EVENT_CALL;
		e->returned = e->timed = e->no_room = true;
		e->number = 65535;
		for (int i = 0; i < SEAM_MAX_ARGS; i++)
			e->args[i] = UINT64_C(0x1122334455667788) * (unsigned)(i + 1);
		e->ret = INT64_MIN;
		e->time = 20000000000;
		e->entered = 1;
		blobs[0] = (struct seam_blob){ 0x1234, text, 3, SEAM_BLOB_UNKNOWN, SEAM_BLOB_CUT, SEAM_AT_ENTRY, SEAM_BLOB_ELSEWHERE };
		blobs[1] = (struct seam_blob){ e->args[5], text, 5, 9, SEAM_BLOB_FAULTED, SEAM_AT_EXIT, 5 };
		blobs[2] = (struct seam_blob){ e->args[0], text, 0, 8, SEAM_BLOB_FAULTED, SEAM_AT_EXIT, 0 };
		e->blob_count = 3;
		return true;
	case 5:
		e->kind = SEAM_EVENT_CALL;
		e->compat = true;
		e->returned = true;
		e->number = 257;
		e->args[5] = 1;
		e->time = 20000000001;
		return true;
	case 6:
		e->kind = SEAM_EVENT_UNKNOWN;
		e->returned = true;
		e->number = 0xfedcba9876543210;
		e->args[3] = UINT64_MAX;
		e->ret = -38;
		e->time = 20000000002;
		return true;
	case 7:
		e->kind = SEAM_EVENT_UNKNOWN;
		e->number = 999999;
		e->timed = true;
		e->time = 20000000003;
		e->entered = 20000000003;
		return true;
	case 8:
		e->kind = SEAM_EVENT_FORK;
		e->fork.tid = e->fork.pid = 102;
		e->fork.ppid = 100;
		e->time = 20000000004;
		return true;
	case 9:
		e->kind = SEAM_EVENT_NAME;
		e->tid = 102;
		memcpy(e->name.name, "worker", 6);
		e->time = 20000000004;
		return true;
	case 10:
		e->kind = SEAM_EVENT_SIGNAL;
		e->tid = 102;
		e->signal.signal = 11;
		e->signal.error = -3;
		e->signal.code = 1;
		e->signal.handler = 0x401000;
		e->signal.flags = 0x4000004;
		e->time = 20000000005;
		return true;
	case 11:
		e->kind = SEAM_EVENT_LOSS;
		e->tid = 0;
		e->loss.count = 42;
		e->time = 20000000006;
		return true;
	case 12:
		e->kind = SEAM_EVENT_ENTRY;
		e->number = 231;
		e->timed = true;
		e->args[0] = 1;
		e->time = 90000000000;
		e->entered = 20000000007;
		return true;
	case 13:
		e->kind = SEAM_EVENT_EXIT;
		e->pid = 100;
		e->exit.status = 0x100;
		e->exit.last = true;
		e->time = 90000000001;
		return true;
	default:
		return false;
	}
}

/* What happens beside calls: as sample_event(). Event 0 is an exec whose words go on. */
static inline bool sample_beside(int n, struct seam_event *e, struct seam_blob *blobs)
{
	static const char args[] = "cat\0-n", env[] = "PATH=/bin\0LANG=C";
	static const unsigned char entry[64] = { 22, 16, 0, 0, 3, 0, 0, 0, 1 }, id[] = { 0xde, 0xad, 0xbe, 0xef, 5 };
	static const unsigned char text[] = "some bytes that came";

	memset(e, 0, sizeof(*e));
	memset(blobs, 0, 4 * sizeof(*blobs));
	e->time = 5000000 + (uint64_t)n * 1000;
	e->tid = 100;
	e->blobs = blobs;
	switch (n) {
	case 0:
		e->kind = SEAM_EVENT_EXEC;
		e->pid = 100;
		e->exec.old_tid = 100;
		e->exec.file = strings_of("/usr/bin/cat", 13, 13);
		e->exec.args = strings_of(args, sizeof(args), 20);
		e->exec.env = strings_of(env, sizeof(env), 5000);
		return true;
	case 1: /* joined with the exec when it is in the same block */
	case 2:
		e->kind = SEAM_EVENT_WORDS;
		e->words.env = n == 2;
		e->words.more = strings_of(n == 2 ? "HOME=/" : "file", n == 2 ? 7 : 5, 0);
		e->words.more.whole = e->words.more.size;
		return true;
	case 3:
		e->kind = SEAM_EVENT_SUBMIT;
		e->submit.request = 0x1122334455667788;
		e->submit.ring = 5;
		e->submit.user_data = 77;
		e->submit.flags = 0x100000010;
		e->submit.opcode = 22;
		e->submit.entry = entry;
		e->submit.entry_size = sizeof(entry);
		return true;
	case 4:
		e->kind = SEAM_EVENT_SUBMIT;
		e->submit.opcode = 18;
		e->submit.polled = true;
		blobs[0] = (struct seam_blob){ 0x7000, text, 5, 5, SEAM_BLOB_WHOLE, SEAM_AT_ENTRY, SEAM_BLOB_ELSEWHERE };
		e->blob_count = 1;
		return true;
	case 5:
		e->kind = SEAM_EVENT_COMPLETE;
		e->complete.request = 0x1122334455667788;
		e->complete.ring = 5;
		e->complete.user_data = 77;
		e->complete.result = -5;
		e->complete.flags = 3;
		e->complete.worker = 101;
		e->complete.opcode = 22;
		e->complete.extra[0] = 1;
		e->complete.extra[1] = UINT64_MAX;
		blobs[0] = (struct seam_blob){ 0x8000, text, 7, 21, SEAM_BLOB_CUT, SEAM_AT_EXIT, SEAM_BLOB_ELSEWHERE };
		e->blob_count = 1;
		return true;
	case 6:
		e->kind = SEAM_EVENT_IMAGE;
		e->pid = 100;
		e->image.how = SEAM_IMAGE_LOADER;
		e->image.address = 0x7f0000001000;
		e->image.bytes = 0x25000;
		e->image.offset = 0x1000;
		e->image.inode = 123456789012;
		e->image.major = 8;
		e->image.minor = 1;
		e->image.changed = -1;
		e->image.protection = 5;
		e->image.name = strings_of("/lib/ld.so", 11, 11);
		return true;
	case 7:
		e->kind = SEAM_EVENT_FILE;
		e->tid = 0;
		e->file.inode = 123456789012;
		e->file.major = 8;
		e->file.minor = 1;
		e->file.changed = -1;
		e->file.size = 200000;
		e->file.id = id;
		e->file.id_size = sizeof(id);
		e->file.name = strings_of("/lib/ld.so", 11, 11);
		return true;
	case 8:
		e->kind = SEAM_EVENT_TRAP;
		e->trap.address = 0xffff800000000000;
		e->trap.ip = 0x401000;
		e->trap.code = 6;
		return true;
	case 9:
		e->kind = SEAM_EVENT_FORK;
		e->fork.tid = e->fork.pid = 102;
		e->fork.ppid = 100;
		e->fork.own = (struct seam_own_pids){ 2, 2, 4026532000u };
		return true;
	case 10:
		e->kind = SEAM_EVENT_FORK;
		e->fork.tid = 103;
		e->fork.pid = 100;
		e->fork.ppid = 1;
		e->fork.worker = true;
		return true;
	case 11:
		e->kind = SEAM_EVENT_TASK;
		e->pid = 104;
		e->task.file = strings_of("/bin/sh", 8, 8);
		e->task.args = strings_of("sh", 3, 3);
		e->task.own = (struct seam_own_pids){ 1, 1, 4026532000u };
		return true;
	case 12:
		e->kind = SEAM_EVENT_SIGNAL;
		e->signal.signal = 18;
		e->signal.sent = true;
		return true;
	default:
		return false;
	}
}

/* What a task had open. */
static inline bool sample_descriptor(int n, struct seam_event *e)
{
	*e = (struct seam_event){ .kind = SEAM_EVENT_DESCRIPTOR, .time = 2000 + (uint64_t)n, .tid = 100 };
	switch (n) {
	case 0:
		e->descriptor.fd = -100;
		e->descriptor.flags = 0200000;
		e->descriptor.name = strings_of("/home/me", 9, 9);
		e->descriptor.socket = strings_of("", 0, 0);
		return true;
	case 1:
		e->descriptor.fd = 5;
		e->descriptor.flags = 02000002;
		e->descriptor.name = strings_of("socket:[123456]", 16, 16);
		e->descriptor.socket = strings_of("TCP:[127.0.0.1:80->127.0.0.1:4711]", 35, 35);
		return true;
	case 2:
		e->descriptor.fd = 1000;
		e->descriptor.position = 1ull << 40;
		e->descriptor.name = strings_of("/var/log/a", 11, 11);
		e->descriptor.socket = strings_of("", 0, 0);
		return true;
	default:
		return false;
	}
}

/* Meta data that are the same on every machine. */
static inline void sample_meta(struct buf *b)
{
	trace_meta_add(b, "program", "seam test");
	trace_meta_add(b, "command", "cat");
	trace_meta_add(b, "command", "a \\ b\n\x01 c");
	trace_meta_add(b, "command", "");
	trace_meta_add(b, "call", "x86_64 257 openat dfd file flags mode");
}

/* Writes the sample: block_size bytes a block, events of odd numbers in a second stream if @two. Their text, if wanted. */
static inline void sample_write(const char *path, unsigned codec, size_t block_size, bool two, enum seam_arch arch,
				struct buf *text)
{
	struct trace_writer_options options = { .arch = arch, .codec = codec };
	uint64_t sequence[2] = { 0, 0 };
	struct seam_err err = SEAM_ERR_INIT;
	struct buf meta = BUF_INIT;
	struct trace_builder b[2];
	struct trace_writer *w;
	struct seam_blob blobs[4];
	struct seam_event e;

	sample_meta(&meta);
	if (trace_writer_open(&w, path, &options, &meta, &err) < 0)
		abort();
	buf_release(&meta);
	trace_builder_init(&b[0], 0, block_size, w);
	trace_builder_init(&b[1], 7, block_size, w);
	for (int n = 0; sample_event(n, &e, blobs); n++) {
		int i = two && n % 2;
		uint64_t before = sequence[i];

		/* That of riscv64 cannot be told. */
		if (e.compat && arch == SEAM_ARCH_RISCV64)
			e.compat = false;
		if (trace_build(&b[i], &e, &err) < 0)
			abort();
		e.arch = (uint8_t)(e.compat ? (arch == SEAM_ARCH_X86_64 ? SEAM_ARCH_I386 : SEAM_ARCH_ARM) : arch);
		e.stream = b[i].head.stream;
		sequence[i] = b[i].sequence;
		/* A clock may have been put before it. */
		e.sequence = sequence[i] - 1 - (e.kind == SEAM_EVENT_LOSS ? e.loss.count : 0);
		if (e.sequence < before)
			abort();
		if (text)
			event_text(text, &e);
	}
	for (int i = 0; i < 2; i++) {
		if (trace_builder_flush(&b[i], &err) < 0)
			abort();
		trace_builder_release(&b[i]);
	}
	if (trace_writer_finish(w, &err) < 0)
		abort();
	trace_writer_free(w);
}

/* All events as text; what is damaged, with its message, into @messages if wanted. The number of events or negative errno. */
static inline int trace_text(const char *path, const struct seam_trace_options *options, struct buf *text,
			     struct buf *messages)
{
	struct seam_err err = SEAM_ERR_INIT;
	const struct seam_event *e;
	struct seam_trace *t;
	int r = seam_trace_open(&t, path, options, &err), n = 0;

	if (r < 0) {
		if (messages)
			buf_addf(messages, "%s\n", err.text);
		return r;
	}
	while ((r = seam_trace_next(t, &e, &err)) > 0) {
		if (e->kind == SEAM_EVENT_DAMAGE) {
			if (messages)
				buf_addf(messages, "%s\n", e->damage.text);
			continue;
		}
		event_text(text, e);
		n++;
	}
	if (r < 0 && messages)
		buf_addf(messages, "%s\n", err.text);
	seam_trace_close(t);
	return r < 0 ? r : n;
}

#endif
