/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/base/files.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "tap.h"

int main(void)
{
	char dir[] = "/tmp/seam-test-XXXXXX";
	struct seam_err err = SEAM_ERR_INIT;
	_cleanup_buf_ struct buf b = BUF_INIT;
	_cleanup_free_ char *path = NULL;
	_cleanup_free_ char *big = xcalloc(1, 100000);
	struct stat st;
	int fds[2];

	if (!mkdtemp(dir)) {
		tap_skip("files", "cannot create a folder in /tmp");
		return tap_done();
	}
	path = xasprintf("%s/file", dir);
	EQ(file_read(path, 0, &b, &err), -ENOENT);
	OK(strstr(err.text, path) && strstr(err.text, "No such file"));
	umask(027);
	EQ(file_write_atomic(path, "hello", 5, &err), 0);
	OK(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640);
	EQ(file_read(path, 5, &b, &err), 0);
	STREQ(b.data, "hello");
	EQ(file_read(path, 4, &b, &err), -EFBIG);
	STREQ(b.data, "hello");
	EQ(file_read(path, 0, &b, &err), 0);
	STREQ(b.data, "hellohello");
	memset(big, 'x', 100000);
	EQ(file_write_atomic(path, big, 100000, &err), 0);
	buf_clear(&b);
	EQ(file_read(path, 100000, &b, &err), 0);
	EQ(b.len, 100000);
	EQ(file_write_atomic(path, "", 0, &err), 0);
	buf_clear(&b);
	EQ(file_read(path, 0, &b, &err), 0);
	EQ(b.len, 0);
	EQ(file_read(dir, 0, &b, &err), -EISDIR);
	EQ(file_write_atomic("/nonexistent/x", "", 0, &err), -ENOENT);
	/* A file that says its size is 0. */
	EQ(file_read("/proc/self/status", 0, &b, &err), 0);
	OK(b.len > 100);
	EQ(pipe(fds), 0);
	EQ(fd_write_all(fds[1], "pipe", 4), 0);
	close(fds[1]);
	buf_clear(&b);
	EQ(fd_read(fds[0], "pipe", 0, &b, &err), 0);
	STREQ(b.data, "pipe");
	close(fds[0]);
	EQ(fd_write_all(-1, "x", 1), -EBADF);
	unlink(path);
	EQ(rmdir(dir), 0); /* nothing was left beside the file */
	return tap_done();
}
