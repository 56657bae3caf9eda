/* SPDX-License-Identifier: BSD-2-Clause */
/* Brings the tables and the programs of the recorder into the kernel. */
#ifndef BPF_KERNEL_LOAD_H
#define BPF_KERNEL_LOAD_H

#include "bpf/recorder.h"
#include "seam/err.h"

struct bpf_object;

/* The counts of the tables in config are filled in here. Of the options it looks at calls, where, traps and no_structures. */
int load_record(struct bpf_object **ret_object, struct kernel_config *config, unsigned cpus, size_t ring_bytes,
		const struct recorder_options *options, struct seam_err *err);

#endif
