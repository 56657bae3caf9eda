/* SPDX-License-Identifier: BSD-2-Clause */
/* The options that choose what is recorded: -e, --where, -z and -Z. */
#ifndef CHOSEN_CALLS_H
#define CHOSEN_CALLS_H

#include "cmd.h"
#include "seam/recording.h"
#include "seam/callset.h"
#include "seam/choice.h"

struct chosen_calls {
	struct opt_list e;
	const char *where;
	bool successful, failed;
	bool stats; /* a set of calls is all that can be counted */
	/* what they come to; the recording's options point here */
	struct seam_choice choice;
	struct seam_callset counted;
	const char *expressions[3];
	const char *words[OPT_LIST_MAX + 3];
	char *told[OPT_LIST_MAX + 3];
};

/* Fills in what @o says of the selection. 0, or EXIT_USAGE after having said why. */
int chosen_calls_apply(struct chosen_calls *c, const struct cmd *cmd, struct seam_record_options *o);
void chosen_calls_release(struct chosen_calls *c);

#endif
