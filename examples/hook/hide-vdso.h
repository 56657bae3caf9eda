/* SPDX-License-Identifier: BSD-2-Clause */
/* Has programs read their clocks by calls: without this they mostly read them from memory that the kernel shows them, the vDSO, which no handler sees. */
#ifndef EXAMPLES_HIDE_VDSO_H
#define EXAMPLES_HIDE_VDSO_H

#include "seam/hook.h"

/*
 * For SEAM_OCCASION_EXEC. A program is told where the vDSO is by a pair of numbers on its stack, below sixteen random bytes that another pair points to; /proc has
 * a copy of all pairs. Without /proc, or in a 32-bit program, nothing happens.
 */
static inline void hide_vdso(struct seam_hook *h)
{
	enum { AT_NOTHING = 1, AT_RANDOM_BYTES = 25, AT_VDSO = 33, PAIRS = 64, BYTES = PAIRS * 16 };
	uint64_t words[2 * PAIRS] = { 0 }, vdso = 0, below = 0, ignored = AT_NOTHING;
	uint64_t copy = seam_scratch(h, BYTES), path = seam_scratch_string(h, "/proc/self/auxv");
	int64_t fd = seam_inject(h, "openat", (uint64_t)-100, path, 0, 0);

	if (seam_has_failed(fd))
		return;
	seam_inject(h, "read", (uint64_t)fd, copy, BYTES);
	seam_inject(h, "close", (uint64_t)fd);
	seam_read(h, copy, words, BYTES);
	for (unsigned i = 0; i < 2 * PAIRS; i += 2) {
		if (words[i] == AT_VDSO)
			vdso = words[i + 1];
		if (words[i] == AT_RANDOM_BYTES)
			below = (words[i + 1] & ~(uint64_t)7) - BYTES;
	}
	if (!vdso || !below || seam_read(h, below, words, BYTES) != BYTES)
		return;
	for (unsigned i = 0; i + 1 < 2 * PAIRS; i++)
		if (words[i] == AT_VDSO && words[i + 1] == vdso)
			seam_write(h, below + 8 * i, &ignored, sizeof(ignored));
}

#endif
