/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a command under the agent, and says on AGENT_TOOL_LOG (else standard error) what was counted, and what ran without it: agent-tool COMMAND [ARGUMENT]... */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "seam/agent.h"
#include "seam/calls.h"

static FILE *out;

static void on_without(void *user, const struct seam_agent_without *w)
{
	(void)user;
	fprintf(out, "without %s: %s\n", w->program, w->reason);
}

static void print(const struct seam_agent_result *r)
{
	fprintf(out, "programs %" PRIu64 "\nwithout-agent %" PRIu64 "\nthreads %" PRIu64 "\ntraps %" PRIu64 "\ndeferred %" PRIu64 "\nrefused %" PRIu64 "\nnarrow %" PRIu64 "\nby %s\n", r->programs,
		r->without, r->threads, r->traps, r->deferred, r->refused, r->narrow, r->by_filter ? "filter" : "dispatch");
	for (unsigned i = 0; i < SEAM_AGENT_NUMBERS; i++) {
		const struct seam_call *c = r->calls[i] ? seam_call_by_number(&seam_tables, seam_arch_native(), i) : NULL;

		if (r->calls[i])
			fprintf(out, "call %s %" PRIu64 "\n", c ? seam_string(&seam_tables, c->name) : "?", r->calls[i]);
	}
}

int main(int argc, char **argv)
{
	struct seam_agent_options o = { .command = argv + 1, .without = on_without };
	static struct seam_agent_result result;
	struct seam_err err = SEAM_ERR_INIT;
	const char *log = getenv("AGENT_TOOL_LOG");
	int r;

	out = log ? fopen(log, "we") : stderr;
	if (argc < 2 || !out) {
		fprintf(stderr, "agent-tool: which command?\n");
		return 2;
	}
	setvbuf(out, NULL, _IOLBF, 0);
	unsetenv("AGENT_TOOL_LOG");
	r = seam_agent_run(&o, &result, &err);
	if (r < 0) {
		fprintf(stderr, "agent-tool: %s\n", err.text);
		return result.no_command ? 127 : 125;
	}
	print(&result);
	fclose(out);
	return WIFSIGNALED(result.status) ? 128 + WTERMSIG(result.status) : WEXITSTATUS(result.status);
}
