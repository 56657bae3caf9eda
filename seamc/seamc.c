/* SPDX-License-Identifier: BSD-2-Clause */
/* The description compiler: reads calls/, checks it, and writes the tables that everything else loops over. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "seamc/emit.h"
#include "seamc/model.h"

#define SOURCE_LIMIT ((size_t)16 << 20)

static const char usage[] =
	"Usage: seamc [OPTIONS] FILE.call...\n"
	"Compiles descriptions of system calls; doc/calls.md has the language.\n"
	"  --tables DIR   where numbers, constants and layouts are (calls/tables)\n"
	"  -o FILE        write the tables there, as C\n"
	"  --check        only read and check them (the default)\n"
	"  --needs        print the constants and structures that the tables must have\n"
	"  --limit N      stop after N errors (50)\n";

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

struct options {
	const char *tables, *output;
	bool needs;
	unsigned limit;
	char **files;
};

static int write_output(const char *name, const struct buf *out)
{
	struct seam_err err = { 0 };
	int r = file_write_atomic(name, out->data, out->len, &err);

	if (r < 0)
		fprintf(stderr, "seamc: %s\n", err.text);
	return r;
}

static int compile(const struct options *o)
{
	struct arena arena = { 0 };
	struct ast ast = { .arena = &arena };
	struct facts facts = { .arena = &arena };
	struct diag diag = { .out = BUF_INIT, .limit = o->limit };
	struct buf out = BUF_INIT;
	struct model model = { 0 };
	int status = 1;

	if (load_sources(&ast, o->files, &diag) < 0)
		goto out;
	if (o->needs) {
		emit_needs(&ast, &out);
	} else {
		facts_load(&facts, o->tables, &diag);
		model_init(&model, &ast, &facts, &diag);
		model_build(&model);
	}
	fputs(diag.out.data, stderr);
	status = diag.errors != 0;
	if (!status && o->output) {
		emit_c(&model, &out);
		status = write_output(o->output, &out) < 0;
	} else {
		fputs(out.data, stdout);
	}
out:
	model_release(&model);
	facts_release(&facts);
	diag_release(&diag);
	buf_release(&out);
	arena_release(&arena);
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tables", required_argument, NULL, 't' },
		{ "check", no_argument, NULL, 'c' },
		{ "needs", no_argument, NULL, 'n' },
		{ "limit", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options o = { .tables = "calls/tables" };
	int c;

	while ((c = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (c) {
		case 't':
			o.tables = optarg;
			break;
		case 'c':
			break;
		case 'o':
			o.output = optarg;
			break;
		case 'n':
			o.needs = true;
			break;
		case 'l':
			o.limit = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return 2;
	}
	o.files = argv + optind;
	return compile(&o);
}
