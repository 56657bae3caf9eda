/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder of a build that has no libbpf: it says so. */
#include <errno.h>

#include "bpf/kernel-fit.h"
#include "bpf/recorder.h"

int recorder_open(struct recorder **ret_recorder, const struct recorder_options *options, struct seam_err *err)
{
	(void)ret_recorder;
	(void)options;
	return seam_err_set(err, -ENOSYS, "this build has no engine bpf: build it where libbpf is");
}

void recorder_close(struct recorder *r)
{
	(void)r;
}

int recorder_add(struct recorder *r, pid_t task, bool fresh, struct seam_err *err)
{
	(void)r;
	(void)task;
	(void)fresh;
	return seam_err_set(err, -ENOSYS, "there is no recorder");
}

void recorder_detach(struct recorder *r)
{
	(void)r;
}

int recorder_fd(const struct recorder *r)
{
	(void)r;
	return -1;
}

int recorder_take(struct recorder *r, unsigned *ret_cpu, const struct trace_block **ret_block)
{
	(void)r;
	(void)ret_cpu;
	(void)ret_block;
	return 0;
}

void recorder_release(struct recorder *r, unsigned cpu)
{
	(void)r;
	(void)cpu;
}

void recorder_relieve(struct recorder *r)
{
	(void)r;
}

void recorder_count(const struct recorder *r, struct recorder_count *ret_count)
{
	(void)r;
	*ret_count = (struct recorder_count){ 0 };
}

bool recorder_has(const struct recorder *r, pid_t task)
{
	(void)r;
	(void)task;
	return false;
}

bool recorder_under_way(struct recorder *r)
{
	(void)r;
	return false;
}

void recorder_flush(struct recorder *r, bool all)
{
	(void)r;
	(void)all;
}

void recorder_tell_exe(struct recorder *r, pid_t process, const char *path)
{
	(void)r;
	(void)process;
	(void)path;
}

bool recorder_is_idle(const struct recorder *r)
{
	(void)r;
	return true;
}

unsigned kernel_sees(void)
{
	return 0;
}

void recorder_round(struct recorder *r)
{
	(void)r;
}

uint64_t recorder_oldest(const struct recorder *r)
{
	(void)r;
	return 0;
}

bool recorder_can_hold(void)
{
	return false;
}

bool recorder_can_stop(void)
{
	return false;
}

enum recorder_pause recorder_pause(const struct recorder *r)
{
	(void)r;
	return RECORDER_DROP;
}

bool recorder_is_short(const struct recorder *r)
{
	(void)r;
	return false;
}

int recorder_short_fd(const struct recorder *r)
{
	(void)r;
	return -1;
}

uint32_t recorder_arrived(struct recorder *r)
{
	(void)r;
	return 0;
}
