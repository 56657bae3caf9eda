/* SPDX-License-Identifier: BSD-2-Clause */
/* A map from strings to pointers that remembers the order of insertion. */
#ifndef BASE_STRMAP_H
#define BASE_STRMAP_H

#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/util.h"

struct strmap_entry {
	char *key; /* owned by the map; NULL: removed */
	void *value;
	uint32_t hash;
};

/* All zero is an empty map. The members are for strmap_for_each() only. */
struct strmap {
	struct strmap_entry *entries; /* in order of insertion */
	size_t used;                  /* entries in use, the removed ones included */
	size_t len;                   /* keys in the map */
	size_t cap;
	uint32_t *slots; /* open addressing: number of an entry plus 1, 0 is free */
	size_t nslots;   /* power of two */
};

#define STRMAP_INIT { 0 }

void strmap_init(struct strmap *m);
/* Frees the map and its copies of the keys. The values belong to the caller. */
void strmap_release(struct strmap *m);
/* The value, NULL if there is no such key. */
void *strmap_get(const struct strmap *m, const char *key);
bool strmap_has(const struct strmap *m, const char *key);
/* Puts a value under a copy of @key. Returns the one that was there, which keeps its place in the order. */
void *strmap_put(struct strmap *m, const char *key, void *value);
/* Returns the value that was there, or NULL. Safe inside strmap_for_each(). */
void *strmap_remove(struct strmap *m, const char *key);

/* Skips removed entries; for strmap_for_each(). */
struct strmap_entry *strmap_next(const struct strmap *m, const struct strmap_entry *after);

/* @e: a struct strmap_entry *. Nothing may be put into the map inside the loop. */
#define strmap_for_each(e, m) for ((e) = strmap_next(m, NULL); (e); (e) = strmap_next(m, e))

DEFINE_CLEANUP(strmap, strmap_release)
#define _cleanup_strmap_ __attribute__((cleanup(cleanup_strmap)))

#endif
