/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: content of files, and positions in it. */
#include "self.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/mman.h>
#include <sys/uio.h>

static int scratch(const char *content)
{
	int fd = memfd_create("trial", MFD_CLOEXEC);
	size_t n = strlen(content);

	if (fd < 0 || write(fd, content, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) != 0)
		abort();
	return fd;
}

static struct iovec *two_parts(void *a, size_t na, void *b, size_t nb)
{
	struct iovec v[2] = { { a, na }, { b, nb } };

	return copy(v, sizeof(v));
}

static void trial_read(void)
{
	int fd = scratch("0123456789");
	char *p = room(100);

	GIVES(CALL(read, fd, p, 4), 4);
	OUT(p, 4);
	GIVES(CALL(read, fd, p, 100), 6); /* less than there was room for */
	OUT(p, 6);
	GIVES(CALL(read, fd, p, 100), 0);
	GIVES(CALL(read, fd, NULL, 0), 0);
	GIVES(CALL(read, -1, p, 100), -EBADF);
	close(fd);
}

static void trial_read_cut(void)
{
	int fd = scratch("0123456789");
	char *p = room(100);

	cut_content(3);
	GIVES(CALL(read, fd, p, 100), 10);
	OUT_CUT(p, 3, 10);
	cut_content(0);
	GIVES(CALL(pread64, fd, p, 5, 5), 5);
	OUT_CUT(p, 0, 5);
	close(fd);
}

static void trial_read_fault(void)
{
	int fd = scratch("0123456789");
	char *p = edge(4);

	GIVES(CALL(read, fd, BAD, 10), -EFAULT);
	GIVES(CALL(read, fd, p, 10), 4); /* as far as there is memory */
	OUT(p, 4);
	close(fd);
}

static void trial_write(void)
{
	int fd = scratch("");
	char *p = text("hello");

	GIVES(CALL(write, fd, p, 5), 5);
	IN(p, 5);
	cut_content(2);
	GIVES(CALL(pwrite64, fd, p, 5, 1), 5);
	IN_CUT(p, 2, 5);
	GIVES(CALL(write, fd, BAD, 5), -EFAULT);
	IN_FAULT(BAD, 0, 5);
	p = edge(3);
	memcpy(p, "xyz", 3);
	GIVES_OR_FAULTS(CALL(write, fd, p, 5), 3);
	IN_FAULT(p, 3, 5);
	GIVES(CALL(write, fd, NULL, 0), 0);
	close(fd);
}

static void trial_readv(void)
{
	int fd = scratch("0123456789");
	char *a = room(4), *b = room(20);
	struct iovec *v = two_parts(a, 4, b, 20);

	GIVES(CALL(readv, fd, v, 2), 10);
	IN(v, 32), OUT(a, 4), OUT(b, 6);
	GIVES(CALL(preadv, fd, v, 2, 7, 0), 3); /* only the first */
	IN(v, 32), OUT(a, 3);
	GIVES(CALL(preadv2, fd, v, 2, 1, 0, RWF_HIPRI), 9);
	IN(v, 32), OUT(a, 4), OUT(b, 5);
	GIVES(CALL(readv, fd, v, 0), 0);
	GIVES(CALL(readv, fd, BAD, 2), -EFAULT);
	IN_FAULT(BAD, 0, 32);
	close(fd);
}

static void trial_writev(void)
{
	int fd = scratch("");
	char *a = text("abcd"), *b = text("efg");
	struct iovec *v = two_parts(a, 4, b, 3);

	GIVES(CALL(writev, fd, v, 2), 7);
	IN(v, 32), IN(a, 4), IN(b, 3);
	cut_content(3);
	GIVES(CALL(pwritev, fd, v, 2, 1, 0), 7);
	IN(v, 32), IN_CUT(a, 3, 4), IN(b, 3);
	GIVES(CALL(pwritev2, fd, v, 1, -1, -1, 0), 4);
	IN(v, 16), IN(a, 4);
	v[1].iov_base = BAD;
	GIVES_OR_FAULTS(CALL(writev, fd, v, 2), 4);
	IN(v, 32), IN(a, 4), IN_FAULT(BAD, 0, 3);
	close(fd);
}

static void trial_copy_file_range(void)
{
	int from = scratch("0123456789"), to = scratch("");
	loff_t *off_in = NEW(loff_t, 2), *off_out = NEW(loff_t, 0);
	long r = CALL(copy_file_range, from, off_in, to, off_out, 4, 0);

	BOTH(off_in, 8), BOTH(off_out, 8);
	CAN(r);
	GIVES(r, 4);
	MUST(*off_in == 6);
	GIVES(CALL(copy_file_range, from, NULL, to, NULL, 4, 0), 4);
	GIVES(CALL(copy_file_range, from, off_in, -1, NULL, 4, 0), -EBADF);
	IN(off_in, 8);
	close(from);
	close(to);
}

static void trial_sendfile(void)
{
	int from = scratch("0123456789"), to = scratch("");
	loff_t *off = NEW(loff_t, 3);

	GIVES(CALL(sendfile, to, from, off, 5), 5);
	BOTH(off, 8);
	GIVES(CALL(sendfile, to, from, NULL, 5), 5);
	close(from);
	close(to);
}

static void trial_splice(void)
{
	int from = scratch("0123456789"), *p = ROOMS(int, 2), *q = ROOMS(int, 2);
	loff_t *off = NEW(loff_t, 1);

	GIVES(CALL(pipe2, p, O_CLOEXEC), 0);
	OUT(p, 8);
	GIVES(CALL(pipe2, q, O_NONBLOCK), 0);
	OUT(q, 8);
	GIVES(CALL(splice, from, off, p[1], NULL, 4, 0), 4);
	BOTH(off, 8);
	GIVES(CALL(tee, p[0], q[1], 4, 0), 4);
	close(from);
	for (int i = 0; i < 2; i++) {
		close(p[i]);
		close(q[i]);
	}
}

static void trial_vmsplice(void)
{
	int *p = ROOMS(int, 2);
	char *a = text("abcd"), *b = room(10);
	struct iovec *v = NEW(struct iovec, a, 4), *w = NEW(struct iovec, b, 10);

	GIVES(CALL(pipe2, p, 0), 0);
	OUT(p, 8);
	GIVES(CALL(vmsplice, p[1], v, 1, 0), 4);
	IN(v, 16), BOTH(a, 4); /* no argument says which way it goes */
	GIVES(CALL(vmsplice, p[0], w, 1, 0), 4);
	IN(w, 16), IN(b, 10), OUT(b, 4);
	close(p[0]);
	close(p[1]);
}

static void trial_positions(void)
{
	int fd = scratch("0123456789");

	GIVES(CALL(lseek, fd, 3, SEEK_SET), 3);
	GIVES(CALL(ftruncate, fd, 5), 0);
	GIVES(CALL(fallocate, fd, 0, 0, 100), 0);
	GIVES(CALL(fsync, fd), 0);
	GIVES(CALL(fadvise64, fd, 0, 0, 0), 0);
	close(fd);
}

static void trial_cachestat(void)
{
	int fd = scratch("0123456789");
	uint64_t range[2] = { 0, 4096 }, *in = copy(range, sizeof(range));
	void *out = room(40);
	long r = CALL(cachestat, fd, in, out, 0);

	IN(in, 16);
	CAN(r);
	GIVES(r, 0);
	OUT(out, 40);
	close(fd);
}

static void trial_getrandom(void)
{
	char *p = room(16);

	GIVES(CALL(getrandom, p, 16, 0), 16);
	OUT(p, 16);
	GIVES(CALL(getrandom, p, 16, 0x80), -EINVAL);
}

const struct trial file_trials[] = {
	TRIAL(read), TRIAL(read_cut), TRIAL(read_fault), TRIAL(write), TRIAL(readv), TRIAL(writev),
	TRIAL(copy_file_range), TRIAL(sendfile), TRIAL(splice), TRIAL(vmsplice), TRIAL(positions), TRIAL(cachestat),
	TRIAL(getrandom), { 0 },
};
