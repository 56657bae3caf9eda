/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a command, and all that it starts, without something that the kernel has: without WHAT COMMAND...
 *   eperm, enosys  bpf(2) is refused with that error, as a container does
 *   newer          all is refused that is newer than Linux 4.8: calls, requests of ptrace(), operations and flags of seccomp(), and bpf()
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "arch/tracee.h"

#define LAST_CALL SYS_pwritev2          /* by its number, on each machine */
#define LAST_REQUEST PTRACE_SECCOMP_GET_FILTER
#define LAST_OPERATION SECCOMP_SET_MODE_FILTER
#define KNOWN_FLAGS SECCOMP_FILTER_FLAG_TSYNC

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define ANSWER(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static int install(struct sock_filter *code, size_t n)
{
	struct sock_fprog program = { .len = (unsigned short)n, .filter = code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0) {
		perror("no filter");
		return -1;
	}
	return 0;
}

static int refuse_bpf(unsigned error)
{
	struct sock_filter code[] = { LOAD(nr), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1), ANSWER(error), ALLOW };

	return install(code, sizeof(code) / sizeof(*code));
}

static int refuse_newer(void)
{
	struct sock_filter code[] = {
		/* a 32-bit table has other numbers */
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, arch_audit(false), 1, 0),
		ALLOW,
		/* tests ask for some that no kernel has */
		LOAD(nr),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_CALL, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 1000, 1, 0),
		ANSWER(ENOSYS),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
		ANSWER(ENOSYS),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ptrace, 0, 3),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_REQUEST, 0, 7),
		ANSWER(EIO),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 0, 5),
		LOAD(args[0]),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LAST_OPERATION, 2, 0),
		LOAD(args[1]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, ~(unsigned)KNOWN_FLAGS, 0, 1),
		ANSWER(EINVAL),
		ALLOW,
	};

	return install(code, sizeof(code) / sizeof(*code));
}

int main(int argc, char **argv)
{
	int r;

	if (argc < 3)
		return 2;
	if (!strcmp(argv[1], "newer"))
		r = refuse_newer();
	else
		r = refuse_bpf(!strcmp(argv[1], "enosys") ? ENOSYS : EPERM);
	if (r < 0)
		return 77;
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 127;
}
