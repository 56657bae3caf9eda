/* SPDX-License-Identifier: BSD-2-Clause */
/* A cgroup of the recorder's own for the command that it records: to be frozen while there is no room. */
#include "record/freezer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cgroups.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/util.h"

#define FROZEN_LOOK_NS 500000 /* how often it is looked whether there is room again */
#define IDLE_LOOK_MS 50       /* if a notice was missed */
#define REMOVE_TRIES 200      /* of 5 ms each: tasks that are ending are in it until they are gone */

static int put(int folder, const char *file, const char *text)
{
	_cleanup_close_ int fd = openat(folder, file, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : fd_write_all(fd, text, strlen(text));
}

static int put_pid(int folder, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	return put(folder, "cgroup.procs", text);
}

static void forget(struct freezer *f)
{
	if (f->parent >= 0)
		close(f->parent);
	if (f->group >= 0)
		close(f->group);
	f->parent = f->group = -1;
}

int freezer_make(struct freezer *f, pid_t pid, struct seam_err *err)
{
	_cleanup_buf_ struct buf own = BUF_INIT;
	int r;

	r = cgroups_own(&own, err);
	if (r < 0)
		return r;
	f->parent = open(own.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (f->parent < 0)
		return seam_err_errno(err, -errno, "%s cannot be opened", own.data);
	snprintf(f->name, sizeof(f->name), "seam-%d", (int)getpid());
	if (mkdirat(f->parent, f->name, 0755) < 0) {
		r = seam_err_errno(err, -errno, "no cgroup can be made in %s", own.data);
		forget(f);
		return r;
	}
	f->group = openat(f->parent, f->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	r = f->group < 0 ? -errno : faccessat(f->group, "cgroup.freeze", W_OK, 0) < 0 ? -errno : put_pid(f->group, pid);
	if (r < 0) {
		seam_err_errno(err, r, "the cgroup %s/%s cannot be used", own.data, f->name);
		unlinkat(f->parent, f->name, AT_REMOVEDIR);
		forget(f);
		return r;
	}
	return 0;
}

static void sleep_ns(long ns)
{
	struct timespec t = { .tv_nsec = ns };

	nanosleep(&t, NULL);
}

/*
 * Woken on the processor that writes, and before the task that writes there, if it may be: then little comes until all are frozen.
 */
static void hurry(void)
{
	struct sched_param p = { .sched_priority = 1 };

	if (sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &p) < 0)
		IGNORE_RESULT(setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), -20));
}

static bool has_ended(const struct freezer *f, int ms)
{
	struct pollfd p[2] = { { .fd = f->end, .events = POLLIN }, { .fd = f->wake, .events = POLLIN } };
	struct epoll_event e;

	if (poll(p, 2, ms) > 0 && p[1].revents)
		epoll_wait(f->wake, &e, 1, 0);
	return p[0].revents;
}

static void *watch_room(void *arg)
{
	struct freezer *f = arg;

	hurry();
	while (!has_ended(f, IDLE_LOOK_MS)) {
		if (!recorder_is_short(f->recorder))
			continue;
		put(f->group, "cgroup.freeze", "1");
		while (recorder_is_short(f->recorder) && !has_ended(f, 0))
			sleep_ns(FROZEN_LOOK_NS);
		put(f->group, "cgroup.freeze", "0");
	}
	return NULL;
}

int freezer_start(struct freezer *f, struct recorder *r, struct seam_err *err)
{
	int e;

	f->recorder = r;
	f->end = eventfd(0, EFD_CLOEXEC);
	f->wake = recorder_short_fd(r);
	e = f->end < 0 || f->wake < 0 ? -errno : -pthread_create(&f->thread, NULL, watch_room, f);
	if (e < 0)
		return seam_err_errno(err, e, "no thread to freeze the command");
	f->running = true;
	return 0;
}

void freezer_stop(struct freezer *f)
{
	uint64_t one = 1;

	if (f->running && write(f->end, &one, sizeof(one)) == sizeof(one))
		pthread_join(f->thread, NULL);
	f->running = false;
	if (f->wake >= 0)
		close(f->wake);
	if (f->end >= 0)
		close(f->end);
	f->wake = f->end = -1;
}

/* Those who are left: a daemon that the command has started, or the command itself when the recorder was killed. */
static void move_out(const struct freezer *f)
{
	_cleanup_buf_ struct buf list = BUF_INIT;
	_cleanup_close_ int fd = openat(f->group, "cgroup.procs", O_RDONLY | O_CLOEXEC);
	char *p, *end;

	if (fd < 0 || fd_read(fd, "cgroup.procs", 0, &list, NULL) < 0)
		return;
	for (p = list.data; p && *p; p = *end ? end + 1 : end) {
		long pid = strtol(p, &end, 10);

		if (end == p)
			break;
		put_pid(f->parent, (pid_t)pid);
	}
}

void freezer_dissolve(struct freezer *f)
{
	freezer_stop(f);
	if (f->group < 0)
		return;
	put(f->group, "cgroup.freeze", "0");
	for (int i = 0; i < REMOVE_TRIES; i++) {
		move_out(f);
		if (unlinkat(f->parent, f->name, AT_REMOVEDIR) == 0 || errno != EBUSY)
			break;
		sleep_ns(5000000);
	}
	forget(f);
}
