/* SPDX-License-Identifier: BSD-2-Clause */
/* A block as it stands in a file: compressed, with its header complete. */
#ifndef TRACE_PACK_H
#define TRACE_PACK_H

#include <stddef.h>

#include "trace/codec.h"
#include "trace/record.h"

/* All zero is a new one. */
struct trace_packer {
	struct trace_codec_state *codec;
	unsigned char *packed;
	size_t cap;
};

/*
 * Compresses the data (@codec: TRACE_RAW, TRACE_ZSTD), if that makes them smaller, and fills in of the header all that their
 * producer does not know. Returns the stored bytes: @data, or memory of the packer that is valid until it is used again.
 */
const void *trace_pack(struct trace_packer *p, unsigned codec, int level, unsigned arch, struct trace_block *head,
		       const void *data);
void trace_packer_release(struct trace_packer *p);

#endif
