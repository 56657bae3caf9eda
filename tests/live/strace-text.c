/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our text of calls against that of the installed strace, line by line: people read it from habit. Programs of fixed
 * behaviour run under both; what differs must stand in a list, with its reason.
 *
 *     strace-text CALLS-OF PAYLOAD LIST [PROGRAM]...
 *     strace-text --record SEAM PAYLOAD LIST LIST [PROGRAM]...
 *
 * The first has no abbreviations; the second is what "seam record" and "seam show" make of it, as strace prints it if
 * nothing is said; of its two lists the second holds here only.
 */
#include <fcntl.h>
#include <limits.h>
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
	bool used, elsewhere; /* elsewhere: of the other list */
};

/* What is run, by a shell in a fresh folder with fixed files; @ stands for the payload. */
static const struct {
	const char *name, *command;
	bool tasks; /* several at a time, which only a recording has whole */
} programs[] = {
	{ "true", "exec /bin/true", false },
	{ "cat", "exec cat one two missing", false },
	{ "ls", "exec ls -l .", false },
	{ "pipe", "cat one | sort | wc -c; exit 3", false },
	{ "cp", "exec cp -a one copy", false },
	{ "find", "exec find . -type f -size +0", false },
	{ "tar", "exec tar cf out.tar one sub", false },
	{ "head", "exec head -c 5 one", false },
	{ "mv", "mv one three; mkdir -p x/y; ln -s x z; rm -r x z; chmod 600 two; touch -d @1 two", false },
	{ "files", "exec @ files", false },
	{ "paths", "exec @ paths", false },
	{ "memory", "exec @ memory", false },
	{ "process", "exec @ process", false },
	{ "signals", "exec @ signals", false },
	{ "sockets", "exec @ sockets", false },
	{ "waits", "exec @ waits", false },
	{ "timers", "exec @ timers", false },
	{ "ipc", "exec @ ipc", false },
	{ "kernel", "exec @ kernel", false },
	{ "threads", "exec @ threads", true },
	{ "vfork", "exec @ vfork", true },
	{ "stopped", "exec @ stopped", true },
	{ "killed", "exec @ killed", true },
	{ "background", "sleep 0.5 & wait; (exit 4); kill -TERM $$", true },
	{ "missing", "./nowhere; ./one; . /nowhere", true },
};
#define PROGRAM_COUNT (sizeof(programs) / sizeof(*programs))

static struct explanation explained[MAX_EXPLAINED];
static unsigned explained_count;
static const char *engine; /* of the recording; NULL: whichever is the best */
static char folder[] = "/tmp/seam-strace-text-XXXXXX";
static const char *calls_of, *payload;
static bool recorded; /* calls_of is the command seam */

/* The list: CALL, a pattern of ours, one of theirs, the reason; between them tabs. An empty pattern: nothing is there.
 * CALL + is for lines that we have not got. */
static bool read_explanations(const char *path, bool elsewhere)
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
		e->elsewhere = elsewhere;
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

/* A line that only strace has. */
static bool is_theirs_alone(const char *theirs)
{
	for (unsigned i = 0; i < explained_count; i++) {
		if (strcmp(explained[i].call, "+") || regexec(&explained[i].theirs, theirs, 0, NULL, 0) != 0)
			continue;
		explained[i].used = true;
		return true;
	}
	return false;
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
	char output[80], command[4400];
	const char *tracer[32] = { "env", "-i", "PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", "LSAN_OPTIONS=detect_leaks=0",
		"timeout", "-k1", "20", "setarch", "-R" };
	int n = 11;

	snprintf(output, sizeof(output), "%s/%s", folder, strace ? "theirs" : "ours");
	unlink(output);
	if (strace) {
		tracer[n++] = "strace";
		tracer[n++] = "-f";
	} else {
		tracer[n++] = calls_of;
		tracer[n++] = recorded ? "record" : "-f";
		if (engine) {
			tracer[n++] = "--engine";
			tracer[n++] = engine;
		}
	}
	if (!recorded)
		tracer[n++] = "-v";
	else if (!strace)
		tracer[n++] = "-q";
	tracer[n++] = "-o";
	tracer[n++] = output;
	tracer[n++] = "/bin/sh";
	tracer[n++] = "-c";
	tracer[n++] = shell;
	if (!fresh_folder() || run(tracer) < 0)
		return false;
	if (recorded && !strace) {
		snprintf(command, sizeof(command), "cd %s && mv ours trace && %s show -n trace >ours", folder, calls_of);
		if (system(command) != 0)
			return false;
	}
	return lines_read(ret_lines, output);
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
	for (size_t i = 0, k = 0; i < ours.count || k < theirs.count; i++, k++) {
		const char *a = i < ours.count ? ours.line[i] : "(nothing)";
		const char *b = k < theirs.count ? theirs.line[k] : "(nothing)";

		while (strcmp(a, b) && is_theirs_alone(b)) {
			excused++;
			b = ++k < theirs.count ? theirs.line[k] : "(nothing)";
		}
		if (i >= ours.count && k >= theirs.count)
			break;
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

/* Whether it is among the words, or there are none. */
static bool wanted(const char *name, char **words)
{
	for (char **w = words; *w; w++)
		if (!strcmp(name, *w))
			return true;
	return !*words;
}

/* NULL: it can be compared. */
static const char *cannot_be(void)
{
	static char why[PATH_MAX + 100];
	char version[64] = "none at all";

	if (seam_arch_native() != SEAM_ARCH_X86_64)
		return "the list explains strace on x86_64: other machines have other calls";
	if (!known_version(version, sizeof(version))) {
		snprintf(why, sizeof(why), "the list explains strace " STRACE_VERSION ", and here is %s", version);
		return why;
	}
	if (system("strace -o /dev/null true 2>/dev/null") != 0)
		return "strace cannot trace here";
	if (recorded) {
		snprintf(why, sizeof(why), "%s record -q --engine %s -o /dev/shm/seam-strace-text true 2>/dev/null && rm /dev/shm/seam-strace-text", calls_of, engine ? engine : "best");
		if (system(why) != 0)
			return "nothing can be recorded here: seam doctor says why";
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const char *why;
	char command[100], **programs_wanted;
	unsigned unused = 0;

	recorded = argc > 5 && !strcmp(argv[1], "--record");
	if (!recorded && argc < 4)
		return 2;
	argv += recorded;
	programs_wanted = argv + 4 + recorded;
	engine = recorded ? getenv("SEAM_TEST_ENGINE") : NULL;
	calls_of = realpath(argv[1], NULL);
	payload = realpath(argv[2], NULL);
	if (!calls_of || !payload)
		return 2;
	why = cannot_be();
	if (why) {
		tap_skip("text", why);
		return tap_done();
	}
	if (!mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	if (OK(read_explanations(argv[3], recorded)) && OK(!recorded || read_explanations(argv[4], engine))) {
		for (size_t i = 0; i < PROGRAM_COUNT; i++)
			if ((recorded || !programs[i].tasks) && wanted(programs[i].name, programs_wanted))
				compare_program(i);
		for (unsigned i = 0; i < explained_count && !*programs_wanted; i++) {
			if (explained[i].used || explained[i].elsewhere || !strncmp(explained[i].reason, "perhaps", 7))
				continue;
			unused++;
			printf("# line %d: %s needs no explanation\n", explained[i].line, explained[i].call);
		}
		tap_result(!unused, "every explanation is needed", __FILE__, __LINE__);
	}
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) == 0 ? tap_done() : 1;
}
