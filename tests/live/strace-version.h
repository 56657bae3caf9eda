/* SPDX-License-Identifier: BSD-2-Clause */
/* Which strace is installed: what we compare with it changes with versions, and the explanations are for one. */
#ifndef TESTS_LIVE_STRACE_VERSION_H
#define TESTS_LIVE_STRACE_VERSION_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define STRACE_VERSION "6.1"

static inline bool known_version(char *ret_version, size_t size)
{
	FILE *f = popen("strace -V 2>&1 | sed -n '1s/.*version //p'", "r");
	bool got = f && fgets(ret_version, (int)size, f);

	if (f)
		pclose(f);
	if (!got)
		return false;
	ret_version[strcspn(ret_version, "\n")] = 0;
	return !strcmp(ret_version, STRACE_VERSION);
}

#endif
