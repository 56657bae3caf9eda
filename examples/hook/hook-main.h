/* SPDX-License-Identifier: BSD-2-Clause */
/* What the examples of this folder have in common: each runs a command with its tool, and ends as the command does. */
#ifndef EXAMPLES_HOOK_MAIN_H
#define EXAMPLES_HOOK_MAIN_H

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

#include "seam/hook.h"
#include "seam/words.h"

#define HANDLERS(array) .handlers = (array), .handler_count = sizeof(array) / sizeof(*(array))

/*
 * The tool's own @words are the first arguments, and tool->user in a handler; then comes the command. @usage: what they are called.
 * 125: Seam has failed, 127: the command cannot be run.
 */
static inline int run_tool(struct seam_tool *tool, int words, const char *usage, int argc, char **argv)
{
	struct seam_run_options options = { .command = argv + 1 + words };
	struct seam_run_result result;
	struct seam_err err = SEAM_ERR_INIT;

	if (argc < words + 2) {
		fprintf(stderr, "Usage: %s %sCOMMAND [ARGUMENT]...\n", tool->name, usage);
		return 2;
	}
	tool->user = argv + 1;
	if (seam_run(tool, &options, &result, &err) < 0) {
		fprintf(stderr, "%s: %s\n", tool->name, err.text);
		return result.no_command ? 127 : 125;
	}
	return WIFSIGNALED(result.status) ? 128 + WTERMSIG(result.status) : WEXITSTATUS(result.status);
}

/* The tool's own words. */
static inline const char *word_of(const struct seam_hook *h, int i)
{
	return ((char **)h->tool->user)[i];
}

/* A handler calls no libc. */
static inline bool same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static inline size_t read_program(void *h, uint64_t address, void *to, size_t n, enum seam_when when)
{
	(void)when;
	return seam_read((struct seam_hook *)h, address, to, n);
}

/* The path argument that the call, as it stands, has this effect on; NULL: there is none. */
static inline const char *effect_path(struct seam_hook *h, enum seam_verb verb)
{
	const struct seam_tables *t = h->tables;
	struct seam_env env = { .read = read_program, .user = h };

	for (int i = 0; i < SEAM_MAX_ARGS; i++)
		env.reg[i] = h->args[i];
	for (uint32_t i = 0; h->variant && i < h->variant->effects.count; i++) {
		const struct seam_effect *e = &t->effects[h->variant->effects.first + i];
		const struct seam_object *o = &t->objects[e->object];

		if (e->verb == verb && o->how == SEAM_OBJECT_VALUE && !o->dir && o->arg < h->variant->args.count &&
		    t->types[o->type].kind == SEAM_KIND_PATH && seam_holds(t, e->when, &env))
			return seam_string(t, t->args[h->variant->args.first + o->arg].name);
	}
	return NULL;
}

#endif
