/* SPDX-License-Identifier: BSD-2-Clause */
/* Cgroups of the unified hierarchy (version 2): where they are, which number the kernel knows them by, who is in them. */
#include "base/cgroups.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"

#ifndef CGROUP2_SUPER_MAGIC
#define CGROUP2_SUPER_MAGIC 0x63677270
#endif
#ifndef CGROUP_SUPER_MAGIC
#define CGROUP_SUPER_MAGIC 0x27e0eb
#endif

#define MAX_DEPTH 64           /* the kernel's side looks no further up */
#define PROC_LIMIT (16u << 20) /* of a file that lists threads */

/* A path as mountinfo has it: blanks and backslashes are octal numbers there. */
static void add_unescaped(struct buf *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\' && i + 3 < n) {
			buf_addc(b, (char)((p[i + 1] - '0') << 6 | (p[i + 2] - '0') << 3 | (p[i + 3] - '0')));
			i += 3;
		} else {
			buf_addc(b, p[i]);
		}
	}
}

int cgroups_mount(struct buf *ret_path, struct seam_err *err)
{
	_cleanup_buf_ struct buf mounts = BUF_INIT;
	char *line, *next;
	int r;

	r = file_read("/proc/self/mountinfo", PROC_LIMIT, &mounts, err);
	if (r < 0)
		return r;
	for (line = mounts.data; line && *line; line = next) {
		const char *point = line;

		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (!strstr(line, " - cgroup2 "))
			continue;
		/* number, parent, device, root, and then where it is */
		for (int i = 0; i < 4 && point; i++)
			point = strchr(point, ' ') ? strchr(point, ' ') + 1 : NULL;
		if (!point)
			continue;
		buf_clear(ret_path);
		add_unescaped(ret_path, point, strcspn(point, " "));
		return 0;
	}
	return seam_err_set(err, -ENOENT, "no cgroups of version 2 are mounted here, and the kernel's side knows no others: "
			    "mount -t cgroup2 none FOLDER (root), which does no harm to those of version 1");
}

int cgroups_own(struct buf *ret_path, struct seam_err *err)
{
	_cleanup_buf_ struct buf own = BUF_INIT;
	const char *line;
	int r;

	r = cgroups_mount(ret_path, err);
	if (r >= 0)
		r = file_read("/proc/self/cgroup", PROC_LIMIT, &own, err);
	if (r < 0)
		return r;
	line = strncmp(own.data, "0::/", 4) ? strstr(own.data, "\n0::/") : own.data;
	if (!line || !strncmp(strchr(line, '/'), "/..", 3))
		return seam_err_set(err, -ENOENT, "our own cgroup is not below %s", ret_path->data);
	line = strchr(line, '/');
	if (line[1] != '\n')
		buf_addf(ret_path, "%.*s", (int)strcspn(line, "\n"), line);
	return 0;
}

static bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/* Why nothing was found. */
static int explain(const char *name, const char *mount, struct seam_err *err)
{
	struct statfs fs;
	bool there = statfs(name, &fs) == 0;

	if (there && (fs.f_type == CGROUP_SUPER_MAGIC || fs.f_type == TMPFS_MAGIC))
		return seam_err_set(err, -EINVAL, "'%s' is of cgroup version 1: take one of version 2, below %s", name, mount);
	if (there)
		return seam_err_set(err, -EINVAL, "'%s' is no cgroup: those are the folders below %s", name, mount);
	return seam_err_set(err, -ENOENT, "there is no cgroup '%s', neither by its full path nor below %s", name, mount);
}

int cgroups_find(const char *name, struct buf *ret_path, uint64_t *ret_id, struct seam_err *err)
{
	_cleanup_buf_ struct buf path = BUF_INIT;
	_cleanup_buf_ struct buf mount = BUF_INIT;
	char real[PATH_MAX];
	struct stat st;
	int r;

	buf_adds(&path, name);
	if (!is_cgroup2(name)) {
		r = cgroups_mount(&mount, err);
		if (r < 0)
			return r;
		buf_clear(&path);
		buf_addf(&path, "%s/%s", mount.data, name + (*name == '/'));
		if (!is_cgroup2(path.data))
			return explain(name, mount.data, err);
	}
	if (!realpath(path.data, real) || stat(real, &st) < 0)
		return seam_err_errno(err, -errno, "'%s' cannot be looked at", path.data);
	if (!S_ISDIR(st.st_mode))
		return seam_err_set(err, -ENOTDIR, "'%s' is a file of a cgroup: its folder is the cgroup", name);
	buf_clear(ret_path);
	buf_adds(ret_path, real);
	*ret_id = st.st_ino;
	return 0;
}

static int each_line(const char *path, int (*fn)(void *user, pid_t tid, struct seam_err *err), void *user,
		     struct seam_err *err)
{
	_cleanup_buf_ struct buf list = BUF_INIT;
	_cleanup_buf_ struct buf file = BUF_INIT;
	char *p, *end;
	int r;

	buf_addf(&file, "%s/cgroup.threads", path);
	r = file_read(file.data, PROC_LIMIT, &list, err);
	if (r == -ENOENT || r == -ENODEV) {
		seam_err_clear(err); /* it has just been removed */
		return 0;
	}
	for (p = list.data; r >= 0 && p && *p; p = *end ? end + 1 : end) {
		long tid = strtol(p, &end, 10);

		if (end == p)
			break;
		if (tid > 0) /* 0: not of our namespace */
			r = fn(user, (pid_t)tid, err);
	}
	return r;
}

static int walk(const char *path, unsigned depth, int (*fn)(void *user, pid_t tid, struct seam_err *err), void *user,
		struct seam_err *err)
{
	struct dirent *entry;
	DIR *d;
	int r;

	r = each_line(path, fn, user, err);
	if (r < 0)
		return r;
	d = opendir(path);
	if (!d)
		return errno == ENOENT ? 0 : seam_err_errno(err, -errno, "%s cannot be read", path);
	while (r >= 0 && (entry = readdir(d))) {
		_cleanup_buf_ struct buf below = BUF_INIT;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		buf_addf(&below, "%s/%s", path, entry->d_name);
		r = depth == MAX_DEPTH ? seam_err_set(err, -ELOOP, "%s is too deep", path) :
					 walk(below.data, depth + 1, fn, user, err);
	}
	closedir(d);
	return r;
}

int cgroups_threads(const char *path, int (*fn)(void *user, pid_t tid, struct seam_err *err), void *user,
		    struct seam_err *err)
{
	return walk(path, 0, fn, user, err);
}
