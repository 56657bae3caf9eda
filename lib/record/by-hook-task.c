/* SPDX-License-Identifier: BSD-2-Clause */
/* Tasks, as handlers see them come, run programs, and end. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/time.h"
#include "base/util.h"
#include "record/by-hook-parts.h"

uint64_t by_hook_pid_space(uint32_t pid)
{
	char path[64], space[64];
	const char *digits;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%u/ns/pid", pid);
	n = readlink(path, space, sizeof(space) - 1);
	space[n > 0 ? n : 0] = 0;
	digits = strchr(space, '[');
	return digits ? strtoull(digits + 1, NULL, 10) : 0;
}

static unsigned count_threads(uint32_t pid)
{
	char path[64];
	struct dirent *e;
	unsigned n = 0;
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%u/task", pid);
	d = opendir(path);
	while (d && (e = readdir(d)))
		n += e->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

/* The command, before its first instruction, or when it has been loaded. */
static void know_command(struct by_hook *b, struct told_task *t, bool starting)
{
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .time = time_mono_ns(), .tid = t->tid, .pid = t->pid };

	b->command = (pid_t)t->pid;
	t->process->ppid = (uint32_t)getpid();
	if (b->sink->ops->command)
		b->sink->ops->command(b->sink, b->command);
	e.task.ppid = t->process->ppid;
	e.task.uid = getuid();
	if (b->tasks)
		seam_tasks_see(b->tasks, &e);
	if (start_command(b->start, b->command, starting, &b->write_err) < 0)
		b->write_failed = true;
}

struct told_task *by_hook_task(struct seam_hook *h)
{
	struct told_task *t = h->task_state;
	struct told_process *p = h->process_state;
	struct by_hook *b;
	uint64_t space;

	((struct by_hook *)h->tool->user)->here = h;
	if (t->known)
		return t;
	b = t->b = h->tool->user;
	t->known = true;
	t->tid = h->tid;
	t->pid = h->pid;
	t->process = p;
	p->pid = h->pid;
	if (t->born)
		return t;
	b->n_tasks++;
	if (!p->known) {
		p->known = true;
		p->alive = count_threads(h->pid);
		space = by_hook_pid_space(h->pid);
		p->space = space != b->own_space ? space : 0;
	}
	if (b->o->command && !b->command)
		know_command(b, t, h->occasion == SEAM_OCCASION_CALL);
	else if (start_seen(b->start, (pid_t)h->pid, (pid_t)h->tid, &b->write_err) < 0)
		b->write_failed = true;
	t->in_call = !b->o->command;
	return t;
}

/* The last of the numbers behind "Name:". */
static uint32_t last_number(const char *status, const char *name)
{
	const char *at = strstr(status, name), *end;

	if (!at)
		return 0;
	at += strlen(name);
	end = strchrnul(at, '\n');
	while (end > at && end[-1] >= '0' && end[-1] <= '9')
		end--;
	return (uint32_t)strtoul(end, NULL, 10);
}

/* The numbers that it sees itself. */
static void find_own(uint32_t tid, uint64_t space, struct seam_own_pids *ret)
{
	_cleanup_buf_ struct buf status = BUF_INIT;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/status", tid);
	if (file_read(path, 1u << 20, &status, NULL) < 0)
		return;
	*ret = (struct seam_own_pids){ last_number(status.data, "NSpid:"), last_number(status.data, "NStgid:"), (uint32_t)space };
}

void by_hook_on_birth(struct seam_hook *h)
{
	bool before = ((struct told_process *)h->process_state)->known;
	struct told_task *t = by_hook_task(h);
	struct by_hook *b = t->b;
	struct seam_event e = { .kind = SEAM_EVENT_FORK, .time = time_mono_ns(), .tid = h->tid };
	bool thread = h->child_pid == h->pid;
	uint64_t space;

	e.fork.tid = h->child;
	e.fork.pid = h->child_pid;
	e.fork.ppid = thread ? t->process->ppid : h->pid;
	/* who was just counted has been counted with it */
	if (thread && before)
		t->process->alive++;
	space = thread ? t->process->space : by_hook_pid_space(h->child);
	if (space && space != b->own_space)
		find_own(h->child, space, &e.fork.own);
	b->n_tasks++;
	by_hook_write(b, &e);
	by_hook_newborn(h, t);
}

void by_hook_on_exec(struct seam_hook *h)
{
	struct told_task *t = by_hook_task(h);

	if (!t->execed)
		by_hook_exec(h, t);
	t->execed = false;
	t->tid = h->tid;
}

static void write_end(struct told_task *t, uint32_t status)
{
	struct seam_event e = { .kind = SEAM_EVENT_EXIT, .time = time_mono_ns(), .tid = t->tid, .pid = t->pid };

	by_hook_unreturned(t);
	t->ended = true;
	if (t->process->alive)
		t->process->alive--;
	e.time = time_mono_ns();
	e.exit.status = status;
	e.exit.last = !t->process->alive;
	by_hook_write(t->b, &e);
}

void by_hook_on_pre_exit(struct seam_hook *h)
{
	write_end(by_hook_task(h), (uint32_t)h->status);
}

void by_hook_inherit_task(void *child, const void *parent, enum seam_occasion how)
{
	const struct told_task *maker = parent;

	(void)how;
	*(struct told_task *)child = (struct told_task){ .b = maker->b, .born = true };
}

void by_hook_inherit_process(void *child, const void *parent, enum seam_occasion how)
{
	const struct told_process *maker = parent;

	(void)how;
	*(struct told_process *)child = (struct told_process){ .known = true, .alive = 1, .ppid = maker->pid };
}

void by_hook_release_task(void *state)
{
	struct told_task *t = state;

	if (!t->known)
		return;
	t->b->here = NULL;
	/* one that was killed so that it could not stop before its end, not one that we let go of */
	if (!t->ended && syscall(SYS_tgkill, t->pid, t->tid, 0) < 0 && errno == ESRCH)
		write_end(t, SIGKILL);
	by_hook_unreturned(t);
}
