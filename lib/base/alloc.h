/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory: small allocations that cannot fail, and the one allocator for sizes that somebody else chose. */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stdarg.h>
#include <stddef.h>

#include "base/util.h"
#include "seam/err.h"

/*
 * For sizes that our own code chose. They abort the process when there is no memory, and never return NULL;
 * a size of 0 gives a pointer that can be freed. The caller frees with free().
 */
void *xmalloc(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));
void *xcalloc(size_t n, size_t size) __attribute__((malloc, alloc_size(1, 2), returns_nonnull));
void *xrealloc(void *p, size_t size) __attribute__((alloc_size(2), returns_nonnull));
void *xreallocarray(void *p, size_t n, size_t size) __attribute__((alloc_size(2, 3), returns_nonnull));
char *xstrdup(const char *s) __attribute__((malloc, returns_nonnull));
/* At most @n bytes of @s, then a NUL. */
char *xstrndup(const char *s, size_t n) __attribute__((malloc, returns_nonnull));
void *xmemdup(const void *p, size_t n) __attribute__((malloc, returns_nonnull));
char *xasprintf(const char *fmt, ...) PRINTF_LIKE(1, 2) __attribute__((malloc, returns_nonnull));
char *xvasprintf(const char *fmt, va_list ap) PRINTF_LIKE(1, 0) __attribute__((malloc, returns_nonnull));

/*
 * For a size that came from a file or another process: @n elements of @size bytes, zeroed, and no more than
 * @limit bytes in all. @ret_ptr points to the pointer that gets the memory. Fails with -EOVERFLOW or -E2BIG
 * (the size is a lie), -ENOMEM (it is not, but there is none).
 */
int alloc_untrusted(size_t n, size_t size, size_t limit, void *ret_ptr, struct seam_err *err);

/*
 * Tests only: the @n-th next alloc_untrusted() fails with -ENOMEM (1 is the next one), and so do all after it,
 * until it is called with 0. Not per thread.
 */
void alloc_fail_after(unsigned long n);

#endif
