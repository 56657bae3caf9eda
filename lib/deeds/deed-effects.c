/* SPDX-License-Identifier: BSD-2-Clause */
/* The deeds of a call: the effects of its description that hold, one after the other. */
#include <errno.h>

#include "deeds/effect-parts.h"

enum { RESTARTS_FIRST = 512, RESTARTS_LAST = 516 };

/* Whether the attempt ended before anything was tried: it will be made again. */
static bool has_not_begun(int error)
{
	return error == EAGAIN || error == EINTR || (error >= RESTARTS_FIRST && error <= RESTARTS_LAST);
}

static void opened(struct doing *o, const struct seam_effect *e)
{
	struct seam_deed *deed;
	struct seam_file file;

	if (effect_accepts(o->t, o->v, e)) {
		if (has_not_begun(o->error) || !(deed = deeds_add(o->d, SEAM_DEED_ACCEPTED, o->error)))
			return;
		deed->fd = o->error ? doing_fd(o, e->by[0]) : doing_made(o, e->object);
		if (seam_files_fd(o->f, deed->fd, o->error ? SEAM_AT_ENTRY : SEAM_AT_EXIT, &file))
			doing_ends(deed, &file);
		return;
	}
	if (!effect_opens_file(o->t, o->v, e) || !(deed = deeds_add(o->d, SEAM_DEED_FILE_OPENED, o->error)))
		return;
	deed->path = e->as ? doing_words(o, e) : e->by[0] ? doing_path(o, e->by[0]) : "";
	if (!o->error)
		deed->fd = doing_made(o, e->object);
	for (uint32_t i = 0; i < o->v->effects.count; i++) {
		const struct seam_effect *x = &o->t->effects[o->v->effects.first + i];

		if (!doing_holds(o, x) || o->t->objects[x->object].dir)
			continue;
		if (x->verb == SEAM_VERB_LETS_READ)
			deed->flags |= SEAM_DEED_READ;
		if (x->verb == SEAM_VERB_LETS_WRITE)
			deed->flags |= SEAM_DEED_WRITE;
		if (o->error)
			continue;
		if (x->verb == SEAM_VERB_CREATES)
			deed->flags |= effect_is_result(o->t, x->object) ? SEAM_DEED_CREATED | SEAM_DEED_UNNAMED :
				       x->may ? SEAM_DEED_MAY_CREATE : SEAM_DEED_CREATED;
		if (x->verb == SEAM_VERB_WRITES_CONTENT && !effect_is_fd(o->t, x->object))
			deed->flags |= SEAM_DEED_TRUNCATED;
	}
}

/* Whether it goes without saying: it was said of this open file before, by whichever descriptor. */
static bool is_old(struct doing *o, const struct seam_file *file, bool known, int fd, unsigned what)
{
	if (o->error)
		return false;
	if (known)
		return deeds_told(o->d, file->id << 3 | what);
	return deeds_told(o->d, UINT64_C(1) << 62 | ((uint64_t)o->d->pid << 24 ^ (unsigned)fd) << 3 | what);
}

/* What is neither a file nor a socket, as an eventfd: it is no part of the world. */
static bool is_inside(const struct seam_file *file)
{
	return file->kind == SEAM_FILE_OTHER && *file->name != '/';
}

static void moved(struct doing *o, const struct seam_effect *e, int fd, enum seam_deed_kind kind, unsigned what, uint32_t flags)
{
	struct seam_file file;
	bool known = seam_files_fd(o->f, fd, SEAM_AT_ENTRY, &file), socket = known && file.kind == SEAM_FILE_SOCKET;
	struct seam_deed *deed;

	if (has_not_begun(o->error) || (known && is_inside(&file)))
		return;
	if (socket && kind != SEAM_DEED_FILE_MAPPED)
		kind = e->verb == SEAM_VERB_READS_CONTENT ? SEAM_DEED_RECEIVED : SEAM_DEED_SENT;
	else if (is_old(o, &file, known, fd, what))
		return;
	if (!(deed = deeds_add(o->d, kind, o->error)))
		return;
	deed->flags = flags | (e->may && kind != SEAM_DEED_FILE_MAPPED ? SEAM_DEED_PERHAPS : 0);
	deed->fd = fd;
	if (!known)
		return;
	if (!socket) {
		deed->path = file.name;
		return;
	}
	doing_ends(deed, &file);
	if (!o->error && o->v->ret && o->t->types[o->v->ret].kind == SEAM_KIND_SIZE)
		deed->bytes = (uint64_t)o->e->ret;
	if (!*deed->peer)
		deed->peer = doing_other_end(o);
}

static void mapped(struct doing *o, const struct seam_effect *e)
{
	int fd = doing_fd(o, e->object);
	uint32_t flags = 0;

	if (o->mapped)
		return;
	o->mapped = true;
	for (uint32_t i = 0; i < o->v->effects.count; i++) {
		const struct seam_effect *x = &o->t->effects[o->v->effects.first + i];

		if (effect_is_fd(o->t, x->object) && doing_holds(o, x))
			flags |= x->verb == SEAM_VERB_READS_CONTENT ? SEAM_DEED_READ :
				 x->verb == SEAM_VERB_WRITES_CONTENT ? SEAM_DEED_WRITE : 0;
	}
	moved(o, e, fd, SEAM_DEED_FILE_MAPPED, flags & SEAM_DEED_WRITE ? 3 : 2, flags);
}

static void content(struct doing *o, const struct seam_effect *e)
{
	bool reads = e->verb == SEAM_VERB_READS_CONTENT;
	struct seam_deed *deed;

	if (effect_says(o->t, e, "link")) {
		deed = deeds_add(o->d, SEAM_DEED_LINK_READ, o->error);
		if (deed) {
			deed->path = doing_path(o, e->object);
			deed->to = o->error ? "" : doing_buffer(o, e->by[0]);
		}
	} else if (effect_is_path(o->t, e->object)) {
		if (!o->opening && (deed = deeds_add(o->d, reads ? SEAM_DEED_FILE_READ : SEAM_DEED_FILE_WRITTEN, o->error)))
			deed->path = doing_path(o, e->object);
	} else if (!effect_is_fd(o->t, e->object)) {
		return;
	} else if (effect_of(o->t, o->v, SEAM_VERB_MAPS)) {
		mapped(o, e);
	} else if (effect_says(o->t, e, "directory")) {
		moved(o, e, doing_fd(o, e->object), SEAM_DEED_DIR_LISTED, 4, 0);
	} else {
		moved(o, e, doing_fd(o, e->object), reads ? SEAM_DEED_FILE_READ : SEAM_DEED_FILE_WRITTEN, reads ? 0 : 1, 0);
	}
}

static void named(struct doing *o, const struct seam_effect *e)
{
	bool made = e->verb == SEAM_VERB_CREATES;
	struct seam_deed *deed;
	const char *path;

	/* what opening and renaming do beside that is told of them */
	if (o->opening || o->renaming || !deeds_kinds(o->t, o->v, e))
		return;
	if (effect_is_kind(o->t, e->object, SEAM_KIND_SOCKADDR)) {
		path = o->error ? "" : doing_socket_path(o, e->object);
		if (*path && (deed = deeds_add(o->d, SEAM_DEED_FILE_MADE, 0)))
			deed->path = path;
		return;
	}
	deed = deeds_add(o->d, effect_says(o->t, e, "link") ? SEAM_DEED_LINK_MADE :
			 effect_says(o->t, e, "directory") ? (made ? SEAM_DEED_DIR_MADE : SEAM_DEED_DIR_REMOVED) :
			 made ? SEAM_DEED_FILE_MADE : SEAM_DEED_FILE_REMOVED, o->error);
	if (!deed)
		return;
	deed->flags |= e->may ? SEAM_DEED_PERHAPS : 0;
	if (effect_is_path(o->t, e->object))
		deed->path = doing_path(o, e->object);
	else
		deed->path = e->as && *seam_string(o->t, e->as) == '/' ? doing_words(o, e) : doing_string(o, e->object);
	if (deed->kind == SEAM_DEED_LINK_MADE) {
		deed->flags |= SEAM_DEED_SYMBOLIC;
		deed->to = e->by[0] ? doing_string(o, e->by[0]) : "";
	}
}

static void renamed(struct doing *o, const struct seam_effect *e)
{
	struct seam_deed *deed;

	if (o->renaming) {
		o->renaming->flags |= SEAM_DEED_EXCHANGED;
		return;
	}
	if (!(deed = deeds_add(o->d, SEAM_DEED_FILE_RENAMED, o->error)))
		return;
	deed->path = doing_path(o, e->object);
	deed->to = doing_path(o, e->to);
	for (uint32_t i = 0; i < o->v->effects.count; i++) {
		const struct seam_effect *x = &o->t->effects[o->v->effects.first + i];

		if (x->verb == SEAM_VERB_REMOVES && !o->error && doing_holds(o, x))
			deed->flags |= SEAM_DEED_MAY_REPLACE;
	}
	o->renaming = deed;
}

static void linked(struct doing *o, const struct seam_effect *e)
{
	struct seam_deed *deed = deeds_add(o->d, SEAM_DEED_LINK_MADE, o->error);

	if (!deed)
		return;
	deed->path = doing_path(o, e->to);
	deed->to = doing_path(o, e->object);
}

static void changed_status(struct doing *o, const struct seam_effect *e)
{
	enum seam_deed_kind kind = effect_world_kind(o->t, e);
	bool world = kind != SEAM_DEED_COUNT, fd = effect_is_fd(o->t, e->object);
	struct seam_deed *deed;
	struct seam_file file;

	if (!world) {
		if (!effect_is_path(o->t, e->object) && !effect_says(o->t, e, "attributes") && !effect_says(o->t, e, "listening"))
			return;
		kind = effect_says(o->t, e, "listening") ? SEAM_DEED_LISTENING : SEAM_DEED_ATTRIBUTES_CHANGED;
	}
	if (!(deed = deeds_add(o->d, kind, o->error)))
		return;
	if (kind == SEAM_DEED_SYSTEM_CHANGED) {
		deed->path = seam_world_word(o->t->objects[e->object].world);
	} else if (world) {
		if (effect_is_path(o->t, e->by[0]) || effect_is_fd(o->t, e->by[0]))
			deed->path = doing_path(o, e->by[0]);
	} else if (fd) {
		deed->fd = doing_fd(o, e->object);
		if (kind == SEAM_DEED_ATTRIBUTES_CHANGED)
			deed->path = doing_path(o, e->object);
		else if (seam_files_fd(o->f, deed->fd, SEAM_AT_ENTRY, &file))
			doing_ends(deed, &file);
	} else {
		deed->path = doing_path(o, e->object);
	}
}

static void addressed(struct doing *o, const struct seam_effect *e)
{
	bool own = e->verb == SEAM_VERB_NAMES;
	struct seam_deed *deed;
	struct seam_file file;
	char address[256];

	if (!deeds_kinds(o->t, o->v, e) || !(deed = deeds_add(o->d, own ? SEAM_DEED_BOUND : SEAM_DEED_CONNECTED, o->error)))
		return;
	deed->fd = doing_fd(o, e->object);
	if (seam_files_fd(o->f, deed->fd, SEAM_AT_EXIT, &file))
		doing_ends(deed, &file);
	if (files_read_address(o->f, &o->t->objects[e->by[0]], address)) {
		const char *text = deeds_text(o->d, address, strlen(address));

		if (own)
			deed->local = text;
		else
			deed->peer = text;
	}
}

static void apply(struct doing *o, const struct seam_effect *e)
{
	switch (e->verb) {
	case SEAM_VERB_OPENS:
		opened(o, e);
		break;
	case SEAM_VERB_READS_CONTENT:
	case SEAM_VERB_WRITES_CONTENT:
		content(o, e);
		break;
	case SEAM_VERB_CREATES:
	case SEAM_VERB_REMOVES:
		named(o, e);
		break;
	case SEAM_VERB_RENAMES:
		renamed(o, e);
		break;
	case SEAM_VERB_LINKS:
		linked(o, e);
		break;
	case SEAM_VERB_WRITES_STATUS:
		changed_status(o, e);
		break;
	case SEAM_VERB_NAMES:
	case SEAM_VERB_PEERS:
		addressed(o, e);
		break;
	case SEAM_VERB_EXECS:
	case SEAM_VERB_FORKS:
		deed_failed(o, e);
		break;
	case SEAM_VERB_REAPS:
		deed_reaped(o, e);
		break;
	case SEAM_VERB_SIGNALS:
		deed_signalled(o, e);
		break;
	case SEAM_VERB_UNKNOWN:
		if (!o->error)
			deeds_unknown(o->d, o->e->number << 4 ^ o->e->arch, seam_string(o->t, o->f->call->name));
		break;
	default:
		break;
	}
}

/* Looking is told where nothing else was done with what was looked at. */
static void looked(struct doing *o)
{
	for (uint32_t i = 0; i < o->v->effects.count; i++) {
		const struct seam_effect *e = &o->t->effects[o->v->effects.first + i];
		struct seam_deed *deed;

		if (e->verb != SEAM_VERB_READS_STATUS || !effect_is_path(o->t, e->object) || !doing_holds(o, e))
			continue;
		if (!doing_is_named(o, e->object))
			continue; /* the descriptor itself: nobody has looked for anything */
		deed = deeds_add(o->d, SEAM_DEED_STATUS_READ, o->error);
		if (deed)
			deed->path = doing_path(o, e->object);
	}
}

void deeds_of_call(struct seam_deeds *d)
{
	struct doing o = { .d = d, .f = d->files, .t = d->t, .e = d->e, .v = d->files->variant };
	bool told = false;

	if (seam_has_failed(o.e->ret))
		o.error = (int)-o.e->ret;
	/* the child's return from the call that made it */
	if (!o.e->ret && effect_of(o.t, o.v, SEAM_VERB_FORKS))
		return;
	for (uint32_t i = 0; i < o.v->effects.count; i++)
		o.opening |= effect_opens_file(o.t, o.v, &o.t->effects[o.v->effects.first + i]);
	/* a renaming is begun first: what else happens to the names belongs to it */
	for (int turn = 0; turn < 2; turn++) {
		for (uint32_t i = 0; i < o.v->effects.count; i++) {
			const struct seam_effect *e = &o.t->effects[o.v->effects.first + i];

			if ((e->verb == SEAM_VERB_RENAMES) == !turn && e->verb != SEAM_VERB_READS_STATUS &&
			    deeds_kinds(o.t, o.v, e) && doing_holds(&o, e)) {
				apply(&o, e);
				told = true;
			}
		}
	}
	if (!told)
		looked(&o);
}
