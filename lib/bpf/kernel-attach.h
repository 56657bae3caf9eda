/* SPDX-License-Identifier: BSD-2-Clause */
/* What every user of the programs in the kernel does with a loaded object: attach it, map its memory, name tasks to it. */
#ifndef BPF_KERNEL_ATTACH_H
#define BPF_KERNEL_ATTACH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "seam/err.h"

#define KERNEL_LINKS 32

struct bpf_object;
struct bpf_link;

/*
 * From here on what libbpf and the verifier have to say goes to @text; NULL: nowhere. kernel_refused() makes of it the sentence for
 * an object that could not be loaded, whose errno is @r, which it returns.
 */
struct buf;
void kernel_listen(struct buf *text);
/* bpf_object__load(). SEAM_TEST_STRICT_ALIGNMENT: as a kernel does whose machine has no access to memory that is not aligned. */
int kernel_take(struct bpf_object *object);
int kernel_refused(int r, struct buf *text, const char *what, struct seam_err *err);
/* Attaches all programs at tracepoints. What is attached when this fails is in links all the same. */
int kernel_attach(struct bpf_object *object, struct bpf_link *links[KERNEL_LINKS], struct seam_err *err);
void kernel_detach(struct bpf_link *links[KERNEL_LINKS]);
/* The memory of an array or of variables; NULL, with errno. It is unmapped with munmap(). */
void *kernel_map_memory(const struct bpf_object *object, const char *name, size_t bytes);
/*
 * The kernel's side looks after this task from now on, and after the children that it will have. wanting: the mapped number of
 * those that it has not seen yet. fresh: nothing before its next execve() counts. -ESRCH: there is no such task. 1: the kernel's side counts it itself.
 */
int kernel_add_task(const struct bpf_object *object, uint32_t *wanting, pid_t task, bool fresh, struct seam_err *err);

#endif
