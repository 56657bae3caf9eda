/* SPDX-License-Identifier: BSD-2-Clause */
/* Cgroups of the unified hierarchy (version 2): where they are, which number the kernel knows them by, who is in them. */
#ifndef BASE_CGROUPS_H
#define BASE_CGROUPS_H

#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "seam/err.h"

/* Where the unified hierarchy is mounted. -ENOENT: nowhere, which is what machines with version 1 only say. */
int cgroups_mount(struct buf *ret_path, struct seam_err *err);
/* The folder of our own cgroup. */
int cgroups_own(struct buf *ret_path, struct seam_err *err);
/* The folder of a cgroup that a person named: a folder of the hierarchy, or a path from its root as in /proc/PID/cgroup. */
int cgroups_find(const char *name, struct buf *ret_path, uint64_t *ret_id, struct seam_err *err);

/* Calls @fn for every thread in it and below. One that ends meanwhile is left out. */
int cgroups_threads(const char *path, int (*fn)(void *user, pid_t tid, struct seam_err *err), void *user,
		    struct seam_err *err);

#endif
