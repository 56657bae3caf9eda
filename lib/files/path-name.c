/* SPDX-License-Identifier: BSD-2-Clause */
/* Paths made absolute, as far as names alone can do it. */
#include <string.h>

#include "files/files-parts.h"

struct joining {
	char *to;
	size_t n;     /* bytes so far; none is "/" or the folder itself */
	size_t floor; /* ".." takes nothing away before it */
	bool absolute;
};

/* Takes the last name away. False: there is none. */
static bool go_up(struct joining *j)
{
	size_t start = j->n;

	if (j->n <= j->floor)
		return j->absolute; /* above the root is the root */
	while (start > j->floor && j->to[start - 1] != '/')
		start--;
	if (j->n - start == 2 && !memcmp(j->to + start, "..", 2))
		return false;
	j->n = start > j->floor ? start - 1 : start;
	return true;
}

static bool add(struct joining *j, const char *path)
{
	while (*path) {
		size_t part = (size_t)(strchrnul(path, '/') - path), slash = j->n || j->absolute;

		if (!part) {
			path++;
			continue;
		}
		if (!(part == 1 && *path == '.') && !(part == 2 && !memcmp(path, "..", 2) && go_up(j))) {
			if (j->n + slash + part >= FILES_PATH_MAX)
				return false;
			if (slash)
				j->to[j->n++] = '/';
			memcpy(j->to + j->n, path, part);
			j->n += part;
		}
		path += part;
	}
	return true;
}

bool path_join(const char *root, const char *base, const char *path, char *to)
{
	struct joining j = { .to = to, .absolute = *path == '/' || (base && *base == '/') };
	const char *start = *path == '/' ? root : base;

	if (start && !add(&j, start))
		return false;
	if (*path == '/')
		j.floor = j.n;
	if (!add(&j, path))
		return false;
	if (!j.n)
		to[j.n++] = j.absolute ? '/' : '.';
	to[j.n] = '\0';
	return true;
}
