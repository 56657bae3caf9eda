/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our classes of calls, and their numbers of arguments, against those of the installed strace: people type %net from
 * habit and expect the same set. What differs must stand in a list, with its reason; so must nothing else.
 *
 *     strace-classes LIST
 *     strace-classes --payload    makes every call there is, behind a filter that lets none through
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "seam/calls.h"

#include "strace-version.h"
#include "tap.h"

#define MAX_CALLS 1024
#define MAX_EXPLAINED 512

/* Those that strace has. */
static const char *const classes[] = { "file", "net", "process", "memory", "ipc", "signal", "desc" };
#define CLASS_COUNT (sizeof(classes) / sizeof(*classes))

/* By index in the architecture's calls. */
struct seen {
	bool member;
	unsigned args;
};

struct explanation {
	char what[16], call[40], reason[160];
	int line;
	bool used;
};

static const struct seam_arch_tables *arch;
static struct explanation explained[MAX_EXPLAINED];
static unsigned explained_count;
static char folder[] = "/tmp/seam-strace-XXXXXX", output[64], self[4096];

/* Those that no filter stops and that kill who makes them: the kernel's own trampolines do. */
static bool is_deadly(const struct seam_call *c)
{
	const char *name = seam_string(&seam_tables, c->name);

	return !strcmp(name, "uprobe") || !strcmp(name, "uretprobe");
}

static int payload(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(*filter), filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return 3;
	for (uint32_t i = 0; i < arch->call_count; i++)
		if (arch->calls[i].number != SYS_exit_group && !is_deadly(&arch->calls[i]))
			syscall((long)arch->calls[i].number, 0, 0, 0, 0, 0, 0);
	syscall(SYS_exit_group, 0);
	return 4;
}

static unsigned count_args(const char *p)
{
	unsigned n = 1;

	if (*p == ')')
		return 0;
	for (; *p && *p != ')'; p++)
		n += *p == ',';
	return n;
}

/* What strace shows of the payload with this filter. < 0: it could not be run. */
static int run_strace(const char *trace, struct seen seen[MAX_CALLS])
{
	char line[1024];
	int status;
	pid_t pid = fork();
	FILE *f;

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, 2);
		setenv("LSAN_OPTIONS", "detect_leaks=0", 1); /* which it cannot find while it is traced */
		execlp("strace", "strace", "-o", output, "-e", trace, "-e", "raw=all", "-e", "signal=none", "--",
		       self, "--payload", (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0)
		return -1;
	memset(seen, 0, MAX_CALLS * sizeof(*seen));
	f = fopen(output, "re");
	if (!f)
		return -1;
	while (fgets(line, sizeof(line), f)) {
		char *paren = strchr(line, '(');
		const struct seam_call *c;

		if (!paren)
			continue;
		*paren = 0;
		c = seam_call_by_name(&seam_tables, seam_arch_native(), line);
		if (c)
			seen[c - arch->calls] = (struct seen){ true, count_args(paren + 1) };
		else if (strncmp(line, "syscall_", 8) != 0)
			printf("# strace knows %s, and we do not\n", line);
	}
	fclose(f);
	return 0;
}

static bool read_explanations(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[300];
	int number = 0;

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		struct explanation *e = &explained[explained_count];

		number++;
		if (*line == '#' || *line == '\n')
			continue;
		*e = (struct explanation){ .line = number };
		if (explained_count + 1 == MAX_EXPLAINED || sscanf(line, "%15s %39s %159[^\n]", e->what, e->call, e->reason) != 3) {
			printf("# %s:%d: not CLASS CALL REASON\n", path, number);
			fclose(f);
			return false;
		}
		explained_count++;
	}
	fclose(f);
	return true;
}

static bool is_explained(const char *what, const char *call)
{
	for (unsigned i = 0; i < explained_count; i++)
		if (!strcmp(explained[i].what, what) && !strcmp(explained[i].call, call))
			return explained[i].used = true;
	return false;
}

static void compare_class(const char *name, const struct seen known[MAX_CALLS])
{
	static struct seen members[MAX_CALLS];
	uint32_t class = seam_class_by_name(name);
	char trace[32], what[80];
	unsigned differing = 0, count = 0;

	snprintf(trace, sizeof(trace), "trace=%%%s", name);
	if (run_strace(trace, members) < 0) {
		tap_result(false, trace, __FILE__, __LINE__);
		return;
	}
	for (uint32_t i = 0; i < arch->call_count; i++) {
		const char *call = seam_string(&seam_tables, arch->calls[i].name);
		bool ours = arch->calls[i].classes & class, theirs = members[i].member;

		count += theirs;
		if (!known[i].member || ours == theirs || is_explained(name, call))
			continue;
		differing++;
		printf("# %%%s: %s is %s\n", name, call, ours ? "only ours" : "only in strace's");
	}
	snprintf(what, sizeof(what), "%%%s is what strace has in it", name);
	tap_result(count > 0 && !differing, what, __FILE__, __LINE__);
}

static void compare_arguments(const struct seen known[MAX_CALLS])
{
	unsigned differing = 0;

	for (uint32_t i = 0; i < arch->call_count; i++) {
		const struct seam_call *c = &arch->calls[i];
		const char *name = seam_string(&seam_tables, c->name);
		unsigned ours = seam_tables.variants[c->variants.first].args.count;

		if (!known[i].member || ours == known[i].args || is_explained("args", name))
			continue;
		differing++;
		printf("# %s has %u arguments here, %u in strace\n", name, ours, known[i].args);
	}
	tap_result(!differing, "as many arguments as strace has", __FILE__, __LINE__);
}

static void compare(const char *list)
{
	char version[64] = "none at all", why[160];

	static struct seen known[MAX_CALLS];
	unsigned newer = 0, unused = 0;

	if (!known_version(version, sizeof(version))) {
		snprintf(why, sizeof(why), "the list explains strace " STRACE_VERSION ", and here is %s", version);
		tap_skip("classes", why);
		return;
	}
	if (run_strace("trace=all", known) < 0) {
		tap_skip("classes", "strace cannot trace here");
		return;
	}
	if (!OK(read_explanations(list)))
		return;
	for (uint32_t i = 0; i < arch->call_count; i++)
		newer += !known[i].member;
	printf("# %u calls are newer than this strace\n", newer);
	OK(newer < arch->call_count / 4);
	for (size_t i = 0; i < CLASS_COUNT; i++)
		compare_class(classes[i], known);
	compare_arguments(known);
	for (unsigned i = 0; i < explained_count; i++) {
		const struct seam_call *c = seam_call_by_name(&seam_tables, seam_arch_native(), explained[i].call);

		/* of another architecture, or not known to this strace: nothing to compare */
		if (explained[i].used || !c || !known[c - arch->calls].member)
			continue;
		unused++;
		printf("# line %d: %s %s needs no explanation\n", explained[i].line, explained[i].what, explained[i].call);
	}
	tap_result(!unused, "every explanation is needed", __FILE__, __LINE__);
}

int main(int argc, char **argv)
{
	arch = &seam_tables.arch[seam_arch_native()];
	if (argc == 2 && !strcmp(argv[1], "--payload"))
		return payload();
	if (argc != 2 || arch->call_count > MAX_CALLS)
		return 2;
	if (seam_arch_native() >= SEAM_ARCH_DESCRIBED) {
		printf("1..0 # SKIP the calls of this architecture are not described\n");
		return 0;
	}
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0 || !mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	snprintf(output, sizeof(output), "%s/out", folder);
	compare(argv[1]);
	unlink(output);
	rmdir(folder);
	return tap_done();
}
