/* SPDX-License-Identifier: Dual BSD/GPL */
/* Copies the one piece of memory that most calls have, straight to where it is wanted. What does not fit or is not there is left to walk.bpf.h. */
#ifndef QUICK_BPF_H
#define QUICK_BPF_H

#include "ring.bpf.h"

#include "bpf/quick.h"

#define QUICK_HEAD 8u                                /* the words before a piece's bytes */
#define QUICK_IN (SLOT_MEMORY - QUICK_HEAD - USER_SHORT) /* most bytes of memory that goes in */
#define QUICK_OUT 8192u                              /* of memory that comes out */

/* A piece that is going to be copied. */
struct quick_piece {
	uint64_t address;
	uint64_t whole; /* bytes that there are */
	uint32_t want;  /* of which these are copied */
	uint32_t word;  /* its first word in the record, without the size */
};

static __always_inline void quick_plan(struct quick_piece *piece, const struct walk_quick *q, const uint64_t *reg, uint64_t ret,
				       uint32_t side)
{
	uint64_t n = quick_bytes(q, reg, ret);

	piece->address = reg[q->address & 7];
	if (!piece->address)
		n = 0;
	piece->whole = n;
	if ((q->flags & QUICK_CONTENT) && n > config.snap)
		n = config.snap;
	piece->want = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
	piece->word = (uint32_t)q->address << TRACE_BLOB_SOURCE_SHIFT | side;
	piece->whole = forgotten(piece->whole);
	piece->want = (uint32_t)forgotten(piece->want);
	piece->address = forgotten(piece->address);
}

/* Copies it; returns its bytes in the record, 0 if it could not be read or is longer than `most`. */
static __always_inline uint32_t quick_take(const struct task_struct *task, struct user_place *place, unsigned char *to, const struct quick_piece *piece,
					   uint32_t most)
{
	uint32_t want = (uint32_t)forgotten(piece->want), cut = piece->whole > want;

	opaque(want);
	if (want > most)
		return 0;
	if (cut) {
		to += 4;
		*(uint32_t *)(void *)to = piece->whole > UINT32_MAX ? UINT32_MAX : (uint32_t)piece->whole;
	}
	if (want && user_read(task, place, to + 4, at_most(want, most), piece->address))
		return 0;
	pad(to + 4, at_most(want, most));
	if (cut)
		to -= 4;
	*(uint32_t *)(void *)to = want | piece->word | (cut ? TRACE_BLOB_CUT : TRACE_BLOB_WHOLE) << TRACE_BLOB_STATUS_SHIFT;
	return 4 + cut * 4 + ((want + 3) & ~3u);
}

/* The memory that goes in, kept in the slot. false: the program has to be walked. */
static __always_inline bool quick_keep(struct slot *s, struct user_place *place, const struct walk_quick *q, const uint64_t *reg)
{
	const struct task_struct *task = kernel_task(s->address);
	struct quick_piece piece;
	uint32_t size;
	long got;

	if (q->kind == QUICK_STRING) {
		piece.address = reg[q->address & 7];
		if (!piece.address)
			return true;
		got = user_read_string(task, place, s->memory + 4, QUICK_IN, piece.address);
		if (got <= 0 || got >= QUICK_IN)
			return false;
		size = (uint32_t)got;
		opaque(size);
		if (size > QUICK_IN)
			return false;
		pad(s->memory + 4, at_most(size, QUICK_IN));
		*(uint32_t *)(void *)s->memory = size | (uint32_t)q->address << TRACE_BLOB_SOURCE_SHIFT;
		s->bytes = 4 + ((size + 3) & ~3u);
		return true;
	}
	quick_plan(&piece, q, reg, 0, 0);
	if (!piece.want && !piece.whole)
		return true;
	s->bytes = quick_take(task, place, s->memory, &piece, QUICK_IN);
	return s->bytes;
}

/* What the slot has kept, to its place in a record. Most of it is short. */
static __always_inline uint32_t quick_kept(unsigned char *to, const struct slot *s)
{
	uint32_t bytes = s->bytes;

	opaque(bytes);
	if (bytes <= 64) {
#pragma unroll
		for (int i = 0; i < 16; i++)
			((uint32_t *)(void *)to)[i] = ((const uint32_t *)(const void *)s->memory)[i];
		return bytes;
	}
	if (bytes > SLOT_MEMORY)
		return 0;
	bpf_probe_read_kernel(to, at_most(bytes, SLOT_MEMORY), s->memory);
	return bytes;
}

#endif
