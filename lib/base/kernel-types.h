/* SPDX-License-Identifier: BSD-2-Clause */
/* What the running kernel says of its own types (BTF), for the few questions that we have ourselves. */
#ifndef BASE_KERNEL_TYPES_H
#define BASE_KERNEL_TYPES_H

#include <stdbool.h>
#include <stddef.h>

/* A tracepoint, and how many values it hands to those who listen; -1: there is none, or the kernel does not say. */
struct kernel_tracepoint {
	const char *name;
	int values;
};

/* Looks for all of them in one go. */
void kernel_types_tracepoints(struct kernel_tracepoint *tracepoints, size_t n);
/* Whether some type, function or member has this name. */
bool kernel_types_know(const char *name);

/* The same, of types that stand in memory. */
void kernel_types_find(const void *data, size_t size, struct kernel_tracepoint *tracepoints, size_t n);

#endif
