/* SPDX-License-Identifier: BSD-2-Clause */
/* Which tasks there are when a recording begins. */
#include "record/start.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cgroups.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/str.h"
#include "base/time.h"
#include "base/util.h"
#include "record/descriptors.h"
#include "trace/builder.h"

#define PROC_LIMIT (1u << 20)

#define ATTACHED 1
#define GENERATIONS 16u /* below a process that are looked at */
#define LOOK_MOST_NS (100 * NS_PER_MS)
#define LOOK_SHARE 10u
#define TASKS (1u << 22) /* the kernel has no larger numbers */

struct start {
	struct recorder *recorder;
	struct sink *sink;
	struct trace_builder *builder;
	struct images *images;
	unsigned char *added; /* a bit for each task that is recorded already */
	unsigned fresh;       /* how many were not */
	struct descriptors descriptors;
	void (*drain)(void *user); /* so that the buffers do not run over meanwhile */
	void *user;
	bool moving; /* records are, just now */
	uint64_t looked; /* when descriptors were written down last */
};

/* Numbers of processes. */
struct processes {
	pid_t *pids;
	size_t count;
};

/* The threads of a process that have been seen. */
struct threads {
	int (*fn)(void *user, pid_t pid, pid_t tid, struct seam_err *err);
	void *user;
	pid_t *seen;
	size_t count, before;
};

/* The number behind "Name:" in a status file. */
static uint32_t status_number(const char *status, const char *name)
{
	const char *line = strstr(status, name);

	return line ? (uint32_t)strtoul(line + strlen(name), NULL, 10) : 0;
}

/* The last of the numbers behind "Name:", and how many there are. */
static uint32_t last_number(const char *status, const char *name, unsigned *ret_count)
{
	const char *at = strstr(status, name);
	uint32_t last = 0;

	*ret_count = 0;
	for (at = at ? at + strlen(name) : ""; *at && *at != '\n';) {
		char *end;

		last = (uint32_t)strtoul(at, &end, 10);
		if (end == at)
			break;
		++*ret_count;
		at = end;
	}
	return last;
}

/* The numbers that it sees itself, if it lives in a pid namespace that is not ours. */
static void find_own(pid_t pid, const char *status, struct seam_own_pids *ret)
{
	char path[64], space[64];
	unsigned count, none;
	uint32_t tid = last_number(status, "NSpid:", &count);
	ssize_t n;

	if (count < 2)
		return;
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	n = readlink(path, space, sizeof(space) - 1);
	if (n < 0)
		return;
	space[n] = 0;
	*ret = (struct seam_own_pids){ tid, last_number(status, "NStgid:", &none), status_number(space, "pid:[") };
}

/* What /proc knows of a thread. A task that ends meanwhile is left out. */
static int describe(void *user, pid_t pid, pid_t tid, struct seam_err *err)
{
	struct start *s = user;
	struct seam_event e = { .kind = SEAM_EVENT_TASK, .time = time_mono_ns(), .tid = (uint32_t)tid, .pid = (uint32_t)pid };
	_cleanup_buf_ struct buf status = BUF_INIT, args = BUF_INIT;
	char path[64], exe[4096];
	const char *name;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/status", (int)pid, (int)tid);
	if (file_read(path, PROC_LIMIT, &status, NULL) < 0)
		return 0;
	name = strstr(status.data, "Name:\t");
	if (name)
		snprintf(e.task.name, sizeof(e.task.name), "%.*s", (int)strcspn(name + 6, "\n"), name + 6);
	e.task.ppid = status_number(status.data, "PPid:\t");
	e.task.uid = status_number(status.data, "Uid:\t");
	find_own(pid, status.data, &e.task.own);
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	if (n > 0) {
		exe[n] = 0;
		if (s->recorder)
			recorder_tell_exe(s->recorder, pid, exe);
		e.task.file = (struct seam_strings){ exe, (uint32_t)n + 1, (uint32_t)n + 1 };
	}
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	if (file_read(path, PROC_LIMIT, &args, NULL) >= 0)
		e.task.args = (struct seam_strings){ args.data, (uint32_t)args.len, (uint32_t)args.len };
	return sink_build(s->sink, s->builder, &e, err);
}

/* Calls @fn for each number in a folder of /proc. */
static int each_number(const char *path, int (*fn)(void *user, pid_t pid, pid_t n, struct seam_err *err), void *user, pid_t pid,
		       struct seam_err *err)
{
	DIR *d = opendir(path);
	struct dirent *entry;
	int r = 0;

	if (!d) /* a process that has just ended */
		return errno == ENOENT ? 0 : seam_err_errno(err, -errno, "%s cannot be read", path);
	while (r >= 0 && (entry = readdir(d))) {
		char *end;
		long n = strtol(entry->d_name, &end, 10);

		if (n > 0 && !*end)
			r = fn(user, pid, (pid_t)n, err);
	}
	closedir(d);
	return r;
}

static int see_thread(void *user, pid_t pid, pid_t tid, struct seam_err *err)
{
	struct threads *t = user;
	int r;

	for (size_t i = 0; i < t->before; i++)
		if (t->seen[i] == tid)
			return 0;
	r = t->fn(t->user, pid, tid, err);
	if (r == -ESRCH) {
		seam_err_clear(err);
		return 0;
	}
	if (r >= 0) {
		t->seen = xreallocarray(t->seen, t->count + 1, sizeof(*t->seen));
		t->seen[t->count++] = tid;
	}
	return r;
}

int start_each_thread(pid_t pid, int (*fn)(void *user, pid_t pid, pid_t tid, struct seam_err *err), void *user, struct seam_err *err)
{
	struct threads t = { .fn = fn, .user = user };
	char path[64];
	int r;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	if (access(path, F_OK) < 0)
		return seam_err_set(err, -ESRCH, "there is no process %d", (int)pid);
	/* threads that are made meanwhile are children of those that are there already, or come with the next round */
	do {
		t.before = t.count;
		r = each_number(path, see_thread, &t, pid, err);
	} while (r >= 0 && t.count > t.before);
	free(t.seen);
	return r;
}

static bool is_known(const struct start *s, pid_t tid)
{
	unsigned n = (unsigned)tid % TASKS;

	return s->added[n / 8] >> n % 8 & 1;
}

/* Whether it has been added before; from now on it has. */
static bool is_added(struct start *s, pid_t tid)
{
	unsigned n = (unsigned)tid % TASKS;
	bool was = is_known(s, tid);

	s->added[n / 8] |= (unsigned char)(1u << n % 8);
	return was;
}

/* ATTACHED: it was not yet. */
static int attach_thread(void *user, pid_t pid, pid_t tid, struct seam_err *err)
{
	struct start *s = user;
	int r;

	if (is_added(s, tid))
		return 0;
	r = s->recorder ? recorder_add(s->recorder, tid, false, err) : 0;
	if (r < 0)
		return r;
	s->fresh++;
	r = describe(s, pid, tid, err);
	return r < 0 ? r : ATTACHED;
}

/* What else a process has, once its threads are known. */
static int more_of(struct start *s, pid_t pid, struct seam_err *err)
{
	int r = descriptors_of(&s->descriptors, pid, false, err);

	if (r >= 0)
		r = images_of(s->images, pid, err);
	if (!s->moving)
		s->drain(s->user);
	return r;
}

static int describe_process(void *user, pid_t none, pid_t pid, struct seam_err *err)
{
	char path[64];
	int r;

	(void)none;
	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	if (access(path, F_OK) < 0)
		return 0;
	r = each_number(path, describe, user, pid, err);
	return r < 0 ? r : more_of(user, pid, err);
}

/* Which process a thread is of; 0: it has ended. */
static pid_t process_of(pid_t tid)
{
	_cleanup_buf_ struct buf status = BUF_INIT;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	return file_read(path, PROC_LIMIT, &status, NULL) < 0 ? 0 : (pid_t)status_number(status.data, "Tgid:\t");
}

static int attach_member(void *user, pid_t tid, struct seam_err *err)
{
	pid_t pid = process_of(tid);
	struct start *s = user;
	int r;

	/* Seam itself may be in the group */
	if (!pid || pid == getpid())
		return 0;
	r = attach_thread(s, pid, tid, err);
	if (r == -ESRCH) {
		seam_err_clear(err);
		return 0;
	}
	if (r == ATTACHED)
		r = pid == tid ? more_of(s, pid, err) : 0;
	return r;
}

/* Who comes to the group is seen by the kernel's side already; children of members that are not recorded yet come with the next round. */
static int attach_cgroup(struct start *s, const char *path, struct seam_err *err)
{
	int r;

	do {
		s->fresh = 0;
		r = cgroups_threads(path, attach_member, s, err);
	} while (r >= 0 && s->fresh);
	return r;
}

struct start *start_new(struct recorder *r, struct images *images, void (*drain)(void *user), void *user)
{
	struct start *s = xcalloc(1, sizeof(*s));

	s->recorder = r;
	s->sink = images->sink;
	s->builder = images->builder;
	s->images = images;
	s->descriptors.sink = images->sink;
	s->descriptors.builder = images->builder;
	s->drain = drain;
	s->user = user;
	s->added = xcalloc(1, TASKS / 8);
	return s;
}

void start_free(struct start *s)
{
	if (!s)
		return;
	free(s->added);
	descriptors_release(&s->descriptors);
	free(s);
}

struct below {
	struct start *start;
	uint64_t *count;
	unsigned depth;
};

static int count_below(struct start *s, pid_t pid, unsigned depth, uint64_t *count, struct seam_err *err);

/* The children of a thread that are not recorded, and theirs. */
static int count_children(void *user, pid_t pid, pid_t tid, struct seam_err *err)
{
	struct below *b = user;
	_cleanup_buf_ struct buf children = BUF_INIT;
	char path[64], *at, *end;
	int r = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)tid);
	if (file_read(path, PROC_LIMIT, &children, NULL) < 0)
		return 0;
	for (at = children.data; r >= 0; at = end) {
		long child = strtol(at, &end, 10);

		if (end == at || child <= 0 || child >= (long)TASKS)
			break;
		/* below one that is recorded it is looked by itself */
		if (is_known(b->start, (pid_t)child))
			continue;
		++*b->count;
		r = count_below(b->start, (pid_t)child, b->depth + 1, b->count, err);
	}
	return r;
}

static int count_below(struct start *s, pid_t pid, unsigned depth, uint64_t *count, struct seam_err *err)
{
	struct below b = { s, count, depth };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	return depth < GENERATIONS && access(path, F_OK) == 0 ? each_number(path, count_children, &b, pid, err) : 0;
}

/* Whether the same process stands further to the front. */
static bool is_before(const pid_t *pids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pids[i] == pids[n])
			return true;
	return false;
}

int start_attached(struct start *s, const struct seam_record_options *o, struct seam_err *err)
{
	uint64_t below = 0;
	int r = 0;

	for (size_t i = 0; i < o->pid_count && r >= 0; i++) {
		s->fresh = 0;
		if ((r = start_each_thread(o->pids[i], attach_thread, s, err)) >= 0 && s->fresh)
			r = more_of(s, o->pids[i], err);
	}
	for (size_t i = 0; i < o->cgroup_count && r >= 0; i++)
		r = attach_cgroup(s, o->cgroups[i], err);
	if (o->all && r >= 0)
		r = each_number("/proc", describe_process, s, 0, err);
	for (size_t i = 0; i < o->pid_count && r >= 0; i++)
		if (!is_before(o->pids, i))
			r = count_below(s, o->pids[i], 0, &below, err);
	if (r >= 0 && below && o->unfollowed)
		o->unfollowed(o->user, below);
	return r >= 0 ? sink_build_end(s->sink, s->builder, err) : r;
}

int start_seen(struct start *s, pid_t pid, pid_t tid, struct seam_err *err)
{
	int r = attach_thread(s, pid, tid, err);

	if (r == ATTACHED && pid == tid)
		r = more_of(s, pid, err);
	return r < 0 ? r : 0;
}

int start_command(struct start *s, pid_t pid, bool starting, struct seam_err *err)
{
	int r = descriptors_of(&s->descriptors, pid, starting, err);

	return r >= 0 ? sink_build_end(s->sink, s->builder, err) : r;
}

static void add_process(const struct seam_task *t, void *user)
{
	struct processes *p = user;

	if (t->tid != t->pid)
		return;
	p->pids = xreallocarray(p->pids, p->count + 1, sizeof(*p->pids));
	p->pids[p->count++] = (pid_t)t->pid;
}

int start_look(struct start *s, const struct seam_tasks *tasks, struct seam_err *err)
{
	uint64_t now = time_mono_ns(), until = now + MIN((now - s->looked) / LOOK_SHARE, LOOK_MOST_NS);
	struct processes p = { 0 };
	int r = 0;

	s->looked = now;
	descriptors_release(&s->descriptors);
	/* what is written down makes tasks known, which must not be while they are gone through */
	seam_tasks_each(tasks, now, add_process, &p);
	for (size_t i = 0; i < p.count && r >= 0 && (!i || time_mono_ns() < until); i++) {
		r = descriptors_of(&s->descriptors, p.pids[i], false, err);
		s->drain(s->user);
	}
	free(p.pids);
	return r >= 0 ? sink_build_end(s->sink, s->builder, err) : r;
}

int start_arrived(struct start *s, pid_t pid, struct seam_err *err)
{
	int r;

	/* new sockets, and nobody to be waited for: it is called when records are moved */
	descriptors_release(&s->descriptors);
	s->moving = true;
	r = describe_process(s, 0, pid, err);
	s->moving = false;
	return r >= 0 ? sink_build_end(s->sink, s->builder, err) : r;
}
