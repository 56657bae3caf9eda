/* SPDX-License-Identifier: BSD-2-Clause */
/* Where text goes: a descriptor or memory, with the first error kept until somebody asks. */
#include "seam/out.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/files.h"
#include "base/out-room.h"

enum { OUT_BLOCK = 32768 };

static void init(struct seam_out *out, int fd)
{
	*out = (struct seam_out){ .fd = fd, .cap = fd < 0 ? 256 : OUT_BLOCK };
	out->data = xmalloc(out->cap);
	out->data[0] = '\0';
}

void seam_out_init(struct seam_out *out, int fd)
{
	init(out, fd);
	out->colour = seam_want_colour(fd);
}

void seam_out_init_mem(struct seam_out *out)
{
	init(out, -1);
}

void seam_out_release(struct seam_out *out)
{
	free(out->data);
	*out = (struct seam_out){ .fd = -1 };
}

int seam_out_flush(struct seam_out *out)
{
	if (out->fd < 0)
		return out->error;
	if (out->len && !out->error)
		out->error = fd_write_all(out->fd, out->data, out->len);
	out->flushed += out->len;
	out->len = 0;
	out->data[0] = '\0';
	return out->error;
}

int seam_out_close(struct seam_out *out, struct seam_err *err)
{
	int r = seam_out_flush(out);

	seam_out_release(out);
	if (r < 0)
		return seam_err_errno(err, r, "cannot write the output");
	return 0;
}

void out_make_room(struct seam_out *out, size_t n)
{
	size_t need;

	if (out->fd >= 0 && out->len + n + 1 > out->cap)
		seam_out_flush(out);
	if (__builtin_add_overflow(out->len, n, &need) || __builtin_add_overflow(need, 1, &need))
		abort();
	if (need <= out->cap)
		return;
	out->cap = MAX(need, out->cap + out->cap / 2);
	out->data = xrealloc(out->data, out->cap);
}

void seam_out_write(struct seam_out *out, const void *p, size_t n)
{
	if (!n || out->error)
		return;
	out_make_room(out, n);
	memcpy(out->data + out->len, p, n);
	out->len += n;
	out->data[out->len] = '\0';
}

void seam_out_puts(struct seam_out *out, const char *s)
{
	seam_out_write(out, s, strlen(s));
}

void seam_out_putc(struct seam_out *out, char c)
{
	seam_out_write(out, &c, 1);
}

void seam_out_pad(struct seam_out *out, char c, size_t n)
{
	while (n--)
		seam_out_write(out, &c, 1);
}

void seam_out_vprintf(struct seam_out *out, const char *fmt, va_list ap)
{
	char small[512];
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n < 0)
		abort();
	if ((size_t)n < sizeof(small)) {
		seam_out_write(out, small, (size_t)n);
	} else {
		_cleanup_free_ char *big = xvasprintf(fmt, again);

		seam_out_write(out, big, (size_t)n);
	}
	va_end(again);
}

void seam_out_printf(struct seam_out *out, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	seam_out_vprintf(out, fmt, ap);
	va_end(ap);
}

void seam_out_style(struct seam_out *out, enum seam_style style)
{
	static const char *const codes[] = {
		[SEAM_PLAIN] = "\033[0m",
		[SEAM_BOLD] = "\033[1m",
		[SEAM_FAINT] = "\033[2m",
		[SEAM_RED] = "\033[31m",
		[SEAM_GREEN] = "\033[32m",
		[SEAM_YELLOW] = "\033[33m",
		[SEAM_BLUE] = "\033[34m",
	};

	if (out->colour)
		seam_out_puts(out, codes[style]);
}

bool seam_want_colour(int fd)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no && *no)
		return false;
	if (!term || !*term || !strcmp(term, "dumb"))
		return false;
	return isatty(fd);
}
