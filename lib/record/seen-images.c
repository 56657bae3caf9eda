/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files stand in memory to be run, kept from what a recording said of them, for files that begin in its middle. */
#include "record/seen-images.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define IMAGES_MOST 512u /* of a process */
#define FILES_MOST 65536u

struct place {
	struct seam_event event;
	char *name;
};

struct process {
	struct place *places;
	size_t count;
};

/* Long enough for what names a process or a file. */
struct key {
	char text[96];
};

static struct key process_key(uint32_t pid)
{
	struct key k;

	snprintf(k.text, sizeof(k.text), "%" PRIu32, pid);
	return k;
}

static struct key file_key(const struct seam_event *e)
{
	struct key k;

	snprintf(k.text, sizeof(k.text), "%" PRIu64 " %" PRIu32 ":%" PRIu32 " %" PRId64, e->file.inode, e->file.major, e->file.minor,
		 e->file.changed);
	return k;
}

static char *keep_name(struct seam_strings *name)
{
	char *copy = xcalloc(1, (size_t)name->size + 1);

	memcpy(copy, name->bytes ? name->bytes : "", name->size);
	name->bytes = copy;
	name->whole = name->size;
	return copy;
}

static void forget(struct process *p)
{
	for (size_t i = 0; p && i < p->count; i++)
		free(p->places[i].name);
	if (p)
		free(p->places);
	free(p);
}

static void end_process(struct seen_images *s, uint32_t pid)
{
	forget(strmap_remove(&s->processes, process_key(pid).text));
}

static struct process *process_of(struct seen_images *s, uint32_t pid)
{
	struct key key = process_key(pid);
	struct process *p = strmap_get(&s->processes, key.text);

	if (!p) {
		p = xcalloc(1, sizeof(*p));
		strmap_put(&s->processes, key.text, p);
	}
	return p;
}

static void add(struct process *p, const struct seam_event *e)
{
	struct place *place = NULL;

	/* what stands there now has taken the place of what stood there */
	for (size_t i = 0; i < p->count && !place; i++)
		if (p->places[i].event.image.address == e->image.address)
			place = &p->places[i];
	if (place) {
		free(place->name);
	} else {
		if (p->count == IMAGES_MOST)
			return;
		p->places = xreallocarray(p->places, p->count + 1, sizeof(*p->places));
		place = &p->places[p->count++];
	}
	place->event = *e;
	place->name = keep_name(&place->event.image.name);
}

static void inherit(struct seen_images *s, uint32_t parent, uint32_t child)
{
	const struct process *from = strmap_get(&s->processes, process_key(parent).text);
	struct process *to;

	end_process(s, child);
	if (!from)
		return;
	to = process_of(s, child);
	for (size_t i = 0; i < from->count; i++) {
		struct seam_event e = from->places[i].event;

		e.pid = e.tid = child;
		add(to, &e);
	}
}

static void keep_file(struct seen_images *s, const struct seam_event *e)
{
	struct key key = file_key(e);
	struct seam_event *copy;

	if (s->files.len >= FILES_MOST || strmap_has(&s->files, key.text))
		return;
	copy = xmemdup(e, sizeof(*e));
	copy->file.id = e->file.id_size ? xmemdup(e->file.id, e->file.id_size) : NULL;
	keep_name(&copy->file.name);
	strmap_put(&s->files, key.text, copy);
}

void seen_images_see(struct seen_images *s, const struct seam_event *e)
{
	switch (e->kind) {
	case SEAM_EVENT_FORK:
		if (e->fork.tid == e->fork.pid)
			inherit(s, e->fork.ppid, e->fork.pid);
		break;
	case SEAM_EVENT_EXEC:
		end_process(s, e->pid);
		break;
	case SEAM_EVENT_EXIT:
		if (e->exit.last)
			end_process(s, e->pid);
		break;
	case SEAM_EVENT_IMAGE:
		add(process_of(s, e->pid), e);
		break;
	case SEAM_EVENT_FILE:
		keep_file(s, e);
		break;
	default:
		break;
	}
}

int seen_images_build(struct trace_builder *b, const struct seen_images *s, uint64_t time, struct seam_err *err)
{
	struct strmap_entry *entry;
	int r = 0;

	strmap_for_each(entry, &s->files) {
		struct seam_event e = *(const struct seam_event *)entry->value;

		e.time = time;
		if ((r = trace_build(b, &e, err)) < 0)
			return r;
	}
	strmap_for_each(entry, &s->processes) {
		const struct process *p = entry->value;

		for (size_t i = 0; i < p->count && r >= 0; i++) {
			struct seam_event e = p->places[i].event;

			e.time = time;
			e.tid = e.pid;
			e.image.how = SEAM_IMAGE_FOUND;
			r = trace_build(b, &e, err);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

void seen_images_release(struct seen_images *s)
{
	struct strmap_entry *entry;

	strmap_for_each(entry, &s->processes)
		forget(entry->value);
	strmap_for_each(entry, &s->files) {
		struct seam_event *e = entry->value;

		free((void *)(uintptr_t)e->file.id);
		free((void *)(uintptr_t)e->file.name.bytes);
		free(e);
	}
	strmap_release(&s->processes);
	strmap_release(&s->files);
}
