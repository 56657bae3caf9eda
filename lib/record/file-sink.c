/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as one file. */
#include "record/file-sink.h"

#include <sys/stat.h>

#include "base/alloc.h"
#include "record/about.h"
#include "trace/writer.h"

struct file_sink {
	struct sink sink;
	const struct seam_record_options *o;
	struct trace_writer *writer;
};

static struct file_sink *own(struct sink *s)
{
	return (struct file_sink *)(void *)s;
}

static int put(struct sink *s, const struct trace_block *head, const void *records, struct seam_err *err)
{
	return trace_writer_block(own(s)->writer, head, records, err);
}

static int finish(struct sink *s, struct seam_err *err)
{
	return trace_writer_finish(own(s)->writer, err);
}

static void tell(struct sink *s, struct seam_record_result *ret)
{
	struct trace_writer_stats stats;
	struct stat st;

	trace_writer_stats(own(s)->writer, &stats);
	ret->bytes = stats.bytes;
	ret->stored = stats.file;
	if (stat(own(s)->o->output, &st) == 0 && S_ISREG(st.st_mode))
		ret->stored = (uint64_t)st.st_size;
}

static void give_up(struct sink *s)
{
	trace_writer_free(own(s)->writer);
	free(s);
}

struct trace_writer_options sink_writer_options(const struct seam_record_options *o)
{
	return (struct trace_writer_options){ .arch = seam_arch_native(), .codec = o->level ? TRACE_ZSTD : TRACE_RAW,
					      .level = o->level, .queue = o->level ? SINK_QUEUE : 0 };
}

int file_sink_open(struct sink **ret, const struct seam_record_options *o, struct seam_err *err)
{
	static const struct sink_ops ops = { .block = put, .finish = finish, .tell = tell, .free = give_up };
	struct trace_writer_options options = sink_writer_options(o);
	struct file_sink *s = xcalloc(1, sizeof(*s));
	_cleanup_buf_ struct buf meta = BUF_INIT;
	int r;

	s->sink.ops = &ops;
	s->o = o;
	about_recording(o, &meta);
	r = trace_writer_open(&s->writer, o->output, &options, &meta, err);
	if (r < 0) {
		free(s);
		return r;
	}
	*ret = &s->sink;
	return 0;
}
