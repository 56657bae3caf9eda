/* SPDX-License-Identifier: BSD-2-Clause */
/* The tasks of the model, and what events that are no calls do to their descriptors. */
#include <string.h>

#include "base/alloc.h"
#include "files/files-parts.h"

#define FIRST 64

struct seam_files *seam_files_new(const struct seam_tables *t)
{
	struct seam_files *f = xcalloc(1, sizeof(*f));

	f->t = t ? t : &seam_tables;
	f->bucket_count = FIRST;
	f->buckets = xcalloc(FIRST, sizeof(*f->buckets));
	return f;
}

static void dirs_unref(struct seam_files *f, struct dirs *d)
{
	if (!d || --d->refs)
		return;
	open_file_unref(&f->budget, d->cwd.file);
	open_file_unref(&f->budget, d->cwd.was);
	open_file_unref(&f->budget, d->root.file);
	open_file_unref(&f->budget, d->root.was);
	free(d);
}

static void task_free(struct seam_files *f, struct file_task *task)
{
	fd_table_unref(&f->budget, task->table);
	dirs_unref(f, task->dirs);
	free(task);
}

void seam_files_free(struct seam_files *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->bucket_count; i++) {
		for (struct file_task *task = f->buckets[i], *next; task; task = next) {
			next = task->next;
			task_free(f, task);
		}
	}
	free(f->buckets);
	free(f);
}

static struct file_task **bucket(const struct seam_files *f, uint32_t tid)
{
	return &f->buckets[tid * 0x9e3779b1u & (f->bucket_count - 1)];
}

struct file_task *files_find_task(const struct seam_files *f, uint32_t tid)
{
	struct file_task *task = *bucket(f, tid);

	while (task && task->tid != tid)
		task = task->next;
	return task;
}

static void grow(struct seam_files *f)
{
	struct file_task **old = f->buckets;
	size_t n = f->bucket_count;

	f->bucket_count = n * 2;
	f->buckets = xcalloc(f->bucket_count, sizeof(*f->buckets));
	for (size_t i = 0; i < n; i++) {
		for (struct file_task *task = old[i], *next; task; task = next) {
			struct file_task **b = bucket(f, task->tid);

			next = task->next;
			task->next = *b;
			*b = task;
		}
	}
	free(old);
}

static struct file_task *add_task(struct seam_files *f, uint32_t tid)
{
	struct file_task *task, **b;

	if (f->count >= f->bucket_count)
		grow(f);
	task = xcalloc(1, sizeof(*task));
	task->tid = tid;
	b = bucket(f, tid);
	task->next = *b;
	*b = task;
	f->count++;
	return task;
}

struct file_task *files_task(struct seam_files *f, uint32_t tid)
{
	struct file_task *task = files_find_task(f, tid);

	if (task)
		return task;
	task = add_task(f, tid);
	task->table = fd_table_new(&f->budget);
	task->dirs = xcalloc(1, sizeof(*task->dirs));
	task->dirs->refs = 1;
	return task;
}

static void drop(struct seam_files *f, uint32_t tid)
{
	for (struct file_task **at = bucket(f, tid); *at; at = &(*at)->next) {
		struct file_task *task = *at;

		if (task->tid != tid)
			continue;
		*at = task->next;
		task_free(f, task);
		f->count--;
		return;
	}
}

void files_share_dirs(struct seam_files *f, struct file_task *task, const struct file_task *with)
{
	struct dirs *dirs = with->dirs;

	dirs->refs++;
	if (task->dirs)
		dirs_unref(f, task->dirs);
	task->dirs = dirs;
}

void files_share(struct seam_files *f, struct file_task *task, const struct file_task *with)
{
	struct fd_table *table = fd_table_ref(with->table);

	fd_table_unref(&f->budget, task->table);
	task->table = table;
	files_share_dirs(f, task, with);
}

void files_unshare_table(struct seam_files *f, struct file_task *task)
{
	struct fd_table *copy;

	if (task->table->refs == 1)
		return;
	copy = fd_table_copy(&f->budget, task->table);
	fd_table_unref(&f->budget, task->table);
	task->table = copy;
}

void files_unshare_dirs(struct seam_files *f, struct file_task *task)
{
	struct dirs *copy;

	if (task->dirs->refs == 1)
		return;
	copy = xcalloc(1, sizeof(*copy));
	*copy = *task->dirs;
	copy->refs = 1;
	open_file_ref(copy->cwd.file);
	open_file_ref(copy->cwd.was);
	open_file_ref(copy->root.file);
	open_file_ref(copy->root.was);
	dirs_unref(f, task->dirs);
	task->dirs = copy;
}

void files_put_dir(struct seam_files *f, struct slot *dir, struct open_file *file, uint64_t now)
{
	open_file_unref(&f->budget, dir->was);
	dir->was = dir->file;
	dir->file = file;
	dir->since = now;
}

/* A thread shares all with its process; a process has a copy. What else clone's flags say is known when it returns. */
static void see_fork(struct seam_files *f, const struct seam_event *e)
{
	struct file_task *parent = files_task(f, e->tid), *child;

	if (e->fork.tid == e->tid)
		return;
	drop(f, e->fork.tid); /* its number may have been another's */
	child = add_task(f, e->fork.tid);
	child->pid = e->fork.pid;
	files_share(f, child, parent);
	if (e->fork.pid == e->fork.tid) {
		files_unshare_table(f, child);
		files_unshare_dirs(f, child);
	}
	parent->last_child = child->tid;
	parent->child_made = e->time;
}

static void see_exec(struct seam_files *f, const struct seam_event *e)
{
	struct file_task *task = files_task(f, e->tid), *old;

	/* The thread that asked has become the first one. */
	old = e->exec.old_tid != e->tid ? files_find_task(f, e->exec.old_tid) : NULL;
	if (old) {
		files_share(f, task, old);
		drop(f, old->tid);
	}
	task->gone = false;
	task->pid = e->tid;
	task->ran = true;
	task->last_child = 0;
	files_unshare_table(f, task);
	fd_table_exec(&f->budget, task->table, e->time);
}

/* A last call may be told after the end: ended tasks are kept until so many others have ended. */
static void see_exit(struct seam_files *f, const struct seam_event *e)
{
	struct file_task *task = files_find_task(f, e->tid), *old;
	uint32_t *place = &f->gone[f->gone_next];

	if (!task || task->gone)
		return;
	old = *place ? files_find_task(f, *place) : NULL;
	if (old && old->gone)
		drop(f, old->tid);
	task->gone = true;
	*place = task->tid;
	f->gone_next = (f->gone_next + 1) % FILES_GONE_KEPT;
}

/* A thread has what its process has; what it did before this was told stays true. */
static void see_task(struct seam_files *f, const struct seam_event *e)
{
	struct file_task *task = files_task(f, e->tid), *first;

	task->pid = e->pid;
	task->gone = false;
	if (!e->pid || e->pid == e->tid)
		return;
	first = files_task(f, e->pid);
	if (first->table != task->table)
		fd_table_merge(&f->budget, first->table, task->table, 0);
	files_share(f, task, first);
}

/* What was there before the recording. */
static void see_descriptor(struct seam_files *f, const struct seam_event *e)
{
	const struct seam_strings *name = &e->descriptor.name, *socket = &e->descriptor.socket;
	struct file_task *task = files_task(f, e->tid);
	struct open_file *file = NULL;

	if (name->size && memchr(name->bytes, 0, name->size))
		file = open_file_named(&f->budget, name->bytes, socket->size && memchr(socket->bytes, 0, socket->size) ? socket->bytes : "");
	if (e->descriptor.fd == SEAM_FD_CWD || e->descriptor.fd == SEAM_FD_ROOT) {
		files_put_dir(f, e->descriptor.fd == SEAM_FD_CWD ? &task->dirs->cwd : &task->dirs->root, file, e->time);
		return;
	}
	fd_table_put(&f->budget, task->table, e->descriptor.fd, file, e->time);
	fd_table_mark(&f->budget, task->table, e->descriptor.fd, e->descriptor.flags & FILES_CLOEXEC);
}

void seam_files_see(struct seam_files *f, const struct seam_event *e)
{
	f->e = e;
	f->task = NULL;
	f->looked_up = false;
	switch (e->kind) {
	case SEAM_EVENT_CALL:
		files_apply(f);
		break;
	case SEAM_EVENT_FORK:
		see_fork(f, e);
		break;
	case SEAM_EVENT_EXEC:
		see_exec(f, e);
		break;
	case SEAM_EVENT_EXIT:
		see_exit(f, e);
		break;
	case SEAM_EVENT_DESCRIPTOR:
		see_descriptor(f, e);
		break;
	case SEAM_EVENT_TASK:
		see_task(f, e);
		break;
	default:
		break;
	}
}
