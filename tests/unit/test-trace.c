/* SPDX-License-Identifier: BSD-2-Clause */
/* Traces: what is written is what is read, in blocks of every size, merged, from any time, and while the file grows. */
#include <errno.h>

#include "seam/text.h"
#include "traces.h"
#include "trace/codec.h"

static struct scratch file;

static void round_trip(unsigned codec, size_t block, bool two, bool no_index)
{
	struct seam_trace_options options = { .no_index = no_index };
	struct buf want = BUF_INIT, got = BUF_INIT, said = BUF_INIT;

	sample_write(file.path, codec, block, two, SEAM_ARCH_X86_64, &want);
	EQ(trace_text(file.path, &options, &got, &said), 14);
	STREQ(got.data, want.data);
	STREQ(said.data, "");
	buf_release(&want);
	buf_release(&got);
	buf_release(&said);
}

static void test_round_trips(void)
{
	for (unsigned codec = TRACE_RAW; codec <= TRACE_ZSTD; codec++) {
		if (!trace_codec_available(codec)) {
			tap_skip("round trip with zstd", "this build has no zstd");
			continue;
		}
		for (size_t block = 1; block <= 100000; block *= 10)
			for (int way = 0; way < 4; way++)
				round_trip(codec, block, way & 1, way & 2);
	}
}

static void test_meta(void)
{
	struct seam_trace *t = NULL;
	const char *key, *value;
	size_t n = 0;

	sample_write(file.path, TRACE_RAW, 100, true, SEAM_ARCH_ARM64, NULL);
	EQ(seam_trace_open(&t, file.path, NULL, NULL), 0);
	STREQ(seam_trace_meta(t, "program", 0), "seam test");
	STREQ(seam_trace_meta(t, "command", 0), "cat");
	STREQ(seam_trace_meta(t, "command", 1), "a \\ b\n\x01 c");
	STREQ(seam_trace_meta(t, "command", 2), "");
	STREQ(seam_trace_meta(t, "command", 3), NULL);
	STREQ(seam_trace_meta(t, "host", 0), NULL);
	while (seam_trace_meta_at(t, n, &key, &value))
		n++;
	EQ(n, 5);
	STREQ(key, "call");
	EQ(seam_trace_arch(t), SEAM_ARCH_ARM64);
	OK(seam_trace_finished(t));
	EQ(seam_trace_damages(t), 0);
	seam_trace_close(t);
}

static void test_blocks(void)
{
	struct seam_trace_block b;
	struct seam_trace *t;
	uint64_t before = 0;
	uint32_t records = 0;
	size_t n = 0;

	sample_write(file.path, TRACE_RAW, 100, true, SEAM_ARCH_X86_64, NULL);
	if (seam_trace_open(&t, file.path, NULL, NULL) < 0)
		abort();
	for (; seam_trace_block_at(t, n, &b); n++) {
		OK(b.offset > before && b.offset % 8 == 0 && b.first <= b.last && (b.stream == 0 || b.stream == 7));
		before = b.offset;
		records += b.records;
	}
	EQ(n, seam_trace_block_count(t));
	OK(n > 4);
	EQ(records, 15); /* and a clock */
	seam_trace_close(t);
}

/* The same from every time as what the whole has from there. */
static void test_seek(void)
{
	struct buf all = BUF_INIT;
	const struct seam_event *e;
	struct seam_trace *t;
	struct seam_blob blobs[4];
	struct seam_event sample;
	bool same = true;

	sample_write(file.path, TRACE_RAW, 1, true, SEAM_ARCH_X86_64, &all);
	if (seam_trace_open(&t, file.path, NULL, NULL) < 0)
		abort();
	for (int n = 13; n >= 0; n--) {
		struct buf rest = BUF_INIT;
		char from[32];

		sample_event(n, &sample, blobs);
		if (seam_trace_seek(t, sample.time, NULL) < 0)
			abort();
		while (seam_trace_next(t, &e, NULL) > 0)
			event_text(&rest, e);
		snprintf(from, sizeof(from), "%llu ", (ull)sample.time);
		same &= !strcmp(rest.data, strstr(all.data, from));
		buf_release(&rest);
	}
	OK(same);
	EQ(seam_trace_seek(t, UINT64_MAX, NULL), 0);
	EQ(seam_trace_next(t, &e, NULL), 0);
	buf_release(&all);
	seam_trace_close(t);
}

/* Content of any size comes back: joined inside a block, in pieces over blocks. */
static void big(size_t limit, const size_t *sizes, int n)
{
	struct trace_writer_options options = { .codec = TRACE_RAW };
	static unsigned char content[3 << 20];
	unsigned char *back = xcalloc(3 << 20, 1);
	struct seam_event call = { .kind = SEAM_EVENT_CALL, .returned = true, .time = 5, .tid = 9, .number = 19 };
	const struct seam_event *e;
	struct seam_err err = SEAM_ERR_INIT;
	struct buf meta = BUF_INIT;
	struct trace_builder b;
	struct trace_writer *w;
	struct seam_blob blobs[4] = { 0 };
	struct seam_trace *t;
	size_t at = 0, got = 0;
	int calls = 0;

	for (size_t i = content[1] ? sizeof(content) : 0; i < sizeof(content); i++)
		content[i] = (unsigned char)(i * 7 + i / 251);
	for (int i = 0; i < n; i++) {
		blobs[i] = (struct seam_blob){ 0x10000000 + at, content + at, (uint32_t)sizes[i], (uint32_t)sizes[i],
					       SEAM_BLOB_WHOLE, SEAM_AT_EXIT, SEAM_BLOB_ELSEWHERE };
		at += sizes[i];
	}
	call.blobs = blobs;
	call.blob_count = (uint32_t)n;
	if (trace_writer_open(&w, file.path, &options, &meta, &err) < 0)
		abort();
	trace_builder_init(&b, 1, limit, w);
	EQ(trace_build(&b, &call, &err), 0);
	call.blob_count = 0;
	call.time++;
	EQ(trace_build(&b, &call, &err), 0);
	trace_builder_flush(&b, &err);
	trace_builder_release(&b);
	EQ(trace_writer_finish(w, &err), 0);
	trace_writer_free(w);
	if (seam_trace_open(&t, file.path, NULL, &err) < 0)
		abort();
	while (seam_trace_next(t, &e, &err) > 0) {
		calls += e->kind == SEAM_EVENT_CALL;
		for (uint32_t i = 0; i < e->blob_count; i++) {
			memcpy(back + (e->blobs[i].address - 0x10000000), e->blobs[i].bytes, e->blobs[i].size);
			got += e->blobs[i].size;
		}
		if (limit > 4 << 20 && e->kind == SEAM_EVENT_CALL && e->blob_count)
			EQ(e->blobs[e->blob_count - 1].whole, sizes[n - 1]);
	}
	EQ(calls, 2);
	EQ(got, at);
	OK(!memcmp(content, back, at));
	EQ(seam_trace_damages(t), 0);
	seam_trace_close(t);
	free(back);
}

static void test_big(void)
{
	static const size_t limits[] = { 1, 1000, 200000, 8 << 20 };
	static const size_t one[] = { 1 << 20 }, many[] = { 100, 500000, 7, 1000000 }, edge[] = { 131040, 10, 131072, 3 },
			    first[] = { 700001, 1, 1 };

	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		big(limits[i], one, 1);
		big(limits[i], many, 4);
		big(limits[i], edge, 4);
		big(limits[i], first, 3);
	}
}

/* What a reader of the memory gets. */
static void test_read(void)
{
	static const struct seam_blob blobs[] = {
		{ 0x1000, (const unsigned char *)"abcdefgh", 8, 8, 0, SEAM_AT_ENTRY, 7 },
		{ 0x1008, (const unsigned char *)"ijkl", 4, 4, 0, SEAM_AT_ENTRY, 7 },
		{ 0x1002, (const unsigned char *)"XY", 2, 2, 0, SEAM_AT_EXIT, 7 },
		{ 0x100a, (const unsigned char *)"Z", 1, 1, 0, SEAM_AT_EXIT, 7 },
		{ 0x2000, NULL, 0, 0, 0, SEAM_AT_EXIT, 7 },
	};
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .blobs = blobs, .blob_count = ARRAY_SIZE(blobs),
				.ret = -2, .args = { 0x1000, 2, 3, 4, 5, 6 } };
	struct seam_env env;
	char to[32] = "";

	EQ(seam_event_read(&e, 0x1000, to, 12, SEAM_AT_ENTRY), 12);
	STREQ(to, "abcdefghijkl");
	EQ(seam_event_read(&e, 0x1000, to, 32, SEAM_AT_EXIT), 12);
	STREQ(to, "abXYefghijZl");
	EQ(seam_event_read(&e, 0x1003, to, 1, SEAM_AT_EXIT), 1);
	OK(to[0] == 'Y');
	EQ(seam_event_read(&e, 0x0fff, to, 4, SEAM_AT_EXIT), 0);
	EQ(seam_event_read(&e, 0x100c, to, 4, SEAM_AT_EXIT), 0);
	EQ(seam_event_read(&e, 0x2000, to, 4, SEAM_AT_EXIT), 0);
	EQ(seam_event_read(&e, UINT64_MAX, to, 4, SEAM_AT_EXIT), 0);
	seam_event_env(&e, &env);
	EQ(env.reg[SEAM_REG_ARG0], 0x1000);
	EQ(env.reg[5], 6);
	EQ(env.reg[SEAM_REG_RET], -2);
	EQ(env.read(env.user, 0x1002, to, 1, SEAM_AT_EXIT), 1);
	OK(to[0] == 'X');
	e.kind = SEAM_EVENT_FORK;
	EQ(seam_event_read(&e, 0x1000, to, 4, SEAM_AT_ENTRY), 0);
}

/* An event as lib/text writes it, from its own memory alone. */
static void test_text(void)
{
	struct seam_blob blobs[4];
	struct seam_event e;
	struct seam_env env;
	struct seam_out out;
	struct seam_text x = { .t = &seam_tables, .arch = SEAM_ARCH_X86_64, .env = &env, .out = &out, .returned = true };

	sample_event(3, &e, blobs);
	seam_event_env(&e, &env);
	seam_out_init_mem(&out);
	x.number = e.number;
	x.call = seam_call_by_number(&seam_tables, SEAM_ARCH_X86_64, e.number);
	seam_text_call(&x);
	seam_out_puts(&out, " = ");
	seam_text_result(&x);
	STREQ(out.data, "openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)");
	seam_out_release(&out);
}

/* Who follows does not wait for what can never come. */
static void test_follow_other(void)
{
	struct seam_trace_options follow = { .follow = true };
	struct scratch small;
	struct seam_trace *t = NULL;
	const struct seam_event *e;

	scratch_init(&small);
	EQ(seam_trace_open(&t, small.path, &follow, NULL), 0);
	EQ(seam_trace_next(t, &e, NULL), 0);
	if (write(small.fd, "no", 2) != 2)
		abort();
	EQ(seam_trace_next(t, &e, NULL), -EINVAL);
	seam_trace_close(t);
	EQ(seam_trace_open(&t, small.path, &follow, NULL), -EINVAL);
	close(small.fd);
}

/* A reader that follows gets what has come, and the end when there is one. */
static void test_follow(void)
{
	struct seam_trace_options follow = { .follow = true };
	struct buf whole = BUF_INIT, want = BUF_INIT, got = BUF_INIT;
	struct scratch copy;
	struct seam_trace *t;
	const struct seam_event *e;
	bool calm = true;

	sample_write(file.path, TRACE_RAW, 1, false, SEAM_ARCH_X86_64, &want);
	if (file_read(file.path, 0, &whole, NULL) < 0)
		abort();
	scratch_init(&copy);
	EQ(seam_trace_open(&t, copy.path, &follow, NULL), 0);
	for (size_t i = 0; i < whole.len; i += 3) {
		size_t n = MIN((size_t)3, whole.len - i);

		if (write(copy.fd, whole.data + i, n) != (ssize_t)n)
			abort();
		while (seam_trace_next(t, &e, NULL) > 0) {
			calm &= e->kind != SEAM_EVENT_DAMAGE && e->kind != SEAM_EVENT_GAP;
			event_text(&got, e);
		}
		if (i + 3 < whole.len)
			calm &= !seam_trace_finished(t);
	}
	OK(calm);
	OK(seam_trace_finished(t));
	STREQ(seam_trace_meta(t, "program", 0), "seam test");
	STREQ(got.data, want.data);
	seam_trace_close(t);
	close(copy.fd);
	buf_release(&whole);
	buf_release(&want);
	buf_release(&got);
}

/* A block that was damaged while it was written, and the next one after it. */
static void test_follow_damage(void)
{
	struct seam_trace_options follow = { .follow = true };
	struct buf whole = BUF_INIT;
	const struct seam_event *e;
	struct seam_trace_block b;
	int damages = 0, events = 0;
	struct scratch copy;
	struct seam_trace *t;

	sample_write(file.path, TRACE_RAW, 150, false, SEAM_ARCH_X86_64, NULL);
	if (file_read(file.path, 0, &whole, NULL) < 0 || seam_trace_open(&t, file.path, NULL, NULL) < 0 ||
	    !seam_trace_block_at(t, 1, &b))
		abort();
	seam_trace_close(t);
	whole.data[b.offset + 9] ^= 1;
	scratch_init(&copy);
	EQ(seam_trace_open(&t, copy.path, &follow, NULL), 0);
	for (size_t i = 0; i < whole.len; i++) {
		if (write(copy.fd, whole.data + i, 1) != 1)
			abort();
		while (seam_trace_next(t, &e, NULL) > 0) {
			damages += e->kind == SEAM_EVENT_DAMAGE;
			events += e->kind < SEAM_EVENT_DAMAGE;
		}
	}
	EQ(damages, 1);
	OK(events > 5 && events < 14);
	OK(seam_trace_finished(t));
	seam_trace_close(t);
	close(copy.fd);
	buf_release(&whole);
}

/* So many blocks that their index is more than one block. */
static void test_long_index(void)
{
	enum { BLOCKS = TRACE_BLOCK_MAX / 32 + 10 };
	struct trace_writer_options options = { .codec = TRACE_RAW };
	struct seam_trace_options no_index = { .no_index = true };
	struct seam_event e = { .kind = SEAM_EVENT_NAME, .tid = 1 };
	const struct seam_event *got;
	struct buf meta = BUF_INIT;
	struct trace_builder b;
	struct trace_writer *w;
	struct seam_trace *t;
	uint64_t n = 0;

	if (trace_writer_open(&w, file.path, &options, &meta, NULL) < 0)
		abort();
	trace_builder_init(&b, 5, 1, w);
	for (; e.time < BLOCKS; e.time++)
		if (trace_build(&b, &e, NULL) < 0)
			abort();
	trace_builder_flush(&b, NULL);
	trace_builder_release(&b);
	EQ(trace_writer_finish(w, NULL), 0);
	trace_writer_free(w);
	if (seam_trace_open(&t, file.path, NULL, NULL) < 0)
		abort();
	OK(seam_trace_finished(t));
	EQ(seam_trace_block_count(t), BLOCKS);
	while (seam_trace_next(t, &got, NULL) > 0)
		n += got->kind == SEAM_EVENT_NAME && got->time == n;
	EQ(n, BLOCKS);
	seam_trace_close(t);
	if (seam_trace_open(&t, file.path, &no_index, NULL) < 0)
		abort();
	EQ(seam_trace_block_count(t), BLOCKS);
	EQ(seam_trace_damages(t), 0);
	seam_trace_close(t);
}

/* What the builder refuses, and time that goes backwards. */
static void test_builder(void)
{
	static const unsigned char content[100000];
	const struct seam_blob blob = { 0x1000, content, sizeof(content), sizeof(content), 0, SEAM_AT_EXIT, 7 };
	struct seam_event e = { .kind = SEAM_EVENT_CALL, .number = 65536, .time = 10 };
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b;

	trace_builder_init(&b, 3, 0, NULL);
	EQ(trace_build(&b, &e, &err), -EINVAL);
	e.kind = SEAM_EVENT_CLOCK;
	EQ(trace_build(&b, &e, &err), -EINVAL);
	EQ(b.head.records, 0);
	e.kind = SEAM_EVENT_CALL;
	e.number = 1;
	EQ(trace_build(&b, &e, &err), 0);
	EQ(b.head.size, 16);
	e.time = 3;
	EQ(trace_build(&b, &e, &err), 0);
	EQ(b.head.last, 10);
	/* the task is the same, and all arguments: 12 bytes */
	EQ(b.head.size, 28);
	trace_builder_next(&b);
	EQ(b.head.sequence, 2);
	EQ(b.head.size, 0);
	e.blobs = &blob;
	e.blob_count = 1;
	while (trace_build(&b, &e, &err) == 0)
		;
	EQ(err.code, -ENOSPC);
	OK(b.head.size <= TRACE_BLOCK_MAX);
	trace_builder_release(&b);
}

/* Records of another stream are missing: that is told with the number of them, once. */
static void test_gap(void)
{
	struct trace_writer_options options = { .codec = TRACE_RAW };
	struct seam_event e = { .kind = SEAM_EVENT_NAME, .time = 10, .tid = 1 };
	struct buf meta = BUF_INIT, got = BUF_INIT;
	struct trace_builder b;
	struct trace_writer *w;

	if (trace_writer_open(&w, file.path, &options, &meta, NULL) < 0)
		abort();
	trace_builder_init(&b, 3, 0, w);
	b.sequence = b.head.sequence = 1000;
	for (int i = 0; i < 5; i++) {
		trace_build(&b, &e, NULL);
		if (i == 2)
			trace_builder_next(&b);
		else
			trace_builder_flush(&b, NULL);
		e.time++;
	}
	e.kind = SEAM_EVENT_LOSS;
	e.loss.count = 7;
	trace_build(&b, &e, NULL);
	trace_builder_flush(&b, NULL);
	e.kind = SEAM_EVENT_NAME;
	e.loss.count = 0;
	trace_build(&b, &e, NULL);
	trace_builder_flush(&b, NULL);
	trace_builder_release(&b);
	EQ(trace_writer_finish(w, NULL), 0);
	trace_writer_free(w);
	trace_text(file.path, NULL, &got, NULL);
	STREQ(got.data, "10 3 1000 name tid=1 name=\n"
			"11 3 1001 name tid=1 name=\n"
			"13 3 1002 gap count=1\n"
			"13 3 1003 name tid=1 name=\n"
			"14 3 1004 name tid=1 name=\n"
			"15 3 1005 loss count=7\n"
			"15 3 1013 name tid=1 name=\n");
	buf_release(&got);
}

int main(void)
{
	scratch_init(&file);
	test_round_trips();
	test_meta();
	test_blocks();
	test_seek();
	test_big();
	test_read();
	test_text();
	test_follow();
	test_follow_other();
	test_follow_damage();
	test_long_index();
	test_builder();
	test_gap();
	return tap_done();
}
