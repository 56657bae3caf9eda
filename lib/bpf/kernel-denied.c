/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel does not take the recorder, in the words of `seam doctor`. */
#include "bpf/kernel-denied.h"

#include <errno.h>

#include "base/util.h"
#include "seam/probe.h"

int kernel_denied(int r, const char *said, bool looked_at, const char *what, struct seam_err *err)
{
	static const char *const needed[] = { "btf", "bpf" };

	for (size_t i = 0; i < ARRAY_SIZE(needed); i++) {
		struct seam_probe_result result;

		seam_probe_find(needed[i])->run(&result);
		if (result.status != SEAM_PROBE_WORKS)
			return seam_err_set(err, r, "no %s in the kernel: %s; it needs %s ('seam doctor' tells what works "
					    "here)", what, result.detail, result.remedy ? result.remedy : "another machine");
	}
	if (looked_at)
		return seam_err_set(err, r, "this kernel's verifier refuses the %s (%.200s); with SEAM_BPF_LOG=1 all that it says is printed", what, said);
	if (r == -EPERM || r == -EACCES)
		return seam_err_errno(err, r, "the kernel takes no %s from us, though it takes programs: before Linux 5.11 it needs "
				      "'ulimit -l unlimited'; is it allowed everything that root is? (%s)", what, said);
	return seam_err_errno(err, r, "the kernel does not take the %s (%s)", what, said);
}
