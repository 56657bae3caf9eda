/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes a trace: compresses blocks and puts them into the file one after the other, in a thread of its own if wanted. */
#include "trace/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "trace/pack.h"
#include "trace/sum.h"

enum { INDEX_MOST = TRACE_BLOCK_MAX / sizeof(struct trace_index) };

struct job {
	struct trace_block head;
	unsigned char *data;
	size_t cap;
};

struct trace_writer {
	int fd;
	char *path;
	struct trace_writer_options options;
	/* Of whoever writes: the thread, or the caller under the lock. */
	uint64_t offset; /* end of the last whole block */
	struct trace_index *index;
	size_t index_count, index_cap;
	struct trace_packer packer;
	/* Under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct job *jobs; /* a ring: the `waiting` ones from `next` on, which the thread takes one by one */
	unsigned next, waiting;
	bool end;
	bool threaded;
	bool told; /* the caller knows of the failure */
	struct seam_err failure;
	struct trace_writer_stats stats;
	pthread_t thread;
};

static int write_all(int fd, struct iovec *v, int n)
{
	while (n) {
		ssize_t w = writev(fd, v, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -errno;
		while (n && (size_t)w >= v->iov_len) {
			w -= (ssize_t)v->iov_len;
			v++;
			n--;
		}
		if (n) {
			v->iov_base = (char *)v->iov_base + w;
			v->iov_len -= (size_t)w;
		}
	}
	return 0;
}

static const char *what_to_do(int code)
{
	switch (code) {
	case -ENOSPC:
	case -EDQUOT:
		return "; make room or write to another place, what is written so far can be read";
	case -EFBIG:
		return "; the limit of file sizes (ulimit -f) is too small, what is written so far can be read";
	default:
		return "; what is written so far can be read";
	}
}

/* To the end of the last whole block. A pipe cannot be cut, and needs not. */
static void cut_back(struct trace_writer *w)
{
	IGNORE_RESULT(ftruncate(w->fd, (off_t)w->offset) < 0);
	IGNORE_RESULT(lseek(w->fd, (off_t)w->offset, SEEK_SET) < 0);
}

/* Puts a whole block at the end, or leaves the file as it was. The header is complete. */
static int put_packed(struct trace_writer *w, const struct trace_block *head, const void *stored, struct seam_err *err)
{
	static const char zeros[8];
	struct iovec v[3];
	int r;

	v[0] = (struct iovec){ (void *)(uintptr_t)head, sizeof(*head) };
	v[1] = (struct iovec){ (void *)(uintptr_t)stored, head->stored };
	v[2] = (struct iovec){ (void *)(uintptr_t)zeros, -(size_t)head->stored % 8 };
	r = write_all(w->fd, v, 3);
	if (r < 0) {
		cut_back(w);
		return seam_err_set(err, r, "cannot write %s: %s%s", w->path, strerror(-r), what_to_do(r));
	}
	w->offset += TRACE_IN_FILE(head->stored);
	return 0;
}

static int put_block(struct trace_writer *w, struct trace_block *head, const void *data, struct seam_err *err)
{
	const void *stored = trace_pack(&w->packer, w->options.codec, w->options.level, w->options.arch, head, data);

	return put_packed(w, head, stored, err);
}

static void remember(struct trace_writer *w, const struct trace_block *head, uint64_t offset)
{
	if (w->index_count == w->index_cap) {
		w->index_cap = w->index_cap ? w->index_cap * 2 : 256;
		w->index = xreallocarray(w->index, w->index_cap, sizeof(*w->index));
	}
	w->index[w->index_count++] = (struct trace_index){ .offset = offset, .first = head->first, .last = head->last,
							   .stream = head->stream, .records = head->records };
}

/* Without the lock when it is the thread. */
static int put_records(struct trace_writer *w, struct trace_block *head, const void *data, struct seam_err *err)
{
	uint64_t offset = w->offset;
	int r;

	head->kind = TRACE_RECORDS;
	r = put_block(w, head, data, err);
	if (r == 0)
		remember(w, head, offset);
	return r;
}

static void count(struct trace_writer *w, const struct trace_block *head, int r, const struct seam_err *err)
{
	if (r < 0) {
		if (!w->failure.code)
			w->failure = *err;
		w->stats.failed_records += head->records;
		return;
	}
	w->stats.blocks++;
	w->stats.records += head->records;
	w->stats.lost += head->lost;
	w->stats.bytes += head->size;
	w->stats.stored += head->stored;
	w->stats.file += TRACE_IN_FILE(head->stored);
}

static void *work(void *arg)
{
	struct trace_writer *w = arg;

	pthread_mutex_lock(&w->lock);
	for (;;) {
		struct seam_err err = SEAM_ERR_INIT;
		struct job *job = &w->jobs[w->next];
		int r;

		if (!w->waiting) {
			if (w->end)
				break;
			pthread_cond_wait(&w->changed, &w->lock);
			continue;
		}
		r = w->failure.code;
		pthread_mutex_unlock(&w->lock);
		if (r == 0)
			r = put_records(w, &job->head, job->data, &err);
		pthread_mutex_lock(&w->lock);
		count(w, &job->head, r, &err);
		w->next = (w->next + 1) % w->options.queue;
		w->waiting--;
		pthread_cond_broadcast(&w->changed);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

static int start_thread(struct trace_writer *w, struct seam_err *err)
{
	sigset_t all, old;
	int r;

	w->jobs = xcalloc(w->options.queue, sizeof(*w->jobs));
	/* The program's signals are for its own threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(&w->thread, NULL, work, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (r)
		return seam_err_errno(err, -r, "cannot start the thread that writes %s", w->path);
	w->threaded = true;
	return 0;
}

int trace_writer_open(struct trace_writer **ret, const char *path, const struct trace_writer_options *options,
		      const struct buf *meta, struct seam_err *err)
{
	struct trace_block head = { .kind = TRACE_META, .size = (uint32_t)meta->len };
	_cleanup_close_ int fd = -1;
	struct trace_writer *w;
	int r;

	if (!trace_codec_available(options->codec))
		return seam_err_set(err, -EOPNOTSUPP, "this build of seam has no zstd; write the trace without compression");
	if (meta->len > TRACE_BLOCK_MAX)
		return seam_err_set(err, -E2BIG, "the metadata of %s are %zu bytes, more than fit in", path, meta->len);
	if (!strcmp(path, "-"))
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0)
		return seam_err_errno(err, -errno, "cannot create %s", path);
	w = xcalloc(1, sizeof(*w));
	w->fd = steal_fd(&fd);
	w->path = xstrdup(strcmp(path, "-") != 0 ? path : "standard output");
	w->options = *options;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->changed, NULL);
	r = put_block(w, &head, meta->data, err);
	w->stats.file = w->offset;
	if (r == 0 && options->queue)
		r = start_thread(w, err);
	if (r < 0) {
		trace_writer_free(w);
		return r;
	}
	*ret = w;
	return 0;
}

/* Under the lock: what has failed so far. */
static int failed(struct trace_writer *w, struct seam_err *err)
{
	if (!w->failure.code)
		return 0;
	w->told = true;
	return seam_err_set(err, w->failure.code, "%s", w->failure.text);
}

static void enqueue(struct trace_writer *w, const struct trace_block *head, const void *records)
{
	struct job *job;

	if (w->waiting == w->options.queue)
		w->stats.waits++;
	while (w->waiting == w->options.queue)
		pthread_cond_wait(&w->changed, &w->lock);
	job = &w->jobs[(w->next + w->waiting) % w->options.queue];
	if (job->cap < head->size) {
		free(job->data);
		job->data = xmalloc(head->size);
		job->cap = head->size;
	}
	job->head = *head;
	if (head->size)
		memcpy(job->data, records, head->size);
	w->waiting++;
	pthread_cond_broadcast(&w->changed);
}

int trace_writer_block(struct trace_writer *w, const struct trace_block *head, const void *records,
		       struct seam_err *err)
{
	int r;

	if (head->size > TRACE_BLOCK_MAX)
		return seam_err_set(err, -E2BIG, "a block of %u bytes for %s is more than the format allows", head->size,
				    w->path);
	pthread_mutex_lock(&w->lock);
	r = failed(w, err);
	if (r < 0) {
		w->stats.failed_records += head->records;
	} else if (w->threaded) {
		enqueue(w, head, records);
	} else {
		struct seam_err why = SEAM_ERR_INIT;
		struct trace_block own = *head;

		count(w, &own, put_records(w, &own, records, &why), &why);
		r = failed(w, err);
	}
	pthread_mutex_unlock(&w->lock);
	return r;
}

int trace_writer_packed(struct trace_writer *w, const struct trace_block *head, const void *stored, struct seam_err *err)
{
	struct seam_err why = SEAM_ERR_INIT;
	uint64_t offset = w->offset;
	int r = failed(w, err);

	if (r < 0) {
		w->stats.failed_records += head->records;
		return r;
	}
	r = put_packed(w, head, stored, &why);
	if (r == 0)
		remember(w, head, offset);
	count(w, head, r, &why);
	return failed(w, err);
}

int trace_writer_rename(struct trace_writer *w, const char *path, struct seam_err *err)
{
	if (renameat2(AT_FDCWD, w->path, AT_FDCWD, path, RENAME_NOREPLACE) < 0 &&
	    ((errno != EINVAL && errno != ENOSYS) || rename(w->path, path) < 0))
		return seam_err_errno(err, -errno, "cannot create %s", path);
	pthread_mutex_lock(&w->lock);
	free(w->path);
	w->path = xstrdup(path);
	pthread_mutex_unlock(&w->lock);
	return 0;
}

int trace_writer_flush(struct trace_writer *w, struct seam_err *err)
{
	int r;

	pthread_mutex_lock(&w->lock);
	while (w->waiting)
		pthread_cond_wait(&w->changed, &w->lock);
	r = failed(w, err);
	pthread_mutex_unlock(&w->lock);
	return r;
}

static void stop_thread(struct trace_writer *w)
{
	if (!w->threaded)
		return;
	pthread_mutex_lock(&w->lock);
	w->end = true;
	pthread_cond_broadcast(&w->changed);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	w->threaded = false;
}

/* As many blocks as the entries need: mostly one. */
static int put_index(struct trace_writer *w, struct seam_err *err)
{
	struct trace_end end = { .index = w->offset, .magic = TRACE_END_MAGIC };
	struct iovec v = { &end, sizeof(end) };
	size_t done = 0;
	int r;

	do {
		size_t n = MIN(w->index_count - done, (size_t)INDEX_MOST);
		struct trace_block head = { .kind = TRACE_INDEX, .size = (uint32_t)(n * sizeof(*w->index)) };

		r = put_block(w, &head, n ? w->index + done : NULL, err);
		if (r < 0)
			return r;
		done += n;
	} while (done < w->index_count);
	end.sum = trace_end_sum(&end);
	r = write_all(w->fd, &v, 1);
	if (r == 0)
		return 0;
	cut_back(w);
	return seam_err_set(err, r, "cannot write %s: %s%s", w->path, strerror(-r), what_to_do(r));
}

int trace_writer_finish(struct trace_writer *w, struct seam_err *err)
{
	struct seam_err why = SEAM_ERR_INIT;
	bool told;
	int r;

	stop_thread(w);
	told = w->told;
	r = put_index(w, &why);
	if (close(w->fd) < 0 && r == 0 && errno != EINTR)
		r = seam_err_errno(&why, -errno, "cannot write %s", w->path);
	w->fd = -1;
	/* The first cause is the one to tell. */
	if (w->failure.code)
		why = w->failure;
	if (!why.code || told)
		return 0;
	w->told = true;
	return seam_err_set(err, why.code, "%s", why.text);
}

void trace_writer_free(struct trace_writer *w)
{
	if (!w)
		return;
	stop_thread(w);
	if (w->fd >= 0)
		close(w->fd);
	for (unsigned i = 0; w->jobs && i < w->options.queue; i++)
		free(w->jobs[i].data);
	free(w->jobs);
	free(w->index);
	trace_packer_release(&w->packer);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->changed);
	free(w->path);
	free(w);
}

void trace_writer_stats(struct trace_writer *w, struct trace_writer_stats *ret)
{
	pthread_mutex_lock(&w->lock);
	*ret = w->stats;
	pthread_mutex_unlock(&w->lock);
}
