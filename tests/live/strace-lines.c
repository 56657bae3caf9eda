/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a tracer's output and makes it comparable with that of another run. */
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strace-lines.h"

#define MAX_TASKS 64

/* The lines of one task, and where its children were born. */
struct task {
	long pid;
	struct lines lines;
	char *unfinished;
	bool taken;
};

static struct task tasks[MAX_TASKS];
static size_t task_count;

/* What differs from run to run, and what stands in its place. */
static struct {
	const char *pattern, *by;
	regex_t compiled;
	bool ready;
} cleaners[] = {
	{ .pattern = "\\) +=", .by = ") =" },
	{ .pattern = "0x[0-9a-f]{8,16}", .by = "ADDR" },
	{ .pattern = " /\\* [0-9]{4}-[0-9]{2}-[0-9]{2}T[^*]*\\*/", .by = "" },
	/* a clock's time is another in each run, and a fraction of it may be short; one that is asked for is the same, and short */
	{ .pattern = "tv_sec=[0-9]{3,}, tv_[nu]sec=[0-9]+", .by = "TIME, TIME" },
	{ .pattern = "[a-z_]*(time|sec|nsec)=[0-9]{5,}", .by = "TIME" },
	{ .pattern = "uptime=[0-9]+", .by = "TIME" },
	{ .pattern = "(ru|si|tms)_[us]time=([0-9]+|[{][^}]*[}])", .by = "TIME" },
	{ .pattern = "^time[(]NULL[)] = [0-9]+", .by = "time(NULL) = TIME" },
	{ .pattern = "getppid\\(\\) = [0-9]+", .by = "getppid() = PID" },
	{ .pattern = "(st|d|stx)_ino=[0-9]+", .by = "ino=INO" },
	{ .pattern = " /\\* [0-9.]+ s \\*/", .by = "" },
	{ .pattern = "d_off=[0-9]+", .by = "d_off=OFF" },
	{ .pattern = "^((shm|sem|msg)[a-z]+)[(][0-9]+,", .by = "\\(ID," },
	{ .pattern = "^((shm|sem|msg)get.* = )[0-9]+$", .by = "\\ID" },
	{ .pattern = "^getpg[a-z]+[(]0?[)] = [0-9]+$", .by = "getpgid() = PID" },
	{ .pattern = "seam-strace-text-[A-Za-z0-9]{6}", .by = "FOLDER" },
};

char *lines_replace(const char *s, const regex_t *pattern, const char *by)
{
	char *result = NULL;
	size_t size;
	FILE *f = open_memstream(&result, &size);
	regmatch_t m[2];
	int flags = 0;

	while (*s && regexec(pattern, s, 2, m, flags) == 0) {
		fwrite(s, 1, (size_t)m[0].rm_so, f);
		if (*by == '\\') /* \\: the first group, and the rest */
			fwrite(s + m[1].rm_so, 1, (size_t)(m[1].rm_eo - m[1].rm_so), f);
		fputs(by + (*by == '\\'), f);
		s += m[0].rm_eo;
		if (m[0].rm_eo == m[0].rm_so && *s)
			fputc(*s++, f);
		flags = REG_NOTBOL;
	}
	fputs(s, f);
	fclose(f);
	return result;
}

static void add_line(struct lines *l, char *line)
{
	l->line = realloc(l->line, (l->count + 1) * sizeof(*l->line));
	l->line[l->count++] = line;
}

static struct task *task_of(long pid)
{
	for (size_t i = 0; i < task_count; i++)
		if (tasks[i].pid == pid)
			return &tasks[i];
	if (task_count == MAX_TASKS)
		abort();
	tasks[task_count] = (struct task){ .pid = pid };
	return &tasks[task_count++];
}

static void take_line(char *text)
{
	static const char unfinished[] = " <unfinished ...>";
	char *rest;
	struct task *t = task_of(strtol(text, &rest, 10));
	size_t n;

	rest += strspn(rest, " ");
	rest[strcspn(rest, "\n")] = 0;
	n = strlen(rest);
	if (n >= sizeof(unfinished) && !strcmp(rest + n - sizeof(unfinished) + 1, unfinished)) {
		t->unfinished = strndup(rest, n - sizeof(unfinished) + 1);
	} else if (t->unfinished && !strncmp(rest, "<... ", 5)) {
		char *whole = NULL, *after = strstr(rest, " resumed>");

		if (asprintf(&whole, "%s%s", t->unfinished, after ? after + 9 : "") < 0)
			abort();
		free(t->unfinished);
		t->unfinished = NULL;
		add_line(&t->lines, whole);
	} else {
		add_line(&t->lines, strdup(rest));
	}
}

/* Whole numbers that are the pid of a task become its place in the order of births. */
static char *without_pids(const char *s)
{
	char *result = NULL;
	const char *start = s;
	size_t size;
	FILE *f = open_memstream(&result, &size);

	while (*s) {
		char *end;
		long v;
		size_t i = 0;

		if (!isdigit((unsigned char)*s) || (s != start && (isalnum((unsigned char)s[-1]) || s[-1] == '_'))) {
			fputc(*s++, f);
			continue;
		}
		v = strtol(s, &end, 10);
		while (i < task_count && tasks[i].pid != v)
			i++;
		if (i < task_count && *s != '0') /* a mode is no pid */
			fputs("PID", f);
		else
			fwrite(s, 1, (size_t)(end - s), f);
		s = end;
	}
	fclose(f);
	return result;
}

/* The end of a part of a structure: its comma or its bracket. */
static const char *part_end(const char *s)
{
	int depth = 0;

	for (; *s; s++) {
		if (*s == '"') {
			for (s++; *s && *s != '"'; s++)
				s += *s == '\\' && s[1];
			if (!*s)
				break;
		} else if (strchr("{[(", *s)) {
			depth++;
		} else if (strchr("}])", *s)) {
			if (!depth--)
				break;
		} else if (*s == ',' && !depth) {
			break;
		}
	}
	return s;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *sorted(const char *s, size_t n);

/* What stands between two braces, with its parts in the order of the alphabet; *s is behind the first. */
static void sort_parts(FILE *f, const char **s)
{
	char *part[256];
	size_t n = 0;

	for (;;) {
		const char *end;

		*s += strspn(*s, " ");
		end = part_end(*s);
		if (n < 256)
			part[n++] = sorted(*s, (size_t)(end - *s));
		*s = end;
		if (*end != ',')
			break;
		(*s)++;
	}
	qsort(part, n, sizeof(*part), by_text);
	for (size_t i = 0; i < n; i++) {
		fprintf(f, "%s%s", i ? ", " : "", part[i]);
		free(part[i]);
	}
}

/* n bytes of s, in which the members of every structure stand sorted. */
static char *sorted(const char *s, size_t n)
{
	char *result = NULL, *copy = strndup(s, n);
	const char *at = copy;
	size_t size;
	FILE *f = open_memstream(&result, &size);

	while (*at) {
		if (*at == '"') {
			const char *end = at + 1;

			while (*end && *end != '"')
				end += *end == '\\' && end[1] ? 2 : 1;
			end += *end == '"';
			fwrite(at, 1, (size_t)(end - at), f);
			at = end;
			continue;
		}
		fputc(*at, f);
		if (*at++ == '{')
			sort_parts(f, &at);
	}
	fclose(f);
	free(copy);
	return result;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* A|B|C in the order of the alphabet. */
static char *sort_flags(const char *s)
{
	char *result = NULL;
	size_t size;
	FILE *f = open_memstream(&result, &size);

	while (*s) {
		char *part[64];
		size_t n = 0;

		if (!is_name(*s)) {
			fputc(*s++, f);
			continue;
		}
		do {
			const char *begin = s += n ? 1 : 0;

			while (is_name(*s))
				s++;
			part[n++] = strndup(begin, (size_t)(s - begin));
		} while (*s == '|' && is_name(s[1]) && n < 64);
		qsort(part, n, sizeof(*part), by_text);
		for (size_t i = 0; i < n; i++) {
			fprintf(f, "%s%s", i ? "|" : "", part[i]);
			free(part[i]);
		}
	}
	fclose(f);
	return result;
}

static char *clean(const char *s)
{
	char *plain = without_pids(s), *parts = sorted(plain, strlen(plain)), *result = sort_flags(parts);

	free(plain);
	free(parts);

	for (size_t i = 0; i < sizeof(cleaners) / sizeof(*cleaners); i++) {
		char *next;

		if (!cleaners[i].ready && regcomp(&cleaners[i].compiled, cleaners[i].pattern, REG_EXTENDED) != 0)
			abort();
		cleaners[i].ready = true;
		next = lines_replace(result, &cleaners[i].compiled, cleaners[i].by);
		free(result);
		result = next;
	}
	return result;
}

static unsigned is_late(const char *line)
{
	return !strncmp(line, "--- SIGCHLD", 11) ? 1 : !strncmp(line, "rt_sigreturn(", 13) ? 2 : 0;
}

/* A task, then its children in the order in which it made them. */
static void take_task(struct lines *l, struct task *t)
{
	unsigned said = 0;

	t->taken = true;
	/*
	 * A child may end before or after its parent goes on, and two may end at once: what tells of it comes last,
	 * one of each kind.
	 */
	for (size_t i = 0; i < t->lines.count; i++)
		if (!is_late(t->lines.line[i]))
			add_line(l, clean(t->lines.line[i]));
	for (size_t i = 0; i < t->lines.count; i++)
		if (is_late(t->lines.line[i]) && !(said & is_late(t->lines.line[i]))) {
			said |= is_late(t->lines.line[i]);
			add_line(l, clean(t->lines.line[i]));
		}
	for (size_t i = 0; i < t->lines.count; i++) {
		const char *line = t->lines.line[i], *equals = strrchr(line, '=');
		long pid = equals ? strtol(equals + 1, NULL, 10) : 0;

		if (strncmp(line, "clone", 5) != 0 && strncmp(line, "fork", 4) != 0 && strncmp(line, "vfork", 5) != 0)
			continue;
		for (size_t k = 0; k < task_count; k++)
			if (tasks[k].pid == pid && !tasks[k].taken)
				take_task(l, &tasks[k]);
	}
}

bool lines_read(struct lines *l, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	if (!f)
		return false;
	while (getline(&line, &size, f) > 0)
		take_line(line);
	free(line);
	fclose(f);
	for (size_t i = 0; i < task_count; i++)
		if (!tasks[i].taken)
			take_task(l, &tasks[i]);
	for (size_t i = 0; i < task_count; i++) {
		free(tasks[i].unfinished);
		lines_release(&tasks[i].lines);
	}
	task_count = 0;
	return true;
}

void lines_release(struct lines *l)
{
	for (size_t i = 0; i < l->count; i++)
		free(l->line[i]);
	free(l->line);
	*l = (struct lines){ 0 };
}
