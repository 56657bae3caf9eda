/* SPDX-License-Identifier: BSD-2-Clause */
/* What this kernel can tell beside calls: its tracepoints differ from version to version. */
#ifndef BPF_KERNEL_FIT_H
#define BPF_KERNEL_FIT_H

#include <stdbool.h>

enum kernel_sees {
	KERNEL_SEES_URING = 1 << 0, /* requests to io_uring and their completions */
	KERNEL_SEES_TRAPS = 1 << 1, /* page faults of programs */
	KERNEL_SEES_EXEC = 1 << 2,  /* a call of execve() before it takes the memory away that it was asked with */
	KERNEL_SEES_ALL = KERNEL_SEES_URING | KERNEL_SEES_TRAPS,
};

struct bpf_object;

/* Bits of enum kernel_sees. Found out once, from what the kernel says of its own types. */
unsigned kernel_sees(void);
/* Before it is loaded: of the programs in the object only those stay that this kernel has a place for and that are wanted. */
void kernel_fit(struct bpf_object *object, bool traps, bool durations);

#endif
