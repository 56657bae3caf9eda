/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening a trace, and what is known of it before its events are read. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "trace/reader.h"

void trace_read_meta(struct seam_trace *t, const struct trace_block *head, uint64_t offset)
{
	_cleanup_free_ unsigned char *data = NULL;
	struct seam_err why = SEAM_ERR_INIT;
	size_t cap = 0;

	t->has_meta = true;
	if (trace_load(t, head, offset, &data, &cap, &why) < 0)
		trace_damaged(t, offset, 0, "%s; it is the metadata", why.text);
	else
		trace_meta_parse(&t->meta, (const char *)data, head->size);
}

/* The first block, when the others are found by the index. */
static int read_first(struct seam_trace *t, struct seam_err *err)
{
	struct trace_block head;
	const char *fault = NULL;
	int r = trace_pread(t, &head, sizeof(head), 0);

	if (r < 0)
		return seam_err_errno(err, r, "cannot read %s", t->path);
	if (r == 0 || !trace_head_fits(&head))
		fault = "its header is damaged";
	else
		fault = trace_head_fault(&head);
	if (!fault) {
		t->has_head = true;
		t->arch = head.arch;
		if (head.kind == TRACE_META)
			trace_read_meta(t, &head, 0);
	} else {
		trace_damaged(t, 0, 0, "%s; it is the metadata", fault);
	}
	return 0;
}

int trace_check_first(struct seam_trace *t, struct seam_err *err)
{
	struct trace_block head = { .magic = TRACE_BLOCK_MAGIC };
	size_t n = MIN(t->size, sizeof(head));
	int r;

	if (n < sizeof(head) && !t->options.follow)
		return seam_err_set(err, -EINVAL, "%s is not a trace: it has %llu bytes", t->path, (unsigned long long)t->size);
	r = n ? trace_pread(t, &head, n, 0) : 1;
	if (r <= 0)
		return seam_err_errno(err, r < 0 ? r : -EIO, "cannot read %s", t->path);
	/* Nothing else would come. */
	if (t->options.follow && head.magic != TRACE_BLOCK_MAGIC)
		return seam_err_set(err, -EINVAL, "%s is not a trace: it does not begin as one", t->path);
	if (n < sizeof(head))
		return 0;
	if (trace_head_fits(&head) && head.version > TRACE_VERSION)
		return seam_err_set(err, -EPROTONOSUPPORT, "%s is written in version %u of the format; this build of seam reads "
				    "up to version %u", t->path, head.version, TRACE_VERSION);
	return 0;
}

static int read_all_heads(struct seam_trace *t, struct seam_err *err)
{
	int r = trace_check_first(t, err);

	if (r < 0)
		return r;
	if (!t->options.no_index) {
		r = trace_read_index(t, err);
		if (r < 0)
			return r;
		if (r > 0)
			return read_first(t, err);
	}
	r = trace_scan(t, err);
	if (r < 0)
		return r;
	if (!t->has_head && !t->options.follow)
		return seam_err_set(err, -EINVAL, "%s is not a trace: no block of one is in it", t->path);
	return 0;
}

int seam_trace_open(struct seam_trace **ret, const char *path, const struct seam_trace_options *options,
		    struct seam_err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct seam_trace *t;
	struct stat st;
	int r;

	if (fd < 0)
		return seam_err_errno(err, -errno, "cannot open %s", path);
	if (fstat(fd, &st) < 0)
		return seam_err_errno(err, -errno, "cannot read %s", path);
	if (!S_ISREG(st.st_mode))
		return seam_err_set(err, -EINVAL, "%s is not a file; a trace is read at many places, so put it into one", path);
	t = xcalloc(1, sizeof(*t));
	t->fd = steal_fd(&fd);
	t->path = xstrdup(path);
	t->size = (uint64_t)st.st_size;
	buf_init(&t->join);
	buf_init(&t->join_env);
	if (options)
		t->options = *options;
	r = read_all_heads(t, err);
	if (r < 0) {
		seam_trace_close(t);
		return r;
	}
	*ret = t;
	return 0;
}

void seam_trace_close(struct seam_trace *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->stream_count; i++)
		trace_unload(t, &t->streams[i]);
	for (size_t i = t->damage_next; i < t->damage_count; i++)
		free(t->damages[i].text);
	trace_meta_release(&t->meta);
	trace_codec_free(t->codec);
	buf_release(&t->join);
	buf_release(&t->join_env);
	trace_held_release(t);
	free(t->held);
	free(t->damage_text);
	free(t->damages);
	free(t->blobs);
	free(t->packed);
	free(t->heap);
	free(t->stream_slots);
	free(t->streams);
	free(t->places);
	free(t->path);
	close(t->fd);
	free(t);
}

const char *seam_trace_meta(const struct seam_trace *t, const char *key, size_t n)
{
	for (size_t i = 0; i < t->meta.count; i++)
		if (str_eq(t->meta.lines[i].key, key) && !n--)
			return t->meta.lines[i].value;
	return NULL;
}

bool seam_trace_meta_at(const struct seam_trace *t, size_t i, const char **ret_key, const char **ret_value)
{
	if (i >= t->meta.count)
		return false;
	*ret_key = t->meta.lines[i].key;
	*ret_value = t->meta.lines[i].value;
	return true;
}

enum seam_arch seam_trace_arch(const struct seam_trace *t)
{
	return t->arch;
}

bool seam_trace_finished(const struct seam_trace *t)
{
	return t->finished;
}

uint64_t seam_trace_damages(const struct seam_trace *t)
{
	return t->damage_total;
}

size_t seam_trace_block_count(const struct seam_trace *t)
{
	return t->place_count;
}

bool seam_trace_block_at(const struct seam_trace *t, size_t i, struct seam_trace_block *ret)
{
	const struct trace_place *p;

	if (i >= t->place_count)
		return false;
	p = &t->places[i];
	*ret = (struct seam_trace_block){ p->offset, p->first, p->last, t->streams[p->stream].number, p->records };
	return true;
}
