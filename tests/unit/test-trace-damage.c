/* SPDX-License-Identifier: BSD-2-Clause */
/* Damaged traces: whatever is wrong with a file, what is whole is read, and the place is told. Nothing here may crash. */
#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

#include "traces.h"
#include "trace/codec.h"
#include "trace/sum.h"

static struct scratch file;

/* A file of blocks, whole; where they begin, and what each block's events are as text. */
struct sample {
	struct buf bytes, text;
	struct seam_trace_block blocks[32];
	char *lines[32]; /* of each block */
	size_t count;
};

static bool line_in(const char *line, const struct trace_block *head)
{
	ull time, sequence;
	unsigned stream;

	if (sscanf(line, "%llu %x %llu", &time, &stream, &sequence) != 3)
		abort();
	return stream == head->stream && sequence >= head->sequence &&
	       sequence < head->sequence + head->records + head->lost;
}

static void sample_init(struct sample *s, unsigned codec)
{
	struct seam_trace *t;

	memset(s, 0, sizeof(*s));
	buf_init(&s->bytes);
	buf_init(&s->text);
	sample_write(file.path, codec, 150, true, SEAM_ARCH_X86_64, &s->text);
	if (file_read(file.path, 0, &s->bytes, NULL) < 0 || seam_trace_open(&t, file.path, NULL, NULL) < 0)
		abort();
	for (; seam_trace_block_at(t, s->count, &s->blocks[s->count]); s->count++) {
		struct buf lines = BUF_INIT;
		struct trace_block head;

		memcpy(&head, s->bytes.data + s->blocks[s->count].offset, sizeof(head));
		for (const char *at = s->text.data; *at; at = strchr(at, '\n') + 1)
			if (line_in(at, &head))
				buf_add(&lines, at, (size_t)(strchr(at, '\n') + 1 - at));
		s->lines[s->count] = buf_steal(&lines);
	}
	seam_trace_close(t);
}

static void sample_release(struct sample *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->lines[i]);
	buf_release(&s->bytes);
	buf_release(&s->text);
}

/* Which block has this byte; count: none of records. */
static size_t block_of(const struct sample *s, size_t at)
{
	for (size_t i = 0; i < s->count; i++) {
		struct trace_block head;
		uint64_t offset = s->blocks[i].offset;

		memcpy(&head, s->bytes.data + offset, sizeof(head));
		if (at >= offset && at < offset + sizeof(head) + head.stored)
			return i;
	}
	return s->count;
}

/* Every line of the block is in the text. */
static bool has_all(const char *text, const char *lines)
{
	for (const char *at = lines; *at; at = strchr(at, '\n') + 1) {
		char *line = xstrndup(at, (size_t)(strchr(at, '\n') + 1 - at));
		bool there = strstr(text, line);

		free(line);
		if (!there)
			return false;
	}
	return true;
}

static int lines_of(const char *text)
{
	int n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Records that came and those that were told as lost: together all, but for a clock, which is only told when it is lost. */
static uint64_t accounted(const struct seam_trace_options *options)
{
	const struct seam_event *e;
	struct seam_trace *t;
	uint64_t n = 0;

	if (seam_trace_open(&t, file.path, options, NULL) < 0)
		abort();
	while (seam_trace_next(t, &e, NULL) > 0)
		n += e->kind == SEAM_EVENT_DAMAGE ? e->damage.records : e->kind == SEAM_EVENT_GAP ? e->loss.count : 1;
	seam_trace_close(t);
	return n;
}

/* Each byte in turn is another: its block alone is missing, and one message names its place. */
static void test_flips(unsigned codec, bool no_index)
{
	struct seam_trace_options options = { .no_index = no_index };
	int lost = 0, silent = 0, wrong = 0, loud = 0, padding = 0, unknown = 0;
	struct sample s;

	sample_init(&s, codec);
	for (size_t i = 0; i < s.bytes.len; i++) {
		struct buf text = BUF_INIT, said = BUF_INIT;
		size_t block = block_of(&s, i);
		char place[64] = "";

		s.bytes.data[i] ^= 0x5a;
		scratch_put(&file, s.bytes.data, s.bytes.len);
		s.bytes.data[i] ^= 0x5a;
		trace_text(file.path, &options, &text, &said);
		for (size_t k = 0; k < s.count; k++)
			lost += k != block && !has_all(text.data, s.lines[k]);
		if (block < s.count) {
			snprintf(place, sizeof(place), ": block at %llu: ", (ull)s.blocks[block].offset);
			if (!strstr(said.data, place) && wrong++ < 3)
				printf("# byte %zu: %s", i, said.data);
			/* Nothing of it may have come as if it were good. */
			wrong += has_all(text.data, s.lines[block]) && *s.lines[block];
		} else if (!*said.data) {
			/* Zeros between the blocks have no meaning. */
			padding++;
			silent += s.bytes.data[i] != 0;
			if (s.bytes.data[i])
				printf("# byte %zu of %zu\n", i, s.bytes.len);
		}
		unknown += !no_index && accounted(&options) - 14 > 1;
		loud += lines_of(said.data) > 1;
		if (lines_of(said.data) > 1 && loud < 4)
			printf("# byte %zu: %s\n", i, said.data);
		buf_release(&text);
		buf_release(&said);
	}
	printf("# %zu bytes, %d of them without a meaning\n", s.bytes.len, padding);
	EQ(lost, 0);
	EQ(wrong, 0);
	EQ(silent, 0);
	EQ(loud, 0);
	EQ(unknown, 0);
	sample_release(&s);
}

/* The file ends anywhere: all blocks before are read. */
static void test_cuts(unsigned codec)
{
	int lost = 0, silent = 0, opened = 0;
	struct sample s;

	sample_init(&s, codec);
	for (size_t n = 0; n < s.bytes.len; n++) {
		struct buf text = BUF_INIT, said = BUF_INIT;
		bool inside = false;

		scratch_put(&file, s.bytes.data, n);
		opened += trace_text(file.path, NULL, &text, &said) >= 0;
		for (size_t k = 0; k < s.count; k++) {
			struct trace_block head;
			uint64_t offset = s.blocks[k].offset;

			memcpy(&head, s.bytes.data + offset, sizeof(head));
			if (n >= offset + sizeof(head) + head.stored)
				lost += !has_all(text.data, s.lines[k]);
			else
				inside |= n > offset;
		}
		if (inside && !*said.data && silent++ < 3)
			printf("# cut at %zu\n", n);
		buf_release(&text);
		buf_release(&said);
	}
	EQ(lost, 0);
	EQ(silent, 0);
	EQ(opened, s.bytes.len - 64);
	sample_release(&s);
}

/* Bytes that belong to nobody, between blocks. */
static void test_garbage(void)
{
	struct buf text = BUF_INIT, said = BUF_INIT, bytes = BUF_INIT;
	struct sample s;

	sample_init(&s, TRACE_RAW);
	buf_add(&bytes, s.bytes.data, s.blocks[1].offset);
	for (int i = 0; i < 200000; i++)
		buf_adds(&bytes, "SmBk");
	buf_add(&bytes, s.bytes.data + s.blocks[1].offset, s.bytes.len - s.blocks[1].offset);
	scratch_put(&file, bytes.data, bytes.len);
	EQ(trace_text(file.path, NULL, &text, &said), 14);
	OK(strstr(said.data, "its header is damaged; 800000 bytes up to the next block were skipped"));
	EQ(lines_of(said.data), 1);
	buf_release(&text);
	buf_release(&said);
	buf_release(&bytes);
	sample_release(&s);
}

/* So many damaged places that not all can be kept until they are told: they are counted. */
static void test_many(void)
{
	struct trace_block meta = { .magic = TRACE_BLOCK_MAGIC, .kind = TRACE_META, .version = TRACE_VERSION };
	struct buf bytes = BUF_INIT;
	const struct seam_event *e;
	struct seam_trace *t;
	bool last = false;
	int n = 0;

	meta.sum = trace_sum("", 0);
	meta.head_sum = trace_head_sum(&meta);
	for (int i = 0; i < 3000; i++) {
		buf_add(&bytes, &meta, sizeof(meta));
		buf_add(&bytes, "garbage!", 8);
	}
	scratch_put(&file, bytes.data, bytes.len);
	if (seam_trace_open(&t, file.path, NULL, NULL) < 0)
		abort();
	EQ(seam_trace_damages(t), 3000);
	for (; seam_trace_next(t, &e, NULL) > 0; n++)
		last = strstr(e->damage.text, "2000 more places are damaged");
	EQ(n, 1001);
	OK(last);
	seam_trace_close(t);
	buf_release(&bytes);
}

/* A block that is well-formed but for what is in it. */
static void put_file(struct trace_block head, const void *records, size_t stored)
{
	struct trace_block meta = { .magic = TRACE_BLOCK_MAGIC, .kind = TRACE_META, .version = TRACE_VERSION };
	struct buf b = BUF_INIT;

	meta.sum = trace_sum("", 0);
	meta.head_sum = trace_head_sum(&meta);
	head.magic = TRACE_BLOCK_MAGIC;
	head.stored = (uint32_t)stored;
	head.sum = trace_sum(records, stored);
	if (!head.version)
		head.version = TRACE_VERSION;
	head.head_sum = trace_head_sum(&head);
	buf_add(&b, &meta, sizeof(meta));
	buf_add(&b, &head, sizeof(head));
	buf_add(&b, records, stored);
	scratch_put(&file, b.data, b.len);
	buf_release(&b);
}

/* What the reader says of it. */
static const char *said(const struct trace_block *head, const void *records, size_t stored)
{
	static struct buf messages = BUF_INIT, text = BUF_INIT;
	const char *at;

	buf_clear(&messages);
	buf_clear(&text);
	put_file(*head, records, stored);
	trace_text(file.path, NULL, &text, &messages);
	at = strstr(messages.data, "block at 64: ");
	if (messages.len)
		messages.data[messages.len - 1] = '\0';
	return at ? at + strlen("block at 64: ") : messages.data;
}

static void test_lies(void)
{
	static const unsigned char name[28] = { 7, 0, TRACE_NAME, 0, 0, 0, 0, 0, 1, 0, 0, 0, 'x' };
	unsigned char records[64] = { 0 };
	struct trace_block h = { .kind = TRACE_RECORDS, .size = 28, .records = 1 }, x;

	STREQ(said(&h, name, 28), "");
	x = h;
	x.version = 2;
	OK(strstr(said(&x, name, 28), "newer version of the format"));
	x = h;
	x.arch = 3;
	STREQ(said(&x, name, 28), "it is of an architecture that this build does not know");
	x = h;
	x.codec = 2;
	STREQ(said(&x, name, 28), "it is compressed in a way that this build does not know");
	x = h;
	x.size = 24;
	STREQ(said(&x, name, 28), "its two sizes differ, and it is not compressed");
	x.size = TRACE_BLOCK_MAX + 1;
	x.codec = TRACE_ZSTD;
	STREQ(said(&x, name, 28), "it is bigger than the format allows");
	x.size = TRACE_BLOCK_MAX;
	if (trace_codec_available(TRACE_ZSTD))
		OK(strstr(said(&x, name, 28), "it cannot be decompressed: "));
	else
		STREQ(said(&x, name, 28), "it is compressed with zstd, and this build of seam has no zstd");
	x = h;
	x.records = 3;
	STREQ(said(&x, name, 28), "2 of its 3 records are not in it");
	x.records = 0;
	STREQ(said(&x, name, 28), "there is more in it than its 0 records");
	x.records = UINT32_MAX;
	STREQ(said(&x, name, 28), "4294967294 of its 4294967295 records are not in it");
	x = h;
	x.kind = 9; /* of a later time */
	STREQ(said(&x, name, 28), "");
	memcpy(records, name, 28);
	for (int words = 0; words < 7; words++) {
		records[0] = (unsigned char)words;
		x = h;
		if (words < 3)
			STREQ(said(&x, records, 28), "record 0 of it at byte 0: its length cannot be");
		else if (words < 7)
			OK(strstr(said(&x, records, 28), "record 0 of it at byte 0: it is too short for a name"));
	}
	records[0] = 8;
	STREQ(said(&h, records, 28), "record 0 of it at byte 0: its length cannot be");
	x = h;
	x.size = 6;
	STREQ(said(&x, name, 6), "record 0 of it at byte 0: the block ends inside it");
	records[0] = 7;
	records[2] = 200; /* a kind of a later time */
	STREQ(said(&h, records, 28), "");
	records[2] = TRACE_CALL;
	x = h;
	x.arch = SEAM_ARCH_RISCV64;
	records[3] = TRACE_COMPAT;
	STREQ(said(&x, records, 28), "record 0 of it at byte 0: it is a call of a 32-bit table, which riscv64 has not");
	records[3] = 0;
	records[12] = 1; /* the call's number */
	memset(records + 16, 0xff, 12);
	STREQ(said(&h, records, 28), "record 0 of it at byte 0: its memory is longer than the record");
	memcpy(records + 16, "\0\0\x60\0", 4);
	STREQ(said(&h, records, 28), "record 0 of it at byte 0: its memory belongs to an argument that there is not");
	records[14] = 0x3f;
	STREQ(said(&h, records, 28), "record 0 of it at byte 0: it is too short for its arguments");
}

/* Numbers from the file are never trusted with memory: the largest block, when there is none. */
static void test_memory(void)
{
	struct seam_trace_options small = { .memory = 100 };
	struct buf text = BUF_INIT, messages = BUF_INIT;

	sample_write(file.path, TRACE_RAW, 0, true, SEAM_ARCH_X86_64, NULL);
	EQ(trace_text(file.path, &small, &text, &messages), -E2BIG);
	OK(strstr(messages.data, "need more than the limit"));
	buf_clear(&messages);
	for (unsigned long n = 1; n < 4; n++) {
		alloc_fail_after(n);
		IGNORE_RESULT(trace_text(file.path, NULL, &text, &messages) < 0);
		alloc_fail_after(0);
	}
	OK(strstr(messages.data, "no memory for"));
	buf_release(&text);
	buf_release(&messages);
}

static void test_no_trace(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	struct seam_trace *t = NULL;
	char zeros[4096] = { 0 };

	EQ(seam_trace_open(&t, "/nowhere/x", NULL, &err), -ENOENT);
	EQ(seam_trace_open(&t, "/dev", NULL, &err), -EINVAL);
	scratch_put(&file, "", 0);
	EQ(seam_trace_open(&t, file.path, NULL, &err), -EINVAL);
	scratch_put(&file, zeros, sizeof(zeros));
	EQ(seam_trace_open(&t, file.path, NULL, &err), -EINVAL);
	OK(strstr(err.text, "is not a trace"));
	OK(!t);
}

/* A disk that is full: it is said once, and what is there is whole. */
static void full(unsigned queue, rlim_t room)
{
	struct trace_writer_options options = { .codec = TRACE_RAW, .queue = queue };
	struct rlimit old, limit;
	char path[] = "/tmp/seam-test-XXXXXX";
	struct trace_block head = { .size = 1000, .records = 1 };
	struct buf meta = BUF_INIT, text = BUF_INIT, messages = BUF_INIT;
	struct seam_err err = SEAM_ERR_INIT, last = SEAM_ERR_INIT;
	struct trace_writer_stats stats;
	struct trace_writer *w;
	int fd = mkostemp(path, O_CLOEXEC), r = 0, done = 0;
	unsigned char *records = xcalloc(1000, 1);

	/* One record of 1000 bytes, of a kind of later times. */
	records[0] = 250;
	records[2] = 99;
	getrlimit(RLIMIT_FSIZE, &old);
	limit = old;
	limit.rlim_cur = room;
	if (setrlimit(RLIMIT_FSIZE, &limit) < 0 || trace_writer_open(&w, path, &options, &meta, &err) < 0)
		abort();
	for (; done < 100 && r == 0; done++) {
		r = trace_writer_block(w, &head, records, &err);
		head.sequence++;
	}
	EQ(r, -EFBIG);
	OK(done >= 10 && done < 100);
	OK(strstr(err.text, path) && strstr(err.text, "can be read"));
	EQ(trace_writer_block(w, &head, records, &last), -EFBIG);
	STREQ(last.text, err.text);
	/* The index may fit or not; it was told already. */
	EQ(trace_writer_finish(w, &err), 0);
	trace_writer_stats(w, &stats);
	setrlimit(RLIMIT_FSIZE, &old);
	EQ(stats.blocks, (room - 64) / 1064);
	EQ(trace_text(path, NULL, &text, &messages), 0);
	STREQ(messages.data, "");
	trace_writer_free(w);
	buf_release(&text);
	buf_release(&messages);
	free(records);
	close(fd);
	unlink(path);
}

int main(void)
{
	signal(SIGXFSZ, SIG_IGN);
	scratch_init(&file);
	test_flips(TRACE_RAW, false);
	test_flips(TRACE_RAW, true);
	test_cuts(TRACE_RAW);
	if (trace_codec_available(TRACE_ZSTD)) {
		test_flips(TRACE_ZSTD, false);
		test_cuts(TRACE_ZSTD);
	} else {
		tap_skip("damage of compressed blocks", "this build has no zstd");
	}
	test_garbage();
	test_many();
	test_lies();
	test_memory();
	test_no_trace();
	full(0, 20000);
	full(4, 20000);
	full(0, 64 + 18 * 1064 + 64 + 18 * 32 + 8);
	return tap_done();
}
