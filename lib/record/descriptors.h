/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tasks that are there when a recording begins have open. */
#ifndef RECORD_DESCRIPTORS_H
#define RECORD_DESCRIPTORS_H

#include "record/sink.h"
#include "record/socket-list.h"

/* All zeros at first, but for sink and builder. */
struct descriptors {
	struct sink *sink;
	struct trace_builder *builder; /* of the recorder's own stream */
	struct socket_list sockets;
};

void descriptors_release(struct descriptors *d);
/*
 * Writes down what a process has open, its working directory, and its root where that is another. A process that ends meanwhile has
 * nothing. @starting: it is about to run its program, so what the exec closes is left out.
 */
int descriptors_of(struct descriptors *d, pid_t pid, bool starting, struct seam_err *err);

#endif
