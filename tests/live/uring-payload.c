/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests to an io_uring, made with bare system calls: uring-payload plain|async|sqpoll FILE. Prints what it submitted and what came
 * back, a line each, as the test has to find them in the trace. Exit status 77: there is no io_uring here.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ring {
	int fd;
	unsigned *sq_tail, *sq_mask, *sq_array, *sq_flags, *cq_head, *cq_tail, *cq_mask;
	struct io_uring_sqe *entries;
	struct io_uring_cqe *done;
	unsigned setup;
};

static void die(const char *what)
{
	fprintf(stderr, "uring-payload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void *map(int fd, size_t n, uint64_t offset)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)offset);

	if (p == MAP_FAILED)
		die("mmap");
	return p;
}

static void ring_open(struct ring *r, unsigned setup)
{
	struct io_uring_params p = { .flags = setup, .sq_thread_idle = 100 };
	char *sq, *cq;

	r->fd = (int)syscall(SYS_io_uring_setup, 8, &p);
	if (r->fd < 0 && (errno == ENOSYS || errno == EPERM))
		exit(77);
	if (r->fd < 0)
		die("io_uring_setup");
	r->setup = setup;
	sq = map(r->fd, p.sq_off.array + p.sq_entries * sizeof(unsigned), IORING_OFF_SQ_RING);
	cq = map(r->fd, p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe), IORING_OFF_CQ_RING);
	r->entries = map(r->fd, p.sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	r->sq_tail = (unsigned *)(void *)(sq + p.sq_off.tail);
	r->sq_mask = (unsigned *)(void *)(sq + p.sq_off.ring_mask);
	r->sq_array = (unsigned *)(void *)(sq + p.sq_off.array);
	r->sq_flags = (unsigned *)(void *)(sq + p.sq_off.flags);
	r->cq_head = (unsigned *)(void *)(cq + p.cq_off.head);
	r->cq_tail = (unsigned *)(void *)(cq + p.cq_off.tail);
	r->cq_mask = (unsigned *)(void *)(cq + p.cq_off.ring_mask);
	r->done = (struct io_uring_cqe *)(void *)(cq + p.cq_off.cqes);
}

/* Hands it over, waits for its completion, and says both. */
static int request(struct ring *r, const struct io_uring_sqe *q, const char *name)
{
	unsigned tail = *r->sq_tail, index = tail & *r->sq_mask, flags = IORING_ENTER_GETEVENTS, head;
	struct io_uring_cqe done;

	r->entries[index] = *q;
	r->sq_array[index] = index;
	__atomic_store_n(r->sq_tail, tail + 1, __ATOMIC_RELEASE);
	if (r->setup & IORING_SETUP_SQPOLL) {
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		if (__atomic_load_n(r->sq_flags, __ATOMIC_RELAXED) & IORING_SQ_NEED_WAKEUP)
			flags |= IORING_ENTER_SQ_WAKEUP;
	}
	while (syscall(SYS_io_uring_enter, r->fd, 1, 1, flags, NULL, 0) < 0)
		if (errno != EINTR)
			die("io_uring_enter");
	head = *r->cq_head;
	while (__atomic_load_n(r->cq_tail, __ATOMIC_ACQUIRE) == head)
		;
	done = r->done[head & *r->cq_mask];
	__atomic_store_n(r->cq_head, head + 1, __ATOMIC_RELEASE);
	printf(">>> %s fd=%d user_data=%#llx\n", name, q->fd == AT_FDCWD ? -100 : q->fd, (unsigned long long)q->user_data);
	printf("<<< %s user_data=%#llx = %d\n", name, (unsigned long long)done.user_data, done.res);
	return done.res;
}

int main(int argc, char **argv)
{
	const char *kind = argc == 3 ? argv[1] : "", *path = argc == 3 ? argv[2] : "";
	struct io_uring_sqe q = { 0 };
	static char buffer[100];
	struct ring r;
	int fd;

	if (!*kind) {
		fprintf(stderr, "usage: uring-payload plain|async|sqpoll FILE\n");
		return 2;
	}
	ring_open(&r, strcmp(kind, "sqpoll") == 0 ? IORING_SETUP_SQPOLL : 0);
	q.opcode = IORING_OP_NOP;
	q.fd = -1;
	q.user_data = 0x1234567890;
	request(&r, &q, "IORING_OP_NOP");
	q = (struct io_uring_sqe){ .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)path, .user_data = 2,
				   .open_flags = O_RDONLY };
	if (strcmp(kind, "async") == 0)
		q.flags = IOSQE_ASYNC;
	fd = request(&r, &q, "IORING_OP_OPENAT");
	q = (struct io_uring_sqe){ .opcode = IORING_OP_READ, .fd = fd, .addr = (uintptr_t)buffer, .len = 11, .off = 1, .user_data = 3 };
	if (strcmp(kind, "async") == 0)
		q.flags = IOSQE_ASYNC;
	request(&r, &q, "IORING_OP_READ");
	q = (struct io_uring_sqe){ .opcode = IORING_OP_READ, .fd = 999, .addr = (uintptr_t)buffer, .len = 11, .user_data = 4 };
	request(&r, &q, "IORING_OP_READ");
	return 0;
}
