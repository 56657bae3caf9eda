/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of seam/probe.h: whatever the answer is here, it must be a whole answer. */
#include "seam/probe.h"
#include "tap.h"

int main(void)
{
	size_t n;
	const struct seam_probe *probes = seam_probes(&n);

	OK(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct seam_probe_result r;

		probes[i].run(&r);
		tap_result(r.detail[0] && r.error <= 0 && (r.status != SEAM_PROBE_WORKS || !r.remedy), probes[i].name,
			   __FILE__, __LINE__);
		printf("# %s: %d, %s\n", probes[i].name, r.error, r.detail);
		OK(seam_probe_find(probes[i].name) == &probes[i]);
	}
	OK(seam_probe_find("no-such") == NULL);
	return tap_done();
}
