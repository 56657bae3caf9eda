/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files each task has written to, by any call that does so: files-written seam.trace | sort -u */
#include "seam/open-files.h"
#include "trace-main.h"

static void print_written(struct seam_files *files, const struct seam_event *event)
{
	const struct seam_tables *t = &seam_tables;
	const struct seam_call *call = seam_call_by_number(t, (enum seam_arch)event->arch, event->number);
	const struct seam_variant *v;
	struct seam_file file;
	struct seam_env env;

	seam_event_env(event, &env);
	v = call && event->ret >= 0 ? seam_call_variant(t, call, &env) : NULL;
	for (uint32_t i = 0; v && i < v->effects.count; i++) {
		const struct seam_effect *e = &t->effects[v->effects.first + i];
		const struct seam_object *o = &t->objects[e->object];

		if (e->verb != SEAM_VERB_WRITES_CONTENT || o->how != SEAM_OBJECT_VALUE || o->dir || !seam_holds(t, e->when, &env))
			continue;
		if (seam_files_arg(files, o->arg, &file) && file.kind == SEAM_FILE_PATH)
			printf("%u %s\n", event->tid, file.name);
	}
}

int main(int argc, char **argv)
{
	struct seam_trace *t = open_trace(argc, argv, NULL);
	struct seam_files *files = seam_files_new(NULL);
	const struct seam_event *e;
	int status = 0;

	if (t)
		seam_files_of(files, t);
	while (t && (e = next_event(t, &status))) {
		seam_files_see(files, e);
		if (e->kind == SEAM_EVENT_CALL)
			print_written(files, e);
	}
	seam_files_free(files);
	seam_trace_close(t);
	return t ? status : 1;
}
