/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors and paths in what is shown: their names, and which calls have to do with the ones that are asked for. */
#include "show/show-files.h"

#include <string.h>

#include "base/out-room.h"
#include "seam/json.h"
#include "seam/words.h"

const char *show_files_descriptor(void *user, int fd, enum seam_when when)
{
	struct seam_file file;

	return seam_files_fd(user, fd, when, &file) ? file.name : NULL;
}

bool show_files_wanted(struct seam_files *f, const struct seam_show_options *o)
{
	struct seam_file file;
	bool found = !o->fd_count;

	for (size_t i = 0; i < o->fd_count && !found; i++)
		found = seam_files_uses(f, o->fds[i]);
	if (!found || !o->path)
		return found;
	for (unsigned n = 0; seam_files_touched(f, n, &file); n++)
		if (*file.name && seam_glob_match(o->path, file.name))
			return true;
	return false;
}

/* "key": */
static void put_key(struct seam_out *out, const char *key)
{
	out_putc(out, '"');
	out_puts(out, key);
	out_put(out, "\":", 2);
}

void show_files_json(struct seam_files *f, const struct seam_tables *t, const struct seam_variant *v, struct seam_out *out)
{
	const char *before = ",\"files\":{";
	struct seam_file file;
	bool any = false;

	for (uint32_t i = 0; v && i <= v->args.count; i++) {
		bool ret = i == v->args.count;

		if (!seam_files_arg(f, ret ? SEAM_REG_RET : i, &file))
			continue;
		out_puts(out, before);
		put_key(out, ret ? "ret" : seam_string(t, t->args[v->args.first + i].name));
		seam_json_quoted(out, file.name, strlen(file.name));
		before = ",";
		any = true;
	}
	if (any)
		out_putc(out, '}');
}

/* Up to its NUL, which a damaged record may lack. */
static const char *text_of(const struct seam_strings *s)
{
	return s->size && memchr(s->bytes, '\0', s->size) ? s->bytes : "";
}

static const char *descriptor_text(const struct seam_event *e)
{
	const char *socket = text_of(&e->descriptor.socket);

	return *socket ? socket : text_of(&e->descriptor.name);
}

void show_files_text(struct seam_text *x, const struct seam_event *e)
{
	const char *text = descriptor_text(e);
	struct seam_out *out = x->out;

	if (e->descriptor.fd == SEAM_FD_CWD)
		seam_out_puts(out, "*** is in ");
	else if (e->descriptor.fd == SEAM_FD_ROOT)
		seam_out_puts(out, "*** has the root ");
	else
		seam_out_printf(out, "*** has %d: ", e->descriptor.fd);
	seam_text_bytes(x, text, strlen(text), false);
	seam_out_puts(out, " ***\n");
}

void show_files_json_rest(struct seam_out *out, const struct seam_event *e)
{
	const char *text = descriptor_text(e);

	seam_out_printf(out, ",\"fd\":%d,\"flags\":%u,\"position\":%llu,\"is\":", e->descriptor.fd, e->descriptor.flags,
			(unsigned long long)e->descriptor.position);
	seam_json_quoted(out, text, strlen(text));
}
