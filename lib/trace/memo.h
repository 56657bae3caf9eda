/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of the last call of each number in a block: what an argument that is not given is. */
#ifndef TRACE_MEMO_H
#define TRACE_MEMO_H

#include <stdbool.h>
#include <stdint.h>

struct trace_memo_slot {
	uint64_t args[6];
	uint32_t key;
	uint32_t block; /* of which it is; in another it is free */
};

/* All zero is an empty one. */
struct trace_memo {
	struct trace_memo_slot *slots; /* open addressing */
	uint32_t cap;                  /* a power of two */
	uint32_t used;
	uint32_t block;
};

/* A new block begins: every argument has been 0. */
void trace_memo_begin(struct trace_memo *m);
void trace_memo_release(struct trace_memo *m);
/* Slow path of trace_memo(). */
uint64_t *trace_memo_find(struct trace_memo *m, uint32_t key);

/* The six arguments, to be read and changed; valid until the next call. */
static inline uint64_t *trace_memo(struct trace_memo *m, uint16_t number, bool compat)
{
	uint32_t key = number | (uint32_t)compat << 16;

	if (m->cap) {
		struct trace_memo_slot *s = &m->slots[key & (m->cap - 1)];

		if (s->block == m->block && s->key == key)
			return s->args;
	}
	return trace_memo_find(m, key);
}

#endif
