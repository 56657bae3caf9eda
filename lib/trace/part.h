/* SPDX-License-Identifier: BSD-2-Clause */
/* What is left of a record while it is decoded. */
#ifndef TRACE_PART_H
#define TRACE_PART_H

#include <string.h>

#include "trace/reader.h"

struct part {
	const unsigned char *p, *end;
};

static inline bool has(const struct part *a, size_t n)
{
	return (size_t)(a->end - a->p) >= n;
}

static inline uint32_t take32(struct part *a)
{
	uint32_t v;

	memcpy(&v, a->p, sizeof(v));
	a->p += sizeof(v);
	return v;
}

static inline uint64_t take64(struct part *a)
{
	uint64_t v;

	memcpy(&v, a->p, sizeof(v));
	a->p += sizeof(v);
	return v;
}

static inline bool take(struct part *a, void *to, size_t n)
{
	if (!has(a, n))
		return false;
	memcpy(to, a->p, n);
	a->p += n;
	return true;
}

/* Pieces of memory up to the end of the record, into t->blobs. NULL, or what is wrong with them. */
const char *trace_take_blobs(struct seam_trace *t, struct part *a, const uint64_t *args);
/* What the record of an event has that is no call. */
const char *trace_take_rest(struct seam_trace *t, struct trace_stream *s, const struct trace_record *rec, struct part *a);

#endif
