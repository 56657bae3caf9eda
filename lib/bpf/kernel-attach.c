/* SPDX-License-Identifier: BSD-2-Clause */
/* What every user of the programs in the kernel does with a loaded object: attach it, map its memory, name tasks to it. */
#include "bpf/kernel-attach.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "bpf/kernel-denied.h"
#include "bpf/kernel-old.h"
#include "bpf/kernel-pause.h"
#include "bpf/kernel-side.h"

#define PIDFD_THREAD O_EXCL /* of a thread that is not the first one; Linux 6.9 */

/* What libbpf and the verifier had to say, for the message when loading fails. */
static struct buf *said;

static int listen(enum libbpf_print_level level, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
static int listen(enum libbpf_print_level level, const char *format, va_list args)
{
	if (said && level == LIBBPF_WARN)
		buf_vaddf(said, format, args);
	return 0;
}

/* The line that names the reason stands near the end of the verifier's long story. */
static const char *last_words(struct buf *text)
{
	char *end, *line;

	if (getenv("SEAM_BPF_LOG"))
		fputs(text->data, stderr);
	while ((end = strrchr(text->data, '\n'))) {
		*end = 0;
		line = strrchr(text->data, '\n');
		line = line ? line + 1 : text->data;
		if (*line && !strstr(line, "END PROG LOAD LOG") && strncmp(line, "processed ", 10) != 0 &&
		    strncmp(line, "libbpf: ", 8) != 0 && strncmp(line, "max_states", 10) != 0)
			return line;
	}
	return text->data;
}

void kernel_listen(struct buf *text)
{
	said = text;
	libbpf_set_print(listen);
}

int kernel_take(struct bpf_object *object)
{
	struct bpf_program *program;

	if (getenv("SEAM_TEST_STRICT_ALIGNMENT"))
		bpf_object__for_each_program(program, object)
			bpf_program__set_flags(program, BPF_F_STRICT_ALIGNMENT);
	return bpf_object__load(object);
}

int kernel_refused(int r, struct buf *text, const char *what, struct seam_err *err)
{
	bool looked_at = strstr(text->data, "BEGIN PROG LOAD LOG");

	return kernel_denied(r, last_words(text), looked_at, what, err);
}

int kernel_attach(struct bpf_object *object, struct bpf_link *links[KERNEL_LINKS], struct seam_err *err)
{
	struct bpf_program *program;
	unsigned n = 0;

	bpf_object__for_each_program(program, object) {
		if (!bpf_program__autoload(program) || bpf_program__type(program) != BPF_PROG_TYPE_TRACING ||
		    bpf_program__expected_attach_type(program) == BPF_TRACE_ITER)
			continue;
		if (n == KERNEL_LINKS)
			return seam_err_set(err, -E2BIG, "more programs than there is room for");
		links[n] = bpf_program__attach(program);
		if (!links[n])
			return seam_err_set(err, -errno, "the kernel does not attach %s", bpf_program__name(program));
		n++;
	}
	return 0;
}

void kernel_detach(struct bpf_link *links[KERNEL_LINKS])
{
	for (size_t i = 0; i < KERNEL_LINKS; i++) {
		bpf_link__destroy(links[i]);
		links[i] = NULL;
	}
}

void *kernel_map_memory(const struct bpf_object *object, const char *name, size_t bytes)
{
	int fd = bpf_object__find_map_fd_by_name(object, name);
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

int kernel_add_task(const struct bpf_object *object, uint32_t *wanting, pid_t task, bool fresh, struct seam_err *err)
{
	int map = bpf_object__find_map_fd_by_name(object, "tasks"), fd, e = 0;
	struct kept *value;

	if (kernel_is_old(object))
		return kernel_add_number(object, wanting, task, fresh, err);
	fd = (int)syscall(SYS_pidfd_open, task, 0);
	if (fd < 0 && (errno == EINVAL || errno == ENOENT))
		fd = (int)syscall(SYS_pidfd_open, task, PIDFD_THREAD);
	/* before Linux 6.9 there are no descriptors of threads */
	if (fd < 0 && errno == EINVAL && kernel_knows_our_pids()) {
		e = kernel_add_number(object, wanting, task, fresh, err);
		return e < 0 ? e : 1;
	}
	if (fd < 0)
		return seam_err_errno(err, -errno, "task %d cannot be found", (int)task);
	value = xcalloc(1, sizeof(*value));
	value->wanted = fresh ? KEPT_FRESH : KEPT_WANTED;
	/* first the number: once the task is seen it is counted down */
	__atomic_fetch_add(wanting, 1, __ATOMIC_SEQ_CST);
	if (bpf_map_update_elem(map, &fd, value, BPF_ANY) < 0) {
		e = seam_err_errno(err, -errno, "task %d cannot be recorded", (int)task);
		__atomic_fetch_sub(wanting, 1, __ATOMIC_SEQ_CST);
	}
	free(value);
	close(fd);
	return e;
}
