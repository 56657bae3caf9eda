/* SPDX-License-Identifier: BSD-2-Clause */
/* The values, names and addresses that the effects of a call speak of. */
#include <stdio.h>
#include <string.h>

#include "deeds/effect-parts.h"

enum { UNIX = 1 };

bool doing_holds(struct doing *o, const struct seam_effect *e)
{
	bool holds;

	if (o->error && e->when && files_asks_result(o->t, e->when))
		return true;
	o->f->after = true;
	holds = seam_holds(o->t, e->when, &o->f->env);
	o->f->after = false;
	return holds;
}

uint64_t doing_value(struct doing *o, uint32_t object)
{
	return files_object_value(o->f, &o->t->objects[object], false);
}

int doing_fd(struct doing *o, uint32_t object)
{
	return (int)doing_value(o, object);
}

int doing_made(struct doing *o, uint32_t object)
{
	return (int)files_object_value(o->f, &o->t->objects[object], true);
}

static const struct seam_type *type_of(const struct doing *o, uint32_t object)
{
	return &o->t->types[o->t->objects[object].type];
}

static const char *name_of(struct doing *o, int fd)
{
	struct seam_file file;

	return seam_files_fd(o->f, fd, SEAM_AT_ENTRY, &file) ? file.name : "";
}

const char *doing_path(struct doing *o, uint32_t object)
{
	const struct seam_type *type = type_of(o, object);
	uint64_t value;

	if (!effect_is_path(o->t, object))
		return effect_is_fd(o->t, object) ? name_of(o, doing_fd(o, object)) : "";
	value = doing_value(o, object);
	/* no path: the descriptor that it would begin at */
	if (!value)
		return type->base ? name_of(o, (int)seam_eval(o->t, type->base, &o->f->env)) : "";
	if (!files_read_path(o->f, type, value, SEAM_AT_ENTRY))
		return "";
	return deeds_text(o->d, o->f->text, strlen(o->f->text));
}

bool doing_is_named(struct doing *o, uint32_t object)
{
	uint64_t at = doing_value(o, object);
	char first;

	if (!at)
		return false;
	return seam_event_read((void *)(uintptr_t)o->e, at, &first, 1, SEAM_AT_ENTRY) == 0 || first;
}

const char *doing_string(struct doing *o, uint32_t object)
{
	uint64_t value = doing_value(o, object);

	if (type_of(o, object)->dir == SEAM_DIR_VALUE)
		return ""; /* it stands inside a structure, where it may have no end */
	return value && files_read_string(o->f, value, SEAM_AT_ENTRY) ? deeds_text(o->d, o->f->path, strlen(o->f->path)) : "";
}

const char *doing_words(struct doing *o, const struct seam_effect *e)
{
	char text[FILES_PATH_MAX];
	int n;

	if (!files_read_string(o->f, doing_value(o, e->by[0]), SEAM_AT_ENTRY))
		return "";
	n = snprintf(text, sizeof(text), "%s%s", seam_string(o->t, e->as), o->f->path);
	return deeds_text(o->d, text, MIN((size_t)n, sizeof(text) - 1));
}

const char *doing_buffer(struct doing *o, uint32_t object)
{
	size_t n = MIN((size_t)o->e->ret, sizeof(o->f->path) - 1);

	n = seam_event_read((void *)(uintptr_t)o->e, doing_value(o, object), o->f->path, n, SEAM_AT_EXIT);
	return deeds_text(o->d, o->f->path, n);
}

bool doing_read(struct doing *o, uint64_t address, void *to, size_t n)
{
	return address && seam_event_read((void *)(uintptr_t)o->e, address, to, n, SEAM_AT_EXIT) == n;
}

const char *doing_socket_path(struct doing *o, uint32_t object)
{
	char address[256], to[FILES_PATH_MAX];
	uint64_t at = doing_value(o, object);
	unsigned char family[2];
	struct seam_file root;

	if (seam_event_read((void *)(uintptr_t)o->e, at, family, 2, SEAM_AT_ENTRY) < 2 || family[0] != UNIX || family[1] ||
	    !files_read_address(o->f, &o->t->objects[object], address) || !*address || *address == '@')
		return "";
	if (!path_join(seam_files_fd(o->f, SEAM_FD_ROOT, SEAM_AT_ENTRY, &root) ? root.name : NULL, name_of(o, SEAM_FD_CWD), address, to))
		return "";
	return deeds_text(o->d, to, strlen(to));
}

const char *doing_other_end(struct doing *o)
{
	char address[256];

	for (uint32_t i = 0; i < o->v->args.count; i++) {
		const struct seam_type *type = &o->t->types[o->t->args[o->v->args.first + i].type];

		/* an argument that the effects need not name */
		if (type->kind != SEAM_KIND_SOCKADDR || !o->e->args[i])
			continue;
		for (uint32_t k = 0; k < o->e->blob_count; k++) {
			const struct seam_blob *b = &o->e->blobs[k];

			if (b->address == o->e->args[i] && b->when == (type->dir == SEAM_DIR_OUT ? SEAM_AT_EXIT : SEAM_AT_ENTRY) &&
			    socket_address(b->bytes, b->size, address))
				return deeds_text(o->d, address, strlen(address));
		}
	}
	for (uint32_t i = 0; i < o->v->effects.count; i++) {
		const struct seam_effect *e = &o->t->effects[o->v->effects.first + i];

		if (e->verb == SEAM_VERB_READS_STATUS && effect_is_kind(o->t, e->object, SEAM_KIND_SOCKADDR) &&
		    files_read_address(o->f, &o->t->objects[e->object], address))
			return deeds_text(o->d, address, strlen(address));
	}
	return "";
}

void doing_ends(struct seam_deed *deed, const struct seam_file *file)
{
	deed->path = file->name;
	deed->local = file->local;
	deed->peer = file->peer;
}
