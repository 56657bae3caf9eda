/* SPDX-License-Identifier: BSD-2-Clause */
/* Real system calls of this process, captured by description, against what the kernel really read and wrote. */
#include "self.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "tap.h"

#define ARENA (256u << 10)
#define GAP 16u
#define POISON 0xa5
#define RUN_OF_POISON 8u /* as many bytes of it are no accident */
#define MAX_EXPECTED 64u

struct expectation {
	enum seam_when when;
	uint64_t address;
	size_t size, whole;
	enum blob_status status;
	int line;
	bool seen;
};

static struct {
	const char *trial, *call; /* call: the one whose blobs have not been looked at yet; NULL: none */
	enum seam_arch arch;
	pid_t pid;
	int mem; /* /proc/self/mem, where process_vm_readv is not to be had; else -1 */
	unsigned char *arena, *before, *edge;
	size_t used;
	struct capture capture;
	_Alignas(8) unsigned char buffer[512u << 10];
	struct expectation expected[MAX_EXPECTED];
	unsigned expected_count;
	bool holes, aliases, failed;
	char reason[200];
	char folder[64];
	unsigned files, calls;
	uint64_t next_limit;
} self = { .mem = -1, .next_limit = UINT64_MAX };

/* Up to a page that is not there. */
static size_t read_memory(void *user, uint64_t address, void *to, size_t n)
{
	size_t got = 0;

	(void)user;
	while (got < n) {
		size_t piece = 4096 - ((address + got) & 4095);
		struct iovec local, remote;
		ssize_t r;

		if (piece > n - got)
			piece = n - got;
		local = (struct iovec){ (char *)to + got, piece };
		remote = (struct iovec){ (void *)(uintptr_t)(address + got), piece };
		r = self.mem < 0 ? process_vm_readv(getpid(), &local, 1, &remote, 1, 0)
				 : pread(self.mem, local.iov_base, piece, (off_t)(address + got));
		if (r <= 0)
			break;
		got += (size_t)r;
	}
	return got;
}

static void complain(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
static void complain(const char *fmt, ...)
{
	va_list ap;

	printf("# %s: %s: ", self.trial, self.call ? self.call : "before any call");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	self.failed = true;
}

static const char *blob_text(uint64_t address, size_t size, size_t whole, unsigned status, unsigned when)
{
	static const char *const statuses[] = { "", " cut", " faulted" };
	static char line[200];
	int n;

	if (address - (uintptr_t)self.arena < ARENA)
		n = snprintf(line, sizeof(line), "arena+%llu", (unsigned long long)(address - (uintptr_t)self.arena));
	else
		n = snprintf(line, sizeof(line), "%#llx", (unsigned long long)address);
	snprintf(line + n, sizeof(line) - (size_t)n, ", %zu of %zu bytes%s at %s", size, whole, statuses[status],
		 when == SEAM_AT_ENTRY ? "entry" : "exit");
	return line;
}

static bool overlap(const struct blob *a, const struct blob *b)
{
	return a->when == b->when && a->address < b->address + b->size && b->address < a->address + a->size;
}

/* Whether a blob of the exit holds this byte. */
static bool covered(uint64_t address)
{
	for (const struct blob *b = capture_next(&self.capture, NULL); b; b = capture_next(&self.capture, b))
		if (b->when == SEAM_AT_EXIT && address - b->address < (b->status == BLOB_CUT ? b->whole : b->size))
			return true;
	return false;
}

static bool has_run_of_poison(const unsigned char *p, size_t n)
{
	size_t run = 0;

	for (size_t i = 0; i < n && run < RUN_OF_POISON; i++)
		run = p[i] == POISON ? run + 1 : 0;
	return run >= RUN_OF_POISON;
}

static bool in_arena(const struct blob *b)
{
	return b->address - (uintptr_t)self.arena < self.used;
}

/* What holds for every call: the blobs are those that the trial named, and say what the kernel did. */
static void check_last_call(void)
{
	struct capture *c = &self.capture;

	if (!self.call)
		return;
	for (const struct blob *b = capture_next(c, NULL); b; b = capture_next(c, b)) {
		struct expectation *e = self.expected, *end = e + self.expected_count;

		while (e < end && (e->seen || e->when != b->when || e->address != b->address || e->size != b->size ||
				   e->whole != b->whole || e->status != b->status))
			e++;
		if (e < end)
			e->seen = true;
		else
			complain("not expected: %s", blob_text(b->address, b->size, b->whole, b->status, b->when));
		for (const struct blob *d = capture_next(c, b); d && !self.aliases; d = capture_next(c, d))
			if (overlap(b, d))
				complain("twice: %s", blob_text(d->address, d->size, d->whole, d->status, d->when));
		if (b->when == SEAM_AT_EXIT && in_arena(b) && !self.holes && has_run_of_poison(blob_bytes(b), b->size))
			complain("not all of it was written: %s",
				 blob_text(b->address, b->size, b->whole, b->status, b->when));
	}
	for (unsigned i = 0; i < self.expected_count; i++) {
		const struct expectation *e = &self.expected[i];

		if (!e->seen)
			complain("not captured (line %d): %s", e->line,
				 blob_text(e->address, e->size, e->whole, e->status, e->when));
	}
	if (c->dropped)
		complain("%u blobs had no room", c->dropped);
	self.call = NULL;
	self.expected_count = 0;
	self.holes = self.aliases = false;
}

/* Right after one side's capture: the bytes are those in memory. */
static void check_bytes(void)
{
	static unsigned char now[ARENA];

	for (const struct blob *b = capture_next(&self.capture, NULL); b; b = capture_next(&self.capture, b)) {
		if (!b->address)
			complain("captured from NULL");
		if (b->size && (b->size > sizeof(now) || read_memory(NULL, b->address, now, b->size) != b->size ||
				memcmp(now, blob_bytes(b), b->size) != 0))
			complain("not what memory says: %s",
				 blob_text(b->address, b->size, b->whole, b->status, b->when));
	}
}

/* Every byte that the kernel changed stands in a blob. */
static void check_changes(void)
{
	for (size_t i = 0; i < self.used; i++) {
		size_t first = i;

		while (i < self.used && self.arena[i] != self.before[i] && !covered((uintptr_t)self.arena + i))
			i++;
		if (i > first)
			complain("the kernel wrote arena+%zu, %zu bytes, and they were not captured", first, i - first);
	}
}

static size_t eval_read(void *user, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)when;
	return read_memory(user, address, to, n);
}

long call(const char *name, const uint64_t args[SEAM_MAX_ARGS])
{
	const struct seam_call *c = seam_call_by_name(&seam_tables, self.arch, name);
	struct seam_env env = { .read = eval_read };
	struct capture *capture = &self.capture;
	const struct seam_variant *variant;
	long ret;

	check_last_call();
	if (!c || c->flags & SEAM_CALL_GONE)
		return -ENOSYS;
	self.call = name;
	self.calls++;
	memcpy(env.reg, args, SEAM_MAX_ARGS * sizeof(*args));
	*capture = (struct capture){ .tables = &seam_tables, .read = read_memory, .limit = self.next_limit,
				     .buffer = self.buffer, .room = sizeof(self.buffer) };
	self.next_limit = UINT64_MAX;
	memcpy(capture->reg, args, SEAM_MAX_ARGS * sizeof(*args));
	variant = seam_call_variant(&seam_tables, c, &env);
	capture_run(capture, variant, SEAM_AT_ENTRY);
	check_bytes();
	memcpy(self.before, self.arena, self.used);

	errno = 0;
	ret = syscall((long)c->number, args[0], args[1], args[2], args[3], args[4], args[5]);
	if (ret == 0 && syscall(SYS_getpid) != self.pid)
		_exit(0); /* the call was a fork of some kind, and this is the child */
	if (ret == -1 && errno)
		ret = -errno;

	{
		size_t entry = capture->used;
		unsigned char *buffer = capture->buffer;

		/* The exit's blobs alone can be held against memory now; afterwards all stand in one row. */
		capture->reg[SEAM_REG_RET] = (uint64_t)ret;
		capture->buffer += entry;
		capture->room -= entry;
		capture->used = 0;
		capture_run(capture, variant, SEAM_AT_EXIT);
		check_bytes();
		check_changes();
		capture->buffer = buffer;
		capture->room += entry;
		capture->used += entry;
	}
	return ret;
}

void expect(enum seam_when when, const void *p, size_t n, size_t whole, enum blob_status status, int line)
{
	if (!self.call || (!n && status == BLOB_WHOLE))
		return;
	if (self.expected_count == MAX_EXPECTED)
		abort();
	self.expected[self.expected_count++] = (struct expectation){ when, W(p), n, whole, status, line, false };
}

void cut_content(uint64_t limit)
{
	self.next_limit = limit;
}

void holes(void)
{
	self.holes = true;
}

void aliases(void)
{
	self.aliases = true;
}

void must(bool holds, const char *what, int line)
{
	if (!holds)
		complain("line %d: %s does not hold (%s)", line, what, strerror(errno));
}

void gives(long got, long want, int line)
{
	if (got != want)
		complain("line %d: returned %ld (%s), expected %ld", line, got, got < 0 ? strerror((int)-got) : "", want);
}

void gives_or_faults(long got, long want, int line)
{
	if (got != -EFAULT)
		gives(got, want, line);
}

void skip(const char *reason)
{
	snprintf(self.reason, sizeof(self.reason), "%s", reason);
}

bool refused(long ret)
{
	if (ret != -ENOSYS && ret != -EPERM && ret != -EACCES)
		return false;
	if (self.call)
		snprintf(self.reason, sizeof(self.reason), "%s: %s", self.call, strerror((int)-ret));
	else
		skip("a call that this architecture does not have");
	return true;
}


void *room(size_t n)
{
	unsigned char *p = self.arena + self.used;

	if (n > ARENA || self.used + ((n + 15) & ~(size_t)15) + GAP > ARENA)
		abort();
	self.used += ((n + 15) & ~(size_t)15) + GAP;
	return p;
}

void *copy(const void *p, size_t n)
{
	return memcpy(room(n), p, n);
}

char *text(const char *s)
{
	return copy(s, strlen(s) + 1);
}

void *edge(size_t n)
{
	memset(self.edge, POISON, 4096);
	return self.edge + 4096 - n;
}

char *fresh_path(void)
{
	char path[100];

	snprintf(path, sizeof(path), "%s/%u", self.folder, self.files++);
	return text(path);
}

static void run(const struct trial *t)
{
	for (; t->name; t++) {
		self.trial = t->name;
		self.call = NULL;
		self.used = GAP;
		self.failed = false;
		self.reason[0] = 0;
		self.next_limit = UINT64_MAX;
		memset(self.arena, POISON, ARENA);
		t->run();
		check_last_call();
		if (self.reason[0] && !self.failed)
			tap_skip(t->name, self.reason);
		else
			tap_result(!self.failed, t->name, __FILE__, __LINE__);
	}
}

static void *map(size_t n)
{
	void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED) {
		perror("mmap");
		exit(1);
	}
	return p;
}

static void clean_up(void)
{
	char command[100];

	if (getpid() != self.pid)
		return;
	snprintf(command, sizeof(command), "rm -rf %s", self.folder);
	if (system(command) != 0)
		fprintf(stderr, "%s could not be removed\n", self.folder);
}

int main(void)
{
	static const struct trial *const all[] = { file_trials,   path_trials,    desc_trials,  net_trials,
						   process_trials, signal_trials, ipc_trials,   kernel_trials,
						   mount_trials,  memory_trials, ring_trials };
	const char *folder = getenv("TMPDIR");
	char word[8] = "";

	self.arch = seam_arch_native();
	self.pid = getpid();
	if (self.arch >= SEAM_ARCH_DESCRIBED) {
		printf("1..0 # SKIP the calls of this architecture are not described\n");
		return 0;
	}
	if (read_memory(NULL, (uintptr_t)"works", word, 6) != 6) {
		self.mem = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
		if (self.mem < 0 || read_memory(NULL, (uintptr_t)"works", word, 6) != 6) {
			printf("1..0 # SKIP neither process_vm_readv nor /proc/self/mem can read this process\n");
			return 0;
		}
	}
	snprintf(self.folder, sizeof(self.folder), "%.40s/seam-live-XXXXXX", folder ? folder : "/tmp");
	if (!mkdtemp(self.folder)) {
		perror(self.folder);
		return 1;
	}
	atexit(clean_up);
	self.arena = map(ARENA);
	self.before = map(ARENA);
	self.edge = map(8192);
	mprotect(self.edge + 4096, 4096, PROT_NONE);
	alarm(120);
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		run(all[i]);
	printf("# %u calls\n", self.calls);
	return tap_done();
}
