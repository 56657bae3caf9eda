/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the builder share. */
#ifndef TRACE_BUILDER_PARTS_H
#define TRACE_BUILDER_PARTS_H

#include "trace/builder.h"

#define TRACE_EXEC_WORDS (120u << 10) /* of arguments, and of environment, in an exec's own record */

static inline void trace_put32(struct trace_builder *b, uint32_t v)
{
	buf_add(&b->data, &v, sizeof(v));
}

static inline void trace_put64(struct trace_builder *b, uint64_t v)
{
	buf_add(&b->data, &v, sizeof(v));
}

static inline void trace_pad(struct trace_builder *b)
{
	buf_addn(&b->data, 0, -b->data.len % 4);
}

/* What is no call: its flags, and what stands after the task. Pieces of memory and what does not fit are left to the caller. */
uint8_t trace_rest_flags(const struct seam_event *e);
void trace_put_rest(struct trace_builder *b, const struct seam_event *e);

#endif
