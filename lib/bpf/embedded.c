/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpacks an object that is in the program. */
#include "bpf/embedded.h"

#include <bpf/libbpf.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "trace/codec.h"

struct bpf_object *embedded_open(const struct embedded *e, const struct bpf_object_open_opts *options)
{
	struct trace_codec_state *state = NULL;
	_cleanup_free_ char *all = xmalloc(e->all_n);
	int r = trace_decompress(&state, e->packed, e->packed_n, all, e->all_n, NULL);

	trace_codec_free(state);
	if (r < 0) {
		errno = -r;
		return NULL;
	}
	/* it keeps copies of what it needs */
	return bpf_object__open_mem(all + e->start, e->n, options);
}
