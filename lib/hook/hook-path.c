/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a path or a descriptor of a task names. Paths are walked part by part, from the task's own folder and root, as the kernel would do it
 * for the task: links lead where they lead for it, and its root is where ".." ends.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "hook/hook-parts.h"

#define MAX_LINKS 40 /* as the kernel has it */
#define FD_CWD (-100)

static void fill(struct seam_named *ret, const struct stat *st)
{
	ret->mode = st->st_mode;
	ret->device = st->st_dev;
	ret->inode = st->st_ino;
	ret->size = (uint64_t)st->st_size;
	ret->uid = st->st_uid;
	ret->gid = st->st_gid;
}

static int open_task(uint32_t tid, const char *what)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/%s", tid, what);
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A path that is being walked. */
struct walk {
	uint32_t tid;
	int root, at;       /* O_PATH */
	char rest[2 * PATH_MAX]; /* what has not been walked yet */
	unsigned links;
	struct stat root_stat;
};

static void set_at(struct walk *w, int fd)
{
	if (w->at >= 0)
		close(w->at);
	w->at = fd;
}

static bool is_root(const struct walk *w)
{
	struct stat st;

	return fstat(w->at, &st) == 0 && st.st_dev == w->root_stat.st_dev && st.st_ino == w->root_stat.st_ino;
}

/* A link's target comes before what is left. "self" of /proc is the task, not us. */
static int follow(struct walk *w, int link, const char *rest)
{
	char target[PATH_MAX], joined[2 * PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
	struct statfs fs;

	if (n < 0)
		return -errno;
	target[n] = 0;
	if (++w->links > MAX_LINKS)
		return -ELOOP;
	if (fstatfs(link, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC) {
		char own[32];

		snprintf(own, sizeof(own), "%d", (int)getpid());
		if (str_eq(target, own))
			snprintf(target, sizeof(target), "%u", w->tid);
		snprintf(own, sizeof(own), "%d/task/", (int)getpid());
		if (str_starts(target, own))
			snprintf(target, sizeof(target), "%u/task/%u", w->tid, w->tid);
	}
	if (snprintf(joined, sizeof(joined), "%s/%s", target, rest) >= (int)sizeof(joined) || strlen(joined) >= sizeof(w->rest))
		return -ENAMETOOLONG;
	memcpy(w->rest, joined, strlen(joined) + 1);
	if (*target == '/')
		set_at(w, fcntl(w->root, F_DUPFD_CLOEXEC, 0));
	return 0;
}

/* Links of /proc that are more than their text: what they name is what the kernel goes to. */
static bool is_magic(int dir, int link)
{
	struct statfs fs;
	char target[PATH_MAX];
	ssize_t n;
	struct stat st;

	if (fstatfs(link, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return false;
	n = readlinkat(link, "", target, sizeof(target) - 1);
	if (n <= 0)
		return false;
	target[n] = 0;
	/* /proc/self and /proc/mounts are plain ones: their targets are beside them */
	return *target == '/' || fstatat(dir, target, &st, AT_SYMLINK_NOFOLLOW) < 0;
}

/* The name of the next part, and what is left behind it; false: there is none. */
static bool next_part(char *rest, char **ret_part, char **ret_rest)
{
	char *part = rest + strspn(rest, "/"), *end = part + strcspn(part, "/");

	if (!*part)
		return false;
	*ret_part = part;
	*ret_rest = end;
	if (*end) {
		*end = 0;
		*ret_rest = end + 1;
	}
	return true;
}

static int dir_up(struct walk *w)
{
	int fd;

	if (is_root(w))
		return 0;
	fd = openat(w->at, "..", O_PATH | O_CLOEXEC | O_DIRECTORY);
	if (fd < 0)
		return -errno;
	set_at(w, fd);
	return 0;
}

/* Walks all of it. @ret_missing: the last part, where there is no such file: -ENOENT. */
static int walk(struct walk *w, bool follow_last, char *ret_missing)
{
	char *part, *rest;

	*ret_missing = 0;
	for (;;) {
		_cleanup_close_ int fd = -1;
		struct stat st;
		bool last;
		int r;

		if (!next_part(w->rest, &part, &rest))
			return 0;
		last = !rest[strspn(rest, "/")];
		if (str_eq(part, ".") || str_eq(part, "..")) {
			r = str_eq(part, "..") ? dir_up(w) : 0;
			memmove(w->rest, rest, strlen(rest) + 1);
			if (r < 0)
				return r;
			continue;
		}
		fd = openat(w->at, part, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0) {
			if (errno == ENOENT && last && strlen(part) <= NAME_MAX)
				memmove(ret_missing, part, strlen(part) + 1);
			return -errno;
		}
		if (fstat(fd, &st) < 0)
			return -errno;
		if (S_ISLNK(st.st_mode) && (!last || follow_last || *rest)) {
			if (is_magic(w->at, fd)) {
				int to = openat(w->at, part, O_PATH | O_CLOEXEC);

				if (to < 0)
					return -errno;
				set_at(w, to);
				memmove(w->rest, rest, strlen(rest) + 1);
				continue;
			}
			r = follow(w, fd, rest);
			if (r < 0)
				return r;
			continue;
		}
		if (!S_ISDIR(st.st_mode) && !last)
			return -ENOTDIR;
		set_at(w, steal_fd(&fd));
		memmove(w->rest, rest, strlen(rest) + 1);
	}
}

/* What the kernel calls it, with the task's root taken away. */
static const char *name_of(struct seam_hook *h, int fd, int root)
{
	char link[64], text[PATH_MAX], base[PATH_MAX];
	ssize_t n, m;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = readlink(link, text, sizeof(text) - 1);
	if (n < 0)
		return "";
	text[n] = 0;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", root);
	m = root < 0 ? -1 : readlink(link, base, sizeof(base) - 1);
	if (m > 1) {
		base[m] = 0;
		if (str_starts(text, base) && (text[m] == '/' || !text[m]))
			return text[m] ? seam_format(h, "%s", text + m) : "/";
	}
	return seam_format(h, "%s", text);
}

static void describe(struct seam_hook *h, const struct walk *w, struct seam_named *ret)
{
	struct stat st;

	ret->path = name_of(h, w->at, w->root);
	if (fstat(w->at, &st) < 0)
		return;
	fill(ret, &st);
	if (S_ISLNK(st.st_mode)) {
		char target[PATH_MAX];
		ssize_t n = readlinkat(w->at, "", target, sizeof(target) - 1);

		ret->link = true;
		if (n >= 0)
			ret->target = seam_format(h, "%.*s", (int)n, target);
	}
}

/* @path is absolute, or begins at @dirfd of the task. */
static void resolve(struct seam_hook *h, int dirfd, const char *path, bool follow_last, struct seam_named *ret)
{
	struct walk w = { .tid = h->tid, .root = -1, .at = -1 };
	char missing[NAME_MAX + 1], what[32];
	int r;

	*ret = (struct seam_named){ .path = path };
	snprintf(what, sizeof(what), dirfd == FD_CWD ? "cwd" : "fd/%d", dirfd);
	w.root = open_task(h->tid, "root");
	w.at = *path == '/' ? open_task(h->tid, "root") : open_task(h->tid, what);
	if (w.root < 0 || w.at < 0) {
		r = w.root < 0 ? w.root : w.at == -ENOENT ? -EBADF : w.at;
	} else if (strlen(path) >= PATH_MAX) {
		r = -ENAMETOOLONG;
	} else {
		fstat(w.root, &w.root_stat);
		memcpy(w.rest, path, strlen(path) + 1);
		r = walk(&w, follow_last, missing);
		if (r == 0)
			describe(h, &w, ret);
		else if (*missing) {
			const char *dir = name_of(h, w.at, w.root);

			ret->path = seam_format(h, "%s/%s", str_eq(dir, "/") ? "" : dir, missing);
		}
	}
	ret->error = -r;
	if (w.at >= 0)
		close(w.at);
	if (w.root >= 0)
		close(w.root);
}

int seam_resolve(struct seam_hook *h, int dirfd, const char *path, enum seam_follow how, struct seam_named *ret)
{
	if (hook_of(h)->reaped)
		return -ESRCH;
	resolve(h, dirfd, path, how != SEAM_NOFOLLOW, ret);
	return 0;
}

int seam_descriptor(struct seam_hook *h, int fd, struct seam_named *ret)
{
	char what[32];
	_cleanup_close_ int root = -1;
	_cleanup_close_ int at = -1;
	struct stat st;

	if (hook_of(h)->reaped)
		return -ESRCH;
	snprintf(what, sizeof(what), fd == FD_CWD ? "cwd" : "fd/%d", fd);
	at = open_task(h->tid, what);
	if (at < 0)
		return at == -ENOENT ? -EBADF : at;
	root = open_task(h->tid, "root");
	*ret = (struct seam_named){ .path = name_of(h, at, root) };
	if (fstat(at, &st) == 0)
		fill(ret, &st);
	return 0;
}

int seam_path_how(struct seam_hook *h, const char *arg, enum seam_follow how, struct seam_named *ret)
{
	int i = seam_arg_index(h, arg);
	const struct seam_type *type;
	struct seam_env env;
	const char *path;
	int dirfd;

	seam_arg(h, arg); /* fails where there is none */
	if (hook_of(h)->reaped)
		return -ESRCH;
	type = &h->tables->types[h->tables->args[h->variant->args.first + (unsigned)i].type];
	if (type->kind != SEAM_KIND_PATH)
		return seam_descriptor(h, (int)h->args[i], ret);
	hook_env(h, &env);
	path = h->args[i] ? seam_read_string(h, h->args[i]) : NULL;
	dirfd = type->base ? (int)seam_eval(h->tables, type->base, &env) : FD_CWD;
	if (!path && !(type->empty && seam_holds(h->tables, type->empty, &env)))
		return -EFAULT;
	if ((!path || !*path) && type->empty && seam_holds(h->tables, type->empty, &env))
		return seam_descriptor(h, dirfd, ret);
	if (how == SEAM_FOLLOW_AS_CALL)
		how = type->nofollow && seam_holds(h->tables, type->nofollow, &env) ? SEAM_NOFOLLOW : SEAM_FOLLOW;
	if (!*path) {
		*ret = (struct seam_named){ .path = "", .error = ENOENT };
		return 0;
	}
	resolve(h, dirfd, path, how == SEAM_FOLLOW, ret);
	return 0;
}

int seam_path(struct seam_hook *h, const char *arg, struct seam_named *ret)
{
	return seam_path_how(h, arg, SEAM_FOLLOW_AS_CALL, ret);
}
