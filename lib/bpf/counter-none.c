/* SPDX-License-Identifier: BSD-2-Clause */
/* The counter of a build that has no libbpf: it says so. */
#include <errno.h>

#include "bpf/counter.h"

int counter_open(struct counter **ret_counter, const struct counter_options *options, struct seam_err *err)
{
	(void)ret_counter;
	(void)options;
	return seam_err_set(err, -ENOSYS, "this build has no engine bpf: build it where libbpf is");
}

void counter_close(struct counter *c)
{
	(void)c;
}

int counter_add(struct counter *c, pid_t task, bool fresh, struct seam_err *err)
{
	(void)c;
	(void)task;
	(void)fresh;
	return seam_err_set(err, -ENOSYS, "there is no counter");
}

void counter_detach(struct counter *c)
{
	(void)c;
}

void counter_read(const struct counter *c, struct seam_counts *ret)
{
	(void)c;
	*ret = (struct seam_counts){ 0 };
}

uint64_t counter_tasks(const struct counter *c)
{
	(void)c;
	return 0;
}
