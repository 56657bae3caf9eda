/* SPDX-License-Identifier: BSD-2-Clause */
/* What a call did is found out with this: the values, names and addresses that its effects speak of. */
#ifndef DEEDS_EFFECT_PARTS_H
#define DEEDS_EFFECT_PARTS_H

#include "deeds/deeds-parts.h"

struct doing {
	struct seam_deeds *d;
	struct seam_files *f;
	const struct seam_tables *t;
	const struct seam_event *e;
	const struct seam_variant *v;
	int error;                  /* positive; 0: it has succeeded */
	bool opening;               /* it opens a file by a name */
	bool mapped;                /* that was told */
	struct seam_deed *renaming; /* told already */
};

/* Whether the effect's condition holds. One that asks for the result says when the deed is done, not when it is tried. */
bool doing_holds(struct doing *o, const struct seam_effect *e);
uint64_t doing_value(struct doing *o, uint32_t object);
/* A descriptor that was there, and one that the call has made. */
int doing_fd(struct doing *o, uint32_t object);
int doing_made(struct doing *o, uint32_t object);
/* The name of a path or of a descriptor; "": it is not known. Here and below strings stay as long as the event. */
const char *doing_path(struct doing *o, uint32_t object);
/* Whether there is a name at all, and not "" or NULL for the descriptor beside it. */
bool doing_is_named(struct doing *o, uint32_t object);
const char *doing_string(struct doing *o, uint32_t object);
/* The words of "as" and the string behind them. */
const char *doing_words(struct doing *o, const struct seam_effect *e);
/* What the call has put into a buffer whose length is its result. */
const char *doing_buffer(struct doing *o, uint32_t object);
/* Memory as the call left it. False: not all of it is there. */
bool doing_read(struct doing *o, uint64_t address, void *to, size_t n);
/* The absolute name of a socket in the file system; "": it has none. */
const char *doing_socket_path(struct doing *o, uint32_t object);
/* The address that the call itself has for what it sends or receives; "". */
const char *doing_other_end(struct doing *o);
void doing_ends(struct seam_deed *deed, const struct seam_file *file);

/* Effects that have to do with other tasks. */
void deed_reaped(struct doing *o, const struct seam_effect *e);
void deed_signalled(struct doing *o, const struct seam_effect *e);
void deed_failed(struct doing *o, const struct seam_effect *e);

#endif
