/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings the programs of --where into the kernel. */
#ifndef BPF_WHERE_LOAD_H
#define BPF_WHERE_LOAD_H

#include "bpf/recorder.h"
#include "bpf/where-side.h"

struct bpf_object;

/* Before the object is loaded. @w may be NULL: every call is wanted. */
int where_prepare(struct bpf_object *object, const struct recorder_where *w, unsigned cpus);
/* After that. */
int where_fill(const struct bpf_object *object, const struct recorder_where *w, struct seam_err *err);
/* Whether any call of this number can be wanted. */
bool where_wants(const struct recorder_where *w, uint32_t number);
/* A process that is there already executes this file. */
void where_tell_exe(const struct bpf_object *object, const struct recorder_where *w, uint32_t process, const char *path);

#endif
