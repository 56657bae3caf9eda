/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions about the event that was shown last: what its descriptors and paths are. */
#include <string.h>

#include "files/files-parts.h"

static bool has_failed(const struct seam_event *e)
{
	return seam_has_failed(e->ret);
}

static void fill(struct seam_file *ret, const struct open_file *file, bool before)
{
	*ret = (struct seam_file){ .kind = file->kind, .id = before ? file->id_before : file->id,
				   .name = before ? file->before : file->name, .local = "", .peer = "" };
	if (file->label) {
		ret->local = file->local;
		ret->peer = file->peer;
	}
}

bool seam_files_fd(struct seam_files *f, int fd, enum seam_when when, struct seam_file *ret)
{
	const struct open_file *file;
	bool before;

	if (!f->e || (fd < 0 && fd != SEAM_FD_CWD && fd != SEAM_FD_ROOT))
		return false;
	file = files_at(f, fd, when, &before);
	if (file)
		fill(ret, file, before);
	return file != NULL;
}

/* Whether the kernel looks at an argument of this type at all. */
static bool is_used(struct seam_files *f, const struct seam_type *type)
{
	return type->flags & SEAM_TYPE_AT_EXIT || seam_holds(f->t, type->when, &f->env);
}

static const struct seam_type *arg_type(const struct seam_files *f, unsigned arg)
{
	return &f->t->types[f->t->args[f->variant->args.first + arg].type];
}

static bool is_path(const struct seam_type *type)
{
	return type->kind == SEAM_KIND_PATH && type->dir == SEAM_DIR_IN;
}

static bool is_number(const struct seam_type *type)
{
	return files_is_fd(type) && type->dir == SEAM_DIR_VALUE && !(type->flags & SEAM_TYPE_ARRAY);
}

static bool path_of(struct seam_files *f, unsigned arg, struct seam_file *ret)
{
	if (!files_read_path(f, arg_type(f, arg), f->e->args[arg], SEAM_AT_ENTRY))
		return false;
	*ret = (struct seam_file){ .kind = SEAM_FILE_PATH, .name = f->text, .local = "", .peer = "" };
	return true;
}

/* The descriptor that the call has returned; -1: none. */
static int result(const struct seam_files *f)
{
	const struct seam_type *type = &f->t->types[f->variant->ret];

	return f->variant->ret && is_number(type) && f->e->returned && !has_failed(f->e) ? (int)f->e->ret : -1;
}

bool seam_files_arg(struct seam_files *f, unsigned arg, struct seam_file *ret)
{
	const struct seam_type *type;

	if (!f->e || !files_look_up(f))
		return false;
	if (arg == SEAM_REG_RET)
		return seam_files_fd(f, result(f), SEAM_AT_EXIT, ret);
	if (arg >= f->variant->args.count)
		return false;
	type = arg_type(f, arg);
	if (is_path(type))
		return is_used(f, type) && path_of(f, arg, ret);
	return is_number(type) && is_used(f, type) && seam_files_fd(f, (int)f->e->args[arg], SEAM_AT_ENTRY, ret);
}

/* Descriptors that the call has written into memory: pipe(), socketpair(). The n-th one, or -1. */
static int made(struct seam_files *f, unsigned n)
{
	for (uint32_t i = 0; i < f->variant->args.count; i++) {
		const struct seam_type *type = arg_type(f, i);
		int fds[8];
		uint64_t room = 1;
		unsigned there;

		if (!files_is_fd(type) || type->dir != SEAM_DIR_OUT || !f->e->returned || has_failed(f->e) ||
		    !seam_holds(f->t, type->when, &f->env))
			continue;
		if (type->flags & SEAM_TYPE_ARRAY)
			room = MIN(seam_eval(f->t, type->room, &f->env), (uint64_t)ARRAY_SIZE(fds));
		there = (unsigned)seam_event_read((void *)(uintptr_t)f->e, f->e->args[i], fds, room * sizeof(*fds), SEAM_AT_EXIT) /
			sizeof(*fds);
		if (n < there)
			return fds[n];
		n -= there;
	}
	return -1;
}

/* The n-th descriptor that the call has to do with, and when it is one. False: there are no more. */
static bool nth_fd(struct seam_files *f, unsigned n, int *ret_fd, enum seam_when *ret_when)
{
	int fd;

	*ret_when = SEAM_AT_ENTRY;
	for (uint32_t i = 0; i < f->variant->args.count; i++) {
		const struct seam_type *type = arg_type(f, i);

		*ret_fd = (int)f->e->args[i];
		if (is_number(type) && *ret_fd >= 0 && is_used(f, type) && !n--)
			return true;
	}
	*ret_when = SEAM_AT_EXIT;
	fd = result(f);
	if (fd >= 0 && !n--) {
		*ret_fd = fd;
		return true;
	}
	*ret_fd = made(f, n);
	return *ret_fd >= 0;
}

/* The n-th argument that is a path, or -1 and how many there are. */
static int nth_path(struct seam_files *f, unsigned n, unsigned *ret_count)
{
	*ret_count = 0;
	for (uint32_t i = 0; i < f->variant->args.count; i++) {
		const struct seam_type *type = arg_type(f, i);

		if (is_path(type) && f->e->args[i] && is_used(f, type) && (*ret_count)++ == n)
			return (int)i;
	}
	return -1;
}

bool seam_files_touched(struct seam_files *f, unsigned n, struct seam_file *ret)
{
	enum seam_when when;
	unsigned paths;
	int at;

	if (!f->e || !files_look_up(f))
		return false;
	*ret = (struct seam_file){ .kind = SEAM_FILE_OTHER, .name = "", .local = "", .peer = "" };
	at = nth_path(f, n, &paths);
	if (at >= 0) {
		path_of(f, (unsigned)at, ret);
		return true;
	}
	if (!nth_fd(f, n - paths, &at, &when))
		return false;
	seam_files_fd(f, at, when, ret);
	return true;
}

bool seam_files_about(struct seam_files *f, struct seam_file *ret)
{
	return seam_files_touched(f, 0, ret) && *ret->name;
}

bool seam_files_uses(struct seam_files *f, int fd)
{
	enum seam_when when;
	int at;

	if (!f->e || !files_look_up(f))
		return false;
	for (unsigned n = 0; nth_fd(f, n, &at, &when); n++)
		if (at == fd)
			return true;
	return false;
}
