/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes JSON that is always well formed: the writer places the commas, escapes the strings and counts the nesting. */
#ifndef SEAM_JSON_H
#define SEAM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/out.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SEAM_JSON_DEPTH = 64 }; /* deeper nesting than this aborts: it is a bug in the caller */

struct seam_json {
	struct seam_out *out;
	unsigned depth;
	bool indent;                  /* one value a line, two blanks a level; else all on one line */
	bool after_key;               /* a value must follow */
	bool filled[SEAM_JSON_DEPTH]; /* the container at this level has something in it */
	bool object[SEAM_JSON_DEPTH];
};

/* @out stays the caller's. */
void seam_json_init(struct seam_json *j, struct seam_out *out, bool indent);

void seam_json_begin_object(struct seam_json *j);
void seam_json_end_object(struct seam_json *j);
void seam_json_begin_array(struct seam_json *j);
void seam_json_end_array(struct seam_json *j);
/* Inside an object, before each value. */
void seam_json_key(struct seam_json *j, const char *key);

/* NULL is written as null. */
void seam_json_string(struct seam_json *j, const char *s);
/*
 * @n bytes of any kind. Bytes that are not UTF-8 become U+FFFD, each its own; returns whether there were none, so
 * that a caller who must not lose them can add them in another form.
 */
bool seam_json_bytes(struct seam_json *j, const void *p, size_t n);
/* The same without a writer, for those who place the commas themselves. */
bool seam_json_quoted(struct seam_out *out, const void *p, size_t n);
void seam_json_u64(struct seam_json *j, uint64_t v);
void seam_json_i64(struct seam_json *j, int64_t v);
void seam_json_bool(struct seam_json *j, bool v);
void seam_json_null(struct seam_json *j);

/* A key and its value. */
void seam_json_member_string(struct seam_json *j, const char *key, const char *s);
void seam_json_member_u64(struct seam_json *j, const char *key, uint64_t v);
void seam_json_member_i64(struct seam_json *j, const char *key, int64_t v);
void seam_json_member_bool(struct seam_json *j, const char *key, bool v);

#ifdef __cplusplus
}
#endif
#endif
