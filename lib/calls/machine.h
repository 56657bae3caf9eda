/* SPDX-License-Identifier: BSD-2-Clause */
/* The operations of the capture machine that only compute: the same for expressions and for programs. */
#ifndef CALLS_MACHINE_H
#define CALLS_MACHINE_H

#include "seam/calls.h"

static inline uint64_t machine_extend(uint64_t value, unsigned bytes, bool is_signed)
{
	unsigned shift = 64 - bytes * 8;

	if (bytes == 0 || bytes >= 8)
		return value;
	return is_signed ? (uint64_t)((int64_t)(value << shift) >> shift) : value << shift >> shift;
}

static inline uint64_t machine_swap(uint64_t value, unsigned bytes)
{
	return bytes && bytes <= 8 ? __builtin_bswap64(value) >> (64 - bytes * 8) : value;
}

/* The smaller of two counts; a negative one, an error from the kernel, is none. */
static inline uint64_t machine_min(uint64_t a, uint64_t b)
{
	if ((int64_t)a < 0 || (int64_t)b < 0)
		return 0;
	return a < b ? a : b;
}

/* Whether a LOAD wants bytes that lie beyond its limit. */
static inline bool machine_beyond(const struct seam_op *op, const uint64_t *reg)
{
	return (op->flags & SEAM_OP_LIMIT) && (int64_t)reg[op->b % SEAM_REG_COUNT] < op->imm + op->k;
}

/* Does nothing for operations of other kinds. */
static inline void machine_compute(const struct seam_op *op, uint64_t *reg)
{
	uint64_t a = reg[op->a % SEAM_REG_COUNT];
	uint64_t b = op->flags & SEAM_OP_IMM ? (uint64_t)op->imm : reg[op->b % SEAM_REG_COUNT];
	uint64_t *dst = &reg[op->dst % SEAM_REG_COUNT];

	switch (op->code) {
	case SEAM_OP_SET:
		*dst = (uint64_t)op->imm;
		break;
	case SEAM_OP_EXT:
		*dst = machine_extend(a, op->k, op->flags & SEAM_OP_SIGNED);
		break;
	case SEAM_OP_SWAP:
		*dst = machine_swap(a, op->k);
		break;
	case SEAM_OP_ADD:
		*dst = a + b;
		break;
	case SEAM_OP_SUB:
		*dst = a - b;
		break;
	case SEAM_OP_MUL:
		*dst = a * b;
		break;
	case SEAM_OP_DIV:
		*dst = b ? a / b : 0;
		break;
	case SEAM_OP_SHL:
		*dst = b < 64 ? a << b : 0;
		break;
	case SEAM_OP_SHR:
		*dst = b < 64 ? a >> b : 0;
		break;
	case SEAM_OP_AND:
		*dst = a & b;
		break;
	case SEAM_OP_OR:
		*dst = a | b;
		break;
	case SEAM_OP_EQ:
		*dst = a == b;
		break;
	case SEAM_OP_NE:
		*dst = a != b;
		break;
	case SEAM_OP_LT:
		*dst = (int64_t)a < (int64_t)b;
		break;
	case SEAM_OP_LE:
		*dst = (int64_t)a <= (int64_t)b;
		break;
	case SEAM_OP_NOT:
		*dst = !a;
		break;
	case SEAM_OP_BOOL:
		*dst = a != 0;
		break;
	case SEAM_OP_MIN:
		*dst = machine_min(a, b);
		break;
	default:
		break;
	}
}

#endif
