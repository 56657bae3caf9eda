/* SPDX-License-Identifier: BSD-2-Clause */
/* The description compiler: reads calls/, checks it, and writes the tables that everything else loops over. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "seamc/emit.h"

#define SOURCE_LIMIT ((size_t)16 << 20)

static const char usage[] =
	"Usage: seamc [--check | --needs] FILE.call...\n"
	"Compiles descriptions of system calls; doc/calls.md has the language.\n"
	"  --check   only read and check them\n"
	"  --needs   print the constants and structures that calls/tables must have\n";

static int load_sources(struct ast *ast, char **names, struct diag *diag)
{
	for (; *names; names++) {
		struct source *s = arena_new(ast->arena, struct source);
		struct buf text = BUF_INIT;
		struct seam_err err = { 0 };

		if (file_read(*names, SOURCE_LIMIT, &text, &err) < 0) {
			fprintf(stderr, "seamc: %s\n", err.text);
			buf_release(&text);
			return -1;
		}
		s->name = *names;
		s->text = arena_strndup(ast->arena, text.data, text.len);
		s->len = text.len;
		buf_release(&text);
		parse(ast, s, diag);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "check", no_argument, NULL, 'c' },
		{ "needs", no_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct arena arena = { 0 };
	struct ast ast = { .arena = &arena };
	struct diag diag = { .out = BUF_INIT };
	struct buf out = BUF_INIT;
	int what = 0, c, status = 1;

	while ((c = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (c == 'h') {
			fputs(usage, stdout);
			return 0;
		}
		if (c == '?') {
			fputs(usage, stderr);
			return 2;
		}
		what = c;
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (load_sources(&ast, argv + optind, &diag) < 0)
		goto out;
	if (what == 'n')
		emit_needs(&ast, &out);
	fputs(diag.out.data, stderr);
	fputs(out.data, stdout);
	status = diag.errors != 0;
out:
	buf_release(&diag.out);
	buf_release(&out);
	arena_release(&arena);
	return status;
}
