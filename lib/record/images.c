/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files stand in memory to be run: what was there before the recording, and what is known of each file. */
#include "record/images.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/time.h"
#include "base/util.h"
#include "record/build-id.h"

#define MAPS_LIMIT (16u << 20)
#define FIRST 64

/* Which file it was. All zeros: a free place. */
struct image_key {
	uint64_t inode, device;
	int64_t changed;
};

void images_release(struct images *s)
{
	free(s->known);
	s->known = NULL;
	s->known_count = s->known_size = 0;
}

static struct image_key *find(const struct images *s, const struct image_key *key)
{
	size_t i = (key->inode ^ key->device ^ (uint64_t)key->changed) * 0x9e3779b97f4a7c15 >> 32;

	for (;; i++) {
		struct image_key *k = &s->known[i & (s->known_size - 1)];

		if (!k->inode || !memcmp(k, key, sizeof(*k)))
			return k;
	}
}

/* Whether it was written down already; from now on it was. */
static bool is_known(struct images *s, const struct image_key *key)
{
	struct image_key *k;

	if (2 * s->known_count >= s->known_size) {
		struct images old = *s;

		s->known_size = MAX(2 * old.known_size, (size_t)FIRST);
		s->known = xcalloc(s->known_size, sizeof(*s->known));
		for (size_t i = 0; i < old.known_size; i++)
			if (old.known[i].inode)
				*find(s, &old.known[i]) = old.known[i];
		free(old.known);
	}
	k = find(s, key);
	if (k->inode)
		return true;
	*k = *key;
	s->known_count++;
	return false;
}

/* The file itself, even if it has been replaced or the process lives elsewhere; -1: it is gone. */
static int open_image(const struct trace_image *x, const char *name)
{
	char path[4200];
	int fd;

	snprintf(path, sizeof(path), "/proc/%u/map_files/%" PRIx64 "-%" PRIx64, x->pid, x->address, x->address + x->bytes);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 || !name[0])
		return fd;
	/* the process has ended, or has unmapped it */
	snprintf(path, sizeof(path), "/proc/%u/root%s", x->pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	return fd >= 0 ? fd : open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

/* Whether this is the file that was mapped. */
static bool is_same(int fd, const struct trace_image *x, struct stat *st)
{
	return fstat(fd, st) == 0 && S_ISREG(st->st_mode) && (uint64_t)st->st_ino == x->inode &&
	       (int64_t)st->st_mtim.tv_sec == x->changed;
}

static int write_file(struct images *s, const struct trace_image *x, const char *name, struct seam_err *err)
{
	struct seam_event e = { .kind = SEAM_EVENT_FILE, .time = time_mono_ns() };
	unsigned char id[BUILD_ID_MOST];
	int fd = open_image(x, name);
	struct stat st = { 0 };

	e.file.inode = x->inode;
	e.file.major = x->major;
	e.file.minor = x->minor;
	e.file.changed = x->changed;
	if (fd >= 0 && is_same(fd, x, &st)) {
		e.file.size = (uint64_t)st.st_size;
		e.file.id = id;
		e.file.id_size = build_id_read(fd, id);
	}
	if (fd >= 0)
		close(fd);
	e.file.name = (struct seam_strings){ name, (uint32_t)strlen(name) + 1, (uint32_t)strlen(name) + 1 };
	return sink_build(s->sink, s->builder, &e, err);
}

void images_seen(void *images, const struct image_notice *notice)
{
	const struct trace_image *x = &notice->image;
	struct image_key key = { x->inode, makedev(x->major, x->minor), x->changed };
	struct images *s = images;

	/* what cannot be written any more is noticed where the calls cannot be */
	if (x->inode && !is_known(s, &key))
		write_file(s, x, notice->name, NULL);
}

/* A line of /proc/PID/maps: of what can be run. */
static bool parse_line(char *line, pid_t pid, struct trace_image *x, const char **ret_name)
{
	uint64_t begin, end, offset, inode;
	unsigned major, minor;
	char protection[5];
	int at = 0;

	*x = (struct trace_image){ .pid = (uint32_t)pid, .how = TRACE_IMAGE_FOUND };
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n", &begin, &end, protection, &offset,
		   &major, &minor, &inode, &at) != 7 || !at)
		return false;
	if (protection[2] != 'x')
		return false;
	x->address = begin;
	x->bytes = end - begin;
	x->offset = offset;
	x->inode = inode;
	x->major = major;
	x->minor = minor;
	x->protection = (protection[0] == 'r' ? 1u : 0u) | (protection[1] == 'w' ? 2u : 0u) | 4u;
	*ret_name = inode ? line + at : "";
	return true;
}

static int write_image(struct images *s, struct trace_builder *to, const struct seam_event *like, struct trace_image *x, const char *name,
		       struct seam_err *err)
{
	struct seam_event e = { .kind = SEAM_EVENT_IMAGE, .time = like->time, .tid = like->tid, .pid = like->pid };
	struct image_key key;
	struct stat st;
	int fd, r;

	/* who it was is said by the kernel's own time of its change */
	fd = x->inode ? open_image(x, name) : -1;
	if (fd >= 0 && fstat(fd, &st) == 0)
		x->changed = (int64_t)st.st_mtim.tv_sec;
	if (fd >= 0)
		close(fd);
	e.image.how = x->how;
	e.image.address = x->address;
	e.image.bytes = x->bytes;
	e.image.offset = x->offset;
	e.image.inode = x->inode;
	e.image.major = x->major;
	e.image.minor = x->minor;
	e.image.changed = x->changed;
	e.image.protection = x->protection;
	e.image.name = (struct seam_strings){ name, (uint32_t)strlen(name) + 1, (uint32_t)strlen(name) + 1 };
	r = sink_build(s->sink, to, &e, err);
	key = (struct image_key){ x->inode, makedev(x->major, x->minor), x->changed };
	return r < 0 || !x->inode || is_known(s, &key) ? r : write_file(s, x, name, err);
}

/* All that a process can run, to be gone through by next_area(). */
struct areas {
	struct buf maps;
	char *line;
	pid_t pid;
};

static bool read_areas(struct areas *a, pid_t pid)
{
	char path[32];

	*a = (struct areas){ .maps = BUF_INIT, .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	if (file_read(path, MAPS_LIMIT, &a->maps, NULL) < 0)
		return false;
	a->line = a->maps.data;
	return true;
}

/* Cuts the lines apart. */
static bool next_area(struct areas *a, struct trace_image *x, const char **ret_name)
{
	while (*a->line) {
		char *line = a->line;

		a->line = strchrnul(line, '\n');
		if (*a->line)
			*a->line++ = 0;
		if (parse_line(line, a->pid, x, ret_name))
			return true;
	}
	return false;
}

int images_of(struct images *s, pid_t pid, struct seam_err *err)
{
	struct trace_image x;
	struct areas a;
	const char *name;
	int r = 0;

	if (!read_areas(&a, pid))
		return 0;
	while (r >= 0 && next_area(&a, &x, &name)) {
		struct seam_event like = { .time = time_mono_ns(), .tid = (uint32_t)pid, .pid = (uint32_t)pid };

		if (x.inode)
			r = write_image(s, s->builder, &like, &x, name, err);
	}
	buf_release(&a.maps);
	return r;
}

/* Of what is looked for. */
static bool is_place(const struct trace_image *x, const struct image_place *p)
{
	if (p->how == TRACE_IMAGE_LOADER) /* its code is behind its beginning */
		return p->address && x->inode && x->address + x->bytes > p->address;
	return p->address >= x->address && p->address - x->address < x->bytes;
}

int images_at(struct images *s, struct trace_builder *to, const struct seam_event *like, const struct image_place *places, size_t n,
	      struct seam_err *err)
{
	struct trace_image x, found[IMAGE_PLACES] = { { 0 } };
	const char *name, *names[IMAGE_PLACES] = { NULL };
	struct areas a;
	int r = 0;

	if (!read_areas(&a, (pid_t)like->pid))
		return 0;
	while (next_area(&a, &x, &name))
		for (size_t i = 0; i < n; i++)
			if (!names[i] && is_place(&x, &places[i])) {
				found[i] = x;
				found[i].how = places[i].how;
				names[i] = name;
			}
	for (size_t i = 0; i < n && r >= 0; i++)
		if (names[i])
			r = write_image(s, to, like, &found[i], names[i], err);
	buf_release(&a.maps);
	return r;
}
