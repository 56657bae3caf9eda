/* SPDX-License-Identifier: BSD-2-Clause */
/* Unpacks an object that is in the program. */
#include "bpf/embedded.h"

#include <bpf/libbpf.h>
#include <errno.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "trace/codec.h"

/* The bytes, which the caller frees; NULL with errno. */
static char *unpack(struct trace_codec_state **state, const struct embedded *e)
{
	_cleanup_free_ char *base = e->base ? unpack(state, e->base) : NULL;
	char *bytes;
	int r;

	if (e->base && !base)
		return NULL;
	bytes = xmalloc(e->n);
	r = trace_decompress_from(state, base, base ? e->base->n : 0, e->packed, e->packed_n, bytes, e->n, NULL);
	if (r < 0) {
		free(bytes);
		errno = -r;
		return NULL;
	}
	return bytes;
}

struct bpf_object *embedded_open(const struct embedded *e, const struct bpf_object_open_opts *options)
{
	struct trace_codec_state *state = NULL;
	_cleanup_free_ char *bytes = unpack(&state, e);

	trace_codec_free(state);
	/* it keeps copies of what it needs */
	return bytes ? bpf_object__open_mem(bytes, e->n, options) : NULL;
}
