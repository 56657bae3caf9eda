/* SPDX-License-Identifier: BSD-2-Clause */
/* What every user of the programs in the kernel does with a loaded object: attach it, map its memory, name tasks to it. */
#include "bpf/kernel-attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "bpf/kernel-side.h"

#define PIDFD_THREAD O_EXCL /* of a thread that is not the first one; Linux 6.9 */

int kernel_attach(struct bpf_object *object, struct bpf_link *links[KERNEL_LINKS], struct seam_err *err)
{
	struct bpf_program *program;
	unsigned n = 0;

	bpf_object__for_each_program(program, object) {
		if (!bpf_program__autoload(program) || bpf_program__type(program) != BPF_PROG_TYPE_TRACING ||
		    bpf_program__expected_attach_type(program) == BPF_TRACE_ITER)
			continue;
		if (n == KERNEL_LINKS)
			return seam_err_set(err, -E2BIG, "more programs than there is room for");
		links[n] = bpf_program__attach(program);
		if (!links[n])
			return seam_err_set(err, -errno, "the kernel does not attach %s", bpf_program__name(program));
		n++;
	}
	return 0;
}

void kernel_detach(struct bpf_link *links[KERNEL_LINKS])
{
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		bpf_link__destroy(links[i]);
		links[i] = NULL;
	}
}

void *kernel_map_memory(const struct bpf_object *object, const char *name, size_t bytes)
{
	int fd = bpf_object__find_map_fd_by_name(object, name);
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

int kernel_add_task(const struct bpf_object *object, uint32_t *wanting, pid_t task, bool fresh, struct seam_err *err)
{
	int map = bpf_object__find_map_fd_by_name(object, "tasks"), fd, e = 0;
	struct kept *value;

	fd = (int)syscall(SYS_pidfd_open, task, 0);
	if (fd < 0 && (errno == EINVAL || errno == ENOENT))
		fd = (int)syscall(SYS_pidfd_open, task, PIDFD_THREAD);
	if (fd < 0)
		return seam_err_errno(err, -errno, "task %d cannot be found", (int)task);
	value = xcalloc(1, sizeof(*value));
	value->wanted = fresh ? KEPT_FRESH : KEPT_WANTED;
	/* first the number: once the task is seen it is counted down */
	__atomic_fetch_add(wanting, 1, __ATOMIC_SEQ_CST);
	if (bpf_map_update_elem(map, &fd, value, BPF_ANY) < 0) {
		e = seam_err_errno(err, -errno, "task %d cannot be recorded", (int)task);
		__atomic_fetch_sub(wanting, 1, __ATOMIC_SEQ_CST);
	}
	free(value);
	close(fd);
	return e;
}
