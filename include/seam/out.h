/* SPDX-License-Identifier: BSD-2-Clause */
/* Where text goes: a descriptor or memory, with the first error kept until somebody asks. */
#ifndef SEAM_OUT_H
#define SEAM_OUT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A buffered sink. Writing cannot fail at the call: the first error (a full disk, a closed pipe) is kept, all that
 * follows is dropped, and seam_out_close() reports it. Read data/len of a memory sink freely; it is always
 * terminated by a NUL that len does not count.
 */
struct seam_out {
	char *data;
	size_t len;
	size_t cap;
	int fd;      /* -1: memory */
	int error;   /* negative errno of the first failure */
	uint64_t flushed; /* bytes written out so far: with len, where the next one will stand */
	bool colour; /* whether seam_out_style() does anything */
};

enum seam_style {
	SEAM_PLAIN, /* back to normal */
	SEAM_BOLD,
	SEAM_FAINT,
	SEAM_RED,
	SEAM_GREEN,
	SEAM_YELLOW,
	SEAM_BLUE,
};

/* A sink on @fd, which stays the caller's. Colour is on if seam_want_colour(fd). */
void seam_out_init(struct seam_out *out, int fd);
/* A sink in memory, no colour. */
void seam_out_init_mem(struct seam_out *out);
/* Frees memory; writes nothing. */
void seam_out_release(struct seam_out *out);

void seam_out_write(struct seam_out *out, const void *p, size_t n);
void seam_out_puts(struct seam_out *out, const char *s); /* no newline added */
void seam_out_putc(struct seam_out *out, char c);
void seam_out_pad(struct seam_out *out, char c, size_t n); /* @n times @c */
void seam_out_printf(struct seam_out *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void seam_out_vprintf(struct seam_out *out, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
/* Switches the style of what follows; nothing when colour is off. */
void seam_out_style(struct seam_out *out, enum seam_style style);

/* Writes what is buffered. 0 or the first error so far, negative errno. */
int seam_out_flush(struct seam_out *out);
/*
 * Flushes, releases, and says whether all of it arrived: 0, or the first error with its sentence. -EPIPE means
 * that the reader has gone, which is mostly no failure of ours. @fd stays open.
 */
int seam_out_close(struct seam_out *out, struct seam_err *err);

/* Whether colour may be used on @fd: a terminal that can, and NO_COLOR is not set. */
bool seam_want_colour(int fd);

#ifdef __cplusplus
}
#endif
#endif
