/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files stood in memory to be run, with what tells one from the other. */
#include "show/image-list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/strmap.h"
#include "base/util.h"
#include "seam/json.h"

#define ID_TEXT 2 * 64 + 1

typedef unsigned long long ull;

/* Which file it was, as a name in a map. */
static void key_of(char key[96], uint32_t major, uint32_t minor, uint64_t inode, int64_t changed)
{
	snprintf(key, 96, "%u:%u %llu %lld", major, minor, (ull)inode, (long long)changed);
}

static char *id_text(const struct seam_event *e)
{
	size_t n = MIN((size_t)e->file.id_size, (size_t)(ID_TEXT - 1) / 2);
	char *text = xcalloc(2 * n + 1, 1);

	for (size_t i = 0; i < n; i++)
		snprintf(text + 2 * i, 3, "%02x", e->file.id[i]);
	return text;
}

static bool is_wanted(const struct seam_show_options *o, const struct seam_event *e)
{
	for (size_t i = 0; o->pids && i < o->pid_count; i++)
		if (o->pids[i] == e->pid || o->pids[i] == e->tid)
			return true;
	return !o->pids;
}

static void put_text(struct seam_out *out, const struct seam_event *e, const char *name, const char *id)
{
	seam_out_printf(out, "%-7u %012llx-%012llx %c%c%c %08llx %-40s %s\n", e->pid, (ull)e->image.address,
			(ull)(e->image.address + e->image.bytes), e->image.protection & 1 ? 'r' : '-',
			e->image.protection & 2 ? 'w' : '-', e->image.protection & 4 ? 'x' : '-', (ull)e->image.offset,
			id && *id ? id : "-", *name ? name : "?");
}

static void put_json(struct seam_out *out, const struct seam_event *e, const char *name, const char *id)
{
	struct seam_json j;

	seam_out_printf(out, "{\"pid\":%u,\"time\":%llu,\"address\":\"%#llx\",\"bytes\":%llu,\"protection\":%u,\"offset\":%llu,"
			"\"device\":\"%u:%u\",\"inode\":%llu,\"changed\":%lld,\"build_id\":", e->pid, (ull)e->time,
			(ull)e->image.address, (ull)e->image.bytes, e->image.protection, (ull)e->image.offset,
			e->image.major, e->image.minor, (ull)e->image.inode, (long long)e->image.changed);
	seam_json_init(&j, out, false);
	seam_json_string(&j, id && *id ? id : NULL);
	seam_out_puts(out, ",\"name\":");
	seam_json_init(&j, out, false);
	seam_json_string(&j, name);
	seam_out_puts(out, "}\n");
}

static int find_files(struct seam_trace *t, struct strmap *ids, struct seam_err *err)
{
	const struct seam_event *e;
	char key[96];
	int r;

	while ((r = seam_trace_next(t, &e, err)) > 0) {
		if (e->kind != SEAM_EVENT_FILE)
			continue;
		key_of(key, e->file.major, e->file.minor, e->file.inode, e->file.changed);
		if (!strmap_has(ids, key))
			strmap_put(ids, key, id_text(e));
	}
	return r;
}

int show_images(struct seam_trace *t, const struct seam_show_options *o, struct seam_out *out, struct seam_err *err)
{
	struct strmap ids = { 0 };
	struct strmap_entry *entry;
	const struct seam_event *e;
	int r = find_files(t, &ids, err);

	if (r >= 0)
		r = seam_trace_seek(t, 0, err);
	if (r >= 0 && !o->json)
		seam_out_puts(out, "PID     ADDRESSES                         OFFSET   BUILD ID                                 FILE\n");
	while (r >= 0 && (r = seam_trace_next(t, &e, err)) > 0) {
		_cleanup_free_ char *name = NULL;
		const char *id;
		char key[96];

		if (e->kind != SEAM_EVENT_IMAGE || !is_wanted(o, e))
			continue;
		name = xstrndup(e->image.name.size ? e->image.name.bytes : "", e->image.name.size);
		key_of(key, e->image.major, e->image.minor, e->image.inode, e->image.changed);
		id = strmap_get(&ids, key);
		if (o->json)
			put_json(out, e, name, id);
		else
			put_text(out, e, name, id);
	}
	strmap_for_each(entry, &ids)
		free(entry->value);
	strmap_release(&ids);
	return r;
}
