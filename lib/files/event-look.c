/* SPDX-License-Identifier: BSD-2-Clause */
/* What the model asks of an event: its call, its memory, and what descriptors were on either side of it. */
#include <stdio.h>
#include <string.h>

#include "files/files-parts.h"

static size_t read_memory(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	struct seam_files *f = user;

	return seam_event_read((void *)(uintptr_t)f->e, address, to, n, f->after ? SEAM_AT_EXIT : when);
}

bool files_look_up(struct seam_files *f)
{
	const struct seam_event *e = f->e;

	if (f->looked_up)
		return f->variant != NULL;
	f->looked_up = true;
	f->variant = NULL;
	f->call = NULL;
	if ((e->kind != SEAM_EVENT_CALL && e->kind != SEAM_EVENT_ENTRY) || e->arch >= SEAM_ARCH_DESCRIBED)
		return false;
	f->call = seam_call_by_number(f->t, e->arch, e->number);
	if (!f->call || !(f->call->flags & SEAM_CALL_DESCRIBED))
		return false;
	memset(f->env.reg, 0, sizeof(f->env.reg));
	memcpy(f->env.reg, e->args, sizeof(e->args));
	f->env.reg[SEAM_REG_RET] = (uint64_t)e->ret;
	f->env.read = read_memory;
	f->env.user = f;
	f->after = false;
	f->variant = seam_call_variant(f->t, f->call, &f->env);
	return f->variant != NULL;
}

bool files_read_string(struct seam_files *f, uint64_t address, enum seam_when when)
{
	size_t n = seam_event_read((void *)(uintptr_t)f->e, address, f->path, sizeof(f->path), when);

	return memchr(f->path, '\0', n) != NULL;
}

bool files_is_fd(const struct seam_type *type)
{
	return type->kind == SEAM_KIND_FD || type->kind == SEAM_KIND_DIRFD;
}

static const struct slot *slot_of(const struct file_task *task, int fd)
{
	if (fd == SEAM_FD_CWD)
		return &task->dirs->cwd;
	if (fd == SEAM_FD_ROOT)
		return &task->dirs->root;
	return fd_table_get(task->table, fd);
}

/* Whether something that became so then was not yet so when the call was entered; what the call did itself is that too. */
static bool is_later(const struct seam_event *e, uint64_t since)
{
	return since >= e->time || (e->timed && since > e->entered);
}

const struct open_file *files_at(struct seam_files *f, int fd, enum seam_when when, bool *ret_before)
{
	const struct open_file *file;
	const struct slot *s;

	if (fd >= 0 ? f->blind : f->blind_dirs)
		return NULL;
	if (!f->task)
		f->task = files_find_task(f, f->e->tid);
	s = f->task ? slot_of(f->task, fd) : NULL;
	if (!s)
		return NULL;
	file = when == SEAM_AT_ENTRY && is_later(f->e, s->since) ? s->was : s->file;
	*ret_before = file && file->before && when == SEAM_AT_ENTRY && is_later(f->e, file->since);
	return file;
}

/* The name of a folder, as the call found it. */
static const char *folder(struct seam_files *f, int fd)
{
	bool before;
	const struct open_file *file = files_at(f, fd, SEAM_AT_ENTRY, &before);

	return file && file->kind == SEAM_FILE_PATH ? file->name : NULL;
}

bool files_read_path(struct seam_files *f, const struct seam_type *type, uint64_t address, enum seam_when when)
{
	int base = SEAM_FD_CWD;

	if (!files_read_string(f, address, when))
		return false;
	if (type->base)
		base = (int)seam_eval(f->t, type->base, &f->env);
	if (!*f->path) {
		bool before;
		const struct open_file *file;

		/* the descriptor itself */
		if (!type->empty || !seam_holds(f->t, type->empty, &f->env))
			return false;
		file = files_at(f, base, SEAM_AT_ENTRY, &before);
		if (file)
			snprintf(f->text, sizeof(f->text), "%s", before ? file->before : file->name);
		return file != NULL;
	}
	return path_join(folder(f, SEAM_FD_ROOT), folder(f, base), f->path, f->text);
}
