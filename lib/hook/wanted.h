/* SPDX-License-Identifier: BSD-2-Clause */
/* Which calls a tool has handlers for. */
#ifndef HOOK_WANTED_H
#define HOOK_WANTED_H

#include "seam/hook.h"

#define WANTED_NUMBERS 1024u

struct wanted_list {
	size_t n;
	const struct seam_handler *at[];
};

struct wanted {
	const struct seam_tables *t;
	/* Of each call by its number; NULL: none. Those that are beyond have `other`. */
	struct wanted_list *native[WANTED_NUMBERS], *compat[WANTED_NUMBERS], *other;
	struct wanted_list *occasions[SEAM_OCCASION_COUNT];
	bool calls, every_call;
};

int wanted_init(struct wanted *w, const struct seam_tables *t, const struct seam_tool *tool, struct seam_err *err);
/* One more, behind those that are there. */
int wanted_add(struct wanted *w, const struct seam_handler *handler, struct seam_err *err);
void wanted_release(struct wanted *w);
/* The handlers of a call; NULL: none. */
const struct wanted_list *wanted_call(const struct wanted *w, bool compat, uint64_t number);
/* Whether the filter stops it, handlers or not. */
bool wanted_stops(const struct wanted *w, bool compat, uint64_t number);
/* Stop here as well, without a handler. By name; nothing where there is no such call. */
void wanted_stop(struct wanted *w, const char *name);

#endif
