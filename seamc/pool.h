/* SPDX-License-Identifier: BSD-2-Clause */
/* Records of one kind, each run of them kept once. What becomes a table in the end. */
#ifndef SEAMC_POOL_H
#define SEAMC_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
	size_t size; /* of a record */
	char *data;
	size_t n, cap;
	struct pool_run *runs; /* hash table */
	size_t run_count, run_slots;
};

/* Record 0 is all zero and means "none". */
void pool_init(struct pool *p, size_t size);
void pool_release(struct pool *p);
/* The index of the first of these n records, added unless the same run was added before; 0 for n = 0. */
uint32_t pool_add(struct pool *p, const void *records, size_t n);

static inline const void *pool_at(const struct pool *p, uint32_t i)
{
	return p->data + (size_t)i * p->size;
}

#endif
