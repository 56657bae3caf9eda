/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory of the program a handler stands in front of. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/util.h"
#include "hook/hook-parts.h"

#define STRING_MAX (128u << 10)
#define STRING_PIECE 4096u
#define VECTORS_MAX 1024u

size_t tracee_read(pid_t tid, uint64_t address, void *to, size_t n)
{
	struct iovec own = { to, n }, its = { (void *)(uintptr_t)address, n };
	ssize_t got = n ? process_vm_readv(tid, &own, 1, &its, 1, 0) : 0;
	size_t done = got > 0 ? (size_t)got : 0;

	/* what begins on a page that is there and goes on where none is comes up to the page's end */
	return done;
}

/* What the program may only read, or only execute, takes the way of debuggers. */
static int force(pid_t tid, uint64_t address, const void *from, size_t n)
{
	char path[64];
	_cleanup_close_ int fd = -1;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)tid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && pwrite(fd, from, n, (off_t)address) == (ssize_t)n ? 0 : -EFAULT;
}

int tracee_write(pid_t tid, uint64_t address, const void *from, size_t n)
{
	char *bytes = (char *)(uintptr_t)from; /* which an iovec has no const for */
	struct iovec own = { bytes, n }, its = { (void *)(uintptr_t)address, n };

	if (!n || process_vm_writev(tid, &own, 1, &its, 1, 0) == (ssize_t)n)
		return 0;
	return force(tid, address, from, n);
}

size_t seam_read(struct seam_hook *h, uint64_t address, void *to, size_t n)
{
	return hook_of(h)->reaped ? 0 : tracee_read((pid_t)h->tid, address, to, n);
}

int seam_write(struct seam_hook *h, uint64_t address, const void *from, size_t n)
{
	return hook_of(h)->reaped ? -ESRCH : tracee_write((pid_t)h->tid, address, from, n);
}

const char *seam_read_string(struct seam_hook *h, uint64_t address)
{
	size_t length = 0, room = 0;
	char *text = NULL, piece[STRING_PIECE];

	/* up to the end of each page, since the next one need not be there */
	while (length < STRING_MAX) {
		size_t want = STRING_PIECE - ((address + length) & (STRING_PIECE - 1)), got, here;

		if (length == 0 && want > 256 && room == 0)
			want = MIN(want, (size_t)256);
		got = seam_read(h, address + length, piece, want);
		if (!got)
			return NULL;
		here = strnlen(piece, got);
		if (length + here + 1 > room) {
			char *larger;

			room = (length ? 2 : 1) * (length + here + 1);
			larger = seam_alloc(h, room);
			if (text)
				memcpy(larger, text, length);
			text = larger;
		}
		memcpy(text + length, piece, here);
		length += here;
		if (here < got) {
			text[length] = 0;
			return text;
		}
	}
	return NULL;
}

const char *seam_arg_string(struct seam_hook *h, const char *name)
{
	uint64_t address = (uint64_t)seam_arg(h, name);

	return address ? seam_read_string(h, address) : NULL;
}

/* The vectors themselves; 0: they cannot be read. Those of a 32-bit program are half as wide. */
static size_t read_vectors(struct seam_hook *h, uint64_t address, uint64_t count, struct iovec *ret)
{
	size_t n = MIN(count, (uint64_t)VECTORS_MAX);

	if (!h->compat)
		return seam_read(h, address, ret, n * sizeof(*ret)) == n * sizeof(*ret) ? n : 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t pair[2];

		if (seam_read(h, address + i * sizeof(pair), pair, sizeof(pair)) != sizeof(pair))
			return 0;
		ret[i] = (struct iovec){ (void *)(uintptr_t)pair[0], pair[1] };
	}
	return n;
}

void *seam_gather(struct seam_hook *h, uint64_t address, uint64_t count, size_t most, size_t *ret_n)
{
	struct iovec *v = seam_alloc(h, VECTORS_MAX * sizeof(*v));
	size_t n = read_vectors(h, address, count, v), whole = 0, done = 0;
	char *bytes;

	for (size_t i = 0; i < n; i++)
		{
		size_t left = most - whole;

		whole += MIN(v[i].iov_len, left);
	}
	*ret_n = 0;
	if (count && !n)
		return NULL;
	bytes = seam_alloc(h, whole + 1);
	for (size_t i = 0; i < n && done < whole; i++) {
		size_t want = MIN(v[i].iov_len, whole - done), got = seam_read(h, (uintptr_t)v[i].iov_base, bytes + done, want);

		done += got;
		if (got < want)
			break;
	}
	*ret_n = done;
	return bytes;
}

size_t seam_scatter(struct seam_hook *h, uint64_t address, uint64_t count, const void *from, size_t n)
{
	struct iovec *v = seam_alloc(h, VECTORS_MAX * sizeof(*v));
	size_t vectors = read_vectors(h, address, count, v), done = 0;

	for (size_t i = 0; i < vectors && done < n; i++) {
		size_t want = MIN(v[i].iov_len, n - done);

		if (seam_write(h, (uintptr_t)v[i].iov_base, (const char *)from + done, want) < 0)
			break;
		done += want;
	}
	return done;
}
