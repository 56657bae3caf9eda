/* SPDX-License-Identifier: BSD-2-Clause */
/* What a task runs from now on, as /proc and its own memory tell it, and what it is called. */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/str.h"
#include "base/time.h"
#include "base/util.h"
#include "record/by-hook-parts.h"
#include "trace/record.h"

#define PROC_LIMIT (8u << 20)
#define WORDS_MOST (1u << 20) /* of arguments, and of environment */

/* What the kernel tells a new program of itself. */
struct start_facts {
	uint64_t file, entry, loader; /* address of its name, of its first instruction, of its loader's file; 0: there is none */
};

static void take_fact(struct start_facts *f, uint64_t type, uint64_t value)
{
	if (type == AT_EXECFN)
		f->file = value;
	else if (type == AT_ENTRY)
		f->entry = value;
	else if (type == AT_BASE)
		f->loader = value;
}

/* Pairs of words; those of a 32-bit program are half as wide, and then no pair of wide ones has the size of a page. */
static void read_facts(uint32_t pid, struct start_facts *ret)
{
	_cleanup_buf_ struct buf all = BUF_INIT;
	bool wide = false;
	char path[64];

	*ret = (struct start_facts){ 0 };
	snprintf(path, sizeof(path), "/proc/%u/auxv", pid);
	if (file_read(path, PROC_LIMIT, &all, NULL) < 0)
		return;
	for (size_t i = 0; i + 16 <= all.len; i += 16) {
		uint64_t type;

		memcpy(&type, all.data + i, 8);
		wide |= type == AT_PAGESZ;
	}
	for (size_t i = 0, word = wide ? 8 : 4; i + 2 * word <= all.len; i += 2 * word) {
		uint64_t type = 0, value = 0;

		memcpy(&type, all.data + i, word);
		memcpy(&value, all.data + i + word, word);
		take_fact(ret, type, value);
	}
}

static struct seam_strings read_words(uint32_t pid, const char *what, struct buf *ret)
{
	struct seam_strings s = { "", 0, 0 };
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/%s", pid, what);
	if (file_read(path, PROC_LIMIT, ret, NULL) < 0)
		return s;
	return (struct seam_strings){ ret->data, (uint32_t)MIN(ret->len, (size_t)WORDS_MOST), (uint32_t)ret->len };
}

static void write_name(struct by_hook *b, uint32_t tid, uint64_t time)
{
	struct seam_event e = { .kind = SEAM_EVENT_NAME, .time = time, .tid = tid };
	_cleanup_buf_ struct buf name = BUF_INIT;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%u/comm", tid);
	if (file_read(path, PROC_LIMIT, &name, NULL) < 0 || !name.len)
		return;
	snprintf(e.name.name, sizeof(e.name.name), "%.16s", name.data);
	e.name.name[strcspn(e.name.name, "\n")] = 0;
	by_hook_write(b, &e);
}

void by_hook_name(struct seam_hook *h, struct told_task *t)
{
	write_name(t->b, h->tid, time_mono_ns());
}

void by_hook_exec(struct seam_hook *h, struct told_task *t)
{
	struct seam_event e = { .kind = SEAM_EVENT_EXEC, .time = time_mono_ns(), .tid = h->tid, .pid = h->pid };
	_cleanup_buf_ struct buf args = BUF_INIT, env = BUF_INIT;
	struct by_hook *b = t->b;
	struct start_facts facts;
	struct image_place places[IMAGE_PLACES];
	const char *file;

	write_name(b, h->tid, e.time);
	read_facts(h->pid, &facts);
	file = facts.file ? seam_read_string(h, facts.file) : NULL;
	e.exec.old_tid = t->tid;
	t->tid = h->tid;
	if (file)
		e.exec.file = (struct seam_strings){ file, (uint32_t)strlen(file) + 1, (uint32_t)strlen(file) + 1 };
	e.exec.args = read_words(h->pid, "cmdline", &args);
	e.exec.env = read_words(h->pid, "environ", &env);
	by_hook_write(b, &e);
	places[0] = (struct image_place){ facts.entry, TRACE_IMAGE_PROGRAM };
	places[1] = (struct image_place){ facts.loader, TRACE_IMAGE_LOADER };
	if (!b->write_failed)
		images_at(&b->images, &b->calls, &e, places, facts.loader ? 2 : 1, NULL);
}
