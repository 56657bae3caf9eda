/* SPDX-License-Identifier: BSD-2-Clause */
/* Takes events, one after the other, and says what was done: the deeds of tasks here, those of calls in deed-effects.c. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "deeds/deeds-parts.h"

struct seam_deeds *seam_deeds_over(const struct seam_tables *t, struct seam_files *files, struct seam_tasks *tasks)
{
	struct seam_deeds *d = xcalloc(1, sizeof(*d));

	d->t = t ? t : &seam_tables;
	d->files = files;
	d->tasks = tasks;
	return d;
}

struct seam_deeds *seam_deeds_new(const struct seam_tables *t)
{
	struct seam_deeds *d = seam_deeds_over(t, seam_files_new(t), seam_tasks_new());

	d->own_models = true;
	return d;
}

void seam_deeds_of(struct seam_deeds *d, const struct seam_trace *trace)
{
	seam_files_of(d->files, trace);
	seam_tasks_of(d->tasks, trace);
}

void seam_deeds_free(struct seam_deeds *d)
{
	if (!d)
		return;
	if (d->own_models) {
		seam_files_free(d->files);
		seam_tasks_free(d->tasks);
	}
	free(d->told.keys);
	free(d);
}

struct seam_deed *deeds_add(struct seam_deeds *d, enum seam_deed_kind kind, int error)
{
	const struct seam_event *e = d->e;

	if (d->count == DEEDS_OF_EVENT)
		return NULL;
	d->list[d->count] = (struct seam_deed){
		.kind = kind, .error = error, .time = e->time, .tid = e->tid, .pid = d->pid, .fd = -1, .path = "", .to = "",
		.local = "", .peer = "", .bytes = SEAM_DEED_NO_BYTES, .event = e,
	};
	return &d->list[d->count++];
}

const char *deeds_text(struct seam_deeds *d, const char *text, size_t n)
{
	char *to;

	if (d->texts == DEEDS_TEXTS)
		return "";
	to = d->text[d->texts++];
	n = MIN(n, (size_t)FILES_PATH_MAX - 1);
	memmove(to, text, n);
	to[n] = '\0';
	return to;
}

/* Where the key is, or would be. */
static uint64_t *place_of(const struct told *t, uint64_t key)
{
	size_t i = (size_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (t->room - 1);

	while (t->keys[i] && t->keys[i] != key)
		i = (i + 1) & (t->room - 1);
	return &t->keys[i];
}

static void make_room(struct told *t)
{
	struct told old = *t;

	if (t->room && t->count < t->room / 2)
		return;
	t->count = 0;
	t->room = old.room == DEEDS_TOLD_MAX ? old.room : MAX(2 * old.room, (size_t)DEEDS_TOLD_FIRST);
	t->keys = xcalloc(t->room, sizeof(*t->keys));
	for (size_t i = 0; old.room < t->room && i < old.room; i++) {
		if (old.keys[i]) {
			*place_of(t, old.keys[i]) = old.keys[i];
			t->count++;
		}
	}
	free(old.keys);
}

bool deeds_told(struct seam_deeds *d, uint64_t key)
{
	uint64_t *place;

	key = key ? key : 1;
	make_room(&d->told);
	place = place_of(&d->told, key);
	if (*place)
		return true;
	*place = key;
	d->told.count++;
	return false;
}

/* The one string up to its NUL, which a damaged record may lack. */
static const char *first_of(const struct seam_strings *s)
{
	return s->size && memchr(s->bytes, '\0', s->size) ? s->bytes : "";
}

static const char *made_absolute(struct seam_deeds *d, const char *path)
{
	struct seam_file cwd, root;
	char to[FILES_PATH_MAX];
	bool in = seam_files_fd(d->files, SEAM_FD_CWD, SEAM_AT_EXIT, &cwd), below = seam_files_fd(d->files, SEAM_FD_ROOT, SEAM_AT_EXIT, &root);

	if (!*path || !path_join(below ? root.name : NULL, in ? cwd.name : NULL, path, to))
		return "";
	return deeds_text(d, to, strlen(to));
}

static void see_exec(struct seam_deeds *d, const struct seam_event *e)
{
	struct seam_deed *deed = deeds_add(d, SEAM_DEED_EXECUTED, 0);

	deed->path = made_absolute(d, first_of(&e->exec.file));
	deed->args = e->exec.args;
	if (e->exec.args.whole > e->exec.args.size)
		deed->flags |= SEAM_DEED_ARGS_CUT;
}

static void see_fork(struct seam_deeds *d, const struct seam_event *e)
{
	struct seam_deed *deed = deeds_add(d, SEAM_DEED_SPAWNED, 0);

	deed->child_tid = e->fork.tid;
	deed->child_pid = e->fork.pid;
	if (e->fork.pid != e->fork.tid)
		deed->flags |= SEAM_DEED_THREAD;
	if (e->fork.worker)
		deed->flags |= SEAM_DEED_KERNEL;
}

static void see_exit(struct seam_deeds *d, const struct seam_event *e)
{
	struct seam_deed *deed = deeds_add(d, SEAM_DEED_EXITED, 0);

	deed->status = e->exit.status;
	deed->has_status = true;
	if (!e->exit.last)
		deed->flags |= SEAM_DEED_THREAD;
}

void deeds_unknown(struct seam_deeds *d, uint64_t what, const char *name)
{
	struct seam_deed *deed;

	if (!deeds_told(d, (UINT64_C(3) << 62) | ((uint64_t)d->pid << 24 ^ what)))
		if ((deed = deeds_add(d, SEAM_DEED_UNKNOWN, 0)))
			deed->path = name;
}

static const char *call_name(struct seam_deeds *d, const struct seam_event *e)
{
	const struct seam_call *call = e->arch < SEAM_ARCH_COUNT && e->kind != SEAM_EVENT_UNKNOWN ?
				       seam_call_by_number(d->t, e->arch, e->number) : NULL;
	char number[40];

	if (call)
		return seam_string(d->t, call->name);
	return deeds_text(d, number, (size_t)snprintf(number, sizeof(number), "call %llu", (unsigned long long)e->number));
}

static bool can_do_something(struct seam_deeds *d, const struct seam_event *e)
{
	const struct seam_call *call;
	uint8_t *plan;

	if (e->arch >= SEAM_ARCH_DESCRIBED || e->number >= DEEDS_NUMBERS)
		return true;
	plan = &d->plans[e->arch][e->number];
	if (!*plan) {
		call = seam_call_by_number(d->t, e->arch, e->number);
		*plan = DEEDS_PLANNED | DEEDS_SOME;
		for (uint32_t k = 0; call && k < call->variants.count; k++) {
			const struct seam_variant *v = &d->t->variants[call->variants.first + k];

			*plan = k ? *plan : DEEDS_PLANNED;
			for (uint32_t i = 0; i < v->effects.count; i++)
				if (deeds_kinds(d->t, v, &d->t->effects[v->effects.first + i]))
					*plan |= DEEDS_SOME;
		}
	}
	return *plan & DEEDS_SOME;
}

static void see_call(struct seam_deeds *d, const struct seam_event *e)
{
	if (!e->returned || !can_do_something(d, e))
		return;
	if (files_look_up(d->files))
		deeds_of_call(d);
	else if (!seam_has_failed(e->ret))
		deeds_unknown(d, e->number << 4 ^ e->arch, call_name(d, e));
}

void seam_deeds_see(struct seam_deeds *d, const struct seam_event *e)
{
	d->e = e;
	d->count = d->next = d->texts = 0;
	if (!e->tid)
		return;
	if (d->own_models) {
		seam_tasks_see(d->tasks, e);
		seam_files_see(d->files, e);
	}
	d->pid = seam_tasks_pid(d->tasks, e->tid);
	d->pid = d->pid ? d->pid : e->pid;
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_UNKNOWN:
		see_call(d, e);
		break;
	case SEAM_EVENT_FORK:
		see_fork(d, e);
		break;
	case SEAM_EVENT_EXEC:
		see_exec(d, e);
		break;
	case SEAM_EVENT_EXIT:
		see_exit(d, e);
		break;
	case SEAM_EVENT_SUBMIT:
		deeds_unknown(d, 0xffffff, "io_uring");
		break;
	default:
		break;
	}
}

bool seam_deeds_next(struct seam_deeds *d, struct seam_deed *ret)
{
	if (d->next >= d->count)
		return false;
	*ret = d->list[d->next++];
	return true;
}
