/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole files: read at once, replaced at once. */
#ifndef BASE_FILES_H
#define BASE_FILES_H

#include <stddef.h>

#include "base/buf.h"
#include "seam/err.h"

/*
 * Appends the file to @ret ("-" is not special). More than @limit bytes fail with -EFBIG; a limit of 0 means
 * 1 GiB. Files that do not know their size (/proc, pipes) are fine. @ret is as before on failure.
 */
int file_read(const char *path, size_t limit, struct buf *ret, struct seam_err *err);

/* The same from a descriptor, from where it stands; @name is for messages. */
int fd_read(int fd, const char *name, size_t limit, struct buf *ret, struct seam_err *err);

/* Writes all of it, through interruptions and short writes. -errno on failure. */
int fd_write_all(int fd, const void *p, size_t n);

/* The file has the new content or the old, never half of one: written beside it, then renamed. Mode 0666 less umask. */
int file_write_atomic(const char *path, const void *data, size_t len, struct seam_err *err);

#endif
