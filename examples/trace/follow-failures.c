/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that fail, as they happen, from a trace that is still being written; ends with the recording: follow-failures seam.trace */
#include <unistd.h>

#include "trace-main.h"

int main(int argc, char **argv)
{
	struct seam_trace *t = open_trace(argc, argv, &(struct seam_trace_options){ .follow = true });
	const struct seam_event *e;
	int status = 0;

	while (t) {
		bool finished = seam_trace_finished(t);

		while ((e = next_event(t, &status)))
			if (e->kind == SEAM_EVENT_CALL && e->returned && seam_has_failed(e->ret))
				printf("%u %s: %s\n", e->tid, call_name(e), strerror((int)-e->ret));
		fflush(stdout);
		if (finished || status)
			break;
		usleep(100000); /* nothing more yet */
	}
	seam_trace_close(t);
	return t ? status : 1;
}
