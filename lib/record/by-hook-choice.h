/* SPDX-License-Identifier: BSD-2-Clause */
/* Which calls are recorded: those that have to be stopped at, and what is asked of each when it is over. */
#ifndef RECORD_BY_HOOK_CHOICE_H
#define RECORD_BY_HOOK_CHOICE_H

#include "base/buf.h"
#include "bpf/recorder.h"
#include "filter/event-view.h"
#include "seam/recording.h"

struct by_hook_choice {
	bool all;                 /* nothing was chosen */
	const struct seam_callset *calls; /* NULL: whatever the expressions say */
	struct recorder_where where;
	struct seam_filter *filter[2]; /* of the machine's own calls, and of its 32-bit ones */
	uint32_t uses;            /* 1 << enum seam_filter_field */
	struct buf words;         /* names of the calls to be stopped at */
	struct event_view view;
};

enum by_hook_chosen {
	CHOSEN_NOT,   /* nobody wants it, but it has to be seen */
	CHOSEN,
	CHOSEN_MAYBE, /* by_hook_wants() knows when it is over */
};

int by_hook_choice_make(struct by_hook_choice *c, const struct seam_record_options *o, struct seam_err *err);
void by_hook_choice_release(struct by_hook_choice *c);
enum by_hook_chosen by_hook_chosen(const struct by_hook_choice *c, bool compat, uint64_t number);
/* What cannot be told is wanted. */
bool by_hook_wants(struct by_hook_choice *c, const struct seam_event *e, const struct seam_tasks *tasks);

#endif
