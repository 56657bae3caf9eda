/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter by which the kernel asks us about every execve() of the command and its descendants, and nothing else, and how it is answered. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "agent/agent-parts.h"
#include "base/alloc.h"
#include "base/util.h"
#include "seam/calls.h"

/* Newer than some headers. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif

/* As long as this kernel has them. */
struct notification {
	struct seccomp_notif *asked;
	size_t asked_bytes;
	struct seccomp_notif_resp *answer;
	size_t answer_bytes;
};

static size_t put_machine(struct sock_filter *f, enum seam_arch arch, uint32_t audit)
{
	static const char *const names[] = { "execve", "execveat" };
	size_t n = 0;

	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch));
	f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, audit, 0, 5);
	f[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct seam_call *c = seam_call_by_name(&seam_tables, arch, names[i]);

		f[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, c ? c->number : UINT32_MAX, 0, 1);
		f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	}
	return n;
}

static int install(void)
{
	struct sock_filter f[24];
	struct sock_fprog p = { .filter = f };
	unsigned long flags[] = { SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, SECCOMP_FILTER_FLAG_NEW_LISTENER };
	size_t n = put_machine(f, seam_arch_native(), arch_audit(false));
	int fd = -1;

	if (arch_audit(true))
		n += put_machine(f + n, arch_compat(), arch_audit(true));
	f[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	p.len = (unsigned short)n;
	for (size_t i = 0; i < ARRAY_SIZE(flags) && fd < 0; i++) {
		fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[i], &p);
		/* Who may do without it keeps programs that run as somebody else what they are. */
		if (fd < 0 && errno == EACCES && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
			fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[i], &p);
		if (fd < 0 && errno != EINVAL)
			break;
	}
	return fd < 0 ? -errno : fd;
}

static int send_fd(int sender, int fd)
{
	char byte = 0, control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec io = { &byte, 1 };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	return sendmsg(sender, &m, MSG_NOSIGNAL) == 1 ? 0 : -errno;
}

static int receive_fd(int receiver)
{
	char byte, control[CMSG_SPACE(sizeof(int))];
	struct iovec io = { &byte, 1 };
	struct msghdr m = { .msg_iov = &io, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control) };
	struct cmsghdr *c;
	ssize_t n;
	int fd;

	do
		n = recvmsg(receiver, &m, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	c = n == 1 ? CMSG_FIRSTHDR(&m) : NULL;
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -ENOENT;
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return fd;
}

int listen_install(int sender)
{
	int fd = install(), r;

	if (fd < 0)
		return fd;
	r = send_fd(sender, fd);
	close(fd);
	close(sender);
	return r;
}

static struct notification *room_new(void)
{
	struct notification *n;
	struct seccomp_notif_sizes sizes;

	if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) < 0)
		return NULL;
	n = xcalloc(1, sizeof(*n));
	n->asked_bytes = MAX(sizes.seccomp_notif, sizeof(*n->asked));
	n->answer_bytes = MAX(sizes.seccomp_notif_resp, sizeof(*n->answer));
	n->asked = xcalloc(1, n->asked_bytes);
	n->answer = xcalloc(1, n->answer_bytes);
	return n;
}

static void room_free(struct notification *n)
{
	if (!n)
		return;
	free(n->asked);
	free(n->answer);
	free(n);
}

int listen_begin(struct agent_run *s, struct seam_err *err)
{
	int fd = receive_fd(s->receiver);

	if (fd < 0)
		return fd;
	s->listener = fd;
	s->room = room_new();
	return s->room ? 0 : seam_err_set(err, -ENOSYS, "the kernel does not tell how it asks a supervisor");
}

void listen_release(struct agent_run *s)
{
	room_free(s->room);
	if (s->listener >= 0)
		close(s->listener);
}

static void answer(int listener, struct notification *n, int error, uint32_t flags)
{
	memset(n->answer, 0, n->answer_bytes);
	n->answer->id = n->asked->id;
	n->answer->error = error;
	n->answer->flags = flags;
	/* -ENOENT: it has been killed meanwhile, or asks again */
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, n->answer);
}

static void let(int listener, struct notification *n)
{
	answer(listener, n, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
}

static int take(int listener, struct notification *n)
{
	memset(n->asked, 0, n->asked_bytes);
	return ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, n->asked) < 0 ? -errno : 0;
}

/* The result of the call is a descriptor of this, which goes with the next program. */
static void give(struct agent_run *s, int fd)
{
	struct seccomp_notif_addfd add = { .id = s->room->asked->id, .flags = SECCOMP_ADDFD_FLAG_SEND, .srcfd = (uint32_t)fd, .newfd_flags = 02000000 };
	int given = ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add), e = errno;

	if (given >= 0)
		return;
	if (e == EINVAL) { /* before Linux 5.14 */
		add.flags = 0;
		given = ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ADDFD, &add);
		e = errno;
		if (given >= 0) {
			memset(s->room->answer, 0, s->room->answer_bytes);
			s->room->answer->id = add.id;
			s->room->answer->val = given;
			ioctl(s->listener, SECCOMP_IOCTL_NOTIF_SEND, s->room->answer);
			return;
		}
	}
	answer(s->listener, s->room, -e, 0);
}

static void failed(struct agent_run *s, pid_t pid, const char *program)
{
	static const char *const places[AGENT_AT_COUNT] = { "it has no descriptor left for the agent", "the agent's text cannot be mapped", "the agent's data cannot be mapped",
							    "the memory that is shared with the agent cannot be mapped", "the agent is of another version", "there is no stack for the agent",
							    "the agent gets no signals", "its calls cannot be made to trap", "it has another one trace it from now on" };
	const __u64 *args = s->room->asked->data.args;
	int error = (int)-(int64_t)args[1];

	if (error)
		report_without(s, pid, program, "%s: %s", places[MIN(args[2], AGENT_AT_COUNT - 1u)], strerror(error > 0 && error < 4096 ? error : EINVAL));
	else
		report_without(s, pid, program, "%s", places[MIN(args[2], AGENT_AT_COUNT - 1u)]);
	answer(s->listener, s->room, -EFAULT, 0);
}

static void file_of(pid_t tid, char ret[AGENT_NAME_MAX])
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)tid);
	n = readlink(path, ret, AGENT_NAME_MAX - 1);
	snprintf(ret + MAX(n, 0), 32, "%s", n > 0 ? "" : "a program");
}

/* The agent speaks. */
static bool spoken(struct agent_run *s, pid_t tid)
{
	const __u64 *args = s->room->asked->data.args;
	struct seized *z = put_find(s, tid);
	char program[AGENT_NAME_MAX];

	if ((args[0] & ~AGENT_ASK_MASK) != s->shared->key || (z && z->attached))
		return false;
	switch (args[0] & AGENT_ASK_MASK) {
	case AGENT_ASK_TEXT:
		give(s, s->blob_fd);
		return true;
	case AGENT_ASK_SHARED:
		give(s, s->shared_fd);
		put_forget(s, tid);
		return true;
	case AGENT_ASK_FAILED:
		if (!z)
			file_of(tid, program);
		failed(s, tid, z ? z->program : program);
		put_forget(s, tid);
		return true;
	}
	return false;
}

static void program_name(pid_t tid, const struct seccomp_data *d, char ret[AGENT_NAME_MAX])
{
	const struct seam_call *c = seam_call_by_number(&seam_tables, d->arch == arch_audit(false) ? seam_arch_native() : arch_compat(), (uint64_t)d->nr);
	struct iovec here = { ret, AGENT_NAME_MAX - 1 }, there = { (void *)(uintptr_t)d->args[c && !strcmp(seam_string(&seam_tables, c->name), "execveat")], AGENT_NAME_MAX - 1 };
	size_t left = 4096 - ((uintptr_t)there.iov_base & 4095);
	ssize_t n;

	/* what lies on the next page may not be there */
	there.iov_len = MIN(there.iov_len, left);
	n = process_vm_readv(tid, &here, 1, &there, 1, 0);
	n = MAX(n, 0);
	ret[n] = '\0';
	if (!ret[0])
		snprintf(ret, AGENT_NAME_MAX, AGENT_NO_NAME);
}

/* Shells try one folder after another; what is not there is no program. */
static bool is_there(pid_t tid, const char *program)
{
	char path[AGENT_NAME_MAX + 64];

	snprintf(path, sizeof(path), "/proc/%d/%s%s", (int)tid, program[0] == '/' ? "root" : "cwd/", program);
	return access(path, F_OK) == 0 || errno != ENOENT || !strcmp(program, AGENT_NO_NAME);
}

/* Why it cannot be attached to, in words; from what /proc says. */
static void cannot_seize(struct agent_run *s, pid_t tid, const char *program, int code)
{
	char path[64], line[256];
	long tracer = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, "TracerPid:", 10))
			tracer = strtol(line + 10, NULL, 10);
	if (f)
		fclose(f);
	if (tracer)
		report_without(s, tid, program, "process %ld traces it", tracer);
	else
		report_without(s, tid, program, "it may not be traced: %s", strerror(-code));
}

void listen_take(struct agent_run *s)
{
	struct notification *n = s->room;
	char program[AGENT_NAME_MAX];
	pid_t tid;
	int r;

	if (take(s->listener, n) < 0)
		return;
	tid = (pid_t)n->asked->pid;
	if (spoken(s, tid))
		return;
	program_name(tid, &n->asked->data, program);
	r = tid ? put_seize(s, tid, program) : -ESRCH;
	if (r < 0 && !s->begun) {
		agent_fail(s, r, "the command cannot be traced: %s (\"seam doctor ptrace\" tells)", strerror(-r));
		answer(s->listener, n, r, 0);
		return;
	}
	if (r < 0 && ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n->asked->id) < 0)
		return; /* it has been killed */
	if (r < 0 && is_there(tid, program)) {
		cannot_seize(s, tid, program, r);
		/* its calls would trap, with nobody there */
		if (s->shared->filter_set) {
			answer(s->listener, n, -EPERM, 0);
			return;
		}
	}
	if (ioctl(s->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &n->asked->id) == 0)
		let(s->listener, n);
	if (r >= 0)
		put_expect(tid);
}

void listen_let_all(int listener, bool by_filter)
{
	struct notification *n = room_new();
	struct pollfd p = { .fd = listener, .events = POLLIN };

	while (n) {
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			break;
		if (p.revents & POLLIN) {
			if (take(listener, n) < 0)
				continue;
			/* where calls trap a new program could not live without us */
			if (by_filter)
				answer(listener, n, -EPERM, 0);
			else
				let(listener, n);
		} else if (p.revents) {
			break;
		}
	}
	room_free(n);
}
