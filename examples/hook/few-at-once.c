/* SPDX-License-Identifier: BSD-2-Clause */
/* Not more than so many processes run a program at a time, others wait for their turn: few-at-once 2 '*[/-]ld*' make -j16 */
#include "hook-main.h"

struct all { uint32_t running; };
struct own { bool counted; };

static void leave(struct seam_hook *h)
{
	struct own *own = h->process_state;
	struct all *all = h->shared;

	if (own->counted) {
		own->counted = false;
		all->running--;
		seam_wake(h, &all->running);
	}
}

static void on_exec(struct seam_hook *h)
{
	uint32_t most = (uint32_t)(*word_of(h, 0) - '0');
	struct own *own = h->process_state;
	struct all *all = h->shared;
	struct seam_named program;

	if (own->counted || seam_path(h, "filename", &program) < 0 || program.error || !seam_glob_match(word_of(h, 1), program.path))
		return;
	while (all->running >= most)
		seam_await(h, &all->running, all->running, UINT64_MAX);
	all->running++;
	own->counted = true;
	if (seam_finish(h) < 0)
		leave(h);
}

static void starts_uncounted(void *child, const void *parent, enum seam_occasion how) { (void)child, (void)parent, (void)how; }

static const struct seam_handler handlers[] = { SEAM_ON_CALLS("execve,execveat", on_exec), SEAM_ON_EVENT(PROCESS_EXITED, leave), SEAM_ON_EVENT(KILLED_BY_SIGNAL, leave) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "few-at-once", HANDLERS(handlers), .process_bytes = sizeof(struct own), .shared_bytes = sizeof(struct all), .inherit_process = starts_uncounted };

	return run_tool(&tool, 2, "NUMBER PATTERN ", argc, argv);
}
