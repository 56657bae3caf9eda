/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as they happen are those that a reader of a trace finds: observe EXEC-PAYLOAD */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>

#include "seam/open-files.h"
#include "seam/recording.h"
#include "seam/text.h"
#include "seam/trace.h"
#include "tap.h"

struct seen {
	uint64_t calls, execs, exits, forks, others;
	uint64_t time, sequence[2];
	bool backwards, gap, loose;
	bool opened; /* by a name that its memory has */
	uint32_t command;
};

static void on_event(void *user, const struct seam_event *e)
{
	struct seen *s = user;
	unsigned own = e->stream == UINT32_MAX;
	char name[64] = "";

	if (!own)
		s->backwards |= e->time < s->time;
	s->time = own ? s->time : e->time;
	s->gap |= e->sequence != s->sequence[own]++;
	switch (e->kind) {
	case SEAM_EVENT_CALL:
	case SEAM_EVENT_ENTRY:
		s->calls++;
		s->loose |= !seam_call_by_number(&seam_tables, (enum seam_arch)e->arch, e->number) || (e->timed && e->entered > e->time);
		if (seam_event_read((void *)(uintptr_t)e, e->args[1], name, sizeof(name) - 1, SEAM_AT_ENTRY) && strstr(name, "/etc/hostname"))
			s->opened = true;
		break;
	case SEAM_EVENT_EXEC:
		s->execs++;
		s->loose |= !e->exec.file.size || !e->exec.args.size;
		break;
	case SEAM_EVENT_EXIT:
		s->exits += e->exit.last;
		break;
	case SEAM_EVENT_FORK:
		s->forks++;
		break;
	default:
		s->others++;
	}
}

int main(int argc, char **argv)
{
	char stop[] = "stop", *command[] = { argv[1], stop, NULL };
	struct seam_record_options o = { .command = command, .snap = 256, .durations = true };
	struct seam_record_result r;
	struct seam_err err = SEAM_ERR_INIT;
	struct seen s = { 0 };
	int code;

	if (argc < 2)
		return 2;
	code = seam_observe(&o, on_event, &s, &r, &err);
	if (code == -EPERM) {
		tap_skip("observing", err.text);
		return tap_done();
	}
	OK(code == 0);
	OK(WIFEXITED(r.status) && WEXITSTATUS(r.status) == 0);
	OK(r.engine == SEAM_ENGINE_PTRACE);
	OK(s.calls == r.calls && s.calls > 20);
	OK(s.execs == 1);
	OK(s.forks == 1);
	OK(s.exits == 2);
	OK(!s.backwards);
	OK(!s.gap);
	OK(!s.loose);
	OK(s.opened);
	return tap_done();
}
