/* SPDX-License-Identifier: BSD-2-Clause */
/* What cannot be known because only some calls were recorded. */
#include <string.h>

#include "files/files-parts.h"

/* Whether the call must have been seen lest old names go on: one that closes descriptors or moves folders in every case. */
static void need(struct seam_files *f, const struct seam_call *call, bool *ret_closes, bool *ret_moves)
{
	uint32_t closing = 0, moving = 0;

	for (uint32_t k = 0; k < call->variants.count; k++) {
		struct seam_span effects = f->t->variants[call->variants.first + k].effects;
		bool closes = false, moves = false;

		for (uint32_t i = 0; i < effects.count; i++) {
			const struct seam_effect *e = &f->t->effects[effects.first + i];
			bool world = f->t->objects[e->object].how == SEAM_OBJECT_WORLD;

			closes |= e->verb == SEAM_VERB_CLOSES && !world;
			moves |= e->by[0] && files_moves(f->t, e);
		}
		closing += closes;
		moving += moves;
	}
	*ret_closes = closing && closing == call->variants.count;
	*ret_moves = moving && moving == call->variants.count;
}

void seam_files_of(struct seam_files *f, const struct seam_trace *trace)
{
	enum seam_arch arch = seam_trace_arch(trace);
	const char *name;

	if (!seam_trace_meta(trace, "unseen", 0) || arch >= SEAM_ARCH_DESCRIBED)
		return;
	for (uint32_t i = 0; i < f->t->arch[arch].call_count; i++) {
		const struct seam_call *call = &f->t->arch[arch].calls[i];
		bool closes, moves, unseen = false;

		need(f, call, &closes, &moves);
		if (!closes && !moves)
			continue;
		for (size_t n = 0; !unseen && (name = seam_trace_meta(trace, "unseen", n)); n++)
			unseen = strcmp(name, seam_string(f->t, call->name)) == 0;
		f->blind |= closes && unseen;
		f->blind_dirs |= moves && unseen;
	}
}
