/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trace's bytes are: bench-sizes TRACE prints how many calls there are, the bytes of memory in it, and those of paths among them;
 * bench-sizes TRACE OUT writes it again, with no memory but the paths: what arguments, results and paths take by themselves.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seam/trace.h"
#include "trace/builder.h"
#include "trace/meta.h"

enum { STREAMS = 1024, BLOBS = 64 };

static void die(const struct seam_err *err)
{
	fprintf(stderr, "bench-sizes: %s\n", err->text);
	exit(1);
}

/* Whether the argument that the memory belongs to is a path, in the first case of the call that has it as a pointer. */
static bool is_path(const struct seam_event *e, const struct seam_blob *b)
{
	const struct seam_call *call = seam_call_by_number(&seam_tables, (enum seam_arch)e->arch, e->number);

	for (uint32_t i = 0; call && b->source < SEAM_MAX_ARGS && i < call->variants.count; i++) {
		const struct seam_variant *v = &seam_tables.variants[call->variants.first + i];

		if (b->source < v->args.count) {
			const struct seam_type *type = &seam_tables.types[seam_tables.args[v->args.first + b->source].type];

			if (type->dir != SEAM_DIR_VALUE)
				return type->kind == SEAM_KIND_PATH;
		}
	}
	return false;
}

int main(int argc, char **argv)
{
	static struct trace_builder builders[STREAMS];
	struct trace_writer_options options = { .codec = TRACE_ZSTD, .level = 3 };
	uint64_t calls = 0, events = 0, memory = 0, paths = 0;
	struct seam_err err = SEAM_ERR_INIT;
	struct trace_writer *w = NULL;
	struct buf meta = BUF_INIT;
	const struct seam_event *e;
	struct seam_trace *t;
	int r;

	if (argc < 2 || argc > 3)
		return 2;
	if (seam_trace_open(&t, argv[1], NULL, &err) < 0)
		die(&err);
	options.arch = seam_trace_arch(t);
	if (argc == 3 && trace_writer_open(&w, argv[2], &options, &meta, &err) < 0)
		die(&err);
	for (uint32_t i = 0; i < STREAMS; i++)
		trace_builder_init(&builders[i], i, 0, w);
	while ((r = seam_trace_next(t, &e, &err)) > 0) {
		bool call = e->kind == SEAM_EVENT_CALL || e->kind == SEAM_EVENT_ENTRY || e->kind == SEAM_EVENT_UNKNOWN;
		struct seam_blob kept[BLOBS];
		struct seam_event copy = *e;

		events++;
		calls += call;
		copy.blobs = kept;
		copy.blob_count = 0;
		for (uint32_t i = 0; i < e->blob_count; i++) {
			memory += e->blobs[i].size;
			if (!call || !is_path(e, &e->blobs[i]))
				continue;
			paths += e->blobs[i].size;
			if (copy.blob_count < BLOBS)
				kept[copy.blob_count++] = e->blobs[i];
		}
		if (call && w && trace_build(&builders[e->stream % STREAMS], &copy, &err) < 0)
			die(&err);
	}
	if (r < 0)
		die(&err);
	for (uint32_t i = 0; i < STREAMS; i++) {
		if (w && trace_builder_flush(&builders[i], &err) < 0)
			die(&err);
		trace_builder_release(&builders[i]);
	}
	if (w && trace_writer_finish(w, &err) < 0)
		die(&err);
	trace_writer_free(w);
	seam_trace_close(t);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", calls, events, memory, paths);
	return 0;
}
