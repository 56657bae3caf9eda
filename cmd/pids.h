/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of -p: numbers with commas between. */
#ifndef PIDS_H
#define PIDS_H

#include <sys/types.h>

#include "cmd.h"

#define MAX_PIDS 256

/* @list may be NULL. 0, or EXIT_USAGE after having said why. */
int parse_pids(const struct cmd *cmd, const char *list, pid_t ret_pids[MAX_PIDS], size_t *ret_n);

#endif
