/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the option parser of the command, with a table of its own. */
#include <unistd.h>

#include "cmd.h"
#include "tap.h"

static bool flag, other;
static const char *file, *choice;
static char *words_said;

static const struct opt table[] = {
	{ 'f', "flag", OPT_FLAG, &flag, NULL, "A flag.", NULL, false },
	{ 'x', "other", OPT_FLAG, &other, NULL, "Another.", NULL, false },
	{ 'o', "output", OPT_STRING, &file, "FILE", "A file.", "@file", false },
	{ 'p', "pid", OPT_WORDS, &words_said, "PID,...", "Numbers.", NULL, false },
	{ 0, "arch", OPT_CHOICE, &choice, "ARCH", "A machine.", "x86_64 arm64 riscv64", false },
	{ 0 },
};

static const struct cmd anywhere = { .name = "anywhere" };
static const struct cmd first = { .name = "first", .options_first = true };

/* Parses the words and returns what is left of them, with a bar between; "!2" for an error. */
static const char *left(const struct cmd *cmd, const char *const *words)
{
	static char text[256];
	char copies[16][32], *argv[17], **rest;
	bool help;
	int argc = 0, r;

	flag = other = false;
	file = choice = NULL;
	argv[argc++] = copies[15];
	for (; words[argc - 1]; argc++) {
		snprintf(copies[argc], sizeof(copies[argc]), "%s", words[argc - 1]);
		argv[argc] = copies[argc];
	}
	argv[argc] = NULL;
	r = options_parse(cmd, table, argc, argv, &argc, &rest, &help);
	if (r) {
		snprintf(text, sizeof(text), "!%d", r);
		return text;
	}
	text[0] = '\0';
	if (help)
		snprintf(text, sizeof(text), "help");
	for (int i = 0; i < argc; i++) {
		size_t len = strlen(text);

		snprintf(text + len, sizeof(text) - len, "%s%s", rest[i], i + 1 < argc ? "|" : "");
	}
	OK(rest[argc] == NULL);
	/* The copies go out of scope: keep the values. */
	if (file) {
		static char kept[64];

		snprintf(kept, sizeof(kept), "%s", file);
		file = kept;
	}
	if (choice) {
		static char kept[64];

		snprintf(kept, sizeof(kept), "%s", choice);
		choice = kept;
	}
	return text;
}

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

int main(void)
{
	/* What it says of errors is looked at in tests/cli; here it would only be in the way. */
	if (!freopen("/dev/null", "w", stderr))
		return 1;

	STREQ(left(&anywhere, WORDS("a", "-f", "b")), "a|b");
	OK(flag && !other);
	STREQ(left(&anywhere, WORDS("-fx", "a")), "a");
	OK(flag && other);
	STREQ(left(&anywhere, WORDS("-fofile", "a")), "a");
	STREQ(file, "file");
	STREQ(left(&anywhere, WORDS("-fo", "file", "a")), "a");
	STREQ(file, "file");
	STREQ(left(&anywhere, WORDS("--output=a=b")), "");
	STREQ(file, "a=b");
	STREQ(left(&anywhere, WORDS("--output=")), "");
	STREQ(file, "");
	STREQ(left(&anywhere, WORDS("--output", "--flag")), "");
	STREQ(file, "--flag");
	STREQ(left(&anywhere, WORDS("-p1", "--pid", "2,3", "a", "--pid=4")), "a");
	STREQ(words_said, "1,2,3,4");
	STREQ(left(&anywhere, WORDS("--output")), "!2");
	STREQ(left(&anywhere, WORDS("-o")), "!2");
	STREQ(left(&anywhere, WORDS("--flag=1")), "!2");
	STREQ(left(&anywhere, WORDS("--out=1")), "!2");
	STREQ(left(&anywhere, WORDS("--")), "");
	STREQ(left(&anywhere, WORDS("a", "--", "-f", "--")), "a|-f|--");
	OK(!flag);
	STREQ(left(&anywhere, WORDS("-", "-f")), "-");
	OK(flag);
	STREQ(left(&anywhere, WORDS("-fh")), "help");
	STREQ(left(&anywhere, WORDS("-fq")), "!2");
	STREQ(left(&anywhere, WORDS("--arch=arm64")), "");
	STREQ(choice, "arm64");
	STREQ(left(&anywhere, WORDS("--arch=arm")), "!2");
	STREQ(left(&anywhere, WORDS("--arch=")), "!2");
	STREQ(left(&first, WORDS("-f", "ls", "-x", "--output")), "ls|-x|--output");
	OK(flag && !other);
	STREQ(left(&first, WORDS("-f", "--", "-x")), "-x");
	OK(!other);
	return tap_done();
}
