/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as a row of files, each of which stands alone; old ones can be removed while it goes on. */
#ifndef RECORD_PIECES_H
#define RECORD_PIECES_H

#include "record/sink.h"

/* @command: the process that will be the command, 0: none. */
int pieces_open(struct sink **ret, const struct seam_record_options *o, pid_t command, struct seam_err *err);

#endif
