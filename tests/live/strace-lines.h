/* SPDX-License-Identifier: BSD-2-Clause */
/* The lines of a tracer's output, made comparable: sorted by the births of processes, without what no two runs share. */
#ifndef TESTS_STRACE_LINES_H
#define TESTS_STRACE_LINES_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

struct lines {
	char **line;
	size_t count;
};

/* Reads what `strace -f -o` writes. Pids, times, addresses and inode numbers are taken out, and
 * the members of structures sorted: ours stand as they lie in memory, strace has an order for each. */
bool lines_read(struct lines *l, const char *path);
void lines_release(struct lines *l);
/* A new string with every match replaced; \ at the beginning of by: by the first group and the rest of it. */
char *lines_replace(const char *s, const regex_t *pattern, const char *by);

#endif
