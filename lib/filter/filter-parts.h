/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of this room share: the tokens, the tree of an expression as it was written, and what a comparison comes
 * down to for each call.
 */
#ifndef FILTER_PARTS_H
#define FILTER_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/util.h"
#include "seam/filter.h"

__extension__ typedef __int128 i128;

/* Limits, so that no expression costs more than people write. */
#define FILTER_TEXT_MAX (64u << 10)
#define FILTER_NODES_MAX 2000
#define FILTER_NESTING_MAX 100

/* A growing array: struct { type *at; uint32_t n; }. */
#define LIST(type)           \
	struct {             \
		type *at;    \
		uint32_t n;  \
	}
#define list_push(l) (list_grow((void **)(void *)&(l)->at, (l)->n, sizeof(*(l)->at)), &(l)->at[(l)->n++])
/* Room for one more than @n. */
void list_grow(void **at, uint32_t n, size_t size);

enum token_kind { T_END, T_NAME, T_NUMBER, T_DURATION, T_STRING, T_CLASS, T_WORD, T_PUNCT };

struct token {
	enum token_kind kind;
	uint32_t at, end; /* offsets; of a string without its quotes */
	uint64_t number;  /* T_DURATION: nanoseconds */
};

struct lexer {
	const char *text;
	uint32_t at;
	bool words; /* the next token is the name, pattern or class of a call */
	struct seam_err *err;
};

/* 0, or -EINVAL with the message. */
int lexer_next(struct lexer *l, struct token *ret);

/* "column N: MESSAGE", the line and a caret. Returns -EINVAL. */
int filter_error(struct seam_err *err, const char *text, uint32_t at, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Fields that are not asked of a view but worked out. */
enum {
	FIELD_CALL = SEAM_FILTER_FIELDS,
	FIELD_CLASS,
	FIELD_FD,
	FIELD_ERROR,
	FIELD_NAMED, /* an argument by its name */
};

enum compare { CMP_EQ, CMP_NE, CMP_LT, CMP_LE, CMP_GT, CMP_GE, CMP_IN, CMP_GLOB, CMP_NOT_GLOB, CMP_BITS };

/* Constants joined by |. */
struct term {
	char *name; /* NULL: a number */
	uint64_t number;
	uint32_t at;
	bool negative, duration;
};

struct value {
	uint32_t first, n; /* terms */
};

/* What stands at the right side of a comparison, or one element of a set. */
struct item {
	uint32_t at;
	char *text; /* a string, or the name of a call or a class; else NULL */
	bool range;
	struct value low, high;
};

/* What a test comes down to. The first three have no members; several calls share one. */
enum alt_kind { ALT_NO, ALT_YES, ALT_UNKNOWN, ALT_NUMBER, ALT_STRING };

struct alt {
	uint8_t kind;
	uint8_t width;   /* NUMBER: bytes that count */
	bool is_signed;
	bool all;        /* none may be in the set, of which `ranges` is the complement; STRING: no string may fit */
	uint32_t fields; /* bits of enum seam_filter_field; several: those that the call has */
	uint64_t mask;
	uint32_t first, n; /* ranges */
};

/* The key of a number: itself, and with the sign's bit turned over if it is signed; so one comparison serves both. */
struct range {
	uint64_t low, high;
};

struct test {
	int field;
	char *name; /* as it was written, without "arg." */
	enum compare op;
	bool masked;
	uint32_t at, op_at;
	struct value mask;
	uint32_t first, n; /* items */
	/* by call (index in the architecture's), and behind them for calls that are not in the tables */
	uint32_t *alt_of; /* NULL: `alt` for all of them */
	uint32_t alt;
};

enum node_kind { NODE_TEST, NODE_NOT, NODE_AND, NODE_OR };

struct node {
	uint8_t kind;
	uint32_t a, b; /* nodes; TEST: the test */
};

struct seam_filter {
	const struct seam_tables *t;
	enum seam_arch arch;
	bool lenient;
	uint32_t untold;
	char *text;
	uint32_t root, uses;
	struct seam_filter *compat; /* the same for the 32-bit calls of the machine, if it has them */
	LIST(struct node) nodes;
	LIST(struct test) tests;
	LIST(struct item) items;
	LIST(struct term) terms;
	LIST(struct alt) alts;
	LIST(struct range) ranges;
};

static inline const struct seam_arch_tables *filter_calls(const struct seam_filter *f)
{
	return &f->t->arch[f->arch];
}

/* Of i386 and arm nothing but the names of the calls is known. */
static inline bool filter_described(const struct seam_filter *f)
{
	return f->arch < SEAM_ARCH_DESCRIBED;
}

static inline const struct alt *filter_alt(const struct seam_filter *f, const struct test *t, uint32_t call)
{
	return &f->alts.at[t->alt_of ? t->alt_of[call] : t->alt];
}

/* Whether the string is what the test asks for: one of its items. */
bool filter_string_fits(const struct seam_filter *f, const struct test *t, const char *s);

/* Reads f->text into nodes and tests. */
int filter_parse(struct seam_filter *f, struct seam_err *err);
/* Gives the test its alternatives. */
int filter_check(struct seam_filter *f, struct test *t, struct seam_err *err);
int filter_check_number(struct seam_filter *f, struct test *t, struct seam_err *err);
int filter_check_string(struct seam_filter *f, struct test *t, struct seam_err *err);
int filter_check_call(struct seam_filter *f, struct test *t, struct seam_err *err);
/* Adds it, unless there is an equal one behind @first. */
uint32_t filter_add_alt(struct seam_filter *f, uint32_t first, struct alt a);
/* Room for an alternative of each call; all are ALT_NO. */
void filter_by_call(struct seam_filter *f, struct test *t);

/* Where an argument of this name (or number, if @name is NULL) is in a call, in any of its cases. */
struct arg_use {
	int index;         /* -1: it has none */
	uint8_t width;     /* 8 if the cases differ */
	bool is_signed;
	bool string;       /* it points to a path or a string in some case */
};
struct arg_use filter_arg_use(const struct seam_filter *f, const struct seam_call *call, const char *name, int number);
/* The arguments of the call that are descriptors in every case: bits. */
uint32_t filter_fd_args(const struct seam_filter *f, const struct seam_call *call);
/* The arguments that are paths, and those that are descriptors: bits. False: that depends on the others. */
bool filter_touches(const struct seam_filter *f, const struct seam_call *call, uint32_t *ret_paths, uint32_t *ret_fds);
/* Whether the call has a path, or a descriptor that may have one. */
bool filter_may_path(const struct seam_filter *f, const struct seam_call *call);

struct constant {
	i128 value;
	uint64_t field; /* the mask, if it is a value of a field inside flags (O_WRONLY) */
};

/* The value of a constant for this argument of the call (index -1: for the field). */
bool filter_constant(const struct seam_filter *f, const struct test *t, const struct seam_call *call, int index,
		     const char *name, struct constant *ret);
/* The number of a signal with this name ("SIGHUP"), 0: there is none. */
int filter_signal(const char *name);
/* The enum, or -1. */
int filter_field(const char *name);
/* "; did you mean 'x'?" or "", in a buffer of the thread. */
const char *filter_guess_field(const struct seam_filter *f, const char *word);
const char *filter_guess_constant(const struct seam_filter *f, const struct test *t, const char *word);

#endif
