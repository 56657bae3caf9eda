/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls do to descriptors and folders: the effects of their descriptions, one after the other. */
#include <stdio.h>
#include <string.h>

#include "files/files-parts.h"

enum { RIGHTS = 1, PIDFD = 4, SOCKET_LEVEL = 1, CMSG_HEAD = 16 };
enum { SHARES_DIRS = 0x200, SHARES_TABLE = 0x400 }; /* CLONE_FS, CLONE_FILES: the same on every machine */

/* what effects say */

static bool is_followed(uint8_t verb)
{
	switch (verb) {
	case SEAM_VERB_OPENS:
	case SEAM_VERB_CLOSES:
	case SEAM_VERB_DUPS:
	case SEAM_VERB_FORKS:
	case SEAM_VERB_UNSHARES:
	case SEAM_VERB_NAMES:
	case SEAM_VERB_PEERS:
	case SEAM_VERB_CLOEXECS:
	case SEAM_VERB_KEEPS:
		return true;
	default:
		return false;
	}
}

bool files_moves(const struct seam_tables *t, const struct seam_effect *e)
{
	const struct seam_object *o = &t->objects[e->object];

	return e->verb == SEAM_VERB_WRITES_STATUS && o->how == SEAM_OBJECT_WORLD &&
	       (o->world == SEAM_WORLD_CWD || o->world == SEAM_WORLD_ROOT);
}

static bool acts(const struct seam_tables *t, const struct seam_effect *e)
{
	return is_followed(e->verb) || files_moves(t, e);
}

bool files_asks_result(const struct seam_tables *t, uint32_t expr)
{
	const struct seam_expr *x = &t->exprs[expr];

	for (uint32_t i = 0; expr && i < x->count; i++) {
		const struct seam_op *op = &t->ops[x->first + i];

		if (op->code == SEAM_OP_SET)
			continue;
		if (op->a == SEAM_REG_RET || (op->b == SEAM_REG_RET && !(op->flags & SEAM_OP_IMM)))
			return true;
	}
	return false;
}

static uint8_t make_plan(const struct seam_tables *t, const struct seam_call *call)
{
	uint8_t plan = FILES_PLANNED;

	for (uint32_t k = 0; k < call->variants.count; k++) {
		struct seam_span effects = t->variants[call->variants.first + k].effects;

		for (uint32_t i = 0; i < effects.count; i++) {
			const struct seam_effect *e = &t->effects[effects.first + i];

			if (!acts(t, e))
				continue;
			plan |= FILES_ACTS;
			if (files_asks_result(t, e->when))
				plan |= FILES_ACTS_ON_ERROR;
		}
	}
	return plan;
}

bool files_follows(const struct seam_tables *t, const struct seam_call *call)
{
	return make_plan(t, call) & FILES_ACTS;
}

static uint8_t plan_of(struct seam_files *f, const struct seam_event *e)
{
	const struct seam_call *call;
	uint8_t *plan;

	if (e->arch >= SEAM_ARCH_DESCRIBED || e->number >= FILES_NUMBERS)
		return 0;
	plan = &f->plans[e->arch][e->number];
	if (!*plan) {
		call = seam_call_by_number(f->t, e->arch, e->number);
		*plan = call ? make_plan(f->t, call) : FILES_PLANNED;
	}
	return *plan;
}

uint64_t files_object_value(struct seam_files *f, const struct seam_object *o, bool after)
{
	uint64_t value;

	f->after = after;
	value = seam_eval(f->t, o->value, &f->env);
	f->after = false;
	return value;
}

static const struct seam_type *object_type(const struct seam_files *f, const struct seam_object *o)
{
	return &f->t->types[o->type];
}

/* names */

static struct open_file *named_after_words(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *by = &f->t->objects[e->by[0]];
	const char *words = seam_string(f->t, e->as);
	const struct seam_type *type;

	if (strcmp(words, "pipe") == 0) {
		/* both ends have one number, so that one sees who talks to whom; only the kernel has its own */
		if (!f->pipe)
			f->pipe = ++f->pipes;
		snprintf(f->text, sizeof(f->text), "pipe#%u", f->pipe);
		return open_file_new(&f->budget, SEAM_FILE_PIPE, f->text);
	}
	if (!e->by[0])
		return open_file_new(&f->budget, SEAM_FILE_OTHER, words);
	type = object_type(f, by);
	if (type->kind == SEAM_KIND_STR || type->kind == SEAM_KIND_PATH) {
		if (!files_read_string(f, files_object_value(f, by, false), SEAM_AT_ENTRY))
			return NULL;
		snprintf(f->text, sizeof(f->text), "%s%s", words, f->path);
	} else {
		snprintf(f->text, sizeof(f->text), "%s%d", words, (int)files_object_value(f, by, false));
	}
	return open_file_new(&f->budget, *words == '/' && strcmp(words, "/memfd:") != 0 ? SEAM_FILE_PATH : SEAM_FILE_OTHER,
			     f->text);
}

static struct open_file *new_socket(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *by[3];
	uint64_t value[3];
	char label[64];

	for (int i = 0; i < 3; i++) {
		by[i] = &f->t->objects[e->by[i]];
		value[i] = (uint32_t)files_object_value(f, by[i], false);
	}
	socket_label(f->t, value[0], value[1], value[2], object_type(f, by[0]), object_type(f, by[2]), label);
	return open_socket_new(&f->budget, label, "", "");
}

/* What an effect says that its object is; NULL: nobody knows. The reference is the caller's. */
static struct open_file *new_file(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *by = &f->t->objects[e->by[0]];
	const struct open_file *like;
	char local[256];
	bool before;

	if (e->as)
		return e->by[1] && e->by[2] ? new_socket(f, e) : named_after_words(f, e);
	if (!e->by[0])
		return NULL;
	if (object_type(f, by)->kind == SEAM_KIND_PATH) {
		if (!files_read_path(f, object_type(f, by), files_object_value(f, by, false), SEAM_AT_ENTRY))
			return NULL;
		return open_file_new(&f->budget, SEAM_FILE_PATH, f->text);
	}
	/* a descriptor: of the same kind, but not the same */
	like = files_at(f, (int)files_object_value(f, by, false), SEAM_AT_ENTRY, &before);
	if (!like)
		return NULL;
	if (!like->label)
		return open_file_new(&f->budget, like->kind, before ? like->before : like->name);
	socket_connected(like->local, local);
	return open_socket_new(&f->budget, like->label, local, "");
}

/* Descriptors that came with a message, in the control data that the call left there. */
static void received(struct seam_files *f, uint64_t address)
{
	const struct seam_event *e = f->e;
	const struct seam_blob *b = NULL;

	for (uint32_t i = 0; i < e->blob_count && !b; i++)
		if (e->blobs[i].address == address && e->blobs[i].when == SEAM_AT_EXIT)
			b = &e->blobs[i];
	for (size_t at = 0; b && b->size - at >= CMSG_HEAD;) {
		uint64_t length;
		uint32_t level, type;

		memcpy(&length, b->bytes + at, 8);
		memcpy(&level, b->bytes + at + 8, 4);
		memcpy(&type, b->bytes + at + 12, 4);
		if (length < CMSG_HEAD || length > b->size - at)
			return;
		for (size_t i = CMSG_HEAD; level == SOCKET_LEVEL && (type == RIGHTS || type == PIDFD) && i + 4 <= length; i += 4) {
			int fd;

			memcpy(&fd, b->bytes + at + i, 4);
			fd_table_put(&f->budget, f->task->table, fd, NULL, e->time);
		}
		if (b->size - at - length < 8)
			return;
		at += (size_t)(length + 7) & ~(size_t)7;
		if (at > b->size)
			return;
	}
}

/* The descriptors that an object stands for: a number, numbers in memory, a range. Up to @room; how many. */
static unsigned descriptors(struct seam_files *f, const struct seam_object *o, bool made, int *to, unsigned room)
{
	const struct seam_type *type = object_type(f, o);
	uint64_t value = files_object_value(f, o, made), n = 1;

	if (type->dir == SEAM_DIR_VALUE) {
		*to = (int)value;
		return 1;
	}
	if (!files_is_fd(type))
		return 0;
	if (type->flags & SEAM_TYPE_ARRAY) {
		n = seam_eval(f->t, type->room, &f->env);
		if (type->flags & SEAM_TYPE_BYTES)
			n /= 4;
	}
	n = MIN(n, (uint64_t)room);
	return (unsigned)seam_event_read((void *)(uintptr_t)f->e, value, to, n * 4, SEAM_AT_EXIT) / 4;
}

static void opens(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *o = &f->t->objects[e->object];
	int fds[8];
	unsigned n;

	if (object_type(f, o)->kind == SEAM_KIND_CMSG) {
		received(f, files_object_value(f, o, false));
		return;
	}
	n = descriptors(f, o, true, fds, ARRAY_SIZE(fds));
	f->pipe = 0;
	for (unsigned i = 0; i < n; i++)
		fd_table_put(&f->budget, f->task->table, fds[i], new_file(f, e), f->e->time);
}

static void closes(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *o = &f->t->objects[e->object];
	const struct slot *s;
	uint64_t first, length;

	if (o->how == SEAM_OBJECT_WORLD)
		return; /* the end of a task, the beginning of a program: there are records of these */
	first = (uint32_t)files_object_value(f, o, false);
	if (o->how == SEAM_OBJECT_RANGE) {
		length = seam_eval(f->t, o->length, &f->env);
		if (length && first <= INT32_MAX)
			fd_table_close_range(&f->budget, f->task->table, (uint32_t)first,
					     (uint32_t)MIN(first + length - 1, (uint64_t)INT32_MAX), f->e->time);
		return;
	}
	/* Another thread got the number again while this one was closing it, and told of it first. */
	s = fd_table_get(f->task->table, (int)first);
	if (!s || !f->e->timed || s->since <= f->e->entered)
		fd_table_put(&f->budget, f->task->table, (int)first, NULL, f->e->time);
}

static void marks(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *o = &f->t->objects[e->object];
	int fds[8];
	unsigned n;

	if (o->how == SEAM_OBJECT_RANGE) {
		uint64_t first = (uint32_t)files_object_value(f, o, false), length = seam_eval(f->t, o->length, &f->env);

		if (length && first <= INT32_MAX)
			fd_table_mark_range(&f->budget, f->task->table, (uint32_t)first,
					    (uint32_t)MIN(first + length - 1, (uint64_t)INT32_MAX));
		return;
	}
	n = descriptors(f, o, true, fds, ARRAY_SIZE(fds));
	for (unsigned i = 0; i < n; i++)
		fd_table_mark(&f->budget, f->task->table, fds[i], e->verb == SEAM_VERB_CLOEXECS);
}

static void dups(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *from = &f->t->objects[e->object], *to = &f->t->objects[e->to];
	const struct slot *s;
	int old, new;

	if (to->how != SEAM_OBJECT_VALUE)
		return;
	old = (int)files_object_value(f, from, false);
	new = (int)files_object_value(f, to, true);
	s = fd_table_get(f->task->table, old);
	if (old != new)
		fd_table_put(&f->budget, f->task->table, new, s ? open_file_ref(s->file) : NULL, f->e->time);
}

bool files_read_address(struct seam_files *f, const struct seam_object *o, char to[256])
{
	const struct seam_event *e = f->e;
	uint64_t address = files_object_value(f, o, false);

	/* What came out wins; the memory of an address is one piece. */
	for (int when = SEAM_AT_EXIT; address && when >= SEAM_AT_ENTRY; when--) {
		for (uint32_t i = 0; i < e->blob_count; i++) {
			const struct seam_blob *b = &e->blobs[i];

			if (b->address == address && b->when == when)
				return socket_address(b->bytes, b->size, to);
		}
	}
	return false;
}

static void learns(struct seam_files *f, const struct seam_effect *e)
{
	const struct seam_object *o = &f->t->objects[e->object], *by = &f->t->objects[e->by[0]];
	bool own = e->verb == SEAM_VERB_NAMES;
	const struct slot *s;
	char address[256], local[256];

	if (o->how == SEAM_OBJECT_WORLD) {
		/* getcwd() */
		if (o->world == SEAM_WORLD_CWD && files_read_string(f, files_object_value(f, by, false), SEAM_AT_EXIT) && *f->path == '/' &&
		    (!f->task->dirs->cwd.file || strcmp(f->task->dirs->cwd.file->name, f->path) != 0))
			files_put_dir(f, &f->task->dirs->cwd, open_file_new(&f->budget, SEAM_FILE_PATH, f->path), f->e->time);
		return;
	}
	s = fd_table_get(f->task->table, (int)files_object_value(f, o, false));
	if (!s || !s->file || !s->file->label || !files_read_address(f, by, address))
		return;
	if (own) {
		open_socket_learn(&f->budget, s->file, address, NULL, f->e->time);
	} else {
		socket_connected(s->file->local, local);
		open_socket_learn(&f->budget, s->file, *address ? local : NULL, address, f->e->time);
	}
}

static void moves(struct seam_files *f, const struct seam_effect *e)
{
	bool cwd = f->t->objects[e->object].world == SEAM_WORLD_CWD;

	files_put_dir(f, cwd ? &f->task->dirs->cwd : &f->task->dirs->root, new_file(f, e), f->e->time);
}

/* What the record of the fork could not say: a process that shares with its parent. */
static void forks(struct seam_files *f, const struct seam_effect *e)
{
	struct file_task *child = f->task->last_child ? files_find_task(f, f->task->last_child) : NULL;
	uint64_t flags = e->object ? files_object_value(f, &f->t->objects[e->object], false) : 0;

	f->task->last_child = 0;
	if (!child || child == f->task || child->gone)
		return;
	/* a program of its own has descriptors of its own */
	if (flags & SHARES_TABLE && !child->ran && child->table != f->task->table) {
		struct fd_table *own = child->table;

		fd_table_merge(&f->budget, f->task->table, own, f->task->child_made);
		child->table = fd_table_ref(f->task->table);
		fd_table_unref(&f->budget, own);
	}
	if (flags & SHARES_DIRS && child->dirs != f->task->dirs)
		files_share_dirs(f, child, f->task);
}

static void unshares(struct seam_files *f, const struct seam_effect *e)
{
	if (f->t->objects[e->object].world == SEAM_WORLD_FDTABLE)
		files_unshare_table(f, f->task);
	else
		files_unshare_dirs(f, f->task);
}

/* Numbers become free before they are used again, and have a file before more is said of it. */
static unsigned turn(uint8_t verb)
{
	switch (verb) {
	case SEAM_VERB_UNSHARES:
		return 0;
	case SEAM_VERB_CLOSES:
		return 1;
	case SEAM_VERB_OPENS:
	case SEAM_VERB_DUPS:
		return 2;
	default:
		return 3;
	}
}

static void apply(struct seam_files *f, const struct seam_effect *e)
{
	switch (e->verb) {
	case SEAM_VERB_OPENS:
		opens(f, e);
		break;
	case SEAM_VERB_CLOSES:
		closes(f, e);
		break;
	case SEAM_VERB_DUPS:
		dups(f, e);
		break;
	case SEAM_VERB_FORKS:
		forks(f, e);
		break;
	case SEAM_VERB_UNSHARES:
		unshares(f, e);
		break;
	case SEAM_VERB_NAMES:
	case SEAM_VERB_PEERS:
		learns(f, e);
		break;
	case SEAM_VERB_CLOEXECS:
	case SEAM_VERB_KEEPS:
		marks(f, e);
		break;
	default:
		moves(f, e);
	}
}

void files_apply(struct seam_files *f)
{
	const struct seam_event *e = f->e;
	bool failed = seam_has_failed(e->ret);
	uint8_t plan = plan_of(f, e);
	struct seam_span effects;

	if (!(plan & FILES_ACTS) || (failed && !(plan & FILES_ACTS_ON_ERROR)) || !files_look_up(f))
		return;
	f->task = files_task(f, e->tid);
	effects = f->variant->effects;
	for (unsigned step = 0; step < 4; step++) {
		for (uint32_t i = 0; i < effects.count; i++) {
			const struct seam_effect *x = &f->t->effects[effects.first + i];

			if (!acts(f->t, x) || turn(x->verb) != step || (failed && !files_asks_result(f->t, x->when)))
				continue;
			f->after = true;
			if (seam_holds(f->t, x->when, &f->env)) {
				f->after = false;
				apply(f, x);
			}
			f->after = false;
		}
	}
}
