/* SPDX-License-Identifier: BSD-2-Clause */
/* Compression of blocks. A build may be without zstd; then it says so when it meets it. */
#ifndef TRACE_CODEC_H
#define TRACE_CODEC_H

#include <stdbool.h>
#include <stddef.h>

#include "seam/err.h"
#include "trace/record.h"

struct trace_codec_state; /* memory that is used again from block to block */

/* Whether this build has it. */
bool trace_codec_available(unsigned codec);

/*
 * Both take a pointer to a state that is NULL at first and is made when needed. Compression returns the size, 0 if it does
 * not fit into @room: then the bytes are better stored as they are. Decompression must give exactly @size bytes.
 */
size_t trace_compress(struct trace_codec_state **state, int level, const void *from, size_t n, void *to, size_t room);
int trace_decompress(struct trace_codec_state **state, const void *from, size_t n, void *to, size_t size,
		     struct seam_err *err);
/* Of what was compressed as its differences from @base, which is to be the same here. */
int trace_decompress_from(struct trace_codec_state **state, const void *base, size_t base_n, const void *from, size_t n, void *to, size_t size,
			  struct seam_err *err);
void trace_codec_free(struct trace_codec_state *state);

#endif
