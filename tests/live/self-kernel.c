/* SPDX-License-Identifier: BSD-2-Clause */
/* Trials: what the kernel says of itself, keys, filters, programs, counters, security modules. */
#include "self.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

static void trial_about_the_system(void)
{
	struct utsname *name = ROOM(struct utsname);
	struct sysinfo *info = ROOM(struct sysinfo);
	char *log = room(50);
	long n;

	GIVES(CALL(uname, name), 0);
	OUT(name, 390);
	GIVES(CALL(sysinfo, info), 0);
	OUT(info, 112);
	MUST(CALL(syslog, 10, BAD, 0) != 0); /* how much there is: no buffer */
	n = CALL(syslog, 3, log, 50);
	CAN(n);
	OUT(log, (size_t)n);
}

static void trial_names(void)
{
	char *long_name = room(100);

	memset(long_name, 'x', 100);
	MUST(CALL(sethostname, long_name, 65) < 0); /* too long for everybody */
	IN(long_name, 65);
	MUST(CALL(setdomainname, long_name, 65) < 0);
	IN(long_name, 65);
}

static void trial_modules(void)
{
	char *image = text("no module"), *args = text("a=b"), *name = text("no_such_module");

	MUST(CALL(init_module, image, 9, args) < 0);
	IN(image, 9), IN_TEXT(args);
	MUST(CALL(finit_module, -1, args, 0) < 0);
	IN_TEXT(args);
	MUST(CALL(delete_module, name, O_NONBLOCK) < 0);
	IN_TEXT(name);
}

static void trial_keys(void)
{
	char *type = text("user"), *description = text("seam:trial"), *payload = text("secret"), *to = room(100);
	long key = CALL(add_key, type, description, payload, 6, KEY_SPEC_PROCESS_KEYRING), n;

	IN_TEXT(type), IN_TEXT(description), IN(payload, 6);
	CAN(key);
	MUST(key > 0);
	n = CALL(keyctl, KEYCTL_DESCRIBE, key, to, 100);
	MUST(n > 10 && n <= 100);
	OUT(to, (size_t)n);
	GIVES(CALL(keyctl, KEYCTL_READ, key, to, 100), 6);
	OUT(to, 6);
	GIVES(CALL(keyctl, KEYCTL_READ, key, to, 3), 6); /* too little room: how much there would be */
	GIVES(CALL(keyctl, KEYCTL_UPDATE, key, payload, 4), 0);
	IN(payload, 4);
	GIVES(CALL(keyctl, KEYCTL_SEARCH, KEY_SPEC_PROCESS_KEYRING, type, description, 0), key);
	IN_TEXT(type), IN_TEXT(description);
	GIVES(CALL(request_key, type, description, NULL, 0), key);
	IN_TEXT(type), IN_TEXT(description);
	GIVES(CALL(keyctl, KEYCTL_REVOKE, key), 0);
	GIVES(CALL(keyctl, 9876, BAD, BAD, BAD, BAD), -EOPNOTSUPP);
}

static void trial_seccomp(void)
{
	uint32_t *action = NEW(uint32_t, SECCOMP_RET_ERRNO);
	uint16_t *sizes = room(6);
	struct sock_filter *code = NEW(struct sock_filter, 0x99, 0, 0, 0);
	struct sock_fprog *program = NEW(struct sock_fprog, 1, code);

	GIVES(CALL(seccomp, SECCOMP_GET_ACTION_AVAIL, 0, action), 0);
	IN(action, 4);
	GIVES(CALL(seccomp, SECCOMP_GET_NOTIF_SIZES, 0, sizes), 0);
	OUT(sizes, 6);
	MUST(CALL(seccomp, SECCOMP_SET_MODE_FILTER, 0, program) < 0); /* no such operation */
	IN(program, 16), IN(code, 8);
	MUST(CALL(seccomp, 99, 0, BAD) < 0);
}

static void trial_bpf(void)
{
	union bpf_attr *attr = ROOM(union bpf_attr);
	uint32_t *key = NEW(uint32_t, 1);
	uint64_t *value = NEW(uint64_t, 77), *got = ROOM(uint64_t);
	long fd, r;

	memset(attr, 0, sizeof(*attr));
	attr->map_type = BPF_MAP_TYPE_ARRAY;
	attr->key_size = 4;
	attr->value_size = 8;
	attr->max_entries = 2;
	fd = CALL(bpf, BPF_MAP_CREATE, attr, 72);
	IN(attr, 72);
	CAN(fd);
	MUST(fd >= 0);
	memset(attr, 0, sizeof(*attr));
	attr->map_fd = (uint32_t)fd;
	attr->key = W(key);
	attr->value = W(value);
	r = CALL(bpf, BPF_MAP_UPDATE_ELEM, attr, 32);
	GIVES(r, 0);
	IN(attr, 32); /* how large keys and values are, is the map's affair */
	attr->value = W(got);
	close((int)fd);
}

static void trial_bpf_program(void)
{
	union bpf_attr *attr = ROOM(union bpf_attr);
	struct bpf_insn *code = copy((struct bpf_insn[]){ { .code = 0xb7 }, { .code = 0x95 } }, 16);
	char *license = text("GPL"), *log = room(4096);
	long fd;

	memset(attr, 0, sizeof(*attr));
	attr->prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr->insns = W(code);
	attr->insn_cnt = 2;
	attr->license = W(license);
	attr->log_buf = W(log);
	attr->log_size = 4096;
	attr->log_level = 1;
	fd = CALL(bpf, BPF_PROG_LOAD, attr, 128);
	BOTH(attr, 128), IN(code, 16), IN_TEXT(license);
	if (fd < 0) /* whether the verifier had its say, nobody knows */
		OUT(log, 4096), holes();
	CAN(fd);
	MUST(fd >= 0);
	OUT(log, strlen(log) + 1);
	close((int)fd);
}

static void trial_perf(void)
{
	struct perf_event_attr *attr = ROOM(struct perf_event_attr);
	uint64_t *count = ROOM(uint64_t);
	long fd;

	memset(attr, 0, sizeof(*attr));
	attr->type = PERF_TYPE_SOFTWARE;
	attr->size = PERF_ATTR_SIZE_VER1;
	attr->config = PERF_COUNT_SW_TASK_CLOCK;
	attr->exclude_kernel = 1;
	fd = CALL(perf_event_open, attr, 0, -1, -1, 0);
	IN(attr, PERF_ATTR_SIZE_VER1);
	CAN(fd);
	NEED(fd >= 0, "no counters");
	GIVES(CALL(ioctl, fd, PERF_EVENT_IOC_ID, count), 0);
	OUT(count, 8);
	GIVES(CALL(read, fd, count, 8), 8);
	OUT(count, 8);
	close((int)fd);
	attr->size = 8;
	MUST(CALL(perf_event_open, attr, 0, -1, -1, 0) < 0); /* and the kernel says which size it has */
	holes();
	IN(attr, 8), OUT(attr, 8);
}

static void trial_landlock(void)
{
	uint64_t *attr = copy((uint64_t[]){ 1, 0, 0 }, 24);
	struct {
		uint64_t access;
		int32_t fd;
	} __attribute__((packed)) *rule = room(12);
	long fd = CALL(landlock_create_ruleset, attr, 8, 0);

	IN(attr, 8);
	CAN(fd);
	NEED(fd != -EOPNOTSUPP, "Landlock is not switched on");
	MUST(fd >= 0);
	MUST(CALL(landlock_create_ruleset, NULL, 0, 1) > 0);
	rule->access = 1;
	rule->fd = -1;
	GIVES(CALL(landlock_add_rule, fd, 1, rule, 0), -EBADF);
	IN(rule, 12);
	close((int)fd);
}

static void trial_lsm(void)
{
	uint64_t *ids = room(200);
	uint32_t *size = NEW(uint32_t, 200);
	long n = CALL(lsm_list_modules, ids, size, 0);

	IN(size, 4);
	CAN(n);
	MUST(n >= 0);
	OUT(ids, *size), OUT(size, 4);
	*size = 0;
	n = CALL(lsm_list_modules, ids, size, 0);
	IN(size, 4);
	if (n == -E2BIG)
		OUT(size, 4);
}

static void trial_kcmp(void)
{
	GIVES(CALL(kcmp, getpid(), getpid(), 1, 0, 0), 0);
}

const struct trial kernel_trials[] = {
	TRIAL(about_the_system), TRIAL(names), TRIAL(modules), TRIAL(keys), TRIAL(seccomp), TRIAL(bpf), TRIAL(bpf_program),
	TRIAL(perf), TRIAL(landlock), TRIAL(lsm), TRIAL(kcmp), { 0 },
};
