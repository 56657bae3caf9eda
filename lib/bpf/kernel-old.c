/* SPDX-License-Identifier: BSD-2-Clause */
#include "bpf/kernel-old.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/kernel-types.h"
#include "base/util.h"
#include "bpf/kernel-pause.h"
#include "bpf/kernel-side.h"

bool kernel_old_wanted(void)
{
	return getenv("SEAM_TEST_OLD_BPF");
}

bool kernel_usual_is_meant(const struct seam_err *refused)
{
	return refused->code < 0 && kernel_types_know("bpf_loop");
}

bool kernel_old_may_help(int r)
{
	return r < 0 && r != -EPERM && r != -ENOMEM && r != -EMFILE && r != -ENFILE;
}

bool kernel_is_old(const struct bpf_object *object)
{
	return bpf_object__find_map_by_name(object, "owners");
}

int kernel_old_denied(bool everything, struct seam_err *err)
{
	if (everything || kernel_knows_our_pids())
		return 0;
	return seam_err_set(err, -ENOTSUP, "this kernel takes no programs but those for older ones, which know tasks by the numbers only that they have in the "
			    "machine's first process namespace, and we are in another one");
}

int kernel_add_number(const struct bpf_object *object, uint32_t *wanting, pid_t task, bool fresh, struct seam_err *err)
{
	uint32_t number = (uint32_t)task, why = CALLED_BY_RECORDER | (fresh ? KEPT_FRESH : KEPT_WANTED);

	if (kill(task, 0) < 0 && errno == ESRCH)
		return seam_err_errno(err, -ESRCH, "task %d cannot be found", (int)task);
	/* first the number: once the task is seen it is counted down */
	__atomic_fetch_add(wanting, 1, __ATOMIC_SEQ_CST);
	if (bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "called"), &number, &why, BPF_ANY) < 0) {
		int r = seam_err_errno(err, -errno, "task %d cannot be recorded", (int)task);

		__atomic_fetch_sub(wanting, 1, __ATOMIC_SEQ_CST);
		return r;
	}
	return 0;
}

bool kernel_has_number(const struct bpf_object *object, pid_t task)
{
	int called = bpf_object__find_map_fd_by_name(object, "called"), tasks = bpf_object__find_map_fd_by_name(object, "tasks");
	uint32_t number = (uint32_t)task, why;
	uint64_t key = 0, *previous = NULL;
	bool has = bpf_map_lookup_elem(called, &number, &why) == 0;
	struct kept *k;

	if (has || !kernel_is_old(object))
		return has;
	k = xcalloc(1, sizeof(*k));
	for (; !has && bpf_map_get_next_key(tasks, previous, &key) == 0; previous = &key)
		has = bpf_map_lookup_elem(tasks, &key, k) == 0 && k->own.id && k->own.task == number;
	free(k);
	return has;
}

void kernel_run_iterator(int program)
{
	_cleanup_close_ int link = bpf_link_create(program, 0, BPF_TRACE_ITER, NULL);
	_cleanup_close_ int iterator = link >= 0 ? bpf_iter_create(link) : -1;
	char byte;

	if (iterator >= 0)
		IGNORE_RESULT(read(iterator, &byte, 1));
}
