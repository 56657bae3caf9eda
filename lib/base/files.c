/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole files: read at once, replaced at once. */
#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"

int fd_read(int fd, const char *name, size_t limit, struct buf *ret, struct seam_err *err)
{
	size_t start = ret->len;

	if (!limit)
		limit = (size_t)1 << 30;
	for (;;) {
		size_t got = ret->len - start, want;
		ssize_t n;

		/* One byte past the limit tells a file that is too big from one that just fits. */
		want = MIN(limit - got + 1, MAX(got, (size_t)16384));
		buf_grow(ret, want);
		n = read(fd, ret->data + ret->len, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int code = -errno;

			buf_truncate(ret, start);
			return seam_err_errno(err, code, "cannot read %s", name);
		}
		ret->len += (size_t)n;
		ret->data[ret->len] = '\0';
		if (!n)
			return 0;
		if (ret->len - start > limit) {
			buf_truncate(ret, start);
			return seam_err_set(err, -EFBIG, "%s is bigger than the limit of %zu bytes", name, limit);
		}
	}
}

int file_read(const char *path, size_t limit, struct buf *ret, struct seam_err *err)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return seam_err_errno(err, -errno, "cannot open %s", path);
	return fd_read(fd, path, limit, ret, err);
}

int fd_write_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n) {
		ssize_t w = write(fd, s, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -errno;
		s += w;
		n -= (size_t)w;
	}
	return 0;
}

/* umask() can only be read by setting it, which other threads would feel; this way is quiet. */
static mode_t current_umask(void)
{
	_cleanup_buf_ struct buf b = BUF_INIT;
	const char *line;

	if (file_read("/proc/self/status", 0, &b, NULL) < 0)
		return 022;
	line = strstr(b.data, "\nUmask:");
	return line ? (mode_t)strtoul(line + 7, NULL, 8) & 0777 : 022;
}

int file_write_atomic(const char *path, const void *data, size_t len, struct seam_err *err)
{
	_cleanup_free_ char *tmp = xasprintf("%s.XXXXXX", path);
	_cleanup_close_ int fd = mkostemp(tmp, O_CLOEXEC);
	int r;

	if (fd < 0)
		return seam_err_errno(err, -errno, "cannot create a file beside %s", path);
	r = fd_write_all(fd, data, len);
	if (r == 0 && fchmod(fd, 0666 & ~current_umask()) < 0)
		r = -errno;
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	if (r == 0 && rename(tmp, path) < 0)
		r = -errno;
	if (r < 0) {
		unlink(tmp);
		return seam_err_errno(err, r, "cannot write %s", path);
	}
	return 0;
}
