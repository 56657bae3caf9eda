/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark: traces written and read, in millions of records a second and bytes a record. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/time.h"
#include "seam/trace.h"
#include "trace/builder.h"
#include "trace/codec.h"

enum { STREAMS = 4, RECORDS = 4000000, ROUNDS = 3 };

static void die(const struct seam_err *err)
{
	fprintf(stderr, "bench-trace: %s\n", err->text);
	exit(1);
}

/* A task reads a file, another looks paths up: runs of one stream, as processors make them. */
static void fill(struct seam_event *e, struct seam_blob *blob, uint64_t i)
{
	static const unsigned char path[] = "/usr/share/doc/packages/some/file-of-some-length";

	memset(e, 0, sizeof(*e));
	e->kind = SEAM_EVENT_CALL;
	e->time = i * 700;
	e->tid = 1000 + (uint32_t)(i / 50 % 16);
	e->returned = e->timed = true;
	e->entered = e->time - 300;
	switch (i % 4) {
	case 0:
	case 1:
		e->number = i % 4;
		e->args[0] = 3;
		e->args[1] = 0x7f0000001000;
		e->args[2] = 4096;
		e->ret = 4096;
		break;
	case 2:
		e->number = 262;
		e->args[0] = (uint64_t)-100;
		e->args[1] = 0x7ffc00002000 + i % 7 * 64;
		e->args[2] = 0x7ffc00003000;
		e->ret = -2;
		*blob = (struct seam_blob){ e->args[1], path, sizeof(path), sizeof(path), 0, SEAM_AT_ENTRY, 1 };
		e->blobs = blob;
		e->blob_count = 1;
		break;
	default:
		e->number = 39;
		e->ret = 1000;
	}
}

static void write_all(const char *path, unsigned codec, bool blobs)
{
	struct trace_writer_options options = { .arch = SEAM_ARCH_X86_64, .codec = codec, .level = 3 };
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_builder b[STREAMS];
	struct buf meta = BUF_INIT;
	struct trace_writer *w;
	struct seam_event e;
	struct seam_blob blob;

	if (trace_writer_open(&w, path, &options, &meta, &err) < 0)
		die(&err);
	for (uint32_t i = 0; i < STREAMS; i++)
		trace_builder_init(&b[i], i, 0, w);
	for (uint64_t i = 0; i < RECORDS; i++) {
		fill(&e, &blob, i);
		if (!blobs)
			e.blob_count = 0;
		if (trace_build(&b[i / 13 % STREAMS], &e, &err) < 0)
			die(&err);
	}
	for (int i = 0; i < STREAMS; i++) {
		if (trace_builder_flush(&b[i], &err) < 0)
			die(&err);
		trace_builder_release(&b[i]);
	}
	if (trace_writer_finish(w, &err) < 0)
		die(&err);
	trace_writer_free(w);
}

/* Nanoseconds; the file is in the page cache. */
static uint64_t read_all(const char *path)
{
	uint64_t start = time_mono_ns(), n = 0, sum = 0;
	struct seam_err err = SEAM_ERR_INIT;
	const struct seam_event *e;
	struct seam_trace *t;
	int r;

	if (seam_trace_open(&t, path, NULL, &err) < 0)
		die(&err);
	while ((r = seam_trace_next(t, &e, &err)) > 0) {
		n++;
		sum += e->number + (uint64_t)e->ret;
	}
	if (r < 0)
		die(&err);
	seam_trace_close(t);
	if (n != RECORDS || !sum)
		exit(1);
	return time_mono_ns() - start;
}

static void line(const char *path, const char *what, unsigned codec, bool blobs)
{
	uint64_t wrote = UINT64_MAX, took = UINT64_MAX;
	struct stat st;

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t start = time_mono_ns(), ns;

		write_all(path, codec, blobs);
		ns = time_mono_ns() - start;
		wrote = MIN(wrote, ns);
		ns = read_all(path);
		took = MIN(took, ns);
	}
	if (stat(path, &st) < 0)
		exit(1);
	printf("trace, %-33s %8.1f million records/s read, %.1f written, %.1f bytes each\n", what,
	       RECORDS * 1000.0 / (double)took, RECORDS * 1000.0 / (double)wrote, (double)st.st_size / RECORDS);
}

int main(void)
{
	char path[] = "/tmp/bench-trace-XXXXXX";
	int fd = mkostemp(path, 0);

	if (fd < 0)
		return 1;
	close(fd);
	line(path, "4 streams, no memory", TRACE_RAW, false);
	line(path, "4 streams, a path in each 4th", TRACE_RAW, true);
	if (trace_codec_available(TRACE_ZSTD))
		line(path, "the same, zstd level 3", TRACE_ZSTD, true);
	unlink(path);
	return 0;
}
