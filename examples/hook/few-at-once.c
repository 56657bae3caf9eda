/* SPDX-License-Identifier: BSD-2-Clause */
/* Not more than so many processes run a program at a time, others wait for their turn: few-at-once 2 '*-ld*' make -j16 */
#include "hook-main.h"

static void leave(struct seam_hook *h)
{
	uint32_t *counted = h->process_state, *running = h->shared;

	*running -= *counted;
	*counted = 0;
	seam_wake(h, running);
}

static void on_exec(struct seam_hook *h)
{
	uint32_t *counted = h->process_state, *running = h->shared, most = (uint32_t)(*word_of(h, 0) - '0');
	struct seam_named program;

	if (*counted || seam_path(h, "filename", &program) < 0 || program.error || !seam_glob_match(word_of(h, 1), program.path))
		return;
	while (*running >= most)
		seam_await(h, running, *running, UINT64_MAX);
	*running += *counted = 1;
	if (seam_finish(h) < 0)
		leave(h);
}

/* A child has no part in this before it executes something itself. */
static void inherit(void *child, const void *parent, enum seam_occasion how) { (void)child, (void)parent, (void)how; }

static const struct seam_handler handlers[] = { SEAM_ON_CALLS("execve,execveat", on_exec), SEAM_ON_EVENT(PROCESS_EXITED, leave), SEAM_ON_EVENT(KILLED_BY_SIGNAL, leave) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "few-at-once", SEAM_HANDLERS(handlers), .process_bytes = 4, .shared_bytes = 4, .inherit_process = inherit };

	return run_tool(&tool, 2, "NUMBER PATTERN ", argc, argv);
}
