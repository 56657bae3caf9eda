/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file in another's place, however the program names it: redirect /etc/hosts ./my-hosts curl http://test/
 * The first word is the absolute path of a file that is no link, the second one is better absolute too.
 */
#include "hook-main.h"

static void on_path(struct seam_hook *h)
{
	const struct seam_tables *t = h->tables;

	for (uint32_t i = 0; h->variant && i < h->variant->args.count; i++) {
		const struct seam_arg *arg = &t->args[h->variant->args.first + i];
		const char *name = seam_string(t, arg->name);
		struct seam_named file;
		uint64_t other;

		if (t->types[arg->type].kind != SEAM_KIND_PATH || seam_path(h, name, &file) < 0 || !seam_equal(file.path, word_of(h, 0)))
			continue;
		other = seam_scratch_string(h, word_of(h, 1));
		if (other)
			seam_set_arg(h, name, other);
	}
}

static const struct seam_handler handlers[] = { SEAM_ON_CALLS("%file", on_path) };

int main(int argc, char **argv)
{
	struct seam_tool tool = { .name = "redirect", SEAM_HANDLERS(handlers) };

	return run_tool(&tool, 2, "FILE OTHER ", argc, argv);
}
