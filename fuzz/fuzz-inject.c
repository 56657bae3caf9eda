/* SPDX-License-Identifier: BSD-2-Clause */
/* Any bytes as a rule of seam inject: refused with a sentence, or a rule that says what is to happen. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "replay.h"
#include "seam/inject.h"

static void must_be_said(void *user, const char *sentence)
{
	(void)user;
	if (!*sentence)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = xstrndup((const char *)data, size);
	struct seam_inject_rule *rule = NULL;
	struct seam_err err = SEAM_ERR_INIT;
	int r = seam_inject_parse(text, NULL, &rule, &err);

	if (r < 0 ? rule || !*err.text || err.code != r : !rule || !rule->what || !rule->call_count || !rule->when.first)
		abort();
	if (rule)
		seam_inject_doubts(rule, NULL, must_be_said, NULL);
	seam_inject_rule_free(rule);
	return 0;
}
