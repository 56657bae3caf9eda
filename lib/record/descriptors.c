/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tasks that are there when a recording begins have open, as /proc tells it. */
#include "record/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "base/time.h"
#include "trace/record.h"

void descriptors_release(struct descriptors *d)
{
	socket_list_release(&d->sockets);
}

/* A small file below a folder; "" if it cannot be read. */
static void read_small(int folder, const char *name, char *to, size_t size)
{
	int fd = openat(folder, name, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, to, size - 1) : -1;

	to[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static uint64_t number_behind(const char *text, const char *word, int base)
{
	const char *line = strstr(text, word);

	return line ? strtoull(line + strlen(word), NULL, base) : 0;
}

/* The time is that of before the look: what happens during it is told by calls, and these count. */
static int write_one(struct descriptors *d, pid_t pid, int fd, uint64_t time, const char *name, const char *info,
		     struct seam_err *err)
{
	struct seam_event e = { .kind = SEAM_EVENT_DESCRIPTOR, .time = time, .tid = (uint32_t)pid };
	const char *socket = "", *inode = str_after(name, "socket:[");
	uint32_t n = (uint32_t)strlen(name) + 1;

	if (inode)
		socket = socket_list_get(&d->sockets, pid, strtoull(inode, NULL, 10));
	e.descriptor.fd = fd;
	e.descriptor.flags = (uint32_t)number_behind(info, "flags:", 8);
	e.descriptor.position = number_behind(info, "pos:", 10);
	e.descriptor.name = (struct seam_strings){ name, n, n };
	n = *socket ? (uint32_t)strlen(socket) + 1 : 0;
	e.descriptor.socket = (struct seam_strings){ socket, n, n };
	return sink_build(d->sink, d->builder, &e, err);
}

/* "(deleted)" stays: the kernel says it. False: there is no such link any more. */
static bool read_link(int folder, const char *name, char to[4096])
{
	ssize_t n = readlinkat(folder, name, to, 4095);

	to[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static int write_folder(struct descriptors *d, pid_t pid, int proc, const char *link, int fd, struct seam_err *err)
{
	uint64_t time = time_mono_ns();
	char name[4096];

	/* the root that everybody has says nothing */
	if (!read_link(proc, link, name) || (fd == TRACE_FD_ROOT && str_eq(name, "/")))
		return 0;
	return write_one(d, pid, fd, time, name, "", err);
}

static int write_table(struct descriptors *d, pid_t pid, int proc, bool starting, struct seam_err *err)
{
	int fds = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fds >= 0 ? fdopendir(fds) : NULL;
	uint64_t time = time_mono_ns();
	struct dirent *entry;
	int r = 0;

	if (!dir) {
		if (fds >= 0)
			close(fds);
		return 0;
	}
	while (r >= 0 && (entry = readdir(dir))) {
		char name[4096], info[1024], path[32], *end;
		long fd = strtol(entry->d_name, &end, 10);

		if (*end || end == entry->d_name || !read_link(fds, entry->d_name, name))
			continue;
		snprintf(path, sizeof(path), "fdinfo/%ld", fd);
		read_small(proc, path, info, sizeof(info));
		if (starting && number_behind(info, "flags:", 8) & O_CLOEXEC)
			continue;
		r = write_one(d, pid, (int)fd, time, name, info, err);
	}
	closedir(dir);
	return r;
}

int descriptors_of(struct descriptors *d, pid_t pid, bool starting, struct seam_err *err)
{
	char path[32];
	int proc, r;

	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	proc = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return 0;
	r = write_folder(d, pid, proc, "cwd", TRACE_FD_CWD, err);
	if (r >= 0)
		r = write_folder(d, pid, proc, "root", TRACE_FD_ROOT, err);
	if (r >= 0)
		r = write_table(d, pid, proc, starting, err);
	close(proc);
	return r;
}
