/* SPDX-License-Identifier: BSD-2-Clause */
/* What a trace says of its recording. */
#ifndef RECORD_ABOUT_H
#define RECORD_ABOUT_H

#include "base/buf.h"
#include "seam/recording.h"

/* Lines of metadata: the machine, the command, what was selected, the tables of calls. */
void about_recording(const struct seam_record_options *o, struct buf *meta);

#endif
