/* SPDX-License-Identifier: BSD-2-Clause */
/* Where something stands in a description, and messages that point there. */
#ifndef SEAMC_DIAG_H
#define SEAMC_DIAG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/strmap.h"

struct source {
	const char *name; /* as it is printed */
	const char *text; /* NUL-terminated */
	size_t len;
};

struct loc {
	const struct source *source;
	unsigned line, col; /* from 1 */
};

/* Collects messages as `file:line:col: error: what`, the line and a caret. */
struct diag {
	struct buf out;
	unsigned errors;
	unsigned limit; /* after so many errors no more are written (0: 50) */
	bool repeated; /* the last error was one of these */
	struct strmap seen; /* what was said: the same mistake is met once for each architecture */
};

/* Whether so many errors were found that no more are written. */
bool diag_is_full(const struct diag *d);

void diag_release(struct diag *d);

void diag_error(struct diag *d, struct loc at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* More about the error just reported: another place. */
void diag_note(struct diag *d, struct loc at, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
