/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: names of files, and what stands beside their content. */
#include "self.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/time.h>

static void trial_openat(void)
{
	char *dev = text("/dev"), *null = text("null"), *path = fresh_path(), *none = text("/nowhere/x");
	long dir = CALL(openat, AT_FDCWD, dev, O_RDONLY | O_DIRECTORY), fd;

	IN_TEXT(dev);
	MUST(dir >= 0);
	fd = CALL(openat, dir, null, O_RDONLY | O_CLOEXEC);
	IN_TEXT(null);
	MUST(fd >= 0);
	GIVES(CALL(close, fd), 0);
	fd = CALL(openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	IN_TEXT(path);
	MUST(fd >= 0);
	close((int)fd);
	close((int)dir);
	GIVES(CALL(openat, AT_FDCWD, none, O_RDONLY), -ENOENT);
	IN_TEXT(none);
	GIVES(CALL(openat, AT_FDCWD, BAD, O_RDONLY), -EFAULT);
	IN_FAULT(BAD, 0, 0);
	GIVES(CALL(openat, AT_FDCWD, NULL, O_RDONLY), -EFAULT);
}

static void trial_open(void)
{
	char *path = text("/dev/null"), *other = fresh_path();
	long fd = CALL(open, path, O_RDONLY);

	CAN(fd);
	IN_TEXT(path);
	close((int)fd);
	fd = CALL(creat, other, 0600);
	IN_TEXT(other);
	MUST(fd >= 0);
	close((int)fd);
}

static void trial_openat2(void)
{
	char *path = text("/dev/null"), *long_how = room(32);
	struct open_how *how = NEW(struct open_how, .flags = O_RDONLY | O_CLOEXEC);
	long fd = CALL(openat2, AT_FDCWD, path, how, sizeof(*how));

	IN_TEXT(path), IN(how, sizeof(*how));
	CAN(fd);
	MUST(fd >= 0);
	close((int)fd);
	memset(long_how, 0, 32); /* as of a later kernel: what it does not know is zero */
	fd = CALL(openat2, AT_FDCWD, path, long_how, 32);
	IN_TEXT(path), IN(long_how, 32);
	MUST(fd >= 0);
	close((int)fd);
}

static void trial_stat(void)
{
	char *path = text("/dev/null"), *empty = text("");
	struct stat *st = ROOM(struct stat);
	long r;

	GIVES(CALL(newfstatat, AT_FDCWD, path, st, 0), 0);
	IN_TEXT(path), OUT(st, sizeof(*st)), holes();
	GIVES(CALL(newfstatat, 0, empty, st, AT_EMPTY_PATH), 0);
	IN(empty, 1), OUT(st, sizeof(*st)), holes();
	GIVES(CALL(fstat, 0, st), 0);
	OUT(st, sizeof(*st)), holes();
	GIVES(CALL(newfstatat, AT_FDCWD, empty, st, 0), -ENOENT);
	IN(empty, 1);
	r = CALL(stat, path, st);
	CAN(r);
	IN_TEXT(path), OUT(st, sizeof(*st)), holes();
	GIVES(CALL(lstat, path, st), 0);
	IN_TEXT(path), OUT(st, sizeof(*st)), holes();
}

static void trial_statx(void)
{
	char *path = text("/");
	struct statx *st = ROOM(struct statx);

	GIVES(CALL(statx, AT_FDCWD, path, AT_STATX_SYNC_AS_STAT, STATX_ALL, st), 0);
	IN_TEXT(path), OUT(st, 256);
	GIVES(CALL(statx, AT_FDCWD, BAD, 0, STATX_ALL, st), -EFAULT);
	IN_FAULT(BAD, 0, 0);
}

static void trial_statfs(void)
{
	char *path = text("/");
	struct statfs *st = ROOM(struct statfs);

	GIVES(CALL(statfs, path, st), 0);
	IN_TEXT(path), OUT(st, 120);
	GIVES(CALL(fstatfs, 0, BAD), -EFAULT);
}

static void trial_access(void)
{
	char *path = text("/dev/null");
	long r = CALL(faccessat, AT_FDCWD, path, R_OK);

	IN_TEXT(path);
	GIVES(r, 0);
	r = CALL(faccessat2, AT_FDCWD, path, R_OK, AT_EACCESS);
	IN_TEXT(path);
	CAN(r);
	GIVES(r, 0);
	r = CALL(access, path, R_OK);
	CAN(r);
	IN_TEXT(path);
}

static void trial_links(void)
{
	char *path = fresh_path(), *target = text("target"), *to = room(100), *other = fresh_path();

	GIVES(CALL(symlinkat, target, AT_FDCWD, path), 0);
	IN_TEXT(target), IN_TEXT(path);
	GIVES(CALL(readlinkat, AT_FDCWD, path, to, 100), 6);
	IN_TEXT(path), OUT(to, 6);
	GIVES(CALL(readlinkat, AT_FDCWD, path, to, 3), 3); /* no NUL, and cut short */
	IN_TEXT(path), OUT(to, 3);
	GIVES(CALL(linkat, AT_FDCWD, path, AT_FDCWD, other, 0), 0);
	IN_TEXT(path), IN_TEXT(other);
	GIVES(CALL(renameat2, AT_FDCWD, path, AT_FDCWD, other, 1), -EEXIST);
	IN_TEXT(path), IN_TEXT(other);
	GIVES(CALL(unlinkat, AT_FDCWD, other, 0), 0);
	IN_TEXT(other);
}

static void trial_links_of_old(void)
{
	char *path = fresh_path(), *target = text("target"), *to = room(100), *other = fresh_path();
	long r = CALL(symlink, target, path);

	CAN(r);
	IN_TEXT(target), IN_TEXT(path);
	GIVES(CALL(readlink, path, to, 100), 6);
	IN_TEXT(path), OUT(to, 6);
	GIVES(CALL(link, path, other), 0);
	IN_TEXT(path), IN_TEXT(other);
	GIVES(CALL(rename, path, other), 0);
	IN_TEXT(path), IN_TEXT(other);
	GIVES(CALL(unlink, other), 0);
	IN_TEXT(other);
	GIVES(CALL(mkdir, other, 0700), 0);
	IN_TEXT(other);
	GIVES(CALL(rmdir, other), 0);
	IN_TEXT(other);
	GIVES(CALL(mknod, other, S_IFIFO | 0600, 0), 0);
	IN_TEXT(other);
	GIVES(CALL(chmod, other, 0640), 0);
	IN_TEXT(other);
	GIVES(CALL(chown, other, -1, -1), 0);
	IN_TEXT(other);
	GIVES(CALL(lchown, other, -1, -1), 0);
	IN_TEXT(other);
}

static void trial_names(void)
{
	char *dir = fresh_path(), *fifo = fresh_path(), *here = text(".");

	GIVES(CALL(mkdirat, AT_FDCWD, dir, 0700), 0);
	IN_TEXT(dir);
	GIVES(CALL(mknodat, AT_FDCWD, fifo, S_IFIFO | 0600, 0), 0);
	IN_TEXT(fifo);
	GIVES(CALL(fchmodat, AT_FDCWD, fifo, 0640), 0);
	IN_TEXT(fifo);
	GIVES(CALL(fchownat, AT_FDCWD, fifo, -1, -1, 0), 0);
	IN_TEXT(fifo);
	GIVES(CALL(unlinkat, AT_FDCWD, dir, AT_REMOVEDIR), 0);
	IN_TEXT(dir);
	GIVES(CALL(chdir, here), 0);
	IN_TEXT(here);
	GIVES(CALL(truncate, dir, 3), -ENOENT);
	IN_TEXT(dir);
}

static void trial_getcwd(void)
{
	char *p = room(4096);
	long n = CALL(getcwd, p, 4096);

	MUST(n > 0);
	if (n > 0)
		OUT(p, (size_t)n);
	GIVES(CALL(getcwd, p, 1), -ERANGE);
}

static void trial_times(void)
{
	char *path = fresh_path();
	struct timespec two[2] = { { 1, 2 }, { 3, 4 } }, *ts = copy(two, sizeof(two));
	struct timeval older[2] = { { 1, 2 }, { 3, 4 } }, *tv = copy(older, sizeof(older));
	long oldest[2] = { 1, 2 }, *t = copy(oldest, sizeof(oldest)), r;

	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	GIVES(CALL(utimensat, AT_FDCWD, path, ts, 0), 0);
	IN_TEXT(path), IN(ts, 32);
	GIVES(CALL(utimensat, AT_FDCWD, path, NULL, 0), 0);
	IN_TEXT(path);
	r = CALL(utimes, path, tv);
	CAN(r);
	IN_TEXT(path), IN(tv, 32);
	GIVES(CALL(futimesat, AT_FDCWD, path, tv), 0);
	IN_TEXT(path), IN(tv, 32);
	GIVES(CALL(utime, path, t), 0);
	IN_TEXT(path), IN(t, 16);
}

static void trial_getdents(void)
{
	int fd = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char *p = room(300);
	long n = CALL(getdents64, fd, p, 300);

	MUST(n > 0 && n <= 300);
	OUT(p, (size_t)n), holes(); /* between a name's end and the next entry */
	n = CALL(getdents, fd, p, 300);
	CAN(n);
	OUT(p, (size_t)n), holes();
	close(fd);
}

static void trial_xattr(void)
{
	char *path = fresh_path(), *name = text("user.seam"), *value = text("seen"), *to = room(64);
	int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	long r = CALL(setxattr, path, name, value, 4, 0);

	IN_TEXT(path), IN_TEXT(name), IN(value, 4);
	NEED(r != -EOPNOTSUPP, "the file system has no attributes of users");
	CAN(r);
	GIVES(CALL(getxattr, path, name, to, 64), 4);
	IN_TEXT(path), IN_TEXT(name), OUT(to, 4);
	GIVES(CALL(getxattr, path, name, to, 0), 4); /* asks how much there is: nothing is written */
	IN_TEXT(path), IN_TEXT(name);
	r = CALL(listxattr, path, to, 64);
	IN_TEXT(path), OUT(to, (size_t)r);
	r = CALL(flistxattr, fd, to, 0);
	MUST(r >= 10);
	GIVES(CALL(fgetxattr, fd, name, to, 2), -ERANGE);
	IN_TEXT(name);
	GIVES(CALL(fsetxattr, fd, name, value, 0, 0), 0);
	IN_TEXT(name);
	GIVES(CALL(lremovexattr, path, name), 0);
	IN_TEXT(path), IN_TEXT(name);
	close(fd);
}

static void trial_xattrat(void)
{
	struct {
		uint64_t value;
		uint32_t size, flags;
	} *set, *get;
	char *path = fresh_path(), *name = text("user.seam"), *value = text("seen"), *to = room(64);
	long r;

	close(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	set = room(16);
	get = room(16);
	set->value = W(value), set->size = 4, set->flags = 0;
	get->value = W(to), get->size = 64, get->flags = 0;
	r = CALL(setxattrat, AT_FDCWD, path, 0, name, set, 16);
	IN_TEXT(path), IN_TEXT(name), IN(set, 16), IN(value, 4);
	NEED(r != -EOPNOTSUPP, "the file system has no attributes of users");
	CAN(r);
	GIVES(CALL(getxattrat, AT_FDCWD, path, 0, name, get, 16), 4);
	IN_TEXT(path), IN_TEXT(name), IN(get, 16), OUT(to, 4);
	r = CALL(listxattrat, AT_FDCWD, path, 0, to, 64);
	IN_TEXT(path), OUT(to, (size_t)r);
}

static void trial_file_attr(void)
{
	char *path = text("/"), *attr = room(24);
	long r = CALL(file_getattr, AT_FDCWD, path, attr, 24, 0);

	IN_TEXT(path);
	NEED(r != -EOPNOTSUPP, "the file system has no such attributes");
	CAN(r);
	GIVES(r, 0);
	OUT(attr, 24);
}

static void trial_name_to_handle_at(void)
{
	char *path = text("/");
	struct file_handle *short_one = copy(&(uint64_t){ 0 }, 8), *h;
	int *mount_id = ROOM(int);
	unsigned bytes;
	long r = CALL(name_to_handle_at, AT_FDCWD, path, short_one, mount_id, 0);

	IN_TEXT(path), IN(short_one, 8);
	NEED(r != -EOPNOTSUPP, "the file system has no handles");
	CAN(r);
	GIVES(r, -EOVERFLOW); /* and says how much it wants */
	OUT(short_one, 8), OUT(mount_id, 4), holes();
	bytes = short_one->handle_bytes;
	h = room(8 + 128);
	h->handle_bytes = 128;
	GIVES(CALL(name_to_handle_at, AT_FDCWD, path, h, mount_id, 0), 0);
	IN_TEXT(path), IN(h, 8), OUT(h, 8), OUT(h->f_handle, bytes), OUT(mount_id, 4), holes();
	r = CALL(open_by_handle_at, -1, h, O_RDONLY);
	IN(h, 8), IN(h->f_handle, bytes);
	MUST(r < 0);
}

const struct trial path_trials[] = {
	TRIAL(openat), TRIAL(open), TRIAL(openat2), TRIAL(stat), TRIAL(statx), TRIAL(statfs), TRIAL(access), TRIAL(links),
	TRIAL(links_of_old), TRIAL(names), TRIAL(getcwd), TRIAL(times), TRIAL(getdents), TRIAL(xattr), TRIAL(xattrat),
	TRIAL(file_attr), TRIAL(name_to_handle_at), { 0 },
};
