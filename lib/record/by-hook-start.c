/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls that tasks are in when they are attached to: these are interrupted for that, and begun again. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "record/by-hook-parts.h"

#define CALL_LIMIT 4096u

static void look_at(struct by_hook *b, uint32_t pid, uint32_t tid)
{
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct under_way w = { .tid = tid };
	char path[64], *end;

	snprintf(path, sizeof(path), "/proc/%u/task/%u/syscall", pid, tid);
	if (file_read(path, CALL_LIMIT, &text, NULL) < 0)
		return;
	/* "-1 ..." or "running": it is in none */
	w.number = strtoull(text.data, &end, 10);
	if (end == text.data || *text.data == '-')
		return;
	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		w.args[i] = strtoull(end, &end, 16);
	b->under_way = xreallocarray(b->under_way, b->under_way_count + 1, sizeof(w));
	b->under_way[b->under_way_count++] = w;
}

void by_hook_look_under_way(struct by_hook *b)
{
	const struct seam_call *restart = seam_call_by_name(&seam_tables, seam_arch_native(), "restart_syscall");

	b->restart = restart ? restart->number : UINT64_MAX;
	for (size_t i = 0; i < b->o->pid_count; i++) {
		char path[64];
		struct dirent *e;
		DIR *d;

		snprintf(path, sizeof(path), "/proc/%d/task", (int)b->o->pids[i]);
		d = opendir(path);
		while (d && (e = readdir(d)))
			if (e->d_name[0] != '.')
				look_at(b, (uint32_t)b->o->pids[i], (uint32_t)strtoul(e->d_name, NULL, 10));
		if (d)
			closedir(d);
	}
}

const struct under_way *by_hook_under_way(const struct by_hook *b, uint32_t tid)
{
	for (size_t i = 0; i < b->under_way_count; i++)
		if (b->under_way[i].tid == tid)
			return &b->under_way[i];
	return NULL;
}
