/* SPDX-License-Identifier: BSD-2-Clause */
/* Memory of one compilation: taken piece by piece, given back all at once. */
#ifndef SEAMC_ARENA_H
#define SEAMC_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_chunk *chunks;
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed; aborts when there is no memory */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void arena_release(struct arena *a);

#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))

/* A growing array of pointers or structures that lives in an arena: VEC(struct arg) args; *vec_push(a, &args) = x; */
#define VEC(type)                                                                                                 \
	struct {                                                                                                  \
		type *at;                                                                                         \
		size_t n, cap;                                                                                    \
	}

#define vec_push(a, v)                                                                                            \
	((v)->at = arena_vec_grow((a), (v)->at, (v)->n, &(v)->cap, sizeof(*(v)->at)), &(v)->at[(v)->n++])

void *arena_vec_grow(struct arena *a, void *at, size_t n, size_t *cap, size_t size);

#endif
