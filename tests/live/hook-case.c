/* SPDX-License-Identifier: BSD-2-Clause */
/* Handlers, tried one thing at a time: the program is its own payload. */
#include "hook-case.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

struct seam_run_result ran;
struct seam_err ran_err;
static char *self;

int run_payload_with(const struct seam_tool *tool, const char *name, struct seam_run_options *o)
{
	char payload[64], *command[] = { self, payload, NULL };

	snprintf(payload, sizeof(payload), "%s", name);
	o->command = command;
	seam_err_clear(&ran_err);
	return seam_run(tool, o, &ran, &ran_err);
}

int run_payload(const struct seam_tool *tool, const char *name)
{
	struct seam_run_options o = { 0 };
	int r = run_payload_with(tool, name, &o);

	if (r < 0)
		printf("# %s\n", ran_err.text);
	return r;
}

int payload_status(void)
{
	return WIFSIGNALED(ran.status) ? -WTERMSIG(ran.status) : WEXITSTATUS(ran.status);
}

int main(int argc, char **argv)
{
	for (const struct payload *p = payloads; argc > 1 && p->name; p++)
		if (!strcmp(p->name, argv[1]))
			return p->fn();
	self = argv[0];
	/* the sanitizer looks for leaks by ptrace, which has a tracer already in a payload; ours are looked for all the same */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	return cases();
}
