/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory that programs get descriptors of: the blob, which nobody can change, and what they share with the supervisor. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <unistd.h>

#include "agent/agent-blob.h"
#include "agent/agent-parts.h"
#include "base/cleanup.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#endif
#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif

static int make_blob(struct agent_run *s, struct seam_err *err)
{
	_cleanup_close_ int fd = memfd_create("seam-agent", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

	/* older kernels know no other kind */
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("seam-agent", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return seam_err_errno(err, -errno, "no memory for the agent");
	if (write(fd, agent_blob, agent_blob_bytes) != (ssize_t)agent_blob_bytes || fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return seam_err_errno(err, -errno, "no memory for the agent");
	memcpy(&s->head, agent_blob, sizeof(s->head));
	s->blob_fd = steal_fd(&fd);
	return 0;
}

/* Nobody uses addresses of this kind, and nobody can guess this one. */
static uint64_t make_key(void)
{
	uint64_t random = 0;

	if (getrandom(&random, sizeof(random), GRND_NONBLOCK) != (ssize_t)sizeof(random))
		random = (uint64_t)getpid() << 20;
	return (random & 0x00fffffffffffff8ull) | 0x5e00000000000000ull;
}

static bool has_dispatch(void)
{
	return !getenv("SEAM_TEST_NO_SUD") && prctl(PR_SET_SYSCALL_USER_DISPATCH, 0, 0, 0, 0) == 0;
}

static int make_shared(struct agent_run *s, struct seam_err *err)
{
	_cleanup_close_ int fd = memfd_create("seam-agent-shared", MFD_CLOEXEC);
	void *m;

	if (fd < 0 || ftruncate(fd, sizeof(*s->shared)) < 0)
		return seam_err_errno(err, -errno, "no memory to share with the agent");
	m = mmap(NULL, sizeof(*s->shared), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (m == MAP_FAILED)
		return seam_err_errno(err, -errno, "no memory to share with the agent");
	s->shared = m;
	*s->shared = (struct agent_shared){ .magic = AGENT_MAGIC, .version = AGENT_VERSION, .bytes = sizeof(*s->shared), .key = make_key(), .by_filter = !has_dispatch() };
	s->shared_fd = steal_fd(&fd);
	return 0;
}

int agent_memory_make(struct agent_run *s, struct seam_err *err)
{
	uint64_t first, bytes, windows;
	int r = make_blob(s, err);

	if (r >= 0)
		r = make_shared(s, err);
	if (r < 0)
		return r;
	/* a window of its own for each run; the key is random enough to choose by */
	arch_agent_place(&first, &bytes);
	windows = bytes / AGENT_WINDOW;
	s->put = (struct arch_agent_put){
		.base = first + (s->shared->key >> 8) % windows * AGENT_WINDOW,
		.key = s->shared->key,
		.text_bytes = s->head.text_bytes,
		.begin = s->head.begin,
	};
	return 0;
}

void agent_memory_release(struct agent_run *s)
{
	if (s->shared)
		munmap(s->shared, sizeof(*s->shared));
	if (s->blob_fd >= 0)
		close(s->blob_fd);
	if (s->shared_fd >= 0)
		close(s->shared_fd);
}
