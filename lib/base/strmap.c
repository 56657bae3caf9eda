/* SPDX-License-Identifier: BSD-2-Clause */
/* A map from strings to pointers that remembers the order of insertion. */
#include "base/strmap.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

void strmap_init(struct strmap *m)
{
	*m = (struct strmap)STRMAP_INIT;
}

void strmap_release(struct strmap *m)
{
	for (size_t i = 0; i < m->used; i++)
		free(m->entries[i].key);
	free(m->entries);
	free(m->slots);
	strmap_init(m);
}

/* The slot that holds @key, or the free one where it would go. */
static size_t find_slot(const struct strmap *m, const char *key, uint32_t hash)
{
	size_t i = hash & (m->nslots - 1);

	while (m->slots[i]) {
		const struct strmap_entry *e = &m->entries[m->slots[i] - 1];

		if (e->key && e->hash == hash && !strcmp(e->key, key))
			break;
		i = (i + 1) & (m->nslots - 1);
	}
	return i;
}

static struct strmap_entry *find(const struct strmap *m, const char *key)
{
	size_t i;

	if (!m->nslots)
		return NULL;
	i = find_slot(m, key, str_hash(key));
	return m->slots[i] ? &m->entries[m->slots[i] - 1] : NULL;
}

/* Drops removed entries and makes room for twice what is left. */
static void rebuild(struct strmap *m)
{
	size_t n = 0, cap = m->len < 8 ? 16 : m->len * 2;
	struct strmap_entry *entries = xcalloc(cap, sizeof(*entries));

	for (size_t i = 0; i < m->used; i++) {
		if (m->entries[i].key)
			entries[n++] = m->entries[i];
	}
	free(m->entries);
	m->entries = entries;
	m->used = n;
	m->cap = cap;
	m->nslots = 16;
	while (m->nslots < cap * 2)
		m->nslots *= 2;
	free(m->slots);
	m->slots = xcalloc(m->nslots, sizeof(*m->slots));
	for (size_t i = 0; i < n; i++)
		m->slots[find_slot(m, entries[i].key, entries[i].hash)] = (uint32_t)i + 1;
}

void *strmap_get(const struct strmap *m, const char *key)
{
	const struct strmap_entry *e = find(m, key);

	return e ? e->value : NULL;
}

bool strmap_has(const struct strmap *m, const char *key)
{
	return find(m, key) != NULL;
}

void *strmap_put(struct strmap *m, const char *key, void *value)
{
	struct strmap_entry *e = find(m, key);
	uint32_t hash;

	if (e) {
		void *old = e->value;

		e->value = value;
		return old;
	}
	if (m->used == m->cap)
		rebuild(m);
	hash = str_hash(key);
	m->entries[m->used] = (struct strmap_entry){ .key = xstrdup(key), .value = value, .hash = hash };
	m->slots[find_slot(m, key, hash)] = (uint32_t)++m->used;
	m->len++;
	return NULL;
}

void *strmap_remove(struct strmap *m, const char *key)
{
	struct strmap_entry *e = find(m, key);
	void *old;

	if (!e)
		return NULL;
	old = e->value;
	/* The slot stays taken, so that what was placed behind it is still found. */
	free(e->key);
	e->key = NULL;
	e->value = NULL;
	m->len--;
	return old;
}

struct strmap_entry *strmap_next(const struct strmap *m, const struct strmap_entry *after)
{
	for (size_t i = after ? (size_t)(after - m->entries) + 1 : 0; i < m->used; i++) {
		if (m->entries[i].key)
			return &m->entries[i];
	}
	return NULL;
}
