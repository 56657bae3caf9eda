/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a trace says that it has and has not: tell-losses TRACE prints "calls C lost L", all in all, and fails when the records of a stream
 * and those that it says are lost are not all that there were, by their numbers.
 */
#include <inttypes.h>
#include <stdio.h>

#include "seam/trace.h"

#define STREAMS 1024

int main(int argc, char **argv)
{
	struct seam_err err = SEAM_ERR_INIT;
	static uint64_t next[STREAMS];
	uint64_t calls = 0, lost = 0;
	const struct seam_event *e;
	struct seam_trace *t;
	int bad = 0, r;

	if (argc != 2)
		return 2;
	r = seam_trace_open(&t, argv[1], NULL, &err);
	while (r >= 0 && (r = seam_trace_next(t, &e, &err)) > 0) {
		switch (e->kind) {
		case SEAM_EVENT_CALL:
		case SEAM_EVENT_ENTRY:
		case SEAM_EVENT_UNKNOWN:
			calls++;
			break;
		case SEAM_EVENT_LOSS:
			lost += e->loss.count;
			break;
		case SEAM_EVENT_DAMAGE:
		case SEAM_EVENT_GAP:
			printf("stream %x: records are missing that nobody has counted\n", e->stream);
			bad = 1;
			continue;
		default:
			break;
		}
		if (e->stream >= STREAMS)
			continue;
		if (e->sequence < next[e->stream]) {
			printf("stream %x: record %" PRIu64 " comes twice\n", e->stream, e->sequence);
			bad = 1;
		}
		next[e->stream] = e->sequence + 1;
	}
	if (r < 0) {
		printf("%s\n", err.text);
		return 1;
	}
	printf("calls %" PRIu64 " lost %" PRIu64 "\n", calls, lost);
	seam_trace_close(t);
	return bad;
}
