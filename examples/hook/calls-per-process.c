/* SPDX-License-Identifier: BSD-2-Clause */
/* Which programs processes run, and how many calls each process has made when it ends: calls-per-process make */
#include "hook-main.h"

struct count { uint64_t calls; };

static void on_call(struct seam_hook *h)
{
	((struct count *)h->process_state)->calls++;
}

static void on_exec(struct seam_hook *h)
{
	struct seam_named program;

	seam_resolve(h, -100, "/proc/self/exe", SEAM_FOLLOW, &program);
	seam_print(h, "%u is %s\n", h->pid, program.path);
}

static void on_end(struct seam_hook *h)
{
	seam_print(h, "%u made %llu calls\n", h->pid, (unsigned long long)((struct count *)h->process_state)->calls);
}

/* Without this, a child would go on with its parent's count. */
static void inherit(void *child, const void *parent, enum seam_occasion how)
{
	(void)child, (void)parent, (void)how;
}

static const struct seam_handler handlers[] = { SEAM_ON_EVERY_CALL(on_call), SEAM_ON_EVENT(EXEC, on_exec),
	SEAM_ON_EVENT(PROCESS_EXITED, on_end), SEAM_ON_EVENT(KILLED_BY_SIGNAL, on_end) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "calls-per-process", SEAM_HANDLERS(handlers), .process_bytes = sizeof(struct count), .inherit_process = inherit };

	return run_tool(&tool, 0, "", argc, argv);
}
