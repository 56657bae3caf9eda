/* SPDX-License-Identifier: Dual BSD/GPL */
/* The few things of the kernel that programs in BPF name; libbpf finds where their members really are when it loads. */
#ifndef KERNEL_BPF_H
#define KERNEL_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* as libbpf's headers call them */
typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef int16_t __s16;
typedef int32_t __s32;
typedef int64_t __s64;
typedef uint16_t __be16;
typedef uint32_t __be32;
typedef uint64_t __be64;
typedef uint32_t __wsum;

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

/* of the kernel's interface, which never changes */
enum { BPF_MAP_TYPE_HASH = 1, BPF_MAP_TYPE_ARRAY = 2, BPF_MAP_TYPE_PERCPU_ARRAY = 6, BPF_MAP_TYPE_LRU_HASH = 9, BPF_MAP_TYPE_RINGBUF = 27, BPF_MAP_TYPE_TASK_STORAGE = 29 };
enum { BPF_F_NO_PREALLOC = 1 << 0, BPF_F_RDONLY_PROG = 1 << 7, BPF_F_MMAPABLE = 1 << 10 };
enum { BPF_NOEXIST = 1 };
enum { BPF_LOCAL_STORAGE_GET_F_CREATE = 1 << 0 };
enum { BPF_RB_NO_WAKEUP = 1 << 0, BPF_RB_FORCE_WAKEUP = 1 << 1 };

#define KERNEL __attribute__((preserve_access_index))

struct thread_info {
	unsigned long flags;
	uint32_t status;
} KERNEL;

struct mm_struct {
	void *pgd;
	unsigned long arg_start, arg_end, env_start, env_end;
} KERNEL;

typedef struct {
	int counter;
} atomic_t;

struct list_head {
	struct list_head *next;
} KERNEL;

struct sigpending {
	struct list_head list;
} KERNEL;

struct pid_namespace;
struct upid {
	int nr;
	struct pid_namespace *ns;
} KERNEL;

struct pid {
	unsigned level;
	struct upid numbers[1];
} KERNEL;

struct ns_common {
	unsigned inum;
} KERNEL;

struct pid_namespace {
	struct ns_common ns;
} KERNEL;

struct signal_struct {
	atomic_t live;
	unsigned flags;
	struct sigpending shared_pending;
	struct list_head thread_head;
} KERNEL;

typedef struct {
	uint32_t val;
} kuid_t;

struct cred {
	kuid_t uid, suid;
} KERNEL;

struct kernfs_node {
	uint64_t id;
} KERNEL;

struct cgroup;
struct cgroup_subsys_state {
	struct cgroup *cgroup;
	struct cgroup_subsys_state *parent;
} KERNEL;

struct cgroup_root {
	int hierarchy_id;
} KERNEL;

struct cgroup {
	struct cgroup_subsys_state self;
	struct kernfs_node *kn;
	struct cgroup_root *root;
} KERNEL;

struct css_set {
	struct cgroup *dfl_cgrp;
} KERNEL;

struct task_struct {
	struct thread_info thread_info;
	int pid, tgid;
	int exit_code;
	unsigned flags;
	char comm[16];
	struct mm_struct *mm;
	struct task_struct *real_parent, *group_leader;
	struct pid *thread_pid;
	struct sighand_struct *sighand;
	unsigned __state; /* 0: it runs, or would like to */
	unsigned int ptrace;
	const struct cred *cred;
	struct css_set *cgroups;
	struct list_head thread_node;
	struct signal_struct *signal;
	struct sigpending pending;
} KERNEL;

struct linux_binprm {
	const char *filename;
} KERNEL;

struct kernel_siginfo {
	int si_signo, si_errno, si_code;
} KERNEL;

struct sigaction {
	void *sa_handler;
	unsigned long sa_flags;
} KERNEL;

struct k_sigaction {
	struct sigaction sa;
} KERNEL;

struct sighand_struct {
	struct k_sigaction action[64];
} KERNEL;

#define PF_IO_WORKER 0x10u /* threads of io_uring that are tasks of their process */
#define PF_USER_WORKER 0x4000u
#define PF_KTHREAD 0x200000u

struct bpf_iter_meta {
	uint64_t seq_num;
} KERNEL;

struct seq_file;
struct bpf_iter_meta___seq {
	struct seq_file *seq;
} KERNEL;

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
} KERNEL;

/* Before Linux 5.14. */
struct task_struct___state {
	long state;
} KERNEL;

/* Flavours: which of them is the kernel's is known when the program is loaded. */
struct pt_regs;
struct pt_regs___x86 {
	unsigned long di, si, dx, r10, r8, r9, ax, bx, cx, bp, orig_ax, ip;
} KERNEL;
struct pt_regs___arm64 {
	unsigned long regs[31];
	unsigned long pc;
	unsigned long orig_x0;
	int syscallno;
} KERNEL;
struct pt_regs___riscv {
	unsigned long a1, a2, a3, a4, a5, a7, orig_a0, epc, cause;
} KERNEL;

#define KERNEL_ENOSYS 38
#define X86_TS_COMPAT 2u
#define ARM64_TIF_32BIT 22

static __always_inline void kernel_args(const struct pt_regs *regs, uint64_t *args)
{
	if (bpf_core_field_exists(struct pt_regs___x86, orig_ax)) {
		const struct pt_regs___x86 *r = (const void *)regs;

		args[0] = r->di;
		args[1] = r->si;
		args[2] = r->dx;
		args[3] = r->r10;
		args[4] = r->r8;
		args[5] = r->r9;
	} else if (bpf_core_field_exists(struct pt_regs___arm64, orig_x0)) {
		const struct pt_regs___arm64 *r = (const void *)regs;

		args[0] = r->orig_x0;
		args[1] = r->regs[1];
		args[2] = r->regs[2];
		args[3] = r->regs[3];
		args[4] = r->regs[4];
		args[5] = r->regs[5];
	} else {
		const struct pt_regs___riscv *r = (const void *)regs;

		args[0] = r->orig_a0;
		args[1] = r->a1;
		args[2] = r->a2;
		args[3] = r->a3;
		args[4] = r->a4;
		args[5] = r->a5;
	}
}

/* Of a 32-bit call, whose registers on x86 are others. */
static __always_inline void kernel_compat_args(const struct pt_regs *regs, uint64_t *args)
{
	if (bpf_core_field_exists(struct pt_regs___x86, orig_ax)) {
		const struct pt_regs___x86 *r = (const void *)regs;

		args[0] = (uint32_t)r->bx;
		args[1] = (uint32_t)r->cx;
		args[2] = (uint32_t)r->dx;
		args[3] = (uint32_t)r->si;
		args[4] = (uint32_t)r->di;
		args[5] = (uint32_t)r->bp;
	} else {
		kernel_args(regs, args);
	}
}

/* At exit; at entry the tracepoint says it. */
static __always_inline long kernel_number(const struct pt_regs *regs)
{
	if (bpf_core_field_exists(struct pt_regs___x86, orig_ax))
		return (long)((const struct pt_regs___x86 *)(const void *)regs)->orig_ax;
	if (bpf_core_field_exists(struct pt_regs___arm64, orig_x0))
		return ((const struct pt_regs___arm64 *)(const void *)regs)->syscallno;
	/* a return from a signal has brought back the registers of what was interrupted: it says that no call was the cause */
	if (((const struct pt_regs___riscv *)(const void *)regs)->cause == -1ul)
		return -1;
	return (long)((const struct pt_regs___riscv *)(const void *)regs)->a7;
}

/* Where in the program it is. */
static __always_inline uint64_t kernel_ip(const struct pt_regs *regs)
{
	if (bpf_core_field_exists(struct pt_regs___x86, orig_ax))
		return ((const struct pt_regs___x86 *)(const void *)regs)->ip;
	if (bpf_core_field_exists(struct pt_regs___arm64, orig_x0))
		return ((const struct pt_regs___arm64 *)(const void *)regs)->pc;
	return ((const struct pt_regs___riscv *)(const void *)regs)->epc;
}

/* A task that waits in the kernel, on behalf of a program. */
static __always_inline bool kernel_sleeps(struct task_struct *task)
{
	struct task_struct___state *old = (void *)task;

	if (task->flags & (PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER))
		return false;
	if (bpf_core_field_exists(struct task_struct, __state))
		return BPF_CORE_READ(task, __state) != 0;
	return BPF_CORE_READ(old, state) != 0;
}

/* Whether the registers are those of a call without a result; where they do not say so, false. */
static __always_inline bool kernel_unreturned(const struct pt_regs *regs)
{
	if (bpf_core_field_exists(struct pt_regs___x86, orig_ax)) {
		const struct pt_regs___x86 *r = (const void *)regs;

		return (long)r->orig_ax >= 0 && (long)r->ax == -KERNEL_ENOSYS; /* until there is another result */
	}
	return false;
}

#endif
