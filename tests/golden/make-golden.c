/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes the traces of this folder, with everything that the format has, and larger ones by chance:
 * make-golden DIR; make-golden --random SEED FILE
 */
#include "base/str.h"
#include "traces.h"

static void must(int r, const struct seam_err *err)
{
	if (r < 0) {
		fprintf(stderr, "make-golden: %s\n", err->text);
		exit(1);
	}
}

static struct trace_writer *open_writer(const char *path, enum seam_arch arch, unsigned codec, uint64_t queue)
{
	struct trace_writer_options options = { .arch = arch, .codec = codec, .queue = (unsigned)queue };
	struct seam_err err = SEAM_ERR_INIT;
	struct buf meta = BUF_INIT;
	struct trace_writer *w;

	sample_meta(&meta);
	must(trace_writer_open(&w, path, &options, &meta, &err), &err);
	buf_release(&meta);
	return w;
}

/* Memory that goes on in other records: in the same block, as further pieces, in the next block. */
static void build_more(struct trace_builder *b, uint64_t time)
{
	static const unsigned char text[] = "All happy families are alike.";
	struct seam_blob blob = { 0x5000, text, 10, 10, SEAM_BLOB_WHOLE, SEAM_AT_EXIT, 1 };
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .returned = true, .number = 0, .ret = 29, .time = time, .tid = 5,
				.blobs = &blob, .blob_count = 1 };
	struct seam_err err = SEAM_ERR_INIT;

	e.args[1] = 0x5000;
	must(trace_build(b, &e, &err), &err);
	e.kind = SEAM_EVENT_MORE;
	blob.bytes = text + 10;
	must(trace_build(b, &e, &err), &err);
	blob = (struct seam_blob){ 0x9000, text, 7, 12, SEAM_BLOB_CUT, SEAM_AT_ENTRY, SEAM_BLOB_ELSEWHERE };
	e.more.pieces = true;
	must(trace_build(b, &e, &err), &err);
	e.more.pieces = false;
	blob.bytes = text + 7;
	blob.size = 3;
	must(trace_build(b, &e, &err), &err);
	must(trace_builder_flush(b, &err), &err);
	must(trace_build(b, &e, &err), &err);
	must(trace_build(b, &e, &err), &err);
	e.more.pieces = true;
	must(trace_build(b, &e, &err), &err);
	e.tid = 6; /* of another task: it belongs to nothing */
	must(trace_build(b, &e, &err), &err);
}

static void golden(const char *dir, const char *name, enum seam_arch arch, unsigned codec, bool finish)
{
	_cleanup_free_ char *path = xasprintf("%s/%s.seam", dir, name);
	struct trace_writer *w = open_writer(path, arch, codec, 0);
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b[3];
	struct seam_blob blobs[4];
	struct seam_event e;

	trace_builder_init(&b[0], 0, 150, w);
	trace_builder_init(&b[1], 0x80000001, 10000, w);
	trace_builder_init(&b[2], TRACE_STREAM_RECORDER, 10000, w);
	for (int n = 0; sample_event(n, &e, blobs); n++) {
		if (arch == SEAM_ARCH_RISCV64)
			e.compat = false;
		must(trace_build(&b[e.kind == SEAM_EVENT_TASK ? 2 : n / 2 % 2], &e, &err), &err);
		/* At the same time, so that the order of the streams decides. */
		if (n == 3)
			must(trace_build(&b[2], &e, &err), &err);
	}
	for (int i = 0; i < 3; i++) {
		build_more(&b[i], 100000000000);
		must(trace_builder_flush(&b[i], &err), &err);
		trace_builder_release(&b[i]);
	}
	if (finish)
		must(trace_writer_finish(w, &err), &err);
	trace_writer_free(w);
}

/* What happens beside calls; the second time with the words of the exec in a block of their own. */
static void golden_beside(const char *dir, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s.seam", dir, name);
	struct trace_writer *w = open_writer(path, SEAM_ARCH_X86_64, TRACE_RAW, 0);
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b;
	struct seam_blob blobs[4];
	struct seam_event e;

	trace_builder_init(&b, 0, 10000, w);
	for (int round = 0; round < 2; round++) {
		for (int n = 0; sample_beside(n, &e, blobs); n++) {
			must(trace_build(&b, &e, &err), &err);
			if (round && n < 2)
				must(trace_builder_flush(&b, &err), &err);
		}
	}
	must(trace_builder_flush(&b, &err), &err);
	trace_builder_release(&b);
	must(trace_writer_finish(w, &err), &err);
	trace_writer_free(w);
}

static void golden_descriptors(const char *dir, const char *name)
{
	_cleanup_free_ char *path = xasprintf("%s/%s.seam", dir, name);
	struct trace_writer *w = open_writer(path, SEAM_ARCH_ARM64, TRACE_RAW, 0);
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b;
	struct seam_event e;

	trace_builder_init(&b, TRACE_STREAM_RECORDER, 10000, w);
	for (int n = 0; sample_descriptor(n, &e); n++)
		must(trace_build(&b, &e, &err), &err);
	must(trace_builder_flush(&b, &err), &err);
	trace_builder_release(&b);
	must(trace_writer_finish(w, &err), &err);
	trace_writer_free(w);
}

/* Calls that do something to the world, for events: on arm64, so that every machine reads another's. */
static const struct deed_call {
	const char *name;
	int64_t ret;
	uint64_t args[5];
	const char *at[4]; /* memory of these arguments */
	size_t size;       /* of each, if it is not a string */
} deed_calls[] = {
	{ "openat", 3, { (uint64_t)-100, 0, 0301, 0644 }, { NULL, "new" }, 0 },
	{ "write", 5, { 3, 0, 5 }, { NULL, "hello" }, 5 },
	{ "write", 5, { 3, 0, 5 }, { NULL, "again" }, 5 },
	{ "fchmod", 0, { 3, 0600 }, { NULL }, 0 },
	{ "close", 0, { 3 }, { NULL }, 0 },
	{ "openat", 3, { (uint64_t)-100, 0, 02101 }, { NULL, "/var/log/b" }, 0 },
	{ "openat", -2, { (uint64_t)-100, 0, 0 }, { NULL, "absent" }, 0 },
	{ "newfstatat", -2, { (uint64_t)-100, 0, 0x7000 }, { NULL, "absent" }, 0 },
	{ "renameat2", 0, { (uint64_t)-100, 0, (uint64_t)-100, 0, 0 }, { NULL, "new", NULL, "/home/you/old" }, 0 },
	{ "symlinkat", 0, { 0, (uint64_t)-100, 0 }, { "../x", NULL, "link" }, 0 },
	{ "unlinkat", -13, { (uint64_t)-100, 0, 0 }, { NULL, "\"\n" }, 0 },
	{ "mkdirat", 0, { (uint64_t)-100, 0, 0755 }, { NULL, "d" }, 0 },
	{ "unlinkat", 0, { (uint64_t)-100, 0, 0x200 }, { NULL, "d" }, 0 },
	{ "read", 100, { 5, 0, 4096 }, { NULL }, 0 },
	{ "sendto", 10, { 5, 0, 10 }, { NULL }, 0 },
	{ "socket", 6, { 2, 1, 0 }, { NULL }, 0 },
	{ "connect", -111, { 6, 0, 16 }, { NULL, "\2\0\0\120\177\0\0\1\0\0\0\0\0\0\0\0" }, 16 },
	{ "io_submit", 1, { 0 }, { NULL }, 0 },
	{ "kill", 0, { 102, 15 }, { NULL }, 0 },
};

static void build_deed(struct trace_builder *b, const struct deed_call *c, uint64_t time)
{
	const struct seam_call *call = seam_call_by_name(&seam_tables, SEAM_ARCH_ARM64, c->name);
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .arch = SEAM_ARCH_ARM64, .returned = true, .timed = true, .time = time, .entered = time - 50,
				.tid = 100, .ret = c->ret };
	struct seam_blob blobs[4];
	struct seam_err err = SEAM_ERR_INIT;

	e.number = call ? call->number : 0;
	e.blobs = blobs;
	for (unsigned i = 0; i < 5; i++)
		e.args[i] = c->args[i];
	for (unsigned i = 0; i < 4; i++) {
		uint32_t size = c->at[i] ? (uint32_t)(c->size ? c->size : strlen(c->at[i]) + 1) : 0;

		if (!size)
			continue;
		e.args[i] = 0x1000 * (i + 1);
		blobs[e.blob_count++] = (struct seam_blob){ e.args[i], (const unsigned char *)c->at[i], size, size, SEAM_BLOB_WHOLE, SEAM_AT_ENTRY, (uint8_t)i };
	}
	must(trace_build(b, &e, &err), &err);
}

static void golden_deeds(const char *dir, const char *name)
{
	static const char args[] = "ls\0-l";
	_cleanup_free_ char *path = xasprintf("%s/%s.seam", dir, name);
	struct trace_writer *w = open_writer(path, SEAM_ARCH_ARM64, TRACE_RAW, 0);
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b;
	struct seam_event e;

	trace_builder_init(&b, TRACE_STREAM_RECORDER, 10000, w);
	for (int n = 0; sample_descriptor(n, &e); n++)
		must(trace_build(&b, &e, &err), &err);
	for (unsigned i = 0; i < ARRAY_SIZE(deed_calls); i++)
		build_deed(&b, &deed_calls[i], 10000 + i * 100);
	e = (struct seam_event){ .kind = SEAM_EVENT_FORK, .tid = 100, .time = 20000, .fork = { .tid = 102, .pid = 102, .ppid = 100 } };
	must(trace_build(&b, &e, &err), &err);
	e = (struct seam_event){ .kind = SEAM_EVENT_EXEC, .tid = 102, .pid = 102, .time = 21000, .exec.old_tid = 102 };
	e.exec.file = strings_of("bin/ls", 7, 7);
	e.exec.args = strings_of(args, sizeof(args), sizeof(args));
	e.exec.env = strings_of("", 0, 0);
	must(trace_build(&b, &e, &err), &err);
	e = (struct seam_event){ .kind = SEAM_EVENT_EXIT, .tid = 102, .time = 22000, .exit = { .status = 15, .last = true } };
	must(trace_build(&b, &e, &err), &err);
	must(trace_builder_flush(&b, &err), &err);
	trace_builder_release(&b);
	must(trace_writer_finish(w, &err), &err);
	trace_writer_free(w);
}

static uint64_t state;

static uint64_t chance(uint64_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % below;
}

static void random_call(struct seam_event *e, struct seam_blob *blobs, const unsigned char *bytes)
{
	e->kind = (uint8_t)(1 + chance(3));
	e->number = e->kind == SEAM_EVENT_UNKNOWN ? chance(UINT64_MAX) : chance(20) * chance(3) * 1000;
	e->compat = chance(10) == 0;
	e->returned = e->kind == SEAM_EVENT_CALL || (e->kind == SEAM_EVENT_UNKNOWN && chance(2));
	e->timed = chance(4);
	e->entered = e->timed ? e->time - MIN(e->time, chance(2) ? chance(1000) : chance(100000000000)) : 0;
	e->no_room = chance(20) == 0;
	if (e->returned && chance(2))
		e->ret = chance(2) ? -(int64_t)chance(200) : (int64_t)chance(UINT64_MAX);
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		e->args[i] = chance(2) ? 0 : chance(2) ? chance(5) : chance(UINT64_MAX) >> chance(64);
	e->blob_count = (uint32_t)(chance(2) ? 0 : chance(5));
	for (uint32_t i = 0; i < e->blob_count; i++) {
		struct seam_blob *b = &blobs[i];

		b->size = (uint32_t)(chance(1000) ? chance(40) : chance(400000));
		b->source = (uint8_t)chance(8);
		b->status = (uint8_t)chance(3);
		b->whole = b->status ? (chance(3) ? b->size + 5 : SEAM_BLOB_UNKNOWN) : b->size;
		b->when = (uint8_t)chance(2);
		b->address = b->source < 6 && chance(2) ? e->args[b->source] : chance(UINT64_MAX);
		b->bytes = bytes + chance(1000);
	}
}

static void random_trace(uint64_t seed, const char *path)
{
	enum { STREAMS = 5, EVENTS = 5000 };
	_cleanup_free_ unsigned char *bytes = xmalloc(500000);
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b[STREAMS];
	struct trace_writer *w;
	uint64_t time = 1000;

	state = seed * 0x9e3779b97f4a7c15 + 1;
	for (int i = 0; i < 500000; i++)
		bytes[i] = (unsigned char)chance(7);
	w = open_writer(path, SEAM_ARCH_X86_64, (unsigned)chance(2), chance(3));
	for (uint32_t i = 0; i < STREAMS; i++)
		trace_builder_init(&b[i], i ? i * 3 : TRACE_STREAM_RECORDER, chance(3) ? chance(10000) : chance(1000000), w);
	for (int i = 0; i < EVENTS; i++) {
		struct seam_event e = { 0 };
		struct seam_blob blobs[5];

		time += chance(50) ? chance(1000) : chance(10000000000);
		/* All but calls are the ones of the sample. */
		if (chance(5) || !(chance(2) ? sample_event((int)chance(14), &e, blobs) : sample_beside((int)chance(13), &e, blobs)) ||
		    e.kind <= SEAM_EVENT_UNKNOWN) {
			e = (struct seam_event){ .time = time, .tid = (uint32_t)chance(3), .blobs = blobs };
			random_call(&e, blobs, bytes);
		}
		if (chance(40) == 0)
			sample_descriptor((int)chance(3), &e);
		e.time = time;
		must(trace_build(&b[chance(STREAMS)], &e, &err), &err);
	}
	for (int i = 0; i < STREAMS; i++) {
		must(trace_builder_flush(&b[i], &err), &err);
		trace_builder_release(&b[i]);
	}
	if (chance(2))
		must(trace_writer_finish(w, &err), &err);
	trace_writer_free(w);
}

int main(int argc, char **argv)
{
	uint64_t seed;

	if (argc == 4 && str_eq(argv[1], "--random") && parse_u64(argv[2], &seed) == 0) {
		random_trace(seed, argv[3]);
	} else if (argc == 2) {
		golden(argv[1], "x86_64", SEAM_ARCH_X86_64, TRACE_RAW, true);
		golden(argv[1], "x86_64-zstd", SEAM_ARCH_X86_64, TRACE_ZSTD, true);
		golden(argv[1], "arm64", SEAM_ARCH_ARM64, TRACE_RAW, true);
		golden(argv[1], "riscv64", SEAM_ARCH_RISCV64, TRACE_RAW, false);
		golden_beside(argv[1], "beside");
		golden_descriptors(argv[1], "descriptors");
		golden_deeds(argv[1], "deeds");
	} else {
		fprintf(stderr, "usage: make-golden DIR | make-golden --random SEED FILE\n");
		return 2;
	}
	return 0;
}
