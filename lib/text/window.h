/* SPDX-License-Identifier: BSD-2-Clause */
/* A piece of the traced program's memory that many small things are read from: one question instead of twenty. */
#ifndef TEXT_WINDOW_H
#define TEXT_WINDOW_H

#include "seam/text.h"

#define TEXT_WINDOW 512u

struct seam_text_window {
	const struct seam_text_window *outer;
	uint64_t address;
	enum seam_when when;
	size_t asked, got;
	unsigned char bytes[TEXT_WINDOW];
};

/* text_read() looks here first, until it is closed again. More than TEXT_WINDOW bytes are not kept. */
void text_window_open(struct seam_text *x, struct seam_text_window *w, uint64_t address, uint64_t n,
		      enum seam_when when);
void text_window_close(struct seam_text *x, struct seam_text_window *w);

#endif
