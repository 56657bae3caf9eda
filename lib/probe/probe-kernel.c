/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel lets us put into it, and why not. */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cgroups.h"
#include "base/cleanup.h"
#include "base/files.h"
#include "base/kernel-types.h"
#include "probe/probe-parts.h"

/* of Linux 5.8, younger than some headers */
#define CAP_PERFMON_NUMBER 38
#define CAP_BPF_NUMBER 39

static bool has_right(int cap)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[2] = { 0 };

	return syscall(SYS_capget, &head, caps) == 0 && (caps[cap / 32].effective >> cap % 32 & 1);
}

static bool file_says(const char *path, const char *what)
{
	_cleanup_buf_ struct buf text = BUF_INIT;

	return file_read(path, 4096, &text, NULL) == 0 && strstr(text.data, what);
}

/* In the first one every number of a user is what it is outside. */
static bool in_user_namespace(void)
{
	return !file_says("/proc/self/uid_map", "4294967295");
}

/* A program was refused. */
static void tell_denied(struct seam_probe_result *ret, int error)
{
	bool may = has_right(CAP_SYS_ADMIN) || (has_right(CAP_BPF_NUMBER) && has_right(CAP_PERFMON_NUMBER));

	if (error == ENOSYS && may) {
		probe_fails(ret, -error, "a kernel with CONFIG_BPF_SYSCALL, and in a container a seccomp profile that lets bpf(2) through",
			    "there is no bpf(2) here, or a filter hides it");
		ret->status = SEAM_PROBE_MISSING;
	} else if (may && in_user_namespace()) {
		probe_fails(ret, -error, "root outside of the namespace or container",
			    "root of a user namespace may not use BPF, which is for the whole machine");
	} else if (may) {
		probe_fails(ret, -error, "a seccomp profile that lets bpf(2) through, as with docker run --privileged",
			    "we have the right, but something forbids bpf(2): a seccomp filter, as containers have");
	} else {
		probe_fails(ret, -error, "root, or CAP_BPF and CAP_PERFMON", "the kernel takes no program from us");
	}
}

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));
}

/* The youngest thing that the engine cannot do without. */
static bool has_rings(void)
{
	union bpf_attr attr = { .map_type = BPF_MAP_TYPE_RINGBUF, .max_entries = (uint32_t)sysconf(_SC_PAGESIZE) };
	_cleanup_close_ int map = sys_bpf(BPF_MAP_CREATE, &attr);

	return map >= 0 || errno != EINVAL;
}

static int load_program(const struct bpf_insn *code, uint32_t count)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insn_cnt = count,
		.insns = (uintptr_t)code,
		.license = (uintptr_t)"Dual BSD/GPL",
	};

	return sys_bpf(BPF_PROG_LOAD, &attr);
}

/* A kernel that is locked down does not even know the function any more. */
static bool may_read_kernel(void)
{
	/* bpf_probe_read_kernel(r10 - 8, 8, r10 - 8); r0 = 0; exit */
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_1, .src_reg = BPF_REG_10 },
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_1, .imm = -8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 8 },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = BPF_REG_3, .src_reg = BPF_REG_1 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_probe_read_kernel },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	_cleanup_close_ int prog = load_program(code, ARRAY_SIZE(code));

	return prog >= 0;
}

void probe_bpf(struct seam_probe_result *ret)
{
	/* r0 = 0; exit */
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	static const char remedy[] = "root, or CAP_BPF and CAP_PERFMON";
	_cleanup_close_ int prog = load_program(code, ARRAY_SIZE(code));
	_cleanup_close_ int link = -1;
	union bpf_attr attr;

	if (prog < 0) {
		tell_denied(ret, errno);
		return;
	}
	attr = (union bpf_attr){ .raw_tracepoint = { .name = (uintptr_t)"sys_enter", .prog_fd = (uint32_t)prog } };
	link = sys_bpf(BPF_RAW_TRACEPOINT_OPEN, &attr);
	if (link < 0)
		probe_fails(ret, -errno, remedy, "a program was loaded, but could not be attached to sys_enter");
	else if (!has_rings())
		probe_fails(ret, -EINVAL, "Linux 5.8", "this kernel has BPF, but no rings for what it sees");
	else if (!may_read_kernel())
		probe_fails(ret, 0, "lockdown=integrity on the kernel's command line, or no lockdown",
			    "the kernel lets no program read its memory: it is locked down (lockdown=confidentiality)");
	else
		probe_works(ret, "a program was loaded and attached to sys_enter");
}

int seam_probe_hold(void)
{
	static int answer = -1;

	if (answer >= 0)
		return answer;
	if (kernel_types_know("bpf_task_work_schedule_resume"))
		answer = 2;
	else
		answer = kernel_types_know("bpf_task_work_schedule_resume_impl");
	return answer;
}

void probe_pause(struct seam_probe_result *ret)
{
	if (seam_probe_hold()) {
		probe_works(ret, "the kernel lets a task wait at the end of its call");
		return;
	}
	probe_fails(ret, 0, "Linux 6.18; until then a command is frozen in a cgroup, others get stop signals",
		    "this kernel lets no task wait inside");
	ret->status = SEAM_PROBE_MISSING;
}

/* A cgroup is made and removed again. */
void probe_cgroup(struct seam_probe_result *ret)
{
	_cleanup_buf_ struct buf path = BUF_INIT;
	_cleanup_buf_ struct buf freeze = BUF_INIT;
	struct seam_err err = SEAM_ERR_INIT;
	size_t own;
	int r;

	if (cgroups_mount(&path, &err) < 0) {
		probe_fails(ret, -ENOENT, "mount -t cgroup2 none FOLDER (root)", "none are mounted");
		ret->status = SEAM_PROBE_MISSING;
		return;
	}
	if (cgroups_own(&path, &err) < 0) {
		probe_fails(ret, err.code, NULL, "our own cgroup is not below %s", path.data);
		return;
	}
	own = path.len;
	buf_addf(&path, "/seam-probe-%d", (int)getpid());
	r = mkdir(path.data, 0755) < 0 ? -errno : 0;
	if (r == 0) {
		buf_addf(&freeze, "%s/cgroup.freeze", path.data);
		r = access(freeze.data, W_OK) < 0 ? -errno : 0;
		rmdir(path.data);
	}
	buf_truncate(&path, own);
	if (r < 0)
		probe_fails(ret, r, r == -ENOENT ? "Linux 5.2" : "root, or a cgroup that is given to us (systemd: Delegate=yes)",
			    "none that can be frozen may be made in %s", path.data);
	else
		probe_works(ret, "one was made in %s", path.data);
}
