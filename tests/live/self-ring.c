/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: rings of requests, new (io_uring) and old (aio). */
#include "self.h"

#include <fcntl.h>
#include <linux/aio_abi.h>
#include <linux/io_uring.h>
#include <sys/mman.h>
#include <sys/uio.h>

static void trial_io_uring(void)
{
	struct io_uring_params *p = ROOM(struct io_uring_params);
	char *buffer = room(64);
	struct iovec *v = NEW(struct iovec, buffer, 64);
	int *fds = copy((int[]){ 0, 1 }, 8);
	char *probe = room(16 + 4 * 8);
	long fd;

	memset(p, 0, sizeof(*p));
	fd = CALL(io_uring_setup, 4, p);
	IN(p, 120);
	NEED(fd != -EPERM && fd != -ENOSYS && fd != -ENOMEM, "no io_uring here");
	MUST(fd >= 0);
	OUT(p, 120);
	GIVES(CALL(io_uring_register, fd, IORING_REGISTER_BUFFERS, v, 1), 0);
	IN(v, 16);
	GIVES(CALL(io_uring_register, fd, IORING_UNREGISTER_BUFFERS, NULL, 0), 0);
	GIVES(CALL(io_uring_register, fd, IORING_REGISTER_FILES, fds, 2), 0);
	IN(fds, 8);
	memset(probe, 0, 16 + 4 * 8);
	GIVES(CALL(io_uring_register, fd, IORING_REGISTER_PROBE, probe, 4), 0);
	BOTH(probe, 16 + 4 * 8);
	GIVES(CALL(io_uring_register, fd, 12345, BAD, 1), -EINVAL);
	close((int)fd);
}

static void trial_io_uring_enter(void)
{
	struct io_uring_params *p = ROOM(struct io_uring_params);
	struct io_uring_getevents_arg *arg = ROOM(struct io_uring_getevents_arg);
	struct timespec *limit = NEW(struct timespec, 0, 1000);
	uint64_t *mask = NEW(uint64_t, 0);
	long fd;

	memset(p, 0, sizeof(*p));
	fd = CALL(io_uring_setup, 4, p);
	IN(p, 120);
	NEED(fd != -EPERM && fd != -ENOSYS && fd != -ENOMEM, "no io_uring here");
	OUT(p, 120);
	GIVES(CALL(io_uring_enter, fd, 0, 0, IORING_ENTER_GETEVENTS, mask, 8), 0);
	IN(mask, 8);
	memset(arg, 0, sizeof(*arg));
	arg->sigmask = W(mask);
	arg->sigmask_sz = 8;
	arg->ts = W(limit);
	GIVES(CALL(io_uring_enter, fd, 0, 1, IORING_ENTER_GETEVENTS | IORING_ENTER_EXT_ARG, arg, sizeof(*arg)), -ETIME);
	IN(arg, 24), IN(mask, 8), IN(limit, 16);
	GIVES(CALL(io_uring_enter, fd, 0, 0, 0, BAD, 8), 0); /* not asked for events: not looked at */
	close((int)fd);
}

static void trial_aio(void)
{
	int file = memfd_create("trial", MFD_CLOEXEC);
	aio_context_t *context = NEW(aio_context_t, 0);
	static char to[10]; /* written when the kernel pleases, not by a call */
	char *data = text("data");
	struct iocb *write_it = ROOM(struct iocb), *read_it = ROOM(struct iocb);
	struct iocb **both = copy((struct iocb *[]){ write_it, read_it }, 16);
	struct io_event *events = room(4 * sizeof(*events));
	struct timespec *limit = NEW(struct timespec, 5, 0);
	long r = CALL(io_setup, 4, context);

	IN(context, 8);
	CAN(r);
	NEED(r != -EAGAIN, "no room for another context");
	GIVES(r, 0);
	OUT(context, 8);
	memset(write_it, 0, sizeof(*write_it));
	*read_it = *write_it;
	*write_it = (struct iocb){ .aio_key = 99, .aio_lio_opcode = IOCB_CMD_PWRITE, .aio_fildes = (uint32_t)file,
				   .aio_buf = W(data), .aio_nbytes = 4 };
	*read_it = (struct iocb){ .aio_lio_opcode = IOCB_CMD_PREAD, .aio_fildes = (uint32_t)file, .aio_buf = W(to),
				  .aio_nbytes = 10 };
	GIVES(CALL(io_submit, *context, 1, both), 1);
	IN(both, 8), BOTH(write_it, 64), IN(data, 4); /* the kernel clears its key */
	GIVES(CALL(io_getevents, *context, 1, 4, events, limit), 1);
	IN(limit, 16), OUT(events, 32);
	both[0] = read_it;
	GIVES(CALL(io_submit, *context, 1, both), 1);
	IN(both, 8), BOTH(read_it, 64);
	GIVES(CALL(io_pgetevents, *context, 1, 4, events, NULL, NULL), 1);
	OUT(events, 32);
	MUST(!memcmp(to, "data", 4));
	GIVES(CALL(io_destroy, *context), 0);
	close(file);
}

const struct trial ring_trials[] = {
	TRIAL(io_uring), TRIAL(io_uring_enter), TRIAL(aio), { 0 },
};
