/* SPDX-License-Identifier: BSD-2-Clause */
/* What this machine lets us do, found out by trying: a version number says less than an attempt. */
#include "seam/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/files.h"
#include "base/str.h"
#include "base/util.h"
#include "probe/probe-parts.h"

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_OFF 0
#define PR_SYS_DISPATCH_ON 1
#endif

void probe_works(struct seam_probe_result *ret, const char *fmt, ...)
{
	va_list ap;

	*ret = (struct seam_probe_result){ .status = SEAM_PROBE_WORKS };
	va_start(ap, fmt);
	vsnprintf(ret->detail, sizeof(ret->detail), fmt, ap);
	va_end(ap);
}

void probe_fails(struct seam_probe_result *ret, int error, const char *remedy, const char *fmt, ...)
{
	va_list ap;

	*ret = (struct seam_probe_result){ .status = SEAM_PROBE_FAILS, .error = error, .remedy = remedy };
	va_start(ap, fmt);
	vsnprintf(ret->detail, sizeof(ret->detail), fmt, ap);
	va_end(ap);
}

/* Runs @fn in a child. Its result (0 to 254, an errno), -1 if the child died or there is none. */
static int in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return -1;
	if (!pid)
		_exit(fn());
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return -1;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* What both ways to trap into a handler of the process itself need. */
static volatile sig_atomic_t trapped;
static char dispatch_selector;

static void on_sigsys(int sig)
{
	(void)sig;
	/* Let the return from this handler through. */
	dispatch_selector = 0;
	trapped = 1;
}

static int try_sud(void)
{
	signal(SIGSYS, on_sigsys);
	if (prctl(PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, 0, 0, &dispatch_selector) < 0)
		return errno;
	dispatch_selector = 1;
	syscall(SYS_getppid);
	dispatch_selector = 0;
	return trapped ? 0 : 254;
}

static void probe_sud(struct seam_probe_result *ret)
{
	int r = in_child(try_sud);

	if (r == 0) {
		probe_works(ret, "a call was dispatched to a handler in the process");
		return;
	}
	probe_fails(ret, r > 0 && r < 254 ? -r : 0, "a kernel with generic entry code for this machine (x86-64: Linux 5.11)",
	      r == EINVAL ? "this kernel does not know it" : r == 254 ? "it is accepted, but does not trap" : "trying it failed");
	if (r == EINVAL)
		ret->status = SEAM_PROBE_MISSING;
}

static int install_filter(unsigned flags, uint32_t action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { .len = ARRAY_SIZE(code), .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog) < 0)
		return -errno;
	return 0;
}

static int try_seccomp(void)
{
	int r;

	signal(SIGSYS, on_sigsys);
	r = install_filter(0, SECCOMP_RET_TRAP);
	if (r < 0)
		return -r;
	syscall(SYS_getppid);
	return trapped ? 0 : 254;
}

static void probe_seccomp(struct seam_probe_result *ret)
{
	int r = in_child(try_seccomp);

	if (r == 0)
		probe_works(ret, "a filter trapped a call into a handler in the process");
	else
		probe_fails(ret, r > 0 && r < 254 ? -r : 0,
		      "a kernel with CONFIG_SECCOMP_FILTER, and a container that lets a process install filters",
		      r == 254 ? "a filter was accepted, but it does not trap" : "no filter could be installed");
}

static int traced_child(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		return errno;
	raise(SIGSTOP);
	syscall(SYS_getppid);
	return 0;
}

static int wait_for(pid_t pid, int *status)
{
	while (waitpid(pid, status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static void probe_ptrace(struct seam_probe_result *ret)
{
	static const char remedy[] = "CAP_SYS_PTRACE in the container, or a seccomp profile that allows ptrace";
	int status = 0, error = 0, stops = 0;
	pid_t pid = fork();

	if (pid < 0) {
		probe_fails(ret, -errno, NULL, "cannot start a child to trace");
		return;
	}
	if (!pid)
		_exit(traced_child());
	if (wait_for(pid, &status) < 0 || !WIFSTOPPED(status)) {
		error = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
		probe_fails(ret, -error, remedy, "a child may not ask to be traced");
		return;
	}
	if (ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) < 0)
		error = errno;
	/* To the exit status: entry and exit of each call is a stop. */
	while (!error && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			stops++;
		if (ptrace(PTRACE_SYSCALL, pid, NULL, NULL) < 0)
			error = errno;
		else if (wait_for(pid, &status) < 0)
			error = ECHILD;
	}
	if (error) {
		kill(pid, SIGKILL);
		wait_for(pid, &status);
		probe_fails(ret, -error, remedy, "the child could not be traced");
	} else if (stops < 2) {
		probe_fails(ret, 0, remedy, "the child was traced, but its calls did not stop it");
	} else {
		probe_works(ret, "a child's calls stopped it, before and after");
	}
}

static int try_userns(void)
{
	return unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 ? errno : 0;
}

static void probe_userns(struct seam_probe_result *ret)
{
	int r = in_child(try_userns);

	if (r == 0)
		probe_works(ret, "a child got its own users and mounts");
	else
		probe_fails(ret, r > 0 ? -r : 0,
		      "sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces > 0, "
		      "and a container or AppArmor profile that allows it; never inside a chroot",
		      "a child may not have its own users and mounts");
}

static void probe_btf(struct seam_probe_result *ret)
{
	static const char path[] = "/sys/kernel/btf/vmlinux";
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint16_t magic = 0;

	if (fd < 0) {
		int error = errno;

		probe_fails(ret, -error, "a kernel with CONFIG_DEBUG_INFO_BTF, and /sys mounted", "%s cannot be opened", path);
		if (error == ENOENT)
			ret->status = SEAM_PROBE_MISSING;
	} else if (read(fd, &magic, sizeof(magic)) != sizeof(magic) || magic != 0xeb9f) {
		probe_fails(ret, 0, NULL, "%s is not BTF", path);
	} else {
		probe_works(ret, "%s", path);
	}
}

static void probe_tracefs(struct seam_probe_result *ret)
{
	static const char *const roots[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" };
	int error = ENOENT;

	for (size_t i = 0; i < ARRAY_SIZE(roots); i++) {
		char path[128];
		_cleanup_close_ int fd = -1;

		snprintf(path, sizeof(path), "%s/events/syscalls/sys_enter_openat/format", roots[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			probe_works(ret, "%s", roots[i]);
			return;
		}
		if (errno != ENOENT)
			error = errno;
	}
	if (error == EACCES || error == EPERM)
		probe_fails(ret, -error, "root", "%s is not readable for us", roots[0]);
	else
		probe_fails(ret, -error, "mount -t tracefs tracefs /sys/kernel/tracing (root), and a kernel with CONFIG_FTRACE_SYSCALLS",
		      "it is not mounted, or has no system calls");
}

static pid_t attach_target;

static int try_attach(void)
{
	int status;

	if (ptrace(PTRACE_SEIZE, attach_target, NULL, NULL) < 0)
		return errno;
	if (ptrace(PTRACE_INTERRUPT, attach_target, NULL, NULL) < 0)
		return errno;
	return wait_for(attach_target, &status) < 0 || !WIFSTOPPED(status) ? 254 : 0;
}

/* A child attaches to its sibling, which is none of its own descendants: as strange as any process of ours. */
static void probe_attach(struct seam_probe_result *ret)
{
	_cleanup_buf_ struct buf scope = BUF_INIT;
	int status, r;
	pid_t pid = fork();

	if (pid < 0) {
		probe_fails(ret, -errno, NULL, "cannot start a child to attach to");
		return;
	}
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	attach_target = pid;
	r = in_child(try_attach);
	kill(pid, SIGKILL);
	wait_for(pid, &status);
	if (r == 0) {
		probe_works(ret, "one process of ours stopped another");
		return;
	}
	if (file_read("/proc/sys/kernel/yama/ptrace_scope", 64, &scope, NULL) == 0 && scope.data[0] > '0')
		probe_fails(ret, r > 0 && r < 254 ? -r : 0, "root, or sysctl kernel.yama.ptrace_scope=0",
		      "only processes that we started: ptrace_scope is %c", scope.data[0]);
	else
		probe_fails(ret, r > 0 && r < 254 ? -r : 0, "CAP_SYS_PTRACE", "one process of ours may not stop another");
}

static const struct seam_probe probes[] = {
	{ "ptrace", "ptrace, stops at system calls", "engine ptrace", probe_ptrace },
	{ "attach", "ptrace of processes that run already", "engine ptrace, attaching", probe_attach },
	{ "sud", "Syscall User Dispatch", "engine agent, first choice", probe_sud },
	{ "seccomp", "seccomp filters that trap", "engine agent, second choice; engine ptrace", probe_seccomp },
	{ "bpf", "BPF programs on system calls", "engine bpf", probe_bpf },
	{ "btf", "the kernel's own types", "engine bpf, on any kernel", probe_btf },
	{ "pause", "tasks that wait inside the kernel", "recording without loss that nobody can see", probe_pause },
	{ "cgroup", "cgroups of version 2", "recording by cgroup, freezing a command", probe_cgroup },
	{ "tracefs", "the kernel's own list of calls", "comparing the descriptions with the kernel", probe_tracefs },
	{ "userns", "user namespaces", "confining a program without root", probe_userns },
};

const struct seam_probe *seam_probes(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(probes);
	return probes;
}

const struct seam_probe *seam_probe_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(probes); i++) {
		if (str_eq(probes[i].name, name))
			return &probes[i];
	}
	return NULL;
}
