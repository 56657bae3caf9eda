/* SPDX-License-Identifier: BSD-2-Clause */
/* The description compiler: reads calls/, checks it, and writes the tables that everything else loops over. */
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/str.h"
#include "calls/vocabulary.h"
#include "seam/describe.h"
#include "seamc/emit.h"
#include "seamc/model.h"

#define SOURCE_LIMIT ((size_t)16 << 20)

static const char usage[] =
	"Usage: seamc [OPTIONS] FILE.call|DIR...\n"
	"Compiles descriptions of system calls, of a folder all *.call; doc/calls.md has the language.\n"
	"Without an output they are only read and checked.\n"
	"  --tables DIR     where numbers, constants and layouts are (calls/tables)\n"
	"  -o FILE          write the tables there, as C\n"
	"  --dump FILE      write the tables there, as text to read\n"
	"  --depfile FILE   write there what the outputs depend on, for make and ninja\n"
	"  --summary        say in one line what was described\n"
	"  --needs          print the constants and structures that the tables must have\n"
	"  --limit N        stop after N errors (50)\n";

struct options {
	const char *tables, *output, *dump, *depfile;
	bool needs, summary;
	unsigned limit;
	char **inputs;
};

struct compilation {
	struct arena arena;
	struct ast ast;
	struct facts facts;
	struct diag diag;
	struct model model;
	VEC(const char *) inputs; /* files, and the folders that they were found in */
};

static int complain(const struct seam_err *err)
{
	fprintf(stderr, "seamc: %s\n", err->text);
	return err->code;
}

static int load_file(struct compilation *c, const char *name)
{
	struct source *s = arena_new(&c->arena, struct source);
	_cleanup_buf_ struct buf text = BUF_INIT;
	struct seam_err err = { 0 };

	if (file_read(name, SOURCE_LIMIT, &text, &err) < 0)
		return complain(&err);
	*vec_push(&c->arena, &c->inputs) = name;
	s->name = name;
	s->text = arena_strndup(&c->arena, text.data, text.len);
	s->len = text.len;
	parse(&c->ast, s, &c->diag);
	return 0;
}

static int is_description(const struct dirent *entry)
{
	return *entry->d_name != '.' && str_ends(entry->d_name, ".call");
}

/* A file, or all descriptions in a folder in the order of their names. */
static int load_input(struct compilation *c, const char *name)
{
	struct dirent **entries;
	int n, r = 0;

	n = scandir(name, &entries, is_description, alphasort);
	if (n < 0)
		return load_file(c, name);
	*vec_push(&c->arena, &c->inputs) = name;
	for (int i = 0; i < n; i++) {
		if (!r)
			r = load_file(c, arena_printf(&c->arena, "%s/%s", name, entries[i]->d_name));
		free(entries[i]);
	}
	free(entries);
	if (n == 0) {
		fprintf(stderr, "seamc: there is no *.call in %s\n", name);
		return -ENOENT;
	}
	return r;
}

static void depend(const struct compilation *c, const struct options *o, struct buf *out)
{
	static const char *const tables[] = { "numbers", "constants", "layouts" };

	buf_addf(out, "%s:", o->output ? o->output : o->dump);
	for (size_t i = 0; i < c->inputs.n; i++)
		buf_addf(out, " %s", c->inputs.at[i]);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++)
		buf_addf(out, " %s/%s", o->tables, tables[i]);
	buf_addc(out, '\n');
}

static int write_output(const char *name, struct buf *out)
{
	struct seam_err err = { 0 };
	int r = file_write_atomic(name, out->data, out->len, &err);

	buf_clear(out);
	return r < 0 ? complain(&err) : 0;
}

static int write_outputs(struct compilation *c, const struct options *o)
{
	_cleanup_buf_ struct buf out = BUF_INIT;
	int r = 0;

	if (o->output) {
		emit_c(&c->model, &out);
		r = write_output(o->output, &out);
	}
	if (!r && o->dump) {
		emit_dump(&c->model, &out);
		r = write_output(o->dump, &out);
	}
	if (!r && o->depfile) {
		depend(c, o, &out);
		r = write_output(o->depfile, &out);
	}
	return r;
}

static void print_summary(struct compilation *c)
{
	struct seam_coverage n;
	struct model_tables t;

	model_tables(&c->model, &t);
	seam_coverage(&t.tables, 0, &n, NULL, NULL);
	printf("calls: %u described for %s with %u cases and %u structures; %u shapes of memory need a codec by hand\n",
	       n.described, arch_words[0], n.cases, n.structures, n.shapes);
}

static int print_needs(struct compilation *c)
{
	_cleanup_buf_ struct buf out = BUF_INIT;

	emit_needs(&c->ast, &out);
	fputs(out.data, stdout);
	return fflush(stdout) ? -errno : 0;
}

static int compile(struct compilation *c, const struct options *o)
{
	int r = 0;

	c->ast.arena = c->facts.arena = &c->arena;
	c->diag = (struct diag){ .out = BUF_INIT, .limit = o->limit };
	for (char **input = o->inputs; *input && !r; input++)
		r = load_input(c, *input);
	if (!r && !o->needs) {
		facts_load(&c->facts, o->tables, &c->diag);
		model_init(&c->model, &c->ast, &c->facts, &c->diag);
		model_build(&c->model);
	}
	fputs(c->diag.out.data, stderr);
	if (r || c->diag.errors)
		return 1;
	r = o->needs ? print_needs(c) : write_outputs(c, o);
	if (!r && o->summary)
		print_summary(c);
	return r ? 1 : 0;
}

static void compilation_release(struct compilation *c)
{
	model_release(&c->model);
	facts_release(&c->facts);
	diag_release(&c->diag);
	arena_release(&c->arena);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "tables", required_argument, NULL, 't' },
		{ "dump", required_argument, NULL, 'd' },
		{ "depfile", required_argument, NULL, 'm' },
		{ "summary", no_argument, NULL, 's' },
		{ "needs", no_argument, NULL, 'n' },
		{ "limit", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct options o = { .tables = "calls/tables" };
	struct compilation c = { 0 };
	int option, status;

	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		switch (option) {
		case 't':
			o.tables = optarg;
			break;
		case 'd':
			o.dump = optarg;
			break;
		case 'm':
			o.depfile = optarg;
			break;
		case 'o':
			o.output = optarg;
			break;
		case 'n':
			o.needs = true;
			break;
		case 's':
			o.summary = true;
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
	o.inputs = argv + optind;
	status = compile(&c, &o);
	compilation_release(&c);
	return status;
}
