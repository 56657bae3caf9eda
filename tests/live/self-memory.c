/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: the address space. */
#include "self.h"

#include <fcntl.h>
#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/uio.h>

static void trial_mappings(void)
{
	char *name = text("seam");
	long fd = CALL(memfd_create, name, MFD_CLOEXEC), at;

	IN_TEXT(name);
	MUST(fd >= 0);
	GIVES(CALL(ftruncate, fd, 8192), 0);
	at = CALL(mmap, NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	MUST(at > 0);
	GIVES(CALL(mprotect, at, 4096, PROT_READ), 0);
	GIVES(CALL(madvise, at, 8192, MADV_WILLNEED), 0);
	GIVES(CALL(msync, at, 8192, MS_SYNC), 0);
	at = CALL(mremap, at, 4096, 4096, 0);
	MUST(at > 0);
	GIVES(CALL(munmap, at, 8192), 0);
	MUST(CALL(brk, 0) > 0);
	close((int)fd);
}

static void trial_mincore(void)
{
	unsigned char *vec = room(10);
	void *at = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	GIVES(CALL(mincore, at, 8192, vec), 0);
	OUT(vec, 2);
	GIVES(CALL(mincore, at, 4097, vec), 0);
	OUT(vec, 2);
	GIVES(CALL(mincore, at, 4096, vec), 0);
	OUT(vec, 1);
	munmap(at, 8192);
}

static void trial_policy(void)
{
	int *mode = ROOM(int);
	unsigned long *mask = room(128);
	long r = CALL(get_mempolicy, mode, mask, 1024, 0, 0);

	CAN(r);
	GIVES(r, 0);
	OUT(mode, 4), OUT(mask, 128);
	GIVES(CALL(get_mempolicy, mode, NULL, 0, 0, 0), 0);
	OUT(mode, 4);
	memset(mask, 0, 128);
	GIVES(CALL(set_mempolicy, MPOL_DEFAULT, mask, 1024), 0);
	IN(mask, 128);
	GIVES(CALL(set_mempolicy, MPOL_DEFAULT, NULL, 0), 0);
}

static void trial_move_pages(void)
{
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void **pages = NEW(void *, page);
	int *status = ROOM(int);
	long r;

	memset(page, 1, 4096);
	r = CALL(move_pages, 0, 1, pages, NULL, status, 0); /* asks where it is */
	IN(pages, 8);
	CAN(r);
	GIVES(r, 0);
	OUT(status, 4);
	munmap(page, 4096);
}

static void trial_process_madvise(void)
{
	struct iovec *v;
	void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long fd = CALL(pidfd_open, getpid(), 0), r;

	CAN(fd);
	v = NEW(struct iovec, page, 4096);
	r = CALL(process_madvise, fd, v, 1, MADV_COLD, 0);
	IN(v, 16);
	close((int)fd);
	munmap(page, 4096);
	CAN(r);
	GIVES(r, 4096);
}

static void trial_membarrier(void)
{
	MUST(CALL(membarrier, 0, 0, 0) >= 0);
}

static void trial_rseq(void)
{
	void *area = room(64);

	area = (void *)(((uintptr_t)area + 31) & ~(uintptr_t)31);
	MUST(CALL(rseq, area, 32, 1 << 5, 0) < 0); /* flags that there are not: nothing happens */
	IN(area, 32);
}

const struct trial memory_trials[] = {
	TRIAL(mappings), TRIAL(mincore), TRIAL(policy), TRIAL(move_pages), TRIAL(process_madvise), TRIAL(membarrier),
	TRIAL(rseq), { 0 },
};
