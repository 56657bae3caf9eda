/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: processes, what they are and may, and tracing one. */
#include "self.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/wait.h>

static pid_t child_that_exits(int code)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(code);
	return pid;
}

static void trial_execve(void)
{
	char *path = text("/nowhere/program"), *a = text("program"), *b = text("-v"), *e = text("HOME=/"), *empty = text("");
	long r;
	char **argv = copy((char *[]){ a, b, NULL }, 24), **envp = copy((char *[]){ e, NULL }, 16);
	char **wrong = copy((char *[]){ a, BAD, NULL }, 24);

	GIVES(CALL(execve, path, argv, envp), -ENOENT);
	IN_TEXT(path), IN(argv, 24), IN_TEXT(a), IN_TEXT(b), IN(envp, 16), IN_TEXT(e);
	GIVES(CALL(execve, path, NULL, NULL), -ENOENT);
	IN_TEXT(path);
	GIVES(CALL(execveat, AT_FDCWD, path, argv, envp, 0), -ENOENT);
	IN_TEXT(path), IN(argv, 24), IN_TEXT(a), IN_TEXT(b), IN(envp, 16), IN_TEXT(e);
	/* which of the two is looked at first differs */
	r = CALL(execveat, -1, empty, wrong, NULL, AT_EMPTY_PATH);
	MUST(r == -EBADF || r == -EFAULT);
	IN(empty, 1), IN(wrong, 24), IN_TEXT(a), IN_FAULT(BAD, 0, 0);
}

static void trial_wait4(void)
{
	int *status = ROOM(int);
	struct rusage *usage = ROOM(struct rusage);
	pid_t pid = child_that_exits(3);

	GIVES(CALL(wait4, pid, status, 0, usage), pid);
	OUT(status, 4), OUT(usage, 144);
	MUST(WEXITSTATUS(*status) == 3);
	GIVES(CALL(wait4, -1, status, WNOHANG, usage), -ECHILD);
	pid = fork();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	GIVES(CALL(wait4, pid, status, WNOHANG, usage), 0); /* nothing yet, so nothing is written */
	kill(pid, SIGKILL);
	GIVES(CALL(wait4, pid, NULL, 0, NULL), pid);
}

static void trial_waitid(void)
{
	siginfo_t *info = ROOM(siginfo_t);
	struct rusage *usage = ROOM(struct rusage);
	pid_t pid = child_that_exits(4);

	GIVES(CALL(waitid, P_PID, pid, info, WEXITED, usage), 0);
	OUT(info, 128), OUT(usage, 144), holes(); /* of siginfo only the members that say something */
	MUST(info->si_status == 4);
	GIVES(CALL(waitid, P_PID, pid, info, WEXITED, NULL), -ECHILD);
	OUT(info, 128), holes();
}

static void trial_clone3(void)
{
	int *pidfd = ROOM(int), *tid = ROOM(int);
	struct clone_args *args = ROOM(struct clone_args), *first;
	long r;

	memset(args, 0, sizeof(*args));
	args->flags = CLONE_PIDFD | CLONE_PARENT_SETTID;
	args->pidfd = W(pidfd);
	args->parent_tid = W(tid);
	args->exit_signal = SIGCHLD;
	r = CALL(clone3, args, 88);
	IN(args, 88);
	CAN(r);
	MUST(r > 0);
	OUT(pidfd, 4), OUT(tid, 4);
	MUST(*tid == r);
	close(*pidfd);
	waitpid((pid_t)r, NULL, 0);
	first = ROOM(struct clone_args);
	memset(first, 0, 64);
	first->exit_signal = SIGCHLD;
	r = CALL(clone3, first, 64); /* as the first version had it */
	IN(first, 64);
	MUST(r > 0);
	waitpid((pid_t)r, NULL, 0);
	GIVES(CALL(clone3, args, 8), -EINVAL);
	IN(args, 8);
}

static void trial_clone(void)
{
	int *tid = ROOM(int);
	uint64_t flags = CLONE_PARENT_SETTID | SIGCHLD;
	long r = CALL(clone, flags, 0, tid, 0, 0);

	MUST(r > 0);
	OUT(tid, 4);
	waitpid((pid_t)r, NULL, 0);
	r = CALL(fork, 0);
	CAN(r);
	waitpid((pid_t)r, NULL, 0);
}

static void trial_prctl(void)
{
	char *name = text("trial"), *to = room(16);
	int *n = ROOM(int);
	uint64_t *address = ROOM(uint64_t);
	long r;

	GIVES(CALL(prctl, PR_SET_NAME, name), 0);
	IN_TEXT(name);
	GIVES(CALL(prctl, PR_GET_NAME, to), 0);
	OUT(to, 16);
	GIVES(CALL(prctl, PR_GET_PDEATHSIG, n), 0);
	OUT(n, 4);
	GIVES(CALL(prctl, PR_GET_CHILD_SUBREAPER, n), 0);
	OUT(n, 4);
	MUST(CALL(prctl, PR_GET_DUMPABLE, BAD) >= 0);
	MUST(CALL(prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0);
	GIVES(CALL(prctl, 987654, BAD, BAD, BAD, BAD), -EINVAL);
	r = CALL(prctl, PR_GET_TID_ADDRESS, address);
	if (r == 0)
		OUT(address, 8);
	GIVES(CALL(prctl, PR_SET_NAME, BAD), -EFAULT);
	IN_FAULT(BAD, 0, 0);
}

static void trial_limits(void)
{
	struct rlimit *old = ROOM(struct rlimit), *new = NEW(struct rlimit, 100, 200);
	struct rusage *usage = ROOM(struct rusage);
	struct tms *times = ROOM(struct tms);

	GIVES(CALL(prlimit64, 0, RLIMIT_CORE, NULL, old), 0);
	OUT(old, 16);
	*new = *old;
	GIVES(CALL(prlimit64, 0, RLIMIT_CORE, new, old), 0);
	IN(new, 16), OUT(old, 16);
	GIVES(CALL(getrlimit, RLIMIT_CORE, old), 0);
	OUT(old, 16);
	GIVES(CALL(setrlimit, RLIMIT_CORE, new), 0);
	IN(new, 16);
	GIVES(CALL(getrlimit, 99, old), -EINVAL);
	GIVES(CALL(getrusage, RUSAGE_SELF, usage), 0);
	OUT(usage, 144);
	MUST(CALL(times, times) > 0);
	OUT(times, 32);
}

static void trial_credentials(void)
{
	uint32_t *a = ROOM(uint32_t), *b = ROOM(uint32_t), *c = ROOM(uint32_t), *groups = room(400);
	struct __user_cap_header_struct *h = NEW(struct __user_cap_header_struct, _LINUX_CAPABILITY_VERSION_3, 0);
	struct __user_cap_data_struct *data = room(2 * sizeof(*data));
	long n;

	GIVES(CALL(getresuid, a, b, c), 0);
	OUT(a, 4), OUT(b, 4), OUT(c, 4);
	GIVES(CALL(getresgid, a, b, c), 0);
	OUT(a, 4), OUT(b, 4), OUT(c, 4);
	n = CALL(getgroups, 100, groups);
	MUST(n >= 0);
	if (n > 0)
		OUT(groups, (size_t)n * 4);
	GIVES(CALL(getgroups, 0, groups), n); /* asks how many: none is written */
	if (CALL(setgroups, n, groups) != 0)
		MUST(getuid() != 0);
	IN(groups, (size_t)n * 4);
	GIVES(CALL(capget, h, data), 0);
	BOTH(h, 8), OUT(data, 24);
	GIVES(CALL(capset, h, data), 0);
	IN(h, 8), IN(data, 24);
	h->version = 7;
	GIVES(CALL(capget, h, NULL), 0); /* the kernel says which version it would have */
	BOTH(h, 8);
	MUST(h->version == _LINUX_CAPABILITY_VERSION_3);
}

static void trial_scheduling(void)
{
	unsigned long *set = room(128);
	struct sched_param *param = ROOM(struct sched_param);
	struct timespec *ts = ROOM(struct timespec);
	unsigned *cpu = ROOM(unsigned), *node = ROOM(unsigned);
	char *attr = room(56);
	uint32_t size;
	long n = CALL(sched_getaffinity, 0, 128, set);

	MUST(n > 0 && n <= 128);
	OUT(set, (size_t)n);
	GIVES(CALL(sched_setaffinity, 0, n, set), 0);
	IN(set, (size_t)n);
	GIVES(CALL(sched_getparam, 0, param), 0);
	OUT(param, 4);
	GIVES(CALL(sched_setscheduler, 0, SCHED_OTHER, param), 0);
	IN(param, 4);
	GIVES(CALL(sched_setparam, 0, param), 0);
	IN(param, 4);
	GIVES(CALL(sched_rr_get_interval, 0, ts), 0);
	OUT(ts, 16);
	GIVES(CALL(sched_getattr, 0, attr, 56, 0), 0);
	memcpy(&size, attr, 4);
	OUT(attr, 56);
	MUST(size == 56);
	GIVES(CALL(sched_setattr, 0, attr, 0), 0);
	IN(attr, 56);
	GIVES(CALL(sched_getattr, 0, attr, 48, 0), 0);
	OUT(attr, 48);
	GIVES(CALL(getcpu, cpu, node, BAD), 0);
	OUT(cpu, 4), OUT(node, 4);
}

static pid_t stopped_child(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return pid;
}

static void trial_ptrace(void)
{
	pid_t pid = stopped_child();
	static long word = 0x1234567;
	long *to = ROOM(long);
	char *regs = room(1000);
	struct iovec *v = NEW(struct iovec, regs, 1000);
	siginfo_t *info = ROOM(siginfo_t);
	uint64_t *mask = ROOM(uint64_t);
	long r = CALL(ptrace, PTRACE_PEEKDATA, pid, &word, to);

	if (r < 0)
		kill(pid, SIGKILL);
	CAN(r);
	GIVES(r, 0);
	OUT(to, 8); /* the call itself has it stored */
	MUST(*to == word);
	GIVES(CALL(ptrace, PTRACE_POKEDATA, pid, &word, 77), 0);
	GIVES(CALL(ptrace, PTRACE_GETREGSET, pid, NT_PRSTATUS, v), 0);
	BOTH(v, 16), OUT(regs, v->iov_len);
	MUST(v->iov_len > 100 && v->iov_len < 1000);
	GIVES(CALL(ptrace, PTRACE_SETREGSET, pid, NT_PRSTATUS, v), 0);
	BOTH(v, 16), IN(regs, v->iov_len);
	GIVES(CALL(ptrace, PTRACE_GETSIGINFO, pid, 0, info), 0);
	OUT(info, 128);
	GIVES(CALL(ptrace, PTRACE_GETSIGMASK, pid, 8, mask), 0);
	OUT(mask, 8);
	GIVES(CALL(ptrace, PTRACE_SETSIGMASK, pid, 8, mask), 0);
	IN(mask, 8);
	GIVES(CALL(ptrace, PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD), 0);
	GIVES(CALL(ptrace, PTRACE_GETEVENTMSG, pid, 0, to), 0);
	OUT(to, 8);
	GIVES(CALL(ptrace, PTRACE_CONT, pid, 0, SIGKILL), 0);
	waitpid(pid, NULL, 0);
	GIVES(CALL(ptrace, PTRACE_PEEKDATA, pid, &word, to), -ESRCH);
}

static void trial_process_vm(void)
{
	static char from[] = "memory"; /* that the other process has */
	char *a = room(3), *b = room(10);
	struct iovec *local = copy((struct iovec[]){ { a, 3 }, { b, 10 } }, 32), *remote = NEW(struct iovec, from, 5);
	long r = CALL(process_vm_readv, getpid(), local, 2, remote, 1, 0);

	IN(local, 32), IN(remote, 16);
	CAN(r);
	GIVES(r, 5);
	OUT(a, 3), OUT(b, 2);
	memcpy(a, "xyz", 3);
	r = CALL(process_vm_writev, getpid(), local, 1, remote, 1, 0);
	IN(local, 16), IN(remote, 16), IN(a, 3);
	MUST(r == 3);
	MUST(!memcmp(from, "xyz", 3));
}

const struct trial process_trials[] = {
	TRIAL(execve), TRIAL(wait4), TRIAL(waitid), TRIAL(clone3), TRIAL(clone), TRIAL(prctl), TRIAL(limits),
	TRIAL(credentials), TRIAL(scheduling), TRIAL(ptrace), TRIAL(process_vm), { 0 },
};
