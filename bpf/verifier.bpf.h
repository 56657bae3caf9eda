/* SPDX-License-Identifier: Dual BSD/GPL */
/* What keeps the verifier and clang from knowing too much. */
#ifndef VERIFIER_BPF_H
#define VERIFIER_BPF_H

#include "old.bpf.h"

/* Keeps clang from leaving out a comparison that the verifier needs. */
#define opaque(x) asm volatile("" : "+r"(x))

/*
 * It is 0, and nobody but the verifier doubts it: what it has been added to is any number then, whichever way that came about. So what comes
 * next is looked at once, and not once for each way that leads there.
 */
SEC(".bss.nothing") uint64_t nothing;

static __always_inline uint64_t forgotten(uint64_t x)
{
	return FORGETTING(x, nothing);
}

#endif
