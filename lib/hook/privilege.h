/* SPDX-License-Identifier: BSD-2-Clause */
/* Programs that would run as somebody else than who runs them. */
#ifndef HOOK_PRIVILEGE_H
#define HOOK_PRIVILEGE_H

#include "seam/hook.h"

/* A handler that refuses to execute them. */
extern const struct seam_handler privilege_refused;

#endif
