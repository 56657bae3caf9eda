/* SPDX-License-Identifier: BSD-2-Clause */
/* How the supervisor gets hold of tasks, and the calls of theirs that concern itself. */
#include "hook/attach.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>

#include "base/util.h"

static const struct {
	const char *name;
	unsigned what;
} own[] = {
	{ "sched_getaffinity", OWN_AFFINITY }, { "sched_setaffinity", OWN_AFFINITY }, /* of tasks that we have put somewhere */
	{ "seccomp", OWN_FILTER }, { "prctl", OWN_PRCTL },                            /* which calls of ours might offend */
	{ "ptrace", OWN_PTRACE }, /* a task has one tracer only */
};

static void mark(struct supervisor *s, bool compat, const char *name, unsigned what)
{
	enum seam_arch arch = compat ? arch_compat() : seam_arch_native();
	const struct seam_call *c = arch == SEAM_ARCH_COUNT ? NULL : seam_call_by_name(s->t, arch, name);

	if (c && c->number < WANTED_NUMBERS)
		s->own[compat][c->number] = (uint8_t)what;
}

void own_calls(struct supervisor *s)
{
	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		mark(s, false, own[i].name, own[i].what);
		mark(s, true, own[i].name, own[i].what);
		if (s->filtered)
			wanted_stop(&s->wanted, own[i].name);
	}
}

int attach_task(struct supervisor *s, pid_t tid, struct seam_err *err)
{
	if (ptrace(PTRACE_SEIZE, tid, NULL, (void *)supervisor_ptrace_options(s)) < 0)
		return seam_err_errno(err, -errno, "task %d cannot be traced", (int)tid);
	if (!task_find(s, tid))
		task_add(s, tid);
	ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return 0;
}

static int no_process(pid_t pid, int code, struct seam_err *err)
{
	if (code == -ESRCH || code == -ENOENT)
		return seam_err_set(err, -ESRCH, "there is no process %d", (int)pid);
	if (code == -EPERM)
		return seam_err_set(err, code, "process %d may not be traced: it is another user's, has another tracer, or the system lets only parents trace "
				    "(\"seam doctor attach\" tells); root may", (int)pid);
	return seam_err_errno(err, code, "process %d cannot be traced", (int)pid);
}

int attach_process(struct supervisor *s, pid_t pid, struct seam_err *err)
{
	struct process *p = NULL;
	char path[64];
	bool fresh;
	int r = 0;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	/* threads may be made meanwhile by those that have not been attached to */
	do {
		DIR *dir = opendir(path);
		struct dirent *d;

		if (!dir)
			return no_process(pid, -errno, err);
		fresh = false;
		while ((d = readdir(dir)) && r >= 0) {
			pid_t tid = (pid_t)strtol(d->d_name, NULL, 10);
			struct task *t = tid > 0 ? task_find(s, tid) : NULL;

			if (tid <= 0 || (t && t->process))
				continue;
			r = attach_task(s, tid, NULL);
			if (r == -ESRCH && p) {
				r = 0;
				continue;
			}
			if (r < 0)
				break;
			if (!p)
				p = process_new(s, (uint32_t)pid, space_new());
			p->filters = true;
			task_join(s, task_find(s, tid), p);
			fresh = true;
		}
		closedir(dir);
	} while (fresh && r >= 0);
	return r < 0 ? no_process(pid, r, err) : 0;
}
