/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Patterns for strings as the kernel compares them: cut into tokens beforehand, so that one step of a loop with a bound looks at
 * one byte. Programs in the kernel include this too: no libc, no pointers in the data.
 */
#ifndef FILTER_PATTERN_H
#define FILTER_PATTERN_H

#include "filter/run.h"

#define FILTER_TEXT 4096u   /* bytes of a string, with its NUL; a power of two */
#define FILTER_HEAD 64u     /* bytes that are compared at once */
#define FILTER_TOKENS 128u  /* a power of two */
#define FILTER_BRACKETS 4u
#define FILTER_GLOB_STEPS 16384u /* after so many it is not known whether a string fits */

/*
 * Of an operation FILTER_OP_STRING: k is the question, whose answer holds for one call (of FILTER_TEXT_EXE: for one program);
 * low and high are the patterns [low, high), of which one must fit.
 */
enum filter_text_source {
	FILTER_TEXT_ARGS,  /* what the arguments in `mask` (bits) point to */
	FILTER_TEXT_PATHS, /* the same as absolute paths, and the files of the descriptors in bits 8 and up of `mask` */
	FILTER_TEXT_COMM,
	FILTER_TEXT_EXE,
	FILTER_TEXT_CGROUP,
};
enum { FILTER_NONE_FITS = 1 << 2 }; /* flag: there must be a string, and none may fit */

enum filter_token {
	/* up to 255: this byte */
	FILTER_TOKEN_ONE = 256,
	FILTER_TOKEN_ANY,  /* any bytes */
	FILTER_TOKEN_LAST, /* the same; none comes after it, so that the bytes behind it must be the last ones */
	FILTER_TOKEN_END,
	FILTER_TOKEN_BRACKETS, /* and up: a byte of these */
};

struct filter_pattern {
	uint64_t head[FILTER_HEAD / 8]; /* how the string begins */
	uint64_t brackets[FILTER_BRACKETS][4]; /* bits */
	uint16_t head_bytes; /* with the NUL if that is all */
	uint16_t token_count; /* 0: the head decides */
	uint16_t after_last; /* tokens between FILTER_TOKEN_LAST and the end */
	uint16_t spare;
	uint16_t tokens[FILTER_TOKENS]; /* of what comes after the head */
};

/* false: the pattern needs more room than there is. In user space only. */
bool filter_pattern_make(struct filter_pattern *p, const char *text, bool glob);

enum filter_fit { FILTER_FITS_NOT, FILTER_FITS, FILTER_FITS_MAYBE };

struct filter_glob {
	uint32_t token, at; /* the next ones */
	uint32_t star, resume; /* where to go on if it does not fit; star 0: nowhere */
};

/* Whether the first bytes are the pattern's. @text: 8 bytes at a time can be read as far as FILTER_HEAD. */
static inline __attribute__((always_inline)) bool filter_head_fits(const struct filter_pattern *p, const uint64_t *text)
{
	uint32_t n = p->head_bytes;

	for (uint32_t i = 0; i < FILTER_HEAD / 8; i++) {
		if (n <= i * 8)
			return true;
		if ((text[i] ^ p->head[i]) & filter_first_bytes(n - i * 8))
			return false;
	}
	return true;
}

static inline __attribute__((always_inline)) bool filter_token_fits(const struct filter_pattern *p, uint32_t token,
								    unsigned char c)
{
	uint32_t brackets = token - FILTER_TOKEN_BRACKETS;

	if (token < FILTER_TOKEN_ONE)
		return token == c;
	return token == FILTER_TOKEN_ONE || p->brackets[brackets & (FILTER_BRACKETS - 1)][c >> 6] >> (c & 63) & 1;
}

/* One step; true: it is decided, *ret_fits says how. @bytes: of the string, without its NUL. */
static inline __attribute__((always_inline)) bool filter_glob_step(struct filter_glob *g, const struct filter_pattern *p,
								   const unsigned char *text, uint32_t bytes, bool *ret_fits)
{
	uint32_t token = p->tokens[g->token & (FILTER_TOKENS - 1)];

	*ret_fits = false;
	if (token == FILTER_TOKEN_ANY) {
		g->star = ++g->token;
		g->resume = g->at;
		return false;
	}
	if (token == FILTER_TOKEN_LAST) {
		g->star = 0;
		g->token++;
		if (bytes < g->at + p->after_last)
			return true;
		g->at = bytes - p->after_last;
		return false;
	}
	if (token == FILTER_TOKEN_END) {
		*ret_fits = g->at == bytes;
		if (*ret_fits)
			return true;
	} else if (g->at < bytes && filter_token_fits(p, token, text[g->at & (FILTER_TEXT - 1)])) {
		g->token++;
		g->at++;
		return false;
	}
	/* only the last star needs another try: what stands before it has matched as early as can be */
	if (!g->star || g->resume >= bytes)
		return true;
	g->token = g->star;
	g->at = ++g->resume;
	return false;
}

/* What a whole string comes to; @text has room for FILTER_HEAD bytes. The kernel makes the steps out of bpf_loop(). */
static inline enum filter_fit filter_pattern_fits(const struct filter_pattern *p, const uint64_t *text, uint32_t bytes)
{
	struct filter_glob g = { .at = p->head_bytes };
	bool fits;

	if (!filter_head_fits(p, text))
		return FILTER_FITS_NOT;
	if (!p->token_count)
		return FILTER_FITS;
	for (uint32_t i = 0; i < FILTER_GLOB_STEPS; i++)
		if (filter_glob_step(&g, p, (const unsigned char *)text, bytes, &fits))
			return fits ? FILTER_FITS : FILTER_FITS_NOT;
	return FILTER_FITS_MAYBE;
}

#endif
