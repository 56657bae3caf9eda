/* SPDX-License-Identifier: BSD-2-Clause */
/* The few macros that every file may want. */
#ifndef BASE_UTIL_H
#define BASE_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Number of elements; does not compile for a pointer. */
#define ARRAY_SIZE(a)                                                                                         \
	(sizeof(a) / sizeof((a)[0]) +                                                                         \
	 0 * sizeof(struct { _Static_assert(!__builtin_types_compatible_p(__typeof__(a), __typeof__(&(a)[0])), \
					    "not an array"); int unused; }))

/* Each argument is evaluated once. */
#define MIN(a, b) __extension__({ __typeof__(a) min_a = (a); __typeof__(b) min_b = (b); min_a < min_b ? min_a : min_b; })
#define MAX(a, b) __extension__({ __typeof__(a) max_a = (a); __typeof__(b) max_b = (b); max_a > max_b ? max_a : max_b; })

/* The structure that @ptr, a pointer to its member, stands in. */
#define container_of(ptr, type, member) ((type *)(void *)((char *)(ptr) - offsetof(type, member)))

/* For a result that is looked at on purpose by nobody. */
#define IGNORE_RESULT(expr) do { if (expr) { } } while (0)

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))

#endif
