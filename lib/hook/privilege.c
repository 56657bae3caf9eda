/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that would run as somebody else than who runs them: those with the bits for that, or with capabilities of their own. */
#include "hook/privilege.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>

static bool has_capabilities(const struct seam_hook *h, const char *path)
{
	char from_root[4200];

	snprintf(from_root, sizeof(from_root), "/proc/%u/root%s", h->tid, path);
	return getxattr(from_root, "security.capability", NULL, 0) > 0;
}

static void on_exec(struct seam_hook *h)
{
	struct seam_named file;

	if (seam_path(h, "filename", &file) < 0 || file.error)
		return;
	if (file.mode & S_ISUID || (file.mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) || has_capabilities(h, file.path))
		seam_skip(h, -EPERM);
}

const struct seam_handler privilege_refused = SEAM_ON_CALLS("execve,execveat", on_exec);
