/* SPDX-License-Identifier: BSD-2-Clause */
/* In place of the agent where there is none for the machine yet. */
#include <errno.h>

#include "seam/agent.h"

int seam_agent_run(const struct seam_agent_options *o, struct seam_agent_result *ret, struct seam_err *err)
{
	(void)o;
	*ret = (struct seam_agent_result){ 0 };
	return seam_err_set(err, -ENOSYS, "there is no agent for this machine yet: x86-64 has one");
}
