/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: mounts and quotas. What would change the system is made to fail. */
#include "self.h"

#include <fcntl.h>
#include <sys/mount.h>

static void trial_mount(void)
{
	char *source = text("source"), *target = text("/nowhere"), *type = text("tmpfs"), *options = text("size=1k");
	long r = CALL(mount, source, target, type, MS_NOSUID, options);

	MUST(r < 0);
	IN_TEXT(source), IN_TEXT(target), IN_TEXT(type), IN_TEXT(options);
	r = CALL(mount, source, target, NULL, MS_BIND, NULL);
	MUST(r < 0);
	IN_TEXT(source), IN_TEXT(target);
	MUST(CALL(umount2, target, 0) < 0);
	IN_TEXT(target);
	MUST(CALL(pivot_root, target, source) < 0);
	IN_TEXT(target), IN_TEXT(source);
	MUST(CALL(chroot, target) < 0);
	IN_TEXT(target);
	MUST(CALL(swapon, target, 0) < 0);
	IN_TEXT(target);
	MUST(CALL(swapoff, target) < 0);
	IN_TEXT(target);
	MUST(CALL(acct, target) < 0);
	IN_TEXT(target);
}

static void trial_fsconfig(void)
{
	char *name = text("tmpfs"), *key = text("size"), *value = text("1k"), *to = room(100);
	long fd = CALL(fsopen, name, 1), r;

	IN_TEXT(name);
	CAN(fd);
	MUST(fd >= 0);
	r = CALL(fsconfig, fd, 1, key, value, 0);
	IN_TEXT(key), IN_TEXT(value);
	GIVES(r, 0);
	r = CALL(fsconfig, fd, 2, key, value, 2); /* bytes, which this one does not take */
	IN_TEXT(key), IN(value, 2);
	MUST(r < 0);
	r = CALL(read, fd, to, 100);
	if (r > 0)
		OUT(to, (size_t)r);
	GIVES(CALL(fsconfig, fd, 6, NULL, NULL, 0), 0);
	close((int)fd);
}

static void trial_mount_of_today(void)
{
	char *path = text("/"), *none = text("/nowhere"), *empty = text("");
	uint64_t *attr = copy((uint64_t[]){ 1, 0, 0, 0 }, 32);
	long fd = CALL(open_tree, AT_FDCWD, path, O_CLOEXEC);

	IN_TEXT(path);
	CAN(fd);
	MUST(fd >= 0);
	MUST(CALL(mount_setattr, AT_FDCWD, none, 0, attr, 32) < 0);
	IN_TEXT(none), IN(attr, 32);
	MUST(CALL(mount_setattr, AT_FDCWD, none, 0, attr, 16) < 0); /* less than any version had */
	IN_TEXT(none), IN(attr, 16);
	MUST(CALL(move_mount, fd, empty, AT_FDCWD, none, 4) < 0);
	IN_TEXT(none), IN(empty, 1);
	MUST(CALL(fspick, AT_FDCWD, none, 0) < 0);
	IN_TEXT(none);
	close((int)fd);
}

static void trial_statmount(void)
{
	struct request {
		uint32_t size, fd;
		uint64_t id, param;
	} *ask = NEW(struct request, 24, 0, UINT64_MAX, 0);
	uint64_t *ids = room(400), *st = room(1024);
	uint32_t size;
	long n = CALL(listmount, ask, ids, 2, 0);

	IN(ask, 24);
	CAN(n);
	MUST(n > 0 && n <= 2);
	OUT(ids, (size_t)n * 8);
	ask->id = ids[0];
	ask->param = 2 | 0x10 | 0x20; /* of the mount; its point; its type */
	n = CALL(statmount, ask, st, 1024, 0);
	IN(ask, 24);
	GIVES(n, 0);
	memcpy(&size, st, 4);
	OUT(st, size);
	n = CALL(statmount, ask, st, 4, 0);
	IN(ask, 24);
	MUST(n == -EOVERFLOW);
}

static void trial_quotactl(void)
{
	char *device = text("/nowhere"), *block = room(72);
	long r = CALL(quotactl, 0x80000700u, device, 0, block); /* Q_GETQUOTA of a user */

	IN_TEXT(device);
	MUST(r < 0);
	MUST(CALL(quotactl_fd, -1, 0x80000700u, 0, block) < 0);
}

static void trial_fanotify(void)
{
	char *path = text("/");
	long fd = CALL(fanotify_init, 0x200, O_RDONLY), r; /* FAN_REPORT_FID: an ordinary user may */

	CAN(fd);
	MUST(fd >= 0);
	r = CALL(fanotify_mark, fd, 1, 0x100, AT_FDCWD, path);
	IN_TEXT(path);
	(void)r;
	close((int)fd);
}

const struct trial mount_trials[] = {
	TRIAL(mount), TRIAL(fsconfig), TRIAL(mount_of_today), TRIAL(statmount), TRIAL(quotactl), TRIAL(fanotify), { 0 },
};
