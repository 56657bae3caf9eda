/* SPDX-License-Identifier: BSD-2-Clause */
/* strace-payload: tasks, their identities and limits, signals, and the kernel's own affairs. */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "strace-payload.h"

void payload_process(void)
{
	struct rlimit limit = { 4096, RLIM_INFINITY };
	struct rusage usage;
	struct __user_cap_header_struct cap = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2] = { { 0 } };
	struct sched_param param = { 0 };
	cpu_set_t cpus;
	unsigned long clone_args[11] = { 0 };
	siginfo_t info;
	gid_t groups[4];
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		close(998);
		_exit(7);
	}
	waitpid(pid, &status, 0);
	waitpid(pid, &status, WNOHANG);
	pid = fork();
	if (pid == 0) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
	}
	syscall(SYS_wait4, pid, &status, WUNTRACED | WCONTINUED | __WALL, NULL);
	clone_args[4] = SIGCHLD;
	pid = (pid_t)syscall(SYS_clone3, clone_args, 64);
	if (pid == 0)
		_exit(300);
	waitid(P_PID, (id_t)pid, &info, WEXITED | WSTOPPED | WNOWAIT);
	waitid(P_PID, (id_t)pid, &info, WEXITED);
	waitid(P_ALL, 0, &info, WEXITED);
	syscall(SYS_clone3, clone_args, 17);
	syscall(SYS_clone3, NULL, 64);
	if (syscall(SYS_clone, CLONE_FS | SIGCHLD, 0, 0, 0, 0) == 0)
		_exit(0);
	wait(NULL);
	syscall(SYS_unshare, CLONE_FILES | CLONE_FS);
	syscall(SYS_setns, 999, CLONE_NEWNET);
	getpid();
	getppid();
	syscall(SYS_gettid);
	getpgid(0);
#ifdef SYS_getpgrp
	syscall(SYS_getpgrp);
#endif
	getsid(0);
	setsid();
	setpgid(0, 0);
	getuid();
	getresuid(&groups[0], &groups[1], &groups[2]);
	getresgid(&groups[0], &groups[1], &groups[2]);
	syscall(SYS_setresuid, -1, -1, -1);
	syscall(SYS_setreuid, -1, 0);
	syscall(SYS_setfsuid, -1);
	syscall(SYS_getgroups, 4, groups);
	syscall(SYS_getgroups, 0, NULL);
	syscall(SYS_setgroups, -1, NULL);
	getrlimit(RLIMIT_STACK, &limit);
	setrlimit(RLIMIT_CORE, &limit);
	limit = (struct rlimit){ 8192, 12288 };
	syscall(SYS_prlimit64, 0, RLIMIT_CORE, &limit, &limit);
	limit = (struct rlimit){ 1000, 4097 };
	syscall(SYS_setrlimit, RLIMIT_CORE, &limit);
	syscall(SYS_getrlimit, RLIMIT_CORE, &limit);
	syscall(SYS_getrlimit, 77, &limit);
	getpriority(PRIO_PROCESS, 0);
	setpriority(PRIO_PGRP, 0, 0);
	getrusage(RUSAGE_CHILDREN, &usage);
	getrusage(77, &usage);
	syscall(SYS_capget, &cap, caps);
	syscall(SYS_capset, &cap, caps + 1 - 1);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	sched_getparam(0, &param);
	sched_getscheduler(0);
	sched_setscheduler(0, SCHED_OTHER, &param);
	sched_setscheduler(0, 77, &param);
	sched_get_priority_max(SCHED_FIFO);
	sched_yield();
	prctl(PR_SET_NAME, "a long name of a task");
	prctl(PR_GET_NAME, caps);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_GET_PDEATHSIG, &status);
	prctl(PR_GET_DUMPABLE);
	prctl(PR_SET_DUMPABLE, 1);
	prctl(PR_CAPBSET_READ, 3);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_GET_SECCOMP);
	prctl(PR_GET_TIMERSLACK);
	prctl(PR_GET_SECUREBITS);
	prctl(PR_SET_KEEPCAPS, 0);
	prctl(7777, 1, 2, 3, 4);
	syscall(SYS_personality, 0xffffffff);
	syscall(SYS_set_tid_address, &status);
	syscall(SYS_get_robust_list, 0, caps, clone_args);
	syscall(SYS_kcmp, getpid(), getpid(), 0, 1, 1);
	syscall(SYS_pidfd_open, getpid(), 0);
	syscall(SYS_pidfd_send_signal, 999, SIGUSR1, NULL, 0);
	syscall(SYS_getcpu, NULL, NULL, NULL);
	syscall(4242, 1, 2, 3, 4, 5, 6);
}

static void handler(int signal)
{
	(void)signal;
}

static void handler3(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	(void)context;
}

void payload_signals(void)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_RESTART }, old;
	union sigval value = { .sival_int = 42 };
	sigset_t set, all;
	stack_t stack = { .ss_sp = malloc(65536), .ss_size = 65536 };
	struct timespec zero = { 0, 1000 };
	siginfo_t info;

	sigaction(SIGUSR1, &act, &old);
	act.sa_sigaction = handler3;
	act.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
	sigaddset(&act.sa_mask, SIGINT);
	sigaddset(&act.sa_mask, SIGRTMIN + 3);
	sigaction(SIGUSR2, &act, NULL);
	sigaction(SIGRTMIN, NULL, &old);
	sigaction(SIGUSR2, NULL, &old);
	sigaction(SIGRTMAX, &act, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGHUP, SIG_DFL);
	syscall(SYS_rt_sigaction, SIGKILL, NULL, NULL, 8);
	syscall(SYS_rt_sigaction, SIGKILL, (void *)8, NULL, 8);
	syscall(SYS_rt_sigaction, 99, NULL, NULL, 8);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR2);
	kill(getpid(), 0);
	kill(-1, 99);
	sigqueue(getpid(), SIGUSR2, value);
	sigqueue(getpid(), SIGRTMAX, value);
	sigemptyset(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGALRM);
	sigaddset(&set, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &set, &all);
	sigprocmask(SIG_SETMASK, NULL, &all);
	raise(SIGUSR1);
	sigpending(&all);
	sigtimedwait(&set, &info, &zero);
	sigtimedwait(&set, &info, &zero);
	sigtimedwait(&set, NULL, &zero);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &set);
	sigprocmask(SIG_UNBLOCK, &all, NULL);
	syscall(SYS_rt_sigprocmask, 77, &all, NULL, 8);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, (void *)8, NULL, 8);
	sigaltstack(&stack, NULL);
	sigaltstack(NULL, &stack);
	stack.ss_flags = SS_DISABLE;
	sigaltstack(&stack, &stack);
	alarm(0);
	syscall(SYS_tgkill, getpid(), getpid(), 0);
	syscall(SYS_tkill, getpid(), SIGCONT);
	syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info);
	syscall(SYS_signalfd4, -1, &set, 8, O_CLOEXEC);
	if (fork() == 0) {
		volatile int *nowhere = NULL;

		prctl(PR_SET_DUMPABLE, 0);
		*nowhere = 1;
	}
	wait(NULL);
	if (fork() == 0)
		abort();
	wait(NULL);
}

void payload_kernel(void)
{
	struct utsname name;
	struct sysinfo system;
	char buffer[100];
	int word = 5;
	struct timespec ms = { 0, 1000000 };
	struct sock_filter filter[] = { BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 2, filter };

	uname(&name);
	sysinfo(&system);
	syscall(SYS_getrandom, buffer, 4, GRND_NONBLOCK);
	sethostname("x", (size_t)-1);
	syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
	syscall(SYS_futex, &word, FUTEX_WAIT, 4, &ms, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 5, &ms, NULL, 0);
	syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 4, NULL, NULL, 0xffffffff);
	syscall(SYS_futex, &word, FUTEX_WAKE_BITSET, 4, NULL, NULL, 7);
	syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 4, 6, &word, 5);
	syscall(SYS_futex, &word, FUTEX_WAKE_OP_PRIVATE, 1, 1, &word, FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 0));
	syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
	syscall(SYS_futex, 8, FUTEX_WAIT, 5, &ms, NULL, 0);
	syscall(SYS_futex, &word, 99, 5, &ms, NULL, 0);
	syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &word);
	syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
	syscall(SYS_bpf, 99, NULL, 0);
	syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0);
	syscall(SYS_ptrace, 16, 1, NULL, NULL);
	syscall(SYS_reboot, 1, 2, 3, NULL);
	syscall(SYS_syslog, 10, NULL, 0);
	syscall(SYS_keyctl, 0, -1, 0);
	syscall(SYS_add_key, "user", "desc", "payload", 7, -99);
	syscall(SYS_request_key, "user", "desc", NULL, -3);
	syscall(SYS_io_uring_setup, 0, NULL);
	syscall(SYS_userfaultfd, 0x1000);
	syscall(SYS_fanotify_init, 0x80000000, O_RDONLY);
	syscall(SYS_quotactl, 0, "/dev/none", 0, NULL);
	syscall(SYS_adjtimex, 8);
	syscall(SYS_init_module, NULL, 0, "");
	syscall(SYS_delete_module, "nowhere", O_NONBLOCK);
	syscall(SYS_kexec_load, 0, 1000, NULL, 0);
	syscall(SYS_rseq, NULL, 0, 0, 0);
	syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
}
