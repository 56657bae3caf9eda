/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Many kinds of calls, always the same ones: what strace-text runs under two tracers. strace-payload PART. The calls are
 * made by number where the library would make others of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "strace-payload.h"

static void files(void)
{
	char buffer[5000];
	struct iovec parts[3] = { { buffer, 3 }, { buffer + 100, 4 }, { NULL, 0 } };
	struct stat st;
	struct statx sx;
	struct statfs fs;
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = 1, .l_len = 2 };
	struct f_owner_ex owner = { F_OWNER_PID, 0 };
	int fd = open("two", O_RDWR | O_CLOEXEC), other, n, pipes[2];
	off_t offset = 3;

	read(fd, buffer, 0);
	read(fd, buffer, 31);
	read(fd, buffer, 32);
	read(fd, buffer, 33);
	read(fd, buffer, 5000);
	read(fd, buffer, 5000);
	read(fd, (void *)8, 5);
	pread(fd, buffer, 5, 7);
	lseek(fd, 0, SEEK_SET);
	lseek(fd, -3, SEEK_END);
	lseek(fd, 1, SEEK_DATA);
	lseek(fd, 1, 77);
	lseek(fd, 0, SEEK_SET);
	readv(fd, parts, 3);
	readv(fd, parts, 0);
	readv(fd, (void *)16, 2);
	preadv(fd, parts, 2, 11);
	preadv2(fd, parts, 2, 11, RWF_NOWAIT | RWF_HIPRI);
	other = open("odd-one", O_CREAT | O_TRUNC | O_WRONLY | O_APPEND, 0640);
	write(other, "\1\2\0033\377\"\\\n\t \r\v\f\033e\0001\0", 20);
	write(other, "exactly thirty-two bytes of text", 32);
	write(other, "exactly thirty-three bytes of it.", 33);
	write(other, "", 0);
	write(other, NULL, 0);
	write(other, NULL, 1);
	writev(other, parts, 2);
	pwrite(fd, "x", 1, 0);
	pwritev(fd, parts, 1, 9);
	fstat(fd, &st);
	fstat(999, &st);
	syscall(SYS_newfstatat, AT_FDCWD, "/dev/null", &st, 0);
	syscall(SYS_newfstatat, AT_FDCWD, "link", &st, AT_SYMLINK_NOFOLLOW);
	syscall(SYS_newfstatat, fd, "", &st, AT_EMPTY_PATH | AT_NO_AUTOMOUNT);
	statx(AT_FDCWD, "one", AT_STATX_SYNC_AS_STAT, STATX_BASIC_STATS, &sx);
	statx(AT_FDCWD, "one", AT_STATX_FORCE_SYNC | AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_SIZE, &sx);
	statx(AT_FDCWD, "nowhere", 0, STATX_ALL, &sx);
	fstatfs(fd, &fs);
	statfs("/proc", &fs);
	statfs("/nowhere", &fs);
	fcntl(fd, F_GETFD);
	fcntl(fd, F_GETFL);
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFD, 0);
	fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK);
	fcntl(fd, F_DUPFD, 20);
	fcntl(fd, F_DUPFD_CLOEXEC, 30);
	fcntl(fd, F_SETLK, &lock);
	lock.l_type = F_WRLCK;
	fcntl(fd, F_GETLK, &lock);
	fcntl(fd, F_OFD_SETLK, &lock);
	fcntl(fd, F_SETLK, (void *)8);
	fcntl(fd, F_SETOWN, 0);
	fcntl(fd, F_GETOWN);
	fcntl(fd, F_SETOWN_EX, &owner);
	fcntl(fd, F_GETOWN_EX, &owner);
	fcntl(fd, F_GETLEASE);
	fcntl(fd, F_GETSIG);
	fcntl(fd, F_SETSIG, SIGUSR1);
	fcntl(fd, F_NOTIFY, DN_ACCESS | DN_MULTISHOT);
	fcntl(fd, 4242, 17);
	fcntl(999, F_GETFD);
	ioctl(fd, FIONREAD, &n);
	ioctl(fd, TCGETS, buffer);
	ioctl(fd, TIOCGWINSZ, buffer);
	ioctl(fd, FIOCLEX);
	ioctl(fd, FIONCLEX);
	n = 1;
	ioctl(fd, FIONBIO, &n);
	ioctl(fd, _IOR('?', 77, int), &n);
	ioctl(fd, _IO('?', 78), 5);
	ftruncate(fd, 100);
	fallocate(fd, FALLOC_FL_KEEP_SIZE, 10, 20);
	fallocate(fd, 0, 0, 200);
	posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	readahead(fd, 0, 10);
	fsync(fd);
	fdatasync(fd);
	sync_file_range(fd, 0, 100, SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER);
	flock(fd, LOCK_SH | LOCK_NB);
	flock(fd, LOCK_UN);
	dup(fd);
	dup2(fd, 50);
	dup3(fd, 51, O_CLOEXEC);
	sendfile(other, fd, NULL, 10);
	sendfile(other, fd, &offset, 10);
	copy_file_range(fd, NULL, other, NULL, 5, 0);
	pipe2(pipes, O_CLOEXEC | O_NONBLOCK);
	pipe2((void *)8, 0);
	splice(fd, &offset, pipes[1], NULL, 5, SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
	tee(pipes[0], pipes[1], 5, SPLICE_F_NONBLOCK);
	parts[0] = (struct iovec){ (char *)"gift", 4 };
	vmsplice(pipes[1], parts, 1, SPLICE_F_GIFT);
	fcntl(pipes[0], F_GETPIPE_SZ);
	fcntl(pipes[0], F_SETPIPE_SZ, 8192);
	close(pipes[0]);
	close_range(20, 60, 0);
	close(other);
	close(999);
}

static void paths(void)
{
	char buffer[5000], name[300];
	struct timespec times[2] = { { 1000000000, 5 }, { 0, UTIME_OMIT } };
	int fd, events;
	union {
		struct file_handle h;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} handle = { .h.handle_bytes = 4 };

	access("one", R_OK | W_OK);
	access("one", F_OK);
	faccessat(AT_FDCWD, "one", X_OK, 0);
	faccessat(AT_FDCWD, "one", X_OK, AT_EACCESS);
	mkdir("folder", 0700);
	mkdirat(AT_FDCWD, "folder/in", 01777);
	rename("folder/in", "folder/out");
	renameat2(AT_FDCWD, "folder/out", AT_FDCWD, "one", RENAME_NOREPLACE);
	rmdir("folder/out");
	link("one", "folder/hard");
	linkat(AT_FDCWD, "link", AT_FDCWD, "folder/followed", AT_SYMLINK_FOLLOW);
	symlink("some where", "folder/soft");
	readlink("folder/soft", buffer, sizeof(buffer));
	readlink("folder/soft", buffer, 4);
	readlink("one", buffer, 100);
	readlinkat(AT_FDCWD, "folder/soft", buffer, 100);
	unlink("folder/soft");
	unlinkat(AT_FDCWD, "folder/hard", 0);
	unlinkat(AT_FDCWD, "folder", AT_REMOVEDIR);
	chmod("one", 0);
	chmod("one", 07);
	chmod("one", 0644);
	fchmodat(AT_FDCWD, "one", 04755, 0);
	chown("one", 0, (gid_t)-1);
	lchown("link", (uid_t)-1, (gid_t)-1);
	fchownat(AT_FDCWD, "one", 0, 0, AT_SYMLINK_NOFOLLOW);
	truncate("one", 3);
	utimensat(AT_FDCWD, "one", times, 0);
	utimensat(AT_FDCWD, "one", NULL, AT_SYMLINK_NOFOLLOW);
	mknod("fifo", S_IFIFO | 0600, 0);
	mknodat(AT_FDCWD, "null", S_IFCHR | 0666, 0x103);
	mknodat(AT_FDCWD, "regular", S_IFREG | 0600, 0x103);
	umask(0);
	umask(022);
	chdir("/");
	getcwd(buffer, sizeof(buffer));
	getcwd(buffer, 1);
	fd = open(".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	fchdir(fd);
	fd = open("/proc/self/fd/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	memset(name, 'n', sizeof(name));
	name[299] = 0;
	open(name, O_RDONLY);
	open("", O_RDWR | O_EXCL | O_NOCTTY | O_SYNC | O_NOATIME);
	open(NULL, O_WRONLY | O_TMPFILE, 0600);
	open("/tmp", O_WRONLY | O_TMPFILE, 0600);
	open((char *)16, O_RDONLY | O_DSYNC | O_DIRECT | O_LARGEFILE);
	openat(7, "at\nseven", 0x80000003);
	syscall(SYS_openat2, AT_FDCWD, "/etc/hostname", &(unsigned long[3]){ O_RDONLY | O_CLOEXEC, 0, 0x04 }, 24);
	creat("/nowhere/x", 0600);
	name_to_handle_at(AT_FDCWD, "/etc", &handle.h, &events, 0);
	setxattr("/nowhere", "user.a", "value", 5, XATTR_CREATE);
	setxattr("/nowhere", "user.a", NULL, 0, 0);
	getxattr("/etc", "user.none", buffer, 100);
	listxattr("/etc", buffer, 100);
	removexattr("/nowhere", "user.a");
	chroot("/nowhere");
	mount("from", "/nowhere", "ext4", MS_RDONLY | MS_NOSUID, "data=1");
	umount2("/nowhere", MNT_DETACH | UMOUNT_NOFOLLOW);
	syscall(SYS_pivot_root, "/nowhere", "/nowhere");
	syscall(SYS_swapoff, "/nowhere");
	acct("/nowhere/acct");
	execve("/nowhere", (char *[]){ "nowhere", "-x", "an argument that is longer than the limit of thirty-two", NULL },
	       (char *[]){ "A=1", NULL });
	execve("/nowhere", (char *[]){ NULL }, NULL);
	syscall(SYS_execveat, AT_FDCWD, "nowhere", (char *[]){ "n", NULL }, NULL, AT_EMPTY_PATH);
}

static void memory(void)
{
	int fd = open("two", O_RDONLY);
	char *p = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *q;
	unsigned char vec[4];

	mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 4096);
	mmap(p, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_POPULATE | MAP_NORESERVE, -1, 0);
	mmap(NULL, 0, PROT_NONE, MAP_SHARED, -1, 0);
	mmap(NULL, 4096, PROT_NONE, MAP_SHARED_VALIDATE | MAP_STACK | MAP_LOCKED | MAP_GROWSDOWN, 99, 0);
	mmap(NULL, 2 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | (21 << 26), -1, 0);
	mprotect(p, 4096, PROT_NONE);
	mprotect(p, 4096, PROT_READ | PROT_WRITE);
	madvise(p, 4096, MADV_DONTNEED);
	madvise(p, 4096, MADV_HUGEPAGE);
	madvise(p, 4096, 4242);
	mincore(p, 16384, vec);
	msync(p, 4096, MS_SYNC | MS_INVALIDATE);
	mlock(p, 4096);
	mlock2(p, 4096, MLOCK_ONFAULT);
	munlock(p, 4096);
	mlockall(0x100);
	munlockall();
	q = mremap(p, 16384, 32768, MREMAP_MAYMOVE);
	mremap(q, 32768, 4096, 0);
	mremap(q, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, q + 65536);
	munmap(q + 65536, 4096);
	munmap((void *)1, 4096);
	remap_file_pages(q, 4096, 0, 0, 0);
	memfd_create("a name", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	brk(NULL);
	sbrk(4096);
	pkey_alloc(0, 0x3);
	pkey_free(77);
	syscall(SYS_mbind, p, 4096, 0, NULL, 0, 0);
	syscall(SYS_get_mempolicy, NULL, NULL, 0, NULL, 0);
	syscall(SYS_membarrier, 0, 0, 0);
	syscall(SYS_process_vm_readv, getpid(), NULL, 0, NULL, 0, 0);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {
		{ "files", files },	{ "paths", paths },	{ "memory", memory },	{ "process", payload_process },
		{ "signals", payload_signals }, { "sockets", payload_sockets }, { "waits", payload_waits },
		{ "timers", payload_timers },	{ "ipc", payload_ipc },		{ "kernel", payload_kernel },
		{ "threads", payload_threads }, { "vfork", payload_vfork }, { "stopped", payload_stopped },
		{ "killed", payload_killed },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (argc == 2 && !strcmp(parts[i].name, argv[1])) {
			parts[i].run();
			_exit(0);
		}
	}
	return 2;
}
