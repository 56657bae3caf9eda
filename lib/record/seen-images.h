/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files stand in memory to be run, kept from what a recording said of them, for files that begin in its middle. */
#ifndef RECORD_SEEN_IMAGES_H
#define RECORD_SEEN_IMAGES_H

#include "base/strmap.h"
#include "trace/builder.h"

/* All zeros at first. */
struct seen_images {
	struct strmap processes; /* by number: those that are alive */
	struct strmap files;     /* by which file it is */
};

void seen_images_release(struct seen_images *s);
/* In the order of time: images and files, and the forks, execs and ends that make them others'. */
void seen_images_see(struct seen_images *s, const struct seam_event *e);
/* Tells the builder, which has a writer, of those that are there now, as records of this time. */
int seen_images_build(struct trace_builder *b, const struct seen_images *s, uint64_t time, struct seam_err *err);

#endif
