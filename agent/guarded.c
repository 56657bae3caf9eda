/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls that would do something with the agent's own memory fail. */
#include "blob.h"

#define MAP_FIXED 0x10u
#define MAP_FIXED_NOREPLACE 0x100000u
#define MREMAP_FIXED 2u

static bool touches(uint64_t at, uint64_t bytes)
{
	uint64_t base = (uint64_t)agent_start, end = at + bytes;

	if (end < at)
		end = UINT64_MAX;
	return at < base + AGENT_WINDOW && end > base;
}

int64_t agent_guard(struct agent_call *c)
{
	const uint64_t *a = c->args;
	int64_t r = 0;

	switch (c->number) {
	case __NR_mmap:
		if (!touches(a[0], a[1]))
			break;
		if (a[3] & (MAP_FIXED | MAP_FIXED_NOREPLACE))
			r = -AGENT_ENOMEM;
		else
			c->real[1] = 0; /* it was a wish */
		break;
	case __NR_munmap:
	case __NR_remap_file_pages:
	case __NR_madvise:
		r = touches(a[0], a[1]) ? -AGENT_EINVAL : 0;
		break;
	case __NR_mprotect:
#ifdef __NR_pkey_mprotect
	case __NR_pkey_mprotect:
#endif
#ifdef __NR_mseal
	case __NR_mseal:
#endif
		r = touches(a[0], a[1]) ? -AGENT_EACCES : 0;
		break;
	case __NR_mremap:
		if (touches(a[0], a[1]) || ((a[3] & MREMAP_FIXED) && touches(a[4], a[2])))
			r = -AGENT_EFAULT;
		break;
	case __NR_shmat:
		/* its size is not known here, and no segment is as large as what lies before the window */
		r = touches(a[1], AGENT_WINDOW) && a[1] >= (uint64_t)agent_start ? -AGENT_EINVAL : 0;
		break;
	}
	if (r)
		agent_count(&agent_shared()->refused);
	return r;
}
