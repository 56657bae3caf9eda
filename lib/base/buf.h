/* SPDX-License-Identifier: BSD-2-Clause */
/* A growing buffer of bytes that is also always a C string. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "base/util.h"

/*
 * data[len] is always NUL, also when nothing was added: an empty buffer points to a shared "" and owns nothing
 * (cap is 0 then). Read the members freely; write inside [0, len). Growing aborts when there is no memory.
 */
struct buf {
	char *data;
	size_t len;
	size_t cap; /* bytes allocated, the NUL's included; 0: data is not ours */
};

extern char buf_empty[];

#define BUF_INIT { buf_empty, 0, 0 }

void buf_init(struct buf *b);
/* Frees the memory; the buffer is empty and usable again. */
void buf_release(struct buf *b);
/* Empties it but keeps the memory. */
void buf_clear(struct buf *b);
/* Makes room for @extra more bytes (and the NUL). Pointers into data are stale after it. */
void buf_grow(struct buf *b, size_t extra);

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, int c);
void buf_addn(struct buf *b, int c, size_t n); /* @n times the byte @c */
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vaddf(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* Cuts to @len, which must not be more than there is. */
void buf_truncate(struct buf *b, size_t len);
/* Gives the string away (the caller frees it, never NULL) and leaves the buffer empty. */
char *buf_steal(struct buf *b);

DEFINE_CLEANUP(buf, buf_release)
#define _cleanup_buf_ __attribute__((cleanup(cleanup_buf)))

#endif
