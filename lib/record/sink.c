/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the blocks of a recording go. */
#include "record/sink.h"

int sink_build_end(struct sink *s, struct trace_builder *b, struct seam_err *err)
{
	int r = 0;

	if (b->head.records)
		r = s->ops->block(s, &b->head, b->data.data, err);
	trace_builder_next(b);
	return r;
}

int sink_build(struct sink *s, struct trace_builder *b, const struct seam_event *e, struct seam_err *err)
{
	int r;

	if (s->see)
		s->see(s->see_user, e, b->head.stream);
	if (!s->ops->block)
		return 0;
	r = trace_build(b, e, err);
	return r < 0 || b->head.size < b->limit ? r : sink_build_end(s, b, err);
}
