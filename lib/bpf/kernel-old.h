/* SPDX-License-Identifier: BSD-2-Clause */
/* The programs for kernels that lack what the others are built on (bpf/old.bpf.h), where it makes a difference from outside. */
#ifndef BPF_KERNEL_OLD_H
#define BPF_KERNEL_OLD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/err.h"

struct bpf_object;

/* SEAM_TEST_OLD_BPF: they are to be taken though the kernel may do with the others. */
bool kernel_old_wanted(void);
/* Both forms have been refused. Whether the usual one is meant for this kernel, by what it is built on, so that its refusal is the one to be told. */
bool kernel_usual_is_meant(const struct seam_err *refused);
/* Whether something else may help a kernel that has refused the usual programs with this error. */
bool kernel_old_may_help(int r);
/* The object is such a one. */
bool kernel_is_old(const struct bpf_object *object);
/* Before it is loaded: why it would be of no use here; 0: nothing speaks against it. */
int kernel_old_denied(bool everything, struct seam_err *err);
/* As kernel_add_task(), for a task of which nothing but its number can be said; where we know the kernel's own numbers. */
int kernel_add_number(const struct bpf_object *object, uint32_t *wanting, pid_t task, bool fresh, struct seam_err *err);
/* Whether a task of this number is wanted, or recorded beside the array of slots. */
bool kernel_has_number(const struct bpf_object *object, pid_t task);
/* Runs the iterator @program until it has seen its first task, on the processor where the caller is. */
void kernel_run_iterator(int program);

#endif
