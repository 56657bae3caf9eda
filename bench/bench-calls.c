/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark: finding a system call in the tables, by number and by name. */
#include <stdio.h>

#include "base/time.h"
#include "seam/calls.h"

enum { ROUNDS = 20000 };

/* So that the compiler keeps what is measured. */
static volatile uintptr_t sink;

static void report(const char *what, uint64_t ns, uint64_t n)
{
	printf("%-40s %8.1f ns\n", what, (double)ns / (double)n);
}

int main(void)
{
	enum seam_arch arch = seam_arch_native();
	const struct seam_arch_tables *a = &seam_tables.arch[arch];
	const char *names[1024];
	uint32_t n = 0;
	uint64_t start = time_mono_ns();

	for (int r = 0; r < ROUNDS; r++) {
		for (uint32_t i = 0; i < a->number_count; i++)
			sink = (uintptr_t)seam_call_by_number(&seam_tables, arch, i);
	}
	report("seam_call_by_number", time_mono_ns() - start, (uint64_t)ROUNDS * a->number_count);

	for (; n < a->call_count && n < 1024; n++)
		names[n] = seam_string(&seam_tables, a->calls[n].name);
	start = time_mono_ns();
	for (int r = 0; r < ROUNDS / 10; r++) {
		for (uint32_t i = 0; i < n; i++)
			sink = (uintptr_t)seam_call_by_name(&seam_tables, arch, names[i]);
	}
	report("seam_call_by_name", time_mono_ns() - start, (uint64_t)ROUNDS / 10 * n);
	return 0;
}
