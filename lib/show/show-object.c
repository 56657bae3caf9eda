/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as a JSON object. */
#include "base/out-room.h"
#include "seam/json.h"
#include "show/rest-json.h"
#include "show/show-files.h"
#include "show/show-parts.h"
#include "text/text-parts.h"

#define HEAD 256 /* what stands before the name of the task, with three numbers */

static inline char *put(char *to, const char *s)
{
	size_t n = strlen(s);

	memcpy(to, s, n);
	return to + n;
}

/* What all objects begin with. */
static void put_head(struct show *s, const struct seam_event *e)
{
	struct seam_out *out = s->out;
	struct seam_task task;
	char *to = out_room(out, HEAD);

	seam_tasks_get(s->tasks, e->tid, &task);
	to = put(to, "{\"kind\":\"");
	to = put(to, seam_event_kind_name(e->kind));
	to = put(to, "\",\"time\":");
	to = text_digits(to, e->time);
	if (e->tid) {
		to = put(to, ",\"tid\":");
		to = text_digits(to, e->tid);
		to = put(to, ",\"pid\":");
		to = text_digits(to, task.pid ? task.pid : e->pid);
		to = put(to, ",\"comm\":");
	}
	out_filled(out, to);
	if (e->tid)
		seam_json_quoted(out, task.name ? task.name : "", task.name ? strlen(task.name) : 0);
}

void show_object(struct show *s, const struct seam_event *e)
{
	struct seam_out *out = s->out;

	put_head(s, e);
	if (show_is_call(e)) {
		if (e->timed) {
			out_puts(out, ",\"duration\":");
			text_u64(out, e->time - e->entered);
		}
		show_prepare(s, e);
		if (e->compat) {
			out_puts(out, ",\"abi\":\"");
			out_puts(out, s->text.t->arch[e->arch].name);
			out_putc(out, '"');
		}
		out_putc(out, ',');
		seam_text_json_members(&s->text);
		if (!*s->result->chosen)
			show_files_json(s->files, s->text.t, s->text.variant, out);
	} else {
		rest_json(&s->text, e);
	}
	out_puts(out, "}\n");
}
