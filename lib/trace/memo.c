/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of the last call of each number in a block. */
#include "trace/memo.h"

#include <string.h>

#include "base/alloc.h"

enum { FIRST = 64 };

void trace_memo_begin(struct trace_memo *m)
{
	m->used = 0;
	/* After 4 G blocks an old slot could look new. */
	if (!++m->block) {
		if (m->slots)
			memset(m->slots, 0, m->cap * sizeof(*m->slots));
		m->block = 1;
	}
}

void trace_memo_release(struct trace_memo *m)
{
	free(m->slots);
	*m = (struct trace_memo){ 0 };
}

static struct trace_memo_slot *place(const struct trace_memo *m, uint32_t key)
{
	uint32_t i = key & (m->cap - 1);

	while (m->slots[i].block == m->block && m->slots[i].key != key)
		i = (i + 1) & (m->cap - 1);
	return &m->slots[i];
}

/* Never more than 2^17 keys, so never more than 2^18 slots. */
static void grow(struct trace_memo *m)
{
	struct trace_memo next = { .cap = m->cap ? m->cap * 2 : FIRST, .used = m->used, .block = m->block };

	next.slots = xcalloc(next.cap, sizeof(*next.slots));
	for (uint32_t i = 0; i < m->cap; i++)
		if (m->slots[i].block == m->block)
			*place(&next, m->slots[i].key) = m->slots[i];
	free(m->slots);
	*m = next;
}

uint64_t *trace_memo_find(struct trace_memo *m, uint32_t key)
{
	struct trace_memo_slot *s;

	if (!m->block)
		trace_memo_begin(m);
	if (m->cap) {
		s = place(m, key);
		if (s->block == m->block)
			return s->args;
	}
	if (m->used * 2 >= m->cap)
		grow(m);
	s = place(m, key);
	memset(s->args, 0, sizeof(s->args));
	s->key = key;
	s->block = m->block;
	m->used++;
	return s->args;
}
