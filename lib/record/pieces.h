/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as a row of files, each of which stands alone; old ones can be removed while it goes on. */
#ifndef RECORD_PIECES_H
#define RECORD_PIECES_H

#include "record/sink.h"

/* @process: that will be the command, 0: none, or it is told later. */
int pieces_open(struct sink **ret, const struct seam_record_options *o, pid_t process, struct seam_err *err);

#endif
