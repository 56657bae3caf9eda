/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verb of the command is: one static entry, from which parsing, help, man page and completion are made. */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "seam/calls.h"
#include "seam/err.h"
#include "seam/out.h"

enum {
	EXIT_USAGE = 2,         /* the command line makes no sense */
	EXIT_SEAM_FAILED = 125, /* Seam itself could not do it */
};

enum opt_type {
	OPT_FLAG,   /* takes no argument; *flag becomes true */
	OPT_STRING, /* *string becomes the argument */
	OPT_WORDS,  /* *string becomes the argument, with a comma behind what it was when the option comes again */
	OPT_LIST,   /* the argument is added to a struct opt_list: the option may come again */
	OPT_CHOICE, /* the same, and the argument must be one of the words of @complete */
};

enum { OPT_LIST_MAX = 32 };

struct opt_list {
	const char *at[OPT_LIST_MAX];
	size_t n;
};

/* The last of a table has no name. Words in capitals in @help are those of @arg. */
struct opt {
	char letter;      /* 0: none */
	const char *name; /* without the dashes */
	enum opt_type type;
	void *value;          /* bool *, const char **, char ** (OPT_WORDS) or struct opt_list *, as the type says */
	const char *arg;      /* what stands for the argument: "FILE" */
	const char *help;     /* a sentence or more, in full */
	const char *complete; /* as in struct cmd */
	bool hidden;          /* parsed, but not spoken of */
};

/* What a verb is called with. */
struct cmd_run {
	const struct cmd *cmd;
	int argc;    /* arguments only: options and "--" are gone */
	char **argv; /* ends with NULL */
	struct seam_out *out; /* standard output; main() closes it and reports what did not arrive */
	struct seam_err *err;
};

struct cmd {
	const char *name;
	const char *summary; /* one line, begins small, no full stop */
	const char *args;    /* for the usage line: "[CALL]..."; NULL: takes none */
	const char *about;   /* paragraphs, parted by an empty line */
	const struct opt *options; /* NULL: none but --help, which every verb has */
	/*
	 * Words that complete an argument, with blanks between them; "@file", "@verb"; or "!seam ..." for what that
	 * command prints. NULL: nothing.
	 */
	const char *complete;
	int min_args;
	int max_args; /* -1: any number */
	bool options_first; /* the first argument ends the options: "seam record ls -l" */
	/* Returns the exit status, or a negative errno with the sentence in run->err: that becomes status 125. */
	int (*exec)(struct cmd_run *run);
};

/* Every verb, in the order of the help; ends with NULL. To add one: a file cmd-VERB.c, a line in cmd-list.c. */
extern const struct cmd *const cmds[];
const struct cmd *cmd_find(const char *name);
/* The same, or EXIT_USAGE after having said, in the name of @asker (NULL: the command), that there is none. */
int cmd_find_or_suggest(const struct cmd *asker, const char *name, const struct cmd **ret);
/* The options of the command itself, before the verb. */
extern const struct opt main_options[];
extern const struct opt help_option;

/* The FILE of a verb that reads a trace. */
const char *trace_file(const struct cmd_run *c);
/* By whose tables calls are named in options about it: those of the machine it is from, as far as that can be known before it is read. */
enum seam_arch trace_words(const struct cmd_run *c);
/* @r, which reading it gave, with a better sentence where nobody has said which one and there is none. */
int trace_failed(struct cmd_run *c, int r);

/* On standard error, in the name of the verb (NULL: of the command): "seam show: ...". No newline is added. */
void say(const struct cmd *cmd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Says what is wrong with the command line, on standard error, and where help is. Returns EXIT_USAGE. */
int usage_error(const struct cmd *cmd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * Takes the options out of argv[1..], which it reorders. @cmd is NULL for the command's own options (which always
 * end at the first argument). Sets *ret_argc and *ret_argv to what is left. Returns 0, or EXIT_USAGE after having
 * said why; with help asked for 0, and *ret_help is true.
 */
int options_parse(const struct cmd *cmd, const struct opt *table, int argc, char **argv, int *ret_argc,
		  char ***ret_argv, bool *ret_help);

/* Calls @fn for each option that is spoken of, --help last. @table may be NULL. */
void options_for_each(const struct opt *table, void (*fn)(const struct opt *opt, void *arg), void *arg);

/* Writers of what is made from the tables. @cmd NULL: the command as a whole. */
void help_write(struct seam_out *out, const struct cmd *cmd);
void help_usage(struct seam_out *out, const struct cmd *cmd);
void man_write_options(struct seam_out *out, const struct cmd *cmd);
void completion_write_bash(struct seam_out *out);
void completion_write_zsh(struct seam_out *out);

/* @text broken at blanks so that lines end before column 80; each line after the first is indented by @indent. */
void write_wrapped(struct seam_out *out, const char *text, size_t indent);

#endif
