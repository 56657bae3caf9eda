/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of one recording: "seam record --rotate" makes a row of them. */
#include "show/show-pieces.h"

#include <dirent.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/str.h"
#include "base/util.h"

/* What stands behind the name and a dot, 0 if it is no number. */
static uint64_t number_of(const char *name, const char *base, size_t n)
{
	uint64_t number = 0;

	if (strncmp(name, base, n) != 0 || name[n] != '.' || !name[n + 1] ||
	    name[n + 1 + strspn(name + n + 1, "0123456789")] || parse_u64(name + n + 1 + strspn(name + n + 1, "0"), &number) < 0)
		return 0;
	return number;
}

char *show_next_piece(const char *path, const char *last)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	_cleanup_free_ char *folder = slash ? xstrndup(path, (size_t)(slash - path) + 1) : xstrdup(".");
	_cleanup_free_ char *best = NULL;
	uint64_t after = 0, least = UINT64_MAX;
	struct dirent *entry;
	DIR *d;

	if (last && !strcmp(last, path))
		return NULL;
	if (!last && access(path, F_OK) == 0)
		return xstrdup(path);
	if (last)
		after = number_of(strrchr(last, '/') ? strrchr(last, '/') + 1 : last, base, strlen(base));
	d = opendir(folder);
	if (!d)
		return NULL;
	while ((entry = readdir(d))) {
		uint64_t n = number_of(entry->d_name, base, strlen(base));

		if (n <= after || n >= least)
			continue;
		least = n;
		free(best);
		best = slash ? xasprintf("%s%s", folder, entry->d_name) : xstrdup(entry->d_name);
	}
	closedir(d);
	return steal_ptr(&best);
}
