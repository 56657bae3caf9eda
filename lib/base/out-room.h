/* SPDX-License-Identifier: BSD-2-Clause */
/* Output put straight into the buffer of a sink, for those who put millions of small things there. */
#ifndef BASE_OUT_ROOM_H
#define BASE_OUT_ROOM_H

#include <string.h>

#include "seam/out.h"

/* Makes room for @n bytes and a NUL behind the last one, by writing out or by growing; after an error too. */
void out_make_room(struct seam_out *out, size_t n);

/* Where the next @n bytes go: put them there, as many as there are, and say so with out_filled(). */
static inline char *out_room(struct seam_out *out, size_t n)
{
	if (n >= out->cap - out->len)
		out_make_room(out, n);
	return out->data + out->len;
}

/* All before @end is output. */
static inline void out_filled(struct seam_out *out, char *end)
{
	*end = '\0';
	out->len = (size_t)(end - out->data);
}

/* As seam_out_write() and the like, but in place. */

static inline void out_put(struct seam_out *out, const void *p, size_t n)
{
	char *to = out_room(out, n);

	memcpy(to, p, n);
	out_filled(out, to + n);
}

static inline void out_putc(struct seam_out *out, char c)
{
	out_put(out, &c, 1);
}

static inline void out_puts(struct seam_out *out, const char *s)
{
	out_put(out, s, strlen(s));
}

#endif
