/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files stand in memory to be run: what was there before the recording, and what is known of each file. */
#ifndef RECORD_IMAGES_H
#define RECORD_IMAGES_H

#include <stddef.h>
#include <sys/types.h>

#include "bpf/recorder.h"
#include "record/sink.h"

/* All zeros at first, but for sink and builder. */
struct images {
	struct sink *sink;
	struct trace_builder *builder; /* of the recorder's own stream */
	struct image_key *known;       /* files that were written down: a table, open addressing */
	size_t known_count, known_size;
};

void images_release(struct images *s);
/* A recorder's `image`: writes down what is known of the file. @images is a struct images. */
void images_seen(void *images, const struct image_notice *notice);
/* Writes down what a process that runs already has in memory. One that ends meanwhile has nothing. */
int images_of(struct images *s, pid_t pid, struct seam_err *err);

/* Something that can be run stands at this address; of a loader, its file begins there. */
struct image_place {
	uint64_t address;
	uint32_t how; /* enum trace_image_how */
};
#define IMAGE_PLACES 2u
/*
 * Has the builder tell what stands there now, as images of the time, task and process of @like; at most IMAGE_PLACES of them. What is known of
 * the files goes to the stream of the recorder.
 */
int images_at(struct images *s, struct trace_builder *to, const struct seam_event *like, const struct image_place *places, size_t n,
	      struct seam_err *err);

#endif
