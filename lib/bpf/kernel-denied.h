/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel does not take the recorder, in the words of `seam doctor`. */
#ifndef BPF_KERNEL_DENIED_H
#define BPF_KERNEL_DENIED_H

#include "seam/err.h"

/* @r: the negative errno; @said: what the verifier or libbpf said, which counts when everything that is known to be needed is there; @what: "recorder". */
int kernel_denied(int r, const char *said, const char *what, struct seam_err *err);

#endif
