/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files and which peers calls had to do with, and how many bytes went there. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/strmap.h"
#include "base/util.h"
#include "stats/stats-parts.h"

#define EPHEMERAL 32768 /* ports from here on are given to whoever asks for none */

/* One open file under one name, and what it counts for. */
struct known {
	uint64_t id; /* 0: free */
	struct seam_stats_file *file;
};

struct by_file {
	struct strmap files, peers; /* of struct seam_stats_file, by name */
	struct known *known;        /* hash table, a power of two */
	size_t known_count, known_room;
	struct buf name;
};

struct by_file *by_file_new(void)
{
	struct by_file *b = xcalloc(1, sizeof(*b));

	strmap_init(&b->files);
	strmap_init(&b->peers);
	buf_init(&b->name);
	return b;
}

static void free_all(struct strmap *m)
{
	struct strmap_entry *e;

	strmap_for_each(e, m)
		free(e->value);
	strmap_release(m);
}

void by_file_free(struct by_file *b)
{
	if (!b)
		return;
	free_all(&b->files);
	free_all(&b->peers);
	buf_release(&b->name);
	free(b->known);
	free(b);
}

static struct known *find_known(const struct by_file *b, uint64_t id)
{
	for (size_t at = (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32);; at++) {
		struct known *k = &b->known[at & (b->known_room - 1)];

		if (!k->id || k->id == id)
			return k;
	}
}

static void remember(struct by_file *b, uint64_t id, struct seam_stats_file *file)
{
	struct known *k;

	if (b->known_count * 2 >= b->known_room) {
		struct known *old = b->known;
		size_t n = b->known_room;

		/* what was open long ago is not asked for again */
		if (b->known_count >= STATS_KEYS) {
			memset(b->known, 0, n * sizeof(*b->known));
			b->known_count = 0;
		} else {
			b->known_room = n ? n * 2 : 256;
			b->known = xcalloc(b->known_room, sizeof(*b->known));
			for (size_t i = 0; i < n; i++)
				if (old[i].id)
					*find_known(b, old[i].id) = old[i];
			free(old);
		}
	}
	k = find_known(b, id);
	if (!k->id)
		b->known_count++;
	*k = (struct known){ id, file };
}

static struct seam_stats_file *named(struct strmap *m, const char *name)
{
	struct seam_stats_file *file;

	/* a trace may name any number of them */
	if (m->len >= STATS_KEYS)
		name = "(others)";
	file = strmap_get(m, name);
	if (!file) {
		file = xcalloc(1, sizeof(*file));
		strmap_put(m, name, file);
	}
	return file;
}

static unsigned port_of(const char *address)
{
	const char *colon = strrchr(address, ':');

	return colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
}

/* The other end; the many clients of a service by their host. */
static const char *peer_name(struct by_file *b, const struct seam_file *f)
{
	unsigned local = port_of(f->local), peer = port_of(f->peer);

	if (!*f->peer)
		return f->name;
	if (!local || local >= EPHEMERAL || peer < EPHEMERAL)
		return f->peer;
	buf_clear(&b->name);
	buf_addf(&b->name, "%.*s:* at :%u", (int)(strrchr(f->peer, ':') - f->peer), f->peer, local);
	return b->name.data;
}

static struct seam_stats_file *counted_as(struct by_file *b, const struct seam_file *f)
{
	struct seam_stats_file *file;

	if (f->id && b->known_room && (file = find_known(b, f->id)->file))
		return file;
	file = f->kind == SEAM_FILE_SOCKET ? named(&b->peers, peer_name(b, f)) : named(&b->files, f->name);
	if (f->id)
		remember(b, f->id, file);
	return file;
}

static void add_bytes(struct by_file *b, struct seam_files *files, const struct seam_event *e, int arg, bool out)
{
	struct seam_stats_file *file;
	struct seam_file f;

	if (arg < 0 || !seam_files_arg(files, (unsigned)arg, &f) || !*f.name)
		return;
	file = counted_as(b, &f);
	if (out) {
		file->writes++;
		file->written += (uint64_t)e->ret;
	} else {
		file->reads++;
		file->read += (uint64_t)e->ret;
	}
}

void by_file_see(struct by_file *b, struct seam_files *files, const struct seam_event *e, const struct counted *c)
{
	struct seam_stats_file *file;
	struct seam_file f;

	if (!c->touches || !seam_files_about(files, &f))
		return;
	file = counted_as(b, &f);
	file->calls++;
	file->errors += e->returned && seam_has_failed(e->ret);
	if (e->timed && e->returned)
		file->total += e->time - e->entered;
	if (!e->returned || e->ret < 0)
		return;
	file->opens += c->opens;
	add_bytes(b, files, e, c->read_arg, false);
	add_bytes(b, files, e, c->write_arg, true);
}

static size_t settle(struct strmap *m, struct seam_stats_file **ret)
{
	struct strmap_entry *e;
	size_t n = 0;

	*ret = xcalloc(m->len + 1, sizeof(**ret));
	strmap_for_each(e, m) {
		(*ret)[n] = *(struct seam_stats_file *)e->value;
		(*ret)[n++].name = xstrdup(e->key);
	}
	return n;
}

void by_file_settle(struct by_file *b, struct seam_stats *s)
{
	s->file_count = settle(&b->files, &s->files);
	s->peer_count = settle(&b->peers, &s->peers);
}
