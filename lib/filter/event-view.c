/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as filter expressions see it. */
#include "filter/event-view.h"

#include <string.h>

#include "base/util.h"

static bool is_call(const struct seam_event *e)
{
	return e->kind == SEAM_EVENT_CALL || e->kind == SEAM_EVENT_ENTRY || e->kind == SEAM_EVENT_UNKNOWN;
}

static enum seam_filter_known number(void *user, enum seam_filter_field field, uint64_t *ret)
{
	struct event_view *v = user;
	const struct seam_event *e = v->event;

	switch (field) {
	case SEAM_FILTER_RET:
		*ret = (uint64_t)e->ret;
		return !is_call(e) || !e->returned ? SEAM_FILTER_ABSENT : SEAM_FILTER_KNOWN;
	case SEAM_FILTER_DURATION:
		*ret = e->time - e->entered;
		return !is_call(e) ? SEAM_FILTER_ABSENT : e->timed ? SEAM_FILTER_KNOWN : SEAM_FILTER_NOT_KNOWN;
	case SEAM_FILTER_PID:
		*ret = v->task.pid;
		return v->task.pid ? SEAM_FILTER_KNOWN : SEAM_FILTER_NOT_KNOWN;
	case SEAM_FILTER_TID:
		*ret = e->tid;
		return e->tid ? SEAM_FILTER_KNOWN : SEAM_FILTER_ABSENT;
	case SEAM_FILTER_PPID:
		*ret = v->task.ppid;
		return v->task.ppid ? SEAM_FILTER_KNOWN : SEAM_FILTER_NOT_KNOWN;
	case SEAM_FILTER_UID:
		*ret = v->task.uid;
		return v->task.uid != UINT32_MAX ? SEAM_FILTER_KNOWN : SEAM_FILTER_NOT_KNOWN;
	case SEAM_FILTER_CGROUP:
		return SEAM_FILTER_NOT_KNOWN;
	default:
		if (field > SEAM_FILTER_ARG0 + 5 || !is_call(e))
			return SEAM_FILTER_ABSENT;
		*ret = e->args[field - SEAM_FILTER_ARG0];
		return SEAM_FILTER_KNOWN;
	}
}

/* What an argument points to, up to its NUL. */
static enum seam_filter_known pointed_to(struct event_view *v, unsigned arg, const char **ret)
{
	size_t n = seam_event_read((void *)(uintptr_t)v->event, v->event->args[arg], v->text, sizeof(v->text) - 1,
				   SEAM_AT_ENTRY);

	if (!n)
		return SEAM_FILTER_NOT_KNOWN;
	v->text[n] = 0;
	*ret = v->text;
	return SEAM_FILTER_KNOWN;
}

/* Whether a file may be touched by it of which only those know who have seen all that was opened. */
static bool has_descriptor(struct event_view *v, struct seam_span args)
{
	for (uint32_t i = 0; i < args.count; i++) {
		uint8_t kind = v->t->types[v->t->args[args.first + i].type].kind;

		if (kind == SEAM_KIND_FD || kind == SEAM_KIND_DIRFD)
			return true;
	}
	return false;
}

/* The @index-th path that the call names, or that one of its descriptors is. */
static enum seam_filter_known path(struct event_view *v, unsigned index, const char **ret)
{
	struct seam_span args;
	struct seam_file file;

	if (!v->call || !(v->call->flags & SEAM_CALL_DESCRIBED))
		return is_call(v->event) ? SEAM_FILTER_NOT_KNOWN : SEAM_FILTER_ABSENT;
	if (v->files) {
		if (!seam_files_touched(v->files, index, &file))
			return SEAM_FILTER_ABSENT;
		*ret = file.name;
		return *file.name ? SEAM_FILTER_KNOWN : SEAM_FILTER_NOT_KNOWN;
	}
	args = v->t->variants[v->call->variants.first].args;
	for (uint32_t i = 0; i < args.count; i++)
		if (v->t->types[v->t->args[args.first + i].type].kind == SEAM_KIND_PATH && !index--) {
			enum seam_filter_known known = pointed_to(v, i, ret);

			return known == SEAM_FILTER_KNOWN && v->blind && **ret != '/' ? SEAM_FILTER_NOT_KNOWN : known;
		}
	return v->blind && has_descriptor(v, args) ? SEAM_FILTER_NOT_KNOWN : SEAM_FILTER_ABSENT;
}

static enum seam_filter_known string(void *user, enum seam_filter_field field, unsigned index, const char **ret)
{
	struct event_view *v = user;
	const char *text;

	if (field == SEAM_FILTER_PATH)
		return path(v, index, ret);
	if (index)
		return SEAM_FILTER_ABSENT;
	if (field <= SEAM_FILTER_ARG0 + 5)
		return is_call(v->event) ? pointed_to(v, field - SEAM_FILTER_ARG0, ret) : SEAM_FILTER_ABSENT;
	text = field == SEAM_FILTER_COMM ? v->task.name : field == SEAM_FILTER_EXE ? v->task.exe : NULL;
	if (!text || !*text)
		return SEAM_FILTER_NOT_KNOWN;
	*ret = text;
	return SEAM_FILTER_KNOWN;
}

struct seam_filter_view event_view_of(struct event_view *v)
{
	v->call = is_call(v->event) ? seam_call_by_number(v->t, v->event->arch, v->event->number) : NULL;
	seam_tasks_get(v->tasks, v->event->tid, &v->task);
	return (struct seam_filter_view){ .call = v->call, .number = number, .string = string, .user = v };
}
