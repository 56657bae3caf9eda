/* SPDX-License-Identifier: BSD-2-Clause */
/* What the cases of the handlers' tests share: each runs this program again as its payload, under a tool. */
#ifndef TESTS_LIVE_HOOK_CASE_H
#define TESTS_LIVE_HOOK_CASE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "seam/hook.h"

/* What a payload is called by, and does; its result is the exit status. */
struct payload {
	const char *name;
	int (*fn)(void);
};
extern const struct payload payloads[]; /* of the program; ends without a name */

extern struct seam_run_result ran; /* by the last run */
extern struct seam_err ran_err;

/* Runs the payload under the tool: what seam_run() says. */
int run_payload(const struct seam_tool *tool, const char *name);
int run_payload_with(const struct seam_tool *tool, const char *name, struct seam_run_options *o);
/* The exit status of the last run, -signal. */
int payload_status(void);

#define TOOL(of) ((struct seam_tool){ .name = #of, SEAM_HANDLERS(of) })

/* All of the program; its exit status. */
int cases(void);

#endif
