/* SPDX-License-Identifier: BSD-2-Clause */
/* Compression of blocks with zstd, where the build has it. */
#include "trace/codec.h"

#include <errno.h>

#include "base/alloc.h"

bool trace_codec_available(unsigned codec)
{
	return codec == TRACE_RAW || (codec == TRACE_ZSTD && TRACE_HAS_ZSTD);
}

#if TRACE_HAS_ZSTD

#include <zstd.h>

struct trace_codec_state {
	ZSTD_CCtx *c;
	ZSTD_DCtx *d;
};

static struct trace_codec_state *state_of(struct trace_codec_state **state)
{
	if (!*state)
		*state = xcalloc(1, sizeof(**state));
	return *state;
}

size_t trace_compress(struct trace_codec_state **state, int level, const void *from, size_t n, void *to, size_t room)
{
	struct trace_codec_state *s = state_of(state);
	size_t got;

	if (!s->c)
		s->c = ZSTD_createCCtx();
	if (!s->c)
		return 0;
	got = ZSTD_compressCCtx(s->c, to, room, from, n, level);
	return ZSTD_isError(got) ? 0 : got;
}

int trace_decompress_from(struct trace_codec_state **state, const void *base, size_t base_n, const void *from, size_t n, void *to, size_t size,
			  struct seam_err *err)
{
	struct trace_codec_state *s = state_of(state);
	size_t got;

	if (!s->d)
		s->d = ZSTD_createDCtx();
	if (!s->d)
		return seam_err_set(err, -ENOMEM, "no memory for zstd");
	got = ZSTD_decompress_usingDict(s->d, to, size, from, n, base, base_n);
	if (ZSTD_isError(got))
		return seam_err_set(err, -EBADMSG, "cannot be decompressed: %s", ZSTD_getErrorName(got));
	if (got != size)
		return seam_err_set(err, -EBADMSG, "decompresses to %zu bytes, its header says %zu", got, size);
	return 0;
}

void trace_codec_free(struct trace_codec_state *s)
{
	if (!s)
		return;
	ZSTD_freeCCtx(s->c);
	ZSTD_freeDCtx(s->d);
	free(s);
}

#else

size_t trace_compress(struct trace_codec_state **state UNUSED, int level UNUSED, const void *from UNUSED,
		      size_t n UNUSED, void *to UNUSED, size_t room UNUSED)
{
	return 0;
}

int trace_decompress_from(struct trace_codec_state **state UNUSED, const void *base UNUSED, size_t base_n UNUSED, const void *from UNUSED, size_t n UNUSED,
			  void *to UNUSED, size_t size UNUSED, struct seam_err *err)
{
	return seam_err_set(err, -EOPNOTSUPP, "is compressed with zstd, and this build of seam has no zstd");
}

void trace_codec_free(struct trace_codec_state *state UNUSED)
{
}

#endif

int trace_decompress(struct trace_codec_state **state, const void *from, size_t n, void *to, size_t size, struct seam_err *err)
{
	return trace_decompress_from(state, NULL, 0, from, n, to, size, err);
}
