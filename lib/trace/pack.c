/* SPDX-License-Identifier: BSD-2-Clause */
/* A block as it stands in a file: compressed, with its header complete. */
#include "trace/pack.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "trace/sum.h"

const void *trace_pack(struct trace_packer *p, unsigned codec, int level, unsigned arch, struct trace_block *head,
		       const void *data)
{
	const void *stored = data;

	head->magic = TRACE_BLOCK_MAGIC;
	head->version = TRACE_VERSION;
	head->arch = (uint8_t)arch;
	head->codec = TRACE_RAW;
	head->stored = head->size;
	if (codec == TRACE_ZSTD && head->size) {
		size_t n;

		if (p->cap < head->size) {
			free(p->packed);
			p->packed = xmalloc(head->size);
			p->cap = head->size;
		}
		/* What does not become smaller stays as it is. */
		n = trace_compress(&p->codec, level, data, head->size, p->packed, head->size - 1);
		if (n) {
			head->codec = TRACE_ZSTD;
			head->stored = (uint32_t)n;
			stored = p->packed;
		}
	}
	head->sum = trace_sum(stored, head->stored);
	head->head_sum = trace_head_sum(head);
	return stored;
}

void trace_packer_release(struct trace_packer *p)
{
	free(p->packed);
	trace_codec_free(p->codec);
	*p = (struct trace_packer){ 0 };
}
