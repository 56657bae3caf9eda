/* SPDX-License-Identifier: BSD-2-Clause */
/* Help texts and the option lists of the man pages, made from the tables of the verbs. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

enum { HELP_WIDTH = 80, HELP_COLUMN = 26 };

void write_wrapped(struct seam_out *out, const char *text, size_t indent)
{
	size_t column = indent;
	bool first = true;

	while (*text) {
		size_t len = strcspn(text, " \n");

		if (!len) {
			/* An empty line parts paragraphs; any other line end is a blank. */
			if (text[0] == '\n' && text[1] == '\n') {
				seam_out_puts(out, "\n\n");
				seam_out_pad(out, ' ', indent);
				column = indent;
				first = true;
			}
			text += strspn(text, " \n");
			continue;
		}
		if (!first && column + 1 + len >= HELP_WIDTH) {
			seam_out_putc(out, '\n');
			seam_out_pad(out, ' ', indent);
			column = indent;
		} else if (!first) {
			seam_out_putc(out, ' ');
			column++;
		}
		seam_out_write(out, text, len);
		column += len;
		first = false;
		text += len;
	}
	seam_out_putc(out, '\n');
}

void help_usage(struct seam_out *out, const struct cmd *cmd)
{
	if (!cmd)
		seam_out_puts(out, "seam VERB [OPTION]... [ARGUMENT]...");
	else
		seam_out_printf(out, "seam %s [OPTION]...%s%s", cmd->name, cmd->args ? " " : "", cmd->args ? cmd->args : "");
}

static void help_opt(const struct opt *o, void *arg)
{
	struct seam_out *out = arg;
	char left[64];

	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ',
		 o->letter ? "," : " ", o->name, o->arg ? "=" : "", o->arg ? o->arg : "");
	seam_out_puts(out, left);
	if (strlen(left) + 2 > HELP_COLUMN) {
		seam_out_putc(out, '\n');
		seam_out_pad(out, ' ', HELP_COLUMN);
	} else {
		seam_out_pad(out, ' ', HELP_COLUMN - strlen(left));
	}
	write_wrapped(out, o->help, HELP_COLUMN);
}

void help_write(struct seam_out *out, const struct cmd *cmd)
{
	seam_out_puts(out, "Usage: ");
	help_usage(out, cmd);
	seam_out_puts(out, "\n\n");
	if (cmd) {
		write_wrapped(out, cmd->about, 0);
	} else {
		write_wrapped(out, "Seam stands where a program meets the kernel: at its system calls.", 0);
		seam_out_puts(out, "\nVerbs:\n");
		for (size_t i = 0; cmds[i]; i++)
			seam_out_printf(out, "  %-12s  %s\n", cmds[i]->name, cmds[i]->summary);
	}
	seam_out_puts(out, "\nOptions:\n");
	options_for_each(cmd ? cmd->options : main_options, help_opt, out);
	if (!cmd)
		seam_out_puts(out, "\n'seam VERB --help' says more about each.\n");
}

/* Text for troff: dashes that can be copied, no accidental requests. */
static void man_text_n(struct seam_out *out, const char *s, size_t n)
{
	for (bool line_start = true; n; s++, n--) {
		if (line_start && (*s == '.' || *s == '\''))
			seam_out_puts(out, "\\&");
		if (*s == '-')
			seam_out_puts(out, "\\-");
		else if (*s == '\\')
			seam_out_puts(out, "\\e");
		else
			seam_out_putc(out, *s);
		line_start = *s == '\n';
	}
}

static void man_text(struct seam_out *out, const char *s)
{
	man_text_n(out, s, strlen(s));
}

static void man_opt(const struct opt *o, void *arg)
{
	struct seam_out *out = arg;

	seam_out_puts(out, ".TP\n");
	if (o->letter)
		seam_out_printf(out, "\\fB\\-%c\\fR, ", o->letter);
	seam_out_puts(out, "\\fB\\-\\-");
	man_text(out, o->name);
	seam_out_puts(out, "\\fR");
	if (o->arg)
		seam_out_printf(out, "=\\fI%s\\fR", o->arg);
	seam_out_putc(out, '\n');
	man_text(out, o->help);
	seam_out_putc(out, '\n');
}

void man_write_options(struct seam_out *out, const struct cmd *cmd)
{
	if (!cmd) {
		seam_out_puts(out, ".SH VERBS\n");
		for (size_t i = 0; cmds[i]; i++) {
			seam_out_printf(out, ".TP\n\\fB%s\\fR\n", cmds[i]->name);
			man_text(out, cmds[i]->summary);
			seam_out_printf(out, ":\n.BR seam\\-%s (1)\n", cmds[i]->name);
		}
	} else {
		seam_out_puts(out, ".SH NAME\n");
		seam_out_printf(out, "seam\\-%s \\- ", cmd->name);
		man_text(out, cmd->summary);
		seam_out_printf(out, "\n.SH SYNOPSIS\n\\fBseam %s\\fR [\\fIOPTION\\fR]...", cmd->name);
		if (cmd->args)
			seam_out_puts(out, " ");
		man_text(out, cmd->args ? cmd->args : "");
		seam_out_puts(out, "\n.SH DESCRIPTION\n");
		for (const char *p = cmd->about; *p;) {
			const char *end = strstr(p, "\n\n");
			size_t len = end ? (size_t)(end - p) : strlen(p);
			man_text_n(out, p, len);
			seam_out_puts(out, end ? "\n.PP\n" : "\n");
			p += len;
			p += strspn(p, "\n");
		}
	}
	seam_out_puts(out, ".SH OPTIONS\n");
	options_for_each(cmd ? cmd->options : main_options, man_opt, out);
}
