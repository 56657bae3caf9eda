/* SPDX-License-Identifier: BSD-2-Clause */
/* The metadata of a trace: lines of a key and a value. */
#ifndef TRACE_META_H
#define TRACE_META_H

#include "base/buf.h"

/* Appends a line. The key must be one word; the value may be any bytes. */
void trace_meta_add(struct buf *b, const char *key, const char *value);
void trace_meta_addf(struct buf *b, const char *key, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* What every trace has: program, host, kernel, machine, clock, realtime. */
void trace_meta_add_host(struct buf *b);

struct trace_meta_line {
	const char *key, *value;
};

/* All zero is an empty one. */
struct trace_meta {
	struct trace_meta_line *lines;
	size_t count;
	char *text; /* of which the lines are parts */
};

/* @text[n] is any bytes; lines that are none are left out. */
void trace_meta_parse(struct trace_meta *m, const char *text, size_t n);
void trace_meta_release(struct trace_meta *m);

#endif
