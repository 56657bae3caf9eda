/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording as one file. */
#ifndef RECORD_FILE_SINK_H
#define RECORD_FILE_SINK_H

#include "record/sink.h"

#define SINK_QUEUE 64u /* blocks that wait for compression */

int file_sink_open(struct sink **ret, const struct seam_record_options *o, struct seam_err *err);
/* How files of a recording are written. */
struct trace_writer_options sink_writer_options(const struct seam_record_options *o);

#endif
