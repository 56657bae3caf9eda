/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: descriptors, waiting for them, and what ioctl and fcntl do with them. */
#include "self.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <termios.h>

static void trial_pipe(void)
{
	int *p = ROOMS(int, 2);
	long r = CALL(pipe, p);

	CAN(r);
	GIVES(r, 0);
	OUT(p, 8);
	close(p[0]);
	close(p[1]);
	GIVES(CALL(pipe2, p, 12345), -EINVAL);
	GIVES(CALL(pipe2, BAD, 0), -EFAULT);
}

static void trial_fcntl(void)
{
	int fd = memfd_create("trial", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct flock *lock = NEW(struct flock, .l_type = F_WRLCK, .l_whence = SEEK_SET);
	struct f_owner_ex *owner = NEW(struct f_owner_ex, F_OWNER_PID, getpid());
	uint64_t *hint = NEW(uint64_t, 2);
	long other;

	GIVES(CALL(fcntl, fd, F_GETFD), 1);
	MUST(CALL(fcntl, fd, F_GETFL, BAD) >= 0); /* the argument is not looked at */
	other = CALL(fcntl, fd, F_DUPFD_CLOEXEC, 10);
	MUST(other >= 10);
	close((int)other);
	GIVES(CALL(fcntl, fd, F_GETLK, lock), 0);
	BOTH(lock, 32);
	MUST(lock->l_type == F_UNLCK);
	GIVES(CALL(fcntl, fd, F_SETLK, lock), 0);
	IN(lock, 32);
	lock->l_type = F_WRLCK; /* F_UNLCK is nothing to ask for before Linux 6.6 */
	lock->l_pid = 0;
	GIVES(CALL(fcntl, fd, F_OFD_GETLK, lock), 0);
	BOTH(lock, 32);
	GIVES(CALL(fcntl, fd, F_SETOWN_EX, owner), 0);
	IN(owner, 8);
	GIVES(CALL(fcntl, fd, F_GETOWN_EX, owner), 0);
	OUT(owner, 8);
	GIVES(CALL(fcntl, fd, F_SET_RW_HINT, hint), 0);
	IN(hint, 8);
	/* until some Linux after 6.1 not every file system had them */
	if (CALL(fcntl, fd, F_GET_RW_HINT, hint) == 0) {
		OUT(hint, 8);
		MUST(*hint == 2);
	}
	GIVES(CALL(fcntl, fd, F_GET_SEALS), 0);
	GIVES(CALL(fcntl, fd, 54321, BAD), -EINVAL);
	close(fd);
}

static void trial_dup(void)
{
	long fd = CALL(dup, 0);

	MUST(fd >= 0);
	GIVES(CALL(dup3, 0, fd, O_CLOEXEC), fd);
	GIVES(CALL(close_range, fd, fd, 0), 0);
	GIVES(CALL(close, fd), -EBADF);
}

static void trial_poll(void)
{
	int p[2];
	struct pollfd *set;
	struct timespec *limit = NEW(struct timespec, 5, 0);
	uint64_t *mask = NEW(uint64_t, 0);
	long r;

	MUST(pipe(p) == 0);
	MUST(write(p[1], "x", 1) == 1);
	set = copy((struct pollfd[]){ { p[0], POLLIN, 0 }, { p[1], POLLIN, 0 } }, 16);
	GIVES(CALL(ppoll, set, 2, limit, mask, 8), 1);
	BOTH(set, 16), BOTH(limit, 16), IN(mask, 8);
	MUST(set[0].revents == POLLIN);
	GIVES(CALL(ppoll, set, 2, limit, mask, 7), -EINVAL);
	IN(set, 16), IN(limit, 16), IN(mask, 7);
	r = CALL(poll, set, 2, 0);
	CAN(r);
	GIVES(r, 1);
	BOTH(set, 16);
	close(p[0]);
	close(p[1]);
}

static void trial_select(void)
{
	struct {
		void *mask;
		size_t size;
	} *last = room(16);
	fd_set *in = memset(ROOM(fd_set), 0, sizeof(fd_set)), *out = memset(ROOM(fd_set), 0, sizeof(fd_set));
	struct timespec *limit = NEW(struct timespec, 5, 0);
	struct timeval *older = NEW(struct timeval, 5, 0);
	int p[2];
	long r;

	MUST(pipe(p) == 0 && p[1] < 64);
	last->mask = NEW(uint64_t, 0);
	last->size = 8;
	FD_SET(p[0], in);
	FD_SET(p[1], out);
	GIVES(CALL(pselect6, p[1] + 1, in, out, NULL, limit, last), 1);
	BOTH(in, 8), BOTH(out, 8), BOTH(limit, 16), IN(last, 16), IN(last->mask, 8);
	MUST(!FD_ISSET(p[0], in) && FD_ISSET(p[1], out));
	r = CALL(select, p[1] + 1, NULL, out, NULL, older);
	CAN(r);
	GIVES(r, 1);
	BOTH(out, 8), BOTH(older, 16);
	close(p[0]);
	close(p[1]);
}

static void trial_epoll(void)
{
	struct epoll_event *want = NEW(struct epoll_event, .events = EPOLLOUT), *got = room(4 * sizeof(*got));
	uint64_t *mask = NEW(uint64_t, 0);
	struct timespec *limit = NEW(struct timespec, 5, 0);
	int p[2];
	long fd = CALL(epoll_create1, EPOLL_CLOEXEC), r;

	MUST(fd >= 0 && pipe(p) == 0);
	want->data.u64 = 0x123456789abcdef;
	GIVES(CALL(epoll_ctl, fd, EPOLL_CTL_ADD, p[1], want), 0);
	IN(want, sizeof(*want));
	GIVES(CALL(epoll_pwait, fd, got, 4, 1000, mask, 8), 1);
	IN(mask, 8), OUT(got, sizeof(*got));
	GIVES(CALL(epoll_ctl, fd, EPOLL_CTL_DEL, p[1], BAD), 0); /* not looked at */
	GIVES(CALL(epoll_pwait, fd, got, 4, 0, NULL, 0), 0);
	r = CALL(epoll_pwait2, fd, got, 4, limit, NULL, 0);
	(void)r;
	IN(limit, 16);
	close((int)fd);
	close(p[0]);
	close(p[1]);
}

static void trial_epoll_wait(void)
{
	struct epoll_event *got = room(4 * sizeof(*got));
	int fd = epoll_create1(EPOLL_CLOEXEC), p[2];
	long r;

	MUST(pipe(p) == 0 && epoll_ctl(fd, EPOLL_CTL_ADD, p[1], &(struct epoll_event){ .events = EPOLLOUT }) == 0);
	r = CALL(epoll_wait, fd, got, 4, 1000);
	CAN(r);
	GIVES(r, 1);
	OUT(got, sizeof(*got));
	close(fd);
	close(p[0]);
	close(p[1]);
}

static void trial_eventfd(void)
{
	long fd = CALL(eventfd2, 3, 0);
	uint64_t *n = ROOM(uint64_t), *mask = NEW(uint64_t, 1u << 9);

	GIVES(CALL(read, fd, n, 8), 8);
	OUT(n, 8);
	MUST(*n == 3);
	close((int)fd);
	fd = CALL(signalfd4, -1, mask, 8, 0);
	MUST(fd >= 0);
	IN(mask, 8);
	close((int)fd);
}

static void trial_timerfd(void)
{
	long fd = CALL(timerfd_create, CLOCK_MONOTONIC, 0);
	struct itimerspec *set = NEW(struct itimerspec, .it_value = { 100, 0 }), *old = ROOM(struct itimerspec);

	GIVES(CALL(timerfd_settime, fd, 0, set, old), 0);
	IN(set, 32), OUT(old, 32);
	GIVES(CALL(timerfd_settime, fd, 0, set, NULL), 0);
	IN(set, 32);
	GIVES(CALL(timerfd_gettime, fd, old), 0);
	OUT(old, 32);
	close((int)fd);
}

static void trial_inotify(void)
{
	char *path = fresh_path(), *got = room(200), *folder = copy(path, strlen(path) + 1);
	long fd = CALL(inotify_init1, IN_NONBLOCK), watch;
	long n;

	MUST(fd >= 0);
	*strrchr(folder, '/') = 0;
	watch = CALL(inotify_add_watch, fd, folder, IN_CREATE);
	IN_TEXT(folder);
	MUST(watch >= 0);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	n = CALL(read, fd, got, 200);
	MUST(n > 16);
	OUT(got, (size_t)n);
	GIVES(CALL(inotify_rm_watch, fd, watch), 0);
	close((int)fd);
}

static void trial_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), *n = NEW(int, 0), slave;
	char *kernel_termios = room(44);
	struct winsize *size = NEW(struct winsize, 24, 80, 0, 0);
	long r;

	NEED(master >= 0, "no pseudo-terminals");
	GIVES(CALL(ioctl, master, TIOCSPTLCK, n), 0);
	IN(n, 4);
	GIVES(CALL(ioctl, master, TIOCGPTN, n), 0);
	OUT(n, 4);
	r = CALL(ioctl, master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
	MUST(r >= 0);
	slave = (int)r;
	GIVES(CALL(ioctl, slave, TCGETS, kernel_termios), 0);
	OUT(kernel_termios, 36);
	GIVES(CALL(ioctl, slave, TCSETS, kernel_termios), 0);
	IN(kernel_termios, 36);
	GIVES(CALL(ioctl, slave, 0x802c542aul, kernel_termios), 0); /* TCGETS2 */
	OUT(kernel_termios, 44);
	GIVES(CALL(ioctl, slave, TIOCSWINSZ, size), 0);
	IN(size, 8);
	GIVES(CALL(ioctl, master, TIOCGWINSZ, size), 0);
	OUT(size, 8);
	GIVES(CALL(ioctl, slave, FIONREAD, n), 0);
	OUT(n, 4);
	GIVES(CALL(ioctl, slave, TIOCGSID, n), -ENOTTY);
	*n = TIOCPKT_DATA;
	GIVES(CALL(ioctl, master, TIOCPKT, n), 0);
	IN(n, 4);
	close(slave);
	close(master);
}

static void trial_ioctl(void)
{
	int p[2], *n = NEW(int, 1), fd = open("/", O_RDONLY | O_CLOEXEC);
	uint32_t *flags = ROOM(uint32_t);
	char *fsxattr = room(28);
	long r;

	MUST(pipe(p) == 0 && write(p[1], "abc", 3) == 3);
	GIVES(CALL(ioctl, p[0], FIONBIO, n), 0);
	IN(n, 4);
	GIVES(CALL(ioctl, p[0], FIONREAD, n), 0);
	OUT(n, 4);
	MUST(*n == 3);
	GIVES(CALL(ioctl, p[0], FIOCLEX, BAD), 0);
	GIVES(CALL(ioctl, p[0], 0x12345, BAD), -ENOTTY); /* nobody knows it: nothing is read */
	r = CALL(ioctl, fd, FS_IOC_GETFLAGS, flags);
	if (r == 0)
		OUT(flags, 4);
	r = CALL(ioctl, fd, FS_IOC_FSGETXATTR, fsxattr);
	if (r == 0)
		OUT(fsxattr, 28);
	close(fd);
	close(p[0]);
	close(p[1]);
}

static void trial_ioctl_by_number(void)
{
	int p[2];
	char *memory = room(24);

	MUST(pipe(p) == 0);
	memset(memory, 1, 24);
	/* nobody knows these, but the number says which way and how much */
	GIVES(CALL(ioctl, p[0], _IOC(_IOC_WRITE, 0xfe, 77, 24), memory), -ENOTTY);
	IN(memory, 24);
	GIVES(CALL(ioctl, p[0], _IOC(_IOC_READ, 0xfe, 77, 24), memory), -ENOTTY);
	close(p[0]);
	close(p[1]);
}

const struct trial desc_trials[] = {
	TRIAL(pipe), TRIAL(fcntl), TRIAL(dup), TRIAL(poll), TRIAL(select), TRIAL(epoll), TRIAL(epoll_wait), TRIAL(eventfd),
	TRIAL(timerfd), TRIAL(inotify), TRIAL(terminal), TRIAL(ioctl), TRIAL(ioctl_by_number), { 0 },
};
