/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of one kind, each run of them kept once. */
#include "seamc/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"

struct pool_run {
	uint64_t hash;
	uint32_t first, count; /* count 0: free slot */
};

static char *reserve(struct pool *p, size_t n)
{
	if (p->n + n > p->cap) {
		p->cap = p->cap ? p->cap * 2 : 256;
		if (p->cap < p->n + n)
			p->cap = p->n + n;
		p->data = xreallocarray(p->data, p->cap, p->size);
	}
	return p->data + p->n * p->size;
}

void pool_init(struct pool *p, size_t size)
{
	*p = (struct pool){ .size = size };
	memset(reserve(p, 1), 0, size);
	p->n = 1;
}

void pool_release(struct pool *p)
{
	free(p->data);
	free(p->runs);
	*p = (struct pool){ 0 };
}

static struct pool_run *find_slot(const struct pool *p, uint64_t hash, const void *records, size_t n)
{
	for (size_t i = hash & (p->run_slots - 1);; i = (i + 1) & (p->run_slots - 1)) {
		struct pool_run *r = &p->runs[i];

		if (!r->count || (records && r->hash == hash && r->count == n &&
				  memcmp(pool_at(p, r->first), records, n * p->size) == 0))
			return r;
	}
}

static void grow_runs(struct pool *p)
{
	struct pool_run *old = p->runs;
	size_t old_slots = p->run_slots;

	p->run_slots = old_slots ? old_slots * 2 : 256;
	p->runs = xcalloc(p->run_slots, sizeof(*p->runs));
	for (size_t i = 0; i < old_slots; i++)
		if (old[i].count)
			*find_slot(p, old[i].hash, NULL, 0) = old[i];
	free(old);
}

uint32_t pool_add(struct pool *p, const void *records, size_t n)
{
	uint64_t hash;
	struct pool_run *r;

	if (!n)
		return 0;
	if (p->run_count * 2 >= p->run_slots)
		grow_runs(p);
	hash = mem_hash64(records, n * p->size);
	r = find_slot(p, hash, records, n);
	if (!r->count) {
		*r = (struct pool_run){ hash, (uint32_t)p->n, (uint32_t)n };
		memcpy(reserve(p, n), records, n * p->size);
		p->n += n;
		p->run_count++;
	}
	return r->first;
}
