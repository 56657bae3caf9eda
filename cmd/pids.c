/* SPDX-License-Identifier: BSD-2-Clause */
/* The processes of -p: numbers with commas between. */
#include "pids.h"

#include <stdlib.h>

int parse_pids(const struct cmd *cmd, const char *list, pid_t ret_pids[MAX_PIDS], size_t *ret_n)
{
	const char *p = list;

	*ret_n = 0;
	while (p && *p) {
		char *end;
		long n = strtol(p, &end, 10);

		if (n <= 0 || end == p || (*end && *end != ','))
			return usage_error(cmd, "'%s' is no process: the numbers of processes, with commas between them", list);
		if (*ret_n == MAX_PIDS)
			return usage_error(cmd, "that is more than %d processes", MAX_PIDS);
		ret_pids[(*ret_n)++] = (pid_t)n;
		p = *end ? end + 1 : end;
	}
	return 0;
}
