/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a filter that the kernel works out: a program of fixed-width operations over the few facts that are cheap
 * there. Programs in the kernel include this too: no libc, no pointers in the data, every loop has a bound. split.h makes the
 * programs.
 *
 * The answer has three values. They stand in two words of bits, of which the lowest is the top of a stack: `yes`, and
 * `open` for what is not known; and, or, not are those of Kleene.
 */
#ifndef FILTER_RUN_H
#define FILTER_RUN_H

#include <stdbool.h>
#include <stdint.h>

/* The numbers are those of enum seam_filter_field. */
enum filter_source {
	FILTER_ARG0, /* to 5 */
	FILTER_RET = 6,
	FILTER_DURATION,
	FILTER_PID,
	FILTER_TID,
	FILTER_PPID,
	FILTER_UID,
	FILTER_CGROUP,
	FILTER_SOURCES,
	FILTER_COMM = FILTER_SOURCES, /* in `known` only */
};

/* A power of two, so that an index that is cut to it is in bounds. */
#define FILTER_NUMBERS 16
#define FILTER_COMM_SIZE 16

/* What is known of a call. Only what the program uses (filter_split.uses) must be filled in. */
struct filter_facts {
	uint64_t number[FILTER_NUMBERS]; /* by enum filter_source */
	uint64_t comm[FILTER_COMM_SIZE / 8]; /* the bytes of the name, a NUL behind them */
	uint32_t known; /* 1 << enum filter_source; at entry neither the result nor the duration is */
	uint32_t absent; /* the same for what there is not: the result of a call that never returned */
	uint32_t answered, fits; /* 1 << question: the questions about strings */
};

enum filter_code {
	FILTER_OP_RANGE, /* push whether low <= the number <= high, after width, mask and sign */
	FILTER_OP_COMM,  /* push whether the first k bytes of the name are those in low and high */
	FILTER_OP_OPEN,  /* push "not known" */
	FILTER_OP_STRING, /* push the answer to question k about strings; pattern.h says what else the operation has */
	FILTER_OP_AND,
	FILTER_OP_OR,
	FILTER_OP_NOT,
	FILTER_OP_JNO,   /* skip k operations if the top is no, */
	FILTER_OP_JYES,  /* or yes; it stays */
};

enum filter_op_flags {
	FILTER_SIGNED = 1 << 0,
	FILTER_ALSO = 1 << 1, /* RANGE, COMM: do not push, but or into the top */
};

struct filter_op {
	uint8_t code, source;
	uint8_t width; /* bytes of the number that count */
	uint8_t flags;
	uint16_t k;
	uint16_t spare;
	uint64_t mask;
	uint64_t low, high; /* of signed numbers with the sign's bit turned over */
};

#define FILTER_OPS_MAX 256 /* of a program */
#define FILTER_DEPTH 64    /* of the stack */
#define FILTER_QUESTIONS 32 /* about strings */

/* Where the program of a call begins in the array of operations, and how long it is; or what is known without one. */
struct filter_start {
	uint32_t first;
	uint16_t count;
	uint8_t answer; /* enum filter_answer, if count is 0 */
	uint8_t spare;
};

enum filter_answer { FILTER_DROP, FILTER_KEEP, FILTER_USER };

struct filter_state {
	uint64_t yes, open;
	uint32_t at;
};

static inline __attribute__((always_inline)) uint64_t filter_key(const struct filter_op *op, uint64_t v)
{
	unsigned unused = (64 - op->width * 8u) & 63;

	if (op->width < 8) {
		v <<= unused;
		v = op->flags & FILTER_SIGNED ? (uint64_t)((int64_t)v >> unused) : v >> unused;
	}
	v &= op->mask;
	return op->flags & FILTER_SIGNED ? v ^ 1ull << 63 : v;
}

static inline __attribute__((always_inline)) uint64_t filter_first_bytes(unsigned n)
{
	return n >= 8 ? UINT64_MAX : (1ull << (n * 8)) - 1;
}

static inline __attribute__((always_inline)) bool filter_comm_is(const struct filter_op *op, const struct filter_facts *f)
{
	unsigned n = op->k;

	/* the machines that this runs on are little-endian */
	return !((f->comm[0] ^ op->low) & filter_first_bytes(n)) &&
	       (n <= 8 || !((f->comm[1] ^ op->high) & filter_first_bytes(n - 8)));
}

static inline __attribute__((always_inline)) void filter_push(struct filter_state *s, const struct filter_op *op, bool yes,
							      bool open)
{
	if (op->flags & FILTER_ALSO) {
		s->yes |= yes;
		s->open = (s->open | open) & ~(s->yes & 1);
	} else {
		s->yes = s->yes << 1 | yes;
		s->open = s->open << 1 | open;
	}
}

/* One operation; the caller sees to it that s->at is inside the program. */
static inline __attribute__((always_inline)) void filter_step(struct filter_state *s, const struct filter_op *op,
							      const struct filter_facts *f)
{
	uint64_t y = s->yes & 1, o = s->open & 1, y2 = s->yes >> 1 & 1, o2 = s->open >> 1 & 1, key;
	bool known = f->known >> (op->source & 31) & 1, absent = f->absent >> (op->source & 31) & 1;
	unsigned question = op->k & (FILTER_QUESTIONS - 1);

	s->at++;
	switch (op->code) {
	case FILTER_OP_RANGE:
		key = filter_key(op, f->number[op->source & (FILTER_NUMBERS - 1)]);
		filter_push(s, op, known && op->low <= key && key <= op->high, !known && !absent);
		break;
	case FILTER_OP_COMM:
		filter_push(s, op, known && filter_comm_is(op, f), !known);
		break;
	case FILTER_OP_OPEN:
		filter_push(s, op, false, true);
		break;
	case FILTER_OP_STRING:
		filter_push(s, op, f->fits >> question & 1, !(f->answered >> question & 1));
		break;
	case FILTER_OP_AND:
		/* not no, and not yes on both sides */
		s->yes >>= 1;
		s->open >>= 1;
		s->yes = (s->yes & ~1ull) | (y & y2);
		s->open = (s->open & ~1ull) | ((y | o) & (y2 | o2) & ~(y & y2));
		break;
	case FILTER_OP_OR:
		s->yes >>= 1;
		s->open >>= 1;
		s->yes = (s->yes & ~1ull) | y | y2;
		s->open = (s->open & ~1ull) | ((o | o2) & ~(y | y2));
		break;
	case FILTER_OP_NOT:
		s->yes = (s->yes & ~1ull) | (1 ^ (y | o));
		break;
	case FILTER_OP_JNO:
		if (!(y | o))
			s->at += op->k;
		break;
	case FILTER_OP_JYES:
		if (y)
			s->at += op->k;
		break;
	default:
		break;
	}
}

static inline __attribute__((always_inline)) enum filter_answer filter_answer_of(const struct filter_state *s)
{
	return s->yes & 1 ? FILTER_KEEP : s->open & 1 ? FILTER_USER : FILTER_DROP;
}

/*
 * Works out a program of @count operations. The kernel calls filter_step() out of bpf_loop() instead, with the state in the
 * memory of a map: what stands in registers or on the stack its verifier would follow bit by bit, and give up.
 */
static inline enum filter_answer filter_run(const struct filter_op *ops, uint32_t count, const struct filter_facts *f)
{
	struct filter_state s = { 0, 0, 0 };

	for (uint32_t i = 0; i < FILTER_OPS_MAX && s.at < count; i++)
		filter_step(&s, &ops[s.at], f);
	return filter_answer_of(&s);
}

#endif
