/* SPDX-License-Identifier: BSD-2-Clause */
/* The call that took longest, of which task, and when: longest-call seam.trace */
#include "trace-main.h"

int main(int argc, char **argv)
{
	struct seam_trace *t = open_trace(argc, argv, NULL);
	struct seam_tasks *tasks = seam_tasks_new();
	uint64_t began = 0, longest = 0;
	const struct seam_event *e;
	char line[200] = "no call has a duration";
	int status = 0;

	while (t && (e = next_event(t, &status))) {
		struct seam_task task;

		seam_tasks_see(tasks, e);
		if (!began)
			began = e->time;
		if (e->kind != SEAM_EVENT_CALL || !e->timed || e->time - e->entered <= longest)
			continue;
		longest = e->time - e->entered;
		seam_tasks_get(tasks, e->tid, &task);
		/* an event and its strings go with the next one */
		snprintf(line, sizeof(line), "%s of task %u (%s): %.6f s, %.6f s after the beginning", call_name(e), e->tid, task.name, (double)longest / 1e9, (double)(int64_t)(e->entered - began) / 1e9);
	}
	if (t)
		puts(line);
	seam_tasks_free(tasks);
	seam_trace_close(t);
	return t ? status : 1;
}
