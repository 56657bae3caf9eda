/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trace's bytes are: prints how many calls and events there are, the bytes of memory in it, and those of paths among them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "seam/trace.h"

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
	uint64_t calls = 0, events = 0, memory = 0, paths = 0;
	struct seam_err err = SEAM_ERR_INIT;
	const struct seam_event *e;
	struct seam_trace *t;
	int r;

	if (argc != 2)
		return 2;
	if (seam_trace_open(&t, argv[1], NULL, &err) < 0)
		die(&err);
	while ((r = seam_trace_next(t, &e, &err)) > 0) {
		bool call = e->kind == SEAM_EVENT_CALL || e->kind == SEAM_EVENT_ENTRY || e->kind == SEAM_EVENT_UNKNOWN;

		events++;
		calls += call;
		for (uint32_t i = 0; i < e->blob_count; i++) {
			memory += e->blobs[i].size;
			if (call && is_path(e, &e->blobs[i]))
				paths += e->blobs[i].size;
		}
	}
	if (r < 0)
		die(&err);
	seam_trace_close(t);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", calls, events, memory, paths);
	return 0;
}
