/* SPDX-License-Identifier: BSD-2-Clause */
/* Benchmark: what the loops of lib/base cost, in nanoseconds each. */
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/strmap.h"
#include "base/time.h"

enum { WORDS = 400, ROUNDS = 2000 };

static char words[WORDS][16];
static const char *list[WORDS];

/* So that the compiler keeps what is measured. */
static volatile uintptr_t sink;

static void report(const char *what, uint64_t ns, uint64_t n)
{
	printf("%-40s %8.1f ns\n", what, (double)ns / (double)n);
}

int main(void)
{
	struct strmap m = STRMAP_INIT;
	uint64_t start;

	for (int i = 0; i < WORDS; i++) {
		snprintf(words[i], sizeof(words[i]), "call_%d", i * 7919 % 10007);
		list[i] = words[i];
		strmap_put(&m, words[i], words[i]);
	}
	start = time_mono_ns();
	for (int r = 0; r < ROUNDS; r++) {
		for (int i = 0; i < WORDS; i++)
			sink = (uintptr_t)strmap_get(&m, words[i]);
	}
	report("strmap_get among 400 names", time_mono_ns() - start, (uint64_t)ROUNDS * WORDS);
	start = time_mono_ns();
	for (int r = 0; r < ROUNDS; r++) {
		for (int i = 0; i < WORDS; i++)
			sink = glob_match("*l_1*", words[i]);
	}
	report("glob_match of a name", time_mono_ns() - start, (uint64_t)ROUNDS * WORDS);
	start = time_mono_ns();
	for (int r = 0; r < ROUNDS / 100; r++)
		sink = (uintptr_t)suggest("cal_123", list, WORDS);
	report("suggest among 400 names", time_mono_ns() - start, ROUNDS / 100);
	strmap_release(&m);
	return 0;
}
