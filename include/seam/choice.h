/* SPDX-License-Identifier: BSD-2-Clause */
/* What strace's -e chooses (calls, signals, results), as expressions of doc/filter.md. */
#ifndef SEAM_CHOICE_H
#define SEAM_CHOICE_H

#include <stdint.h>

#include "seam/calls.h"
#include "seam/err.h"

#ifdef __cplusplus
extern "C" {
#endif

/* All zero chooses everything. */
struct seam_choice {
	char *trace;  /* an expression, to be read with `lenient`; NULL: all calls */
	char *status; /* the same */
	uint64_t signals_off; /* 1 << (signal - 1): those that are not chosen */
};

/*
 * Adds "trace=openat,%net,!read", the same without "trace=", "signal=...", "status=...". As with strace the last one of
 * each kind counts, and ! before all of it means all but these. -EINVAL or -ENOENT with the sentence.
 */
int seam_choice_add(struct seam_choice *s, const char *word, const struct seam_tables *t, enum seam_arch arch,
		    struct seam_err *err);
void seam_choice_release(struct seam_choice *s);

#ifdef __cplusplus
}
#endif
#endif
