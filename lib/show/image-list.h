/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files stood in memory to be run, with what tells one from the other. */
#ifndef SHOW_IMAGE_LIST_H
#define SHOW_IMAGE_LIST_H

#include "seam/out.h"
#include "seam/show.h"
#include "seam/trace.h"

/* Reads the whole trace, once for the files and once for their images. */
int show_images(struct seam_trace *t, const struct seam_show_options *o, struct seam_out *out, struct seam_err *err);

#endif
