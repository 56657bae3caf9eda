/* SPDX-License-Identifier: BSD-2-Clause */
/* The public face of what str.h knows about words. */
#include "seam/words.h"

#include "base/str.h"

const char *seam_suggest(const char *word, const char *const *candidates, size_t n)
{
	return suggest(word, candidates, n);
}

bool seam_glob_match(const char *pattern, const char *text)
{
	return glob_match(pattern, text);
}
