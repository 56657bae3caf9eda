/* SPDX-License-Identifier: BSD-2-Clause */
/* What engines are called. */
#include <string.h>

#include "base/util.h"
#include "seam/recording.h"

static const char *const names[] = { [SEAM_ENGINE_BEST] = "best", [SEAM_ENGINE_BPF] = "bpf", [SEAM_ENGINE_PTRACE] = "ptrace" };

int seam_engine_by_name(const char *name)
{
	for (int i = 0; i < (int)ARRAY_SIZE(names); i++)
		if (!strcmp(names[i], name))
			return i;
	return -1;
}

const char *seam_engine_name(enum seam_engine e)
{
	return names[e];
}
