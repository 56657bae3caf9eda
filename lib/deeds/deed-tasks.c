/* SPDX-License-Identifier: BSD-2-Clause */
/* The deeds of a call that have to do with other tasks: children, signals, programs. */
#include <stdlib.h>

#include "base/str.h"
#include "deeds/effect-parts.h"

/* Of a siginfo_t, the same on every machine that is described: where its members are, and what si_code says of an end. */
enum { SI_CODE = 8, SI_PID = 16, SI_STATUS = 24, ENDED = 1, DUMPED = 3 };

void deed_reaped(struct doing *o, const struct seam_effect *e)
{
	uint64_t value = doing_value(o, e->object);
	struct seam_deed *deed;
	uint32_t pid = (uint32_t)value, status = 0, how = 0;
	bool told = false;

	if (o->error)
		return;
	if (effect_is_kind(o->t, e->object, SEAM_KIND_SIGINFO)) {
		pid = 0;
		if (!doing_read(o, value + SI_PID, &pid, sizeof(pid)) || !pid)
			return;
		told = doing_read(o, value + SI_STATUS, &status, sizeof(status)) && doing_read(o, value + SI_CODE, &how, sizeof(how));
		/* the form that wait() has; what only stopped has not ended */
		if (how > DUMPED)
			return;
		status = how == ENDED ? (status & 0xff) << 8 : (status & 0x7f) | (how == DUMPED ? 0x80 : 0);
	}
	for (uint32_t i = 0; !told && i < o->v->args.count; i++) {
		const struct seam_type *type = &o->t->types[o->t->args[o->v->args.first + i].type];

		if (type->kind == SEAM_KIND_WSTATUS && type->dir == SEAM_DIR_OUT)
			told = doing_read(o, o->e->args[i], &status, sizeof(status));
	}
	/* stopped, or going on: it has not ended */
	if (told && ((status & 0xff) == 0x7f || status == 0xffff))
		return;
	if (!(deed = deeds_add(o->d, SEAM_DEED_REAPED, 0)))
		return;
	deed->child_pid = pid;
	deed->status = told ? status : 0;
	deed->has_status = told;
}

void deed_signalled(struct doing *o, const struct seam_effect *e)
{
	struct seam_deed *deed;
	struct seam_file file;

	if (e->may || o->t->objects[e->object].how != SEAM_OBJECT_VALUE || !(deed = deeds_add(o->d, SEAM_DEED_SIGNAL_SENT, o->error)))
		return;
	if (effect_is_fd(o->t, e->object)) {
		deed->fd = doing_fd(o, e->object);
		if (seam_files_fd(o->f, deed->fd, SEAM_AT_ENTRY, &file)) {
			if (str_after(file.name, "pid:"))
				deed->child_pid = (uint32_t)strtoul(str_after(file.name, "pid:"), NULL, 10);
			else
				deed->path = file.name;
		}
	} else {
		deed->child_pid = (uint32_t)doing_value(o, e->object);
	}
	for (uint32_t i = 0; i < o->v->args.count; i++) {
		const struct seam_type *type = &o->t->types[o->t->args[o->v->args.first + i].type];

		if (type->kind == SEAM_KIND_SIGNAL && type->dir == SEAM_DIR_VALUE)
			deed->signal = (uint32_t)o->e->args[i];
	}
}

/* That a program began and that a task was made are events of their own; here is what failed. */
void deed_failed(struct doing *o, const struct seam_effect *e)
{
	struct seam_deed *deed;

	if (!o->error || !(deed = deeds_add(o->d, e->verb == SEAM_VERB_EXECS ? SEAM_DEED_EXECUTED : SEAM_DEED_SPAWNED, o->error)))
		return;
	if (e->verb == SEAM_VERB_EXECS)
		deed->path = doing_path(o, e->object);
}
