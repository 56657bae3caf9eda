/* SPDX-License-Identifier: BSD-2-Clause */
/* Words that people type: which one was meant, and which fit a pattern. */
#ifndef SEAM_WORDS_H
#define SEAM_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The one of the @n candidates that was probably meant by @word, or NULL if none is near. NULLs are skipped. */
const char *seam_suggest(const char *word, const char *const *candidates, size_t n);

/* Whether all of @text fits the pattern: * any bytes, ? one byte, [a-z] one of these, [!a-z] none of these. */
bool seam_glob_match(const char *pattern, const char *text);

#ifdef __cplusplus
}
#endif
#endif
