/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables of descriptors: pages that are shared until one of the sharers changes them, because forks copy tables. */
#include <string.h>

#include "base/alloc.h"
#include "files/files-parts.h"

struct fd_table *fd_table_new(struct files_budget *b)
{
	struct fd_table *t = xcalloc(1, sizeof(*t));

	t->refs = 1;
	b->bytes += sizeof(*t);
	return t;
}

struct fd_table *fd_table_ref(struct fd_table *t)
{
	t->refs++;
	return t;
}

static void page_unref(struct files_budget *b, struct page *p)
{
	if (!p || --p->refs)
		return;
	for (size_t i = 0; i < FILES_PAGE; i++) {
		open_file_unref(b, p->slots[i].file);
		open_file_unref(b, p->slots[i].was);
	}
	b->bytes -= sizeof(*p);
	free(p);
}

void fd_table_unref(struct files_budget *b, struct fd_table *t)
{
	if (!t || --t->refs)
		return;
	for (size_t i = 0; i < t->page_count; i++)
		page_unref(b, t->pages[i]);
	b->bytes -= sizeof(*t) + t->page_count * sizeof(*t->pages);
	free(t->pages);
	free(t);
}

struct fd_table *fd_table_copy(struct files_budget *b, struct fd_table *t)
{
	struct fd_table *copy = fd_table_new(b);

	if (!t->page_count || b->bytes > FILES_BYTES_MAX)
		return copy;
	copy->pages = xcalloc(t->page_count, sizeof(*copy->pages));
	copy->page_count = t->page_count;
	b->bytes += t->page_count * sizeof(*t->pages);
	for (size_t i = 0; i < t->page_count; i++) {
		copy->pages[i] = t->pages[i];
		if (copy->pages[i])
			copy->pages[i]->refs++;
	}
	return copy;
}

const struct slot *fd_table_get(const struct fd_table *t, int fd)
{
	size_t page = (size_t)fd / FILES_PAGE;

	if (fd < 0 || page >= t->page_count || !t->pages[page])
		return NULL;
	return &t->pages[page]->slots[(size_t)fd % FILES_PAGE];
}

static bool grow(struct files_budget *b, struct fd_table *t, size_t pages)
{
	if (pages <= t->page_count)
		return true;
	if (b->bytes > FILES_BYTES_MAX)
		return false;
	pages = MAX(pages, MIN(t->page_count * 2, (size_t)FILES_FD_MAX / FILES_PAGE));
	t->pages = xreallocarray(t->pages, pages, sizeof(*t->pages));
	memset(t->pages + t->page_count, 0, (pages - t->page_count) * sizeof(*t->pages));
	b->bytes += (pages - t->page_count) * sizeof(*t->pages);
	t->page_count = pages;
	return true;
}

/* For writing; NULL: there is no room. */
static struct slot *slot(struct files_budget *b, struct fd_table *t, int fd)
{
	size_t page = (size_t)fd / FILES_PAGE;
	struct page *p, *old;

	if (fd < 0 || fd >= FILES_FD_MAX || !grow(b, t, page + 1))
		return NULL;
	p = old = t->pages[page];
	if (!p || p->refs > 1) {
		if (b->bytes > FILES_BYTES_MAX) {
			/* what is there would be wrong from now on */
			page_unref(b, old);
			t->pages[page] = NULL;
			return NULL;
		}
		p = xcalloc(1, sizeof(*p));
		if (old)
			*p = *old;
		p->refs = 1;
		b->bytes += sizeof(*p);
		for (size_t i = 0; i < FILES_PAGE; i++) {
			open_file_ref(p->slots[i].file);
			open_file_ref(p->slots[i].was);
		}
		page_unref(b, old);
		t->pages[page] = p;
	}
	return &p->slots[(size_t)fd % FILES_PAGE];
}

void fd_table_put(struct files_budget *b, struct fd_table *t, int fd, struct open_file *file, uint64_t now)
{
	const struct slot *old = fd_table_get(t, fd);
	struct slot *s;

	if (!file && (!old || (!old->file && !old->was)))
		return; /* nothing is known, and nothing was */
	s = slot(b, t, fd);
	if (!s) {
		open_file_unref(b, file);
		return;
	}
	/* closed and opened by one call: what it found is what stood there before both */
	if (s->since == now && s->was) {
		open_file_unref(b, s->file);
	} else {
		open_file_unref(b, s->was);
		s->was = s->file;
	}
	s->file = file;
	s->since = now;
	s->cloexec = false;
}

void fd_table_mark(struct files_budget *b, struct fd_table *t, int fd, bool cloexec)
{
	const struct slot *old = fd_table_get(t, fd);
	struct slot *s;

	if (!old || !old->file || old->cloexec == cloexec)
		return;
	s = slot(b, t, fd);
	if (s)
		s->cloexec = cloexec;
}

/* The last descriptor of which anything can be known. */
static uint32_t last_known(const struct fd_table *t, uint32_t last)
{
	size_t end = t->page_count * FILES_PAGE;

	return end ? (uint32_t)MIN((size_t)last, end - 1) : 0;
}

void fd_table_close_range(struct files_budget *b, struct fd_table *t, uint32_t first, uint32_t last, uint64_t now)
{
	last = last_known(t, last);
	for (uint32_t fd = first; fd <= last; fd++) {
		const struct slot *s = fd_table_get(t, (int)fd);

		if (!s)
			fd |= FILES_PAGE - 1;
		else if (s->file)
			fd_table_put(b, t, (int)fd, NULL, now);
	}
}

void fd_table_mark_range(struct files_budget *b, struct fd_table *t, uint32_t first, uint32_t last)
{
	last = last_known(t, last);
	for (uint32_t fd = first; fd <= last; fd++)
		fd_table_mark(b, t, (int)fd, true);
}

void fd_table_exec(struct files_budget *b, struct fd_table *t, uint64_t now)
{
	for (size_t i = 0; i < t->page_count * FILES_PAGE; i++) {
		const struct slot *s = fd_table_get(t, (int)i);

		if (!s)
			i |= FILES_PAGE - 1;
		else if (s->file && s->cloexec)
			fd_table_put(b, t, (int)i, NULL, now);
	}
}

void fd_table_merge(struct files_budget *b, struct fd_table *to, const struct fd_table *from, uint64_t since)
{
	for (size_t i = 0; i < from->page_count * FILES_PAGE; i++) {
		const struct slot *s = fd_table_get(from, (int)i);

		if (!s) {
			i |= FILES_PAGE - 1;
		} else if (s->since > since) {
			fd_table_put(b, to, (int)i, open_file_ref(s->file), s->since);
			fd_table_mark(b, to, (int)i, s->cloexec);
		}
	}
}
