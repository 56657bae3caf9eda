/* SPDX-License-Identifier: BSD-2-Clause */
/* Has the kernel's side find where the kernel has all memory mapped, so that it can read that of programs quickly (bpf/user.bpf.h). */
#ifndef BPF_KERNEL_MEMORY_H
#define BPF_KERNEL_MEMORY_H

struct bpf_object;

/* Once it is loaded and before it is attached. Where it is not found, or not to be, memory is read the usual way. */
void kernel_find_memory(const struct bpf_object *object);

#endif
