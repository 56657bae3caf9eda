/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as a JSON object. */
#include "seam/json.h"
#include "show/rest-json.h"
#include "show/show-files.h"
#include "show/show-parts.h"

static void json_key(struct show *s, const char *key)
{
	seam_out_write(s->out, ",\"", 2);
	seam_out_puts(s->out, key);
	seam_out_write(s->out, "\":", 2);
}

static void json_string(struct show *s, const char *key, const char *text)
{
	struct seam_json j;

	json_key(s, key);
	seam_json_init(&j, s->out, false);
	seam_json_string(&j, text);
}

static void json_number(struct show *s, const char *key, uint64_t n)
{
	char text[20];
	unsigned i = sizeof(text);

	do
		text[--i] = (char)('0' + n % 10);
	while (n /= 10);
	json_key(s, key);
	seam_out_write(s->out, text + i, sizeof(text) - i);
}

void show_object(struct show *s, const struct seam_event *e)
{
	struct seam_task task;

	seam_tasks_get(s->tasks, e->tid, &task);
	seam_out_puts(s->out, "{\"kind\":\"");
	seam_out_puts(s->out, seam_event_kind_name(e->kind));
	seam_out_putc(s->out, '"');
	json_number(s, "time", e->time);
	if (e->tid) {
		json_number(s, "tid", e->tid);
		json_number(s, "pid", task.pid ? task.pid : e->pid);
		json_string(s, "comm", task.name ? task.name : "");
	}
	if (show_is_call(e)) {
		if (e->timed)
			json_number(s, "duration", e->time - e->entered);
		show_prepare(s, e);
		if (e->compat)
			json_string(s, "abi", s->text.t->arch[e->arch].name);
		seam_out_putc(s->out, ',');
		seam_text_json_members(&s->text);
		if (!*s->result->chosen)
			show_files_json(s->files, s->text.t, s->text.variant, s->out);
	} else {
		rest_json(&s->text, e);
	}
	seam_out_puts(s->out, "}\n");
}
