/* SPDX-License-Identifier: BSD-2-Clause */
/* Files with numbers: BASE.000001, BASE.000002 ... */
#ifndef RECORD_NUMBERED_H
#define RECORD_NUMBERED_H

#include <stdint.h>

#include "base/buf.h"
#include "seam/err.h"
#include "trace/writer.h"

/* The highest number that there is; 0: there is none. An error if the folder cannot be read or nothing can be made in it. */
int numbered_last(const char *base, uint64_t *ret, struct seam_err *err);
void numbered_of(const char *base, uint64_t number, struct buf *ret);
/* Removes those with the smallest numbers until no more than @keep are there; 0: none. */
void numbered_trim(const char *base, uint64_t keep);
/* The file gets the first name after *number that is free, which it becomes. */
int numbered_take(struct trace_writer *w, const char *base, uint64_t *number, struct seam_err *err);

#endif
