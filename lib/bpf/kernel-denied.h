/* SPDX-License-Identifier: BSD-2-Clause */
/* Why the kernel does not take the recorder, in the words of `seam doctor`. */
#ifndef BPF_KERNEL_DENIED_H
#define BPF_KERNEL_DENIED_H

#include <stdbool.h>

#include "seam/err.h"

/*
 * @r: the negative errno; @said: what the verifier or libbpf said, which counts when everything that is known to be needed is there; @looked_at: the
 * verifier has looked at a program and told why it does not like it; @what: "recorder".
 */
int kernel_denied(int r, const char *said, bool looked_at, const char *what, struct seam_err *err);

#endif
