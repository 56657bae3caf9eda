/* SPDX-License-Identifier: BSD-2-Clause */
/* What a recording is asked to record, made ready for the kernel. */
#ifndef RECORD_CHOSEN_H
#define RECORD_CHOSEN_H

#include "bpf/recorder.h"
#include "seam/recording.h"

/* 0: every call is wanted. 1: *ret is what is, and the caller's, who releases it. Or a failure. */
int chosen_make(struct recorder_where *ret, const struct seam_record_options *o, struct seam_err *err);
/* The 32-bit table beside the machine's own, or that one itself where there is none. */
enum seam_arch chosen_compat(void);
/* Whether this call is recorded whatever the expression says, since paths begin where it leads. */
bool chosen_keeps(enum seam_arch arch, const struct filter_split *s, uint64_t number);
void chosen_release(struct recorder_where *w);

#endif
