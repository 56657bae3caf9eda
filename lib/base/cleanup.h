/* SPDX-License-Identifier: BSD-2-Clause */
/* Variables that give up what they own when they go out of scope. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0) {
		int saved = errno;

		close(*fd);
		errno = saved;
	}
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define _cleanup_free_ __attribute__((cleanup(cleanup_free)))
#define _cleanup_close_ __attribute__((cleanup(cleanup_close)))
#define _cleanup_fclose_ __attribute__((cleanup(cleanup_fclose)))

/* Defines cleanup_TYPE(), which calls @release on a variable of that structure type. */
#define DEFINE_CLEANUP(type, release)                                                                         \
	static inline void cleanup_##type(struct type *p)                                                     \
	{                                                                                                     \
		release(p);                                                                                   \
	}

/* Takes the pointer out of the variable, which is NULL after it: "return steal_ptr(&p);". */
#define steal_ptr(pp) __extension__({ __typeof__(*(pp)) steal_value = *(pp); *(pp) = NULL; steal_value; })

/* The same for a descriptor. */
static inline int steal_fd(int *fd)
{
	int value = *fd;

	*fd = -1;
	return value;
}

#endif
