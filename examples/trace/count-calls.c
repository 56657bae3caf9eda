/* SPDX-License-Identifier: BSD-2-Clause */
/* How often each call was made, and how often it failed: count-calls seam.trace | sort -rn */
#include "trace-main.h"

#define KNOWN 1024

int main(int argc, char **argv)
{
	static unsigned long made[SEAM_ARCH_COUNT][KNOWN], failed[SEAM_ARCH_COUNT][KNOWN];
	struct seam_trace *t = open_trace(argc, argv, NULL);
	const struct seam_event *e;
	int status = 0;

	if (!t)
		return 1;
	while ((e = next_event(t, &status)))
		if (is_call(e) && e->arch < SEAM_ARCH_COUNT && e->number < KNOWN) {
			made[e->arch][e->number]++;
			failed[e->arch][e->number] += e->returned && e->ret < 0;
		}
	for (int arch = 0; arch < SEAM_ARCH_COUNT; arch++)
		for (uint64_t i = 0; i < KNOWN; i++)
			if (made[arch][i])
				printf("%lu %s, %lu failed\n", made[arch][i], call_name(&(struct seam_event){ .arch = (uint8_t)arch, .number = i }), failed[arch][i]);
	seam_trace_close(t);
	return status;
}
