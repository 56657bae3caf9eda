/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion scripts for bash and zsh, made from the tables of the verbs. */
#include <string.h>

#include "cmd.h"

/* In single quotes for a shell. */
static void shell_quoted(struct seam_out *out, const char *s)
{
	seam_out_putc(out, '\'');
	for (; *s; s++) {
		if (*s == '\'')
			seam_out_puts(out, "'\\''");
		else
			seam_out_putc(out, *s);
	}
	seam_out_putc(out, '\'');
}

static void verb_names(struct seam_out *out)
{
	for (size_t i = 0; cmds[i]; i++)
		seam_out_printf(out, "%s%s", i ? " " : "", cmds[i]->name);
}

static void bash_complete(struct seam_out *out, const char *complete)
{
	if (!complete) {
		seam_out_puts(out, "words=");
	} else if (!strcmp(complete, "@file")) {
		seam_out_puts(out, "files=1");
	} else if (!strcmp(complete, "@verb")) {
		seam_out_puts(out, "words='");
		verb_names(out);
		seam_out_putc(out, '\'');
	} else if (complete[0] == '!') {
		seam_out_printf(out, "words=$(%s 2>/dev/null)", complete + 1);
	} else {
		seam_out_puts(out, "words=");
		shell_quoted(out, complete);
	}
	seam_out_puts(out, " ;;\n");
}

struct bash_opts {
	struct seam_out *out;
	const char *verb;
};

static void bash_value(const struct opt *o, void *arg)
{
	struct bash_opts *b = arg;

	if (o->type == OPT_FLAG)
		return;
	seam_out_printf(b->out, "\t'%s --%s'", b->verb, o->name);
	if (o->letter)
		seam_out_printf(b->out, " | '%s -%c'", b->verb, o->letter);
	seam_out_puts(b->out, ") ");
	bash_complete(b->out, o->complete);
}

static void bash_name(const struct opt *o, void *arg)
{
	struct bash_opts *b = arg;

	if (o->letter)
		seam_out_printf(b->out, "-%c ", o->letter);
	seam_out_printf(b->out, "--%s ", o->name);
}

void completion_write_bash(struct seam_out *out)
{
	struct bash_opts b = { out, "" };

	seam_out_puts(out, "# bash completion for seam; made by 'seam completion bash'\n"
			   "_seam()\n"
			   "{\n"
			   "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev= verb= words= files= i\n"
			   "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			   "\t\t[[ ${COMP_WORDS[i]} == -* ]] || { verb=${COMP_WORDS[i]}; break; }\n"
			   "\tdone\n"
			   "\tprev=${COMP_WORDS[COMP_CWORD - 1]}\n"
			   "\tif [[ $cur == = ]]; then\n"
			   "\t\tcur=\n"
			   "\telif [[ $prev == = ]]; then\n"
			   "\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n"
			   "\tfi\n"
			   "\tcase \"$verb $prev\" in\n");
	for (size_t i = 0; cmds[i]; i++) {
		b.verb = cmds[i]->name;
		options_for_each(cmds[i]->options, bash_value, &b);
	}
	seam_out_puts(out, "\t*) case \"$verb:$cur\" in\n\t\t:-*) words='");
	b.verb = "";
	options_for_each(main_options, bash_name, &b);
	seam_out_puts(out, "' ;;\n\t\t:*) words='");
	verb_names(out);
	seam_out_puts(out, "' ;;\n");
	for (size_t i = 0; cmds[i]; i++) {
		b.verb = cmds[i]->name;
		seam_out_printf(out, "\t\t%s:-*) words='", b.verb);
		options_for_each(cmds[i]->options, bash_name, &b);
		seam_out_printf(out, "' ;;\n\t\t%s:*) ", b.verb);
		bash_complete(out, cmds[i]->complete);
	}
	seam_out_puts(out, "\t\tesac ;;\n"
			   "\tesac\n"
			   "\tif [[ $files ]]; then\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
			   "\telse\n"
			   "\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
			   "\tfi\n"
			   "}\n"
			   "complete -F _seam seam\n");
}

/* Text inside [ ] of an _arguments specification, inside single quotes. */
static void zsh_text(struct seam_out *out, const char *s)
{
	for (; *s; s++) {
		if (*s == '\'')
			seam_out_puts(out, "'\\''");
		else if (strchr("[]:\\", *s))
			seam_out_printf(out, "\\%c", *s);
		else
			seam_out_putc(out, *s);
	}
}

static void zsh_action(struct seam_out *out, const char *complete)
{
	if (!complete) {
		seam_out_puts(out, " ");
	} else if (!strcmp(complete, "@file")) {
		seam_out_puts(out, "_files");
	} else if (!strcmp(complete, "@verb")) {
		seam_out_putc(out, '(');
		verb_names(out);
		seam_out_putc(out, ')');
	} else if (complete[0] == '!') {
		seam_out_printf(out, "{compadd -- $(%s 2>/dev/null)}", complete + 1);
	} else {
		seam_out_printf(out, "(%s)", complete);
	}
}

static void zsh_opt(const struct opt *o, void *arg)
{
	struct seam_out *out = arg;

	seam_out_puts(out, " \\\n\t\t\t");
	if (o->letter)
		seam_out_printf(out, "'(-%c --%s)'{-%c,--%s%s}'[", o->letter, o->name, o->letter, o->name, o->arg ? "=" : "");
	else
		seam_out_printf(out, "'--%s%s[", o->name, o->arg ? "=" : "");
	zsh_text(out, o->help);
	seam_out_putc(out, ']');
	if (o->arg) {
		seam_out_printf(out, ":%s:", o->arg);
		zsh_action(out, o->complete);
	}
	seam_out_putc(out, '\'');
}

void completion_write_zsh(struct seam_out *out)
{
	seam_out_puts(out, "#compdef seam\n"
			   "# zsh completion for seam; made by 'seam completion zsh'\n"
			   "_seam()\n"
			   "{\n"
			   "\tlocal curcontext=$curcontext state line\n"
			   "\t_arguments -C");
	options_for_each(main_options, zsh_opt, out);
	seam_out_puts(out, " \\\n\t\t\t'1: :->verb' '*:: :->rest'\n"
			   "\tcase $state in\n"
			   "\tverb)\n"
			   "\t\tlocal -a verbs=(");
	for (size_t i = 0; cmds[i]; i++) {
		seam_out_printf(out, "\n\t\t\t'%s:", cmds[i]->name);
		zsh_text(out, cmds[i]->summary);
		seam_out_putc(out, '\'');
	}
	seam_out_puts(out, "\n\t\t)\n"
			   "\t\t_describe verb verbs ;;\n"
			   "\trest)\n"
			   "\t\tcase $words[1] in\n");
	for (size_t i = 0; cmds[i]; i++) {
		seam_out_printf(out, "\t\t%s) _arguments -s -S", cmds[i]->name);
		options_for_each(cmds[i]->options, zsh_opt, out);
		if (cmds[i]->args) {
			seam_out_puts(out, " \\\n\t\t\t'*: :");
			zsh_action(out, cmds[i]->complete);
			seam_out_putc(out, '\'');
		}
		seam_out_puts(out, " ;;\n");
	}
	seam_out_puts(out, "\t\tesac ;;\n"
			   "\tesac\n"
			   "}\n"
			   "_seam \"$@\"\n");
}
