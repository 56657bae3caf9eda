/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: small allocations that cannot fail, and the one allocator for sizes that somebody else chose. */
#include "base/alloc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned long fail_countdown;

static void *must(void *p)
{
	if (!p)
		abort();
	return p;
}

void *xmalloc(size_t size)
{
	return must(malloc(size ? size : 1));
}

void *xcalloc(size_t n, size_t size)
{
	return must(n && size ? calloc(n, size) : calloc(1, 1));
}

void *xrealloc(void *p, size_t size)
{
	return must(realloc(p, size ? size : 1));
}

void *xreallocarray(void *p, size_t n, size_t size)
{
	return must(n && size ? reallocarray(p, n, size) : realloc(p, 1));
}

char *xstrdup(const char *s)
{
	return must(strdup(s));
}

char *xstrndup(const char *s, size_t n)
{
	return must(strndup(s, n));
}

void *xmemdup(const void *p, size_t n)
{
	void *copy = xmalloc(n);

	if (n)
		memcpy(copy, p, n);
	return copy;
}

char *xvasprintf(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		abort();
	return s;
}

char *xasprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xvasprintf(fmt, ap);
	va_end(ap);
	return s;
}

void alloc_fail_after(unsigned long n)
{
	fail_countdown = n;
}

int alloc_untrusted(size_t n, size_t size, size_t limit, void *ret_ptr, struct seam_err *err)
{
	size_t total;
	void *p;

	if (__builtin_mul_overflow(n, size, &total))
		return seam_err_set(err, -EOVERFLOW, "%zu elements of %zu bytes do not fit in memory", n, size);
	if (total > limit)
		return seam_err_set(err, -E2BIG, "%zu bytes are asked for, more than the limit of %zu", total, limit);
	if (fail_countdown == 1)
		p = NULL;
	else
		p = calloc(1, total ? total : 1);
	if (fail_countdown > 1)
		fail_countdown--;
	if (!p)
		return seam_err_set(err, -ENOMEM, "no memory for %zu bytes", total);
	memcpy(ret_ptr, &p, sizeof(p));
	return 0;
}
