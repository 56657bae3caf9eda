/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our text of calls against that of the installed strace, line by line: people read it from habit. Programs of fixed
 * behaviour run under both; what differs must stand in a list, with its reason.
 *
 *     strace-text CALLS-OF PAYLOAD LIST [PROGRAM]...
 */
#include <fcntl.h>
#include <regex.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "seam/calls.h"

#include "strace-lines.h"
#include "strace-version.h"
#include "tap.h"

#define MAX_EXPLAINED 256
#define MOST_SHOWN 20

struct explanation {
	char *call, *ours_text, *theirs_text, *reason;
	regex_t ours, theirs;
	int line;
	bool used;
};

/* What is run, by a shell in a fresh folder with fixed files; @ stands for the payload. */
static const struct {
	const char *name, *command;
} programs[] = {
	{ "true", "exec /bin/true" },
	{ "cat", "exec cat one two missing" },
	{ "ls", "exec ls -l ." },
	{ "pipe", "cat one | sort | wc -c; exit 3" },
	{ "cp", "exec cp -a one copy" },
	{ "find", "exec find . -type f -size +0" },
	{ "tar", "exec tar cf out.tar one sub" },
	{ "head", "exec head -c 5 one" },
	{ "mv", "mv one three; mkdir -p x/y; ln -s x z; rm -r x z; chmod 600 two; touch -d @1 two" },
	{ "files", "exec @ files" },
	{ "paths", "exec @ paths" },
	{ "memory", "exec @ memory" },
	{ "process", "exec @ process" },
	{ "signals", "exec @ signals" },
	{ "sockets", "exec @ sockets" },
	{ "waits", "exec @ waits" },
	{ "timers", "exec @ timers" },
	{ "ipc", "exec @ ipc" },
	{ "kernel", "exec @ kernel" },
};
#define PROGRAM_COUNT (sizeof(programs) / sizeof(*programs))

static struct explanation explained[MAX_EXPLAINED];
static unsigned explained_count;
static char folder[] = "/tmp/seam-strace-text-XXXXXX";
static const char *calls_of, *payload;

/* The list: CALL, a pattern of ours, one of theirs, the reason; between them tabs. An empty pattern: nothing is there. */
static bool read_explanations(const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;
	int number = 0;
	bool good = f != NULL;

	while (f && getline(&line, &size, f) > 0) {
		struct explanation *e = &explained[explained_count];
		char *rest = line, *part[4] = { NULL };

		number++;
		line[strcspn(line, "\n")] = 0;
		if (!*line || *line == '#')
			continue;
		for (int i = 0; i < 4; i++)
			part[i] = strsep(&rest, "\t");
		if (!part[3] || rest || explained_count + 1 == MAX_EXPLAINED ||
		    regcomp(&e->ours, part[1], REG_EXTENDED) != 0 || regcomp(&e->theirs, part[2], REG_EXTENDED) != 0) {
			printf("# %s:%d: not CALL, PATTERN, PATTERN, REASON with tabs between them\n", path, number);
			good = false;
			break;
		}
		e->call = strdup(part[0]);
		e->ours_text = strdup(part[1]);
		e->theirs_text = strdup(part[2]);
		e->reason = strdup(part[3]);
		e->line = number;
		explained_count++;
	}
	free(line);
	if (f)
		fclose(f);
	return good;
}

/* Whether what is different in the two lines is all explained. */
static bool is_explained(const char *ours, const char *theirs)
{
	char *a = strdup(ours), *b = strdup(theirs);
	bool same = false;

	for (unsigned i = 0; i < explained_count && !same; i++) {
		struct explanation *e = &explained[i];
		size_t n = strlen(e->call);
		bool any = !strcmp(e->call, "*");
		char *changed_a, *changed_b;
		const char *by;

		if (!any && (strncmp(ours, e->call, n) != 0 || ours[n] != '('))
			continue;
		if (regexec(&e->ours, a, 0, NULL, 0) != 0 || regexec(&e->theirs, b, 0, NULL, 0) != 0)
			continue;
		by = *e->ours_text && *e->theirs_text ? "@" : "";
		changed_a = *e->ours_text ? lines_replace(a, &e->ours, by) : strdup(a);
		changed_b = *e->theirs_text ? lines_replace(b, &e->theirs, by) : strdup(b);
		free(a);
		free(b);
		a = changed_a;
		b = changed_b;
		e->used = true;
		same = !strcmp(a, b);
	}
	free(a);
	free(b);
	return same;
}

static int run(const char **command)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);
		char work[80];

		snprintf(work, sizeof(work), "%s/work", folder);
		if (null < 0 || chdir(work) != 0)
			_exit(126);
		dup2(null, 0);
		dup2(null, 1);
		dup2(null, 2);
		closefrom(3);
		execvp(command[0], (char **)(uintptr_t)command);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

/* The files that the programs find, always the same. */
static bool fresh_folder(void)
{
	char command[400];

	snprintf(command, sizeof(command),
		 "cd %s && rm -rf work && mkdir work work/sub && cd work && echo hello >one && seq 1 500 >two && "
		 "printf 'tab\\there\\001\\0377\\n\"q\"' >sub/odd && ln -s one link && "
		 "touch -d @1000000000 one two sub/odd sub .",
		 folder);
	return system(command) == 0;
}

/* Runs a program under one of the two and reads what it wrote. */
static bool trace(bool strace, const char *shell, struct lines *ret_lines)
{
	char output[80];
	const char *tracer[32] = { "env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", "LSAN_OPTIONS=detect_leaks=0",
		"timeout", "-k1", "20", "setarch", "-R" };
	int n = 11;

	snprintf(output, sizeof(output), "%s/%s", folder, strace ? "theirs" : "ours");
	unlink(output);
	if (strace) {
		tracer[n++] = "strace";
		tracer[n++] = "-a1";
	} else {
		tracer[n++] = calls_of;
	}
	tracer[n++] = "-f";
	tracer[n++] = "-v";
	tracer[n++] = "-o";
	tracer[n++] = output;
	tracer[n++] = "/bin/sh";
	tracer[n++] = "-c";
	tracer[n++] = shell;
	return fresh_folder() && run(tracer) >= 0 && lines_read(ret_lines, output);
}

static void compare_program(size_t which)
{
	char shell[600], what[80], *at;
	struct lines ours = { 0 }, theirs = { 0 };
	unsigned differing = 0, alike = 0, excused = 0;

	snprintf(shell, sizeof(shell), "%s", programs[which].command);
	at = strchr(shell, '@');
	if (at && !strncmp(programs[which].command, "exec @", 6))
		snprintf(shell, sizeof(shell), "exec %s%s", payload, programs[which].command + 6);
	if (!trace(false, shell, &ours) || !trace(true, shell, &theirs)) {
		tap_result(false, programs[which].name, __FILE__, __LINE__);
		return;
	}
	for (size_t i = 0; i < ours.count || i < theirs.count; i++) {
		const char *a = i < ours.count ? ours.line[i] : "(nothing)";
		const char *b = i < theirs.count ? theirs.line[i] : "(nothing)";

		if (!strcmp(a, b)) {
			alike++;
		} else if (is_explained(a, b)) {
			excused++;
		} else {
			differing++;
			printf("# ours   %s\n# strace %s\n", a, b);
			if (differing == MOST_SHOWN) {
				printf("# and so on\n");
				break;
			}
		}
	}
	snprintf(what, sizeof(what), "%s: %u lines as strace prints them, %u explained", programs[which].name, alike,
		 excused);
	tap_result(alike && !differing, what, __FILE__, __LINE__);
	lines_release(&ours);
	lines_release(&theirs);
}

static bool wanted(const char *name, int argc, char **argv)
{
	for (int i = 4; i < argc; i++)
		if (!strcmp(name, argv[i]))
			return true;
	return argc <= 4;
}

int main(int argc, char **argv)
{
	char version[64] = "none at all", why[160], command[100];
	unsigned unused = 0;

	if (argc < 4)
		return 2;
	calls_of = realpath(argv[1], NULL);
	payload = realpath(argv[2], NULL);
	if (!calls_of || !payload)
		return 2;
	if (seam_arch_native() != SEAM_ARCH_X86_64) {
		tap_skip("text", "the list explains strace on x86_64: other machines have other calls");
		return tap_done();
	}
	if (!known_version(version, sizeof(version))) {
		snprintf(why, sizeof(why), "the list explains strace " STRACE_VERSION ", and here is %s", version);
		tap_skip("text", why);
		return tap_done();
	}
	if (system("strace -o /dev/null true 2>/dev/null") != 0) {
		tap_skip("text", "strace cannot trace here");
		return tap_done();
	}
	if (!mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	if (OK(read_explanations(argv[3]))) {
		for (size_t i = 0; i < PROGRAM_COUNT; i++)
			if (wanted(programs[i].name, argc, argv))
				compare_program(i);
		for (unsigned i = 0; i < explained_count && argc == 4; i++) {
			if (explained[i].used || !strncmp(explained[i].reason, "perhaps", 7))
				continue;
			unused++;
			printf("# line %d: %s needs no explanation\n", explained[i].line, explained[i].call);
		}
		tap_result(!unused, "every explanation is needed", __FILE__, __LINE__);
	}
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) == 0 ? tap_done() : 1;
}
