/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel can tell beside calls: its tracepoints differ from version to version. */
#include "bpf/kernel-fit.h"

#include <bpf/libbpf.h>

#include "base/kernel-types.h"
#include "base/util.h"

/* A program of bpf/, the tracepoint that it is for, and how many values that one has in the version that it is written for. */
static const struct fit {
	const char *program, *tracepoint;
	int values;
	unsigned sees; /* what it is good for */
	bool needed;   /* without it nothing of the kind is seen, or one of those with the same `sees` is */
} fits[] = {
	{ "record_submit", "io_uring_submit_req", 1, KERNEL_SEES_URING, true },
	{ "record_submit_sqe", "io_uring_submit_sqe", 2, KERNEL_SEES_URING, true },
	{ "record_refused", "io_uring_req_failed", 3, KERNEL_SEES_URING, false },
	{ "record_complete", "io_uring_complete", 3, KERNEL_SEES_URING, false },
	{ "record_complete_parts", "io_uring_complete", 7, KERNEL_SEES_URING, false },
	{ "record_page_fault", "page_fault_user", 3, KERNEL_SEES_TRAPS, true },
	{ "record_prepare_exec", "sched_prepare_exec", 2, KERNEL_SEES_EXEC, true },
};

static bool known, fitting[ARRAY_SIZE(fits)];
static unsigned seen;

static void find_out(void)
{
	struct kernel_tracepoint there[ARRAY_SIZE(fits)];

	if (known)
		return;
	known = true;
	for (size_t i = 0; i < ARRAY_SIZE(fits); i++)
		there[i].name = fits[i].tracepoint;
	kernel_types_tracepoints(there, ARRAY_SIZE(there));
	for (size_t i = 0; i < ARRAY_SIZE(fits); i++) {
		fitting[i] = there[i].values == fits[i].values;
		if (fitting[i] && fits[i].needed)
			seen |= fits[i].sees;
	}
}

unsigned kernel_sees(void)
{
	find_out();
	return seen;
}

void kernel_fit(struct bpf_object *object, bool traps, bool durations)
{
	unsigned wanted;

	find_out();
	wanted = seen & ~(traps ? 0u : KERNEL_SEES_TRAPS) & ~(durations ? KERNEL_SEES_EXEC : 0u);
	/* what nobody measures need not be seen to begin */
	if (!durations)
		bpf_program__set_autoload(bpf_object__find_program_by_name(object, "record_enter"), false);
	for (size_t i = 0; i < ARRAY_SIZE(fits); i++) {
		struct bpf_program *p = bpf_object__find_program_by_name(object, fits[i].program);

		if (p && !(fitting[i] && (wanted & fits[i].sees)))
			bpf_program__set_autoload(p, false);
	}
}
