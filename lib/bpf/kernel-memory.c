/* SPDX-License-Identifier: BSD-2-Clause */
#include "bpf/kernel-memory.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/util.h"
#include "bpf/kernel-side.h"

void kernel_find_memory(const struct bpf_object *object)
{
	struct bpf_program *program = bpf_object__find_program_by_name(object, "record_find_memory");
	/* nowhere else in the machine, and not across two pages */
	static uint64_t sign[MEMORY_SIGN] __attribute__((aligned(MEMORY_SIGN * sizeof(uint64_t))));
	uint64_t sought[1 + MEMORY_SIGN];
	struct bpf_test_run_opts run = { .sz = sizeof(run), .ctx_in = sought, .ctx_size_in = sizeof(sought) };

	if (!program || getenv("SEAM_TEST_USUAL_MEMORY") || getrandom(sign, sizeof(sign), 0) != (ssize_t)sizeof(sign))
		return;
	sought[0] = (uintptr_t)sign;
	memcpy(sought + 1, sign, sizeof(sign));
	IGNORE_RESULT(bpf_prog_test_run_opts(bpf_program__fd(program), &run) < 0);
}
