/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations by name. */
#include "seamc/names.h"

static const char *const kind_names[DECL_KINDS] = {
	[DECL_STRUCT] = "struct", [DECL_SET] = "the set",   [DECL_ERRORS] = "the list",
	[DECL_CLASS] = "class",   [DECL_TYPE] = "the type",
};

void names_declare(struct names *n, enum decl_kind kind, struct ast_decl *decl, struct diag *diag)
{
	const struct ast_decl *old = strmap_get(&n->kind[kind], decl->name);

	if (!old) {
		strmap_put(&n->kind[kind], decl->name, decl);
		return;
	}
	diag_error(diag, decl->loc, "%s '%s' is declared twice", kind_names[kind], decl->name);
	diag_note(diag, old->loc, "the first time");
}

void names_release(struct names *n)
{
	for (int kind = 0; kind < DECL_KINDS; kind++)
		strmap_release(&n->kind[kind]);
}

const void *names_get(const struct names *n, enum decl_kind kind, const char *name)
{
	struct ast_decl *decl = strmap_get(&n->kind[kind], name);

	if (decl)
		decl->used = true;
	return decl;
}

void names_report_unused(const struct names *n, struct diag *diag)
{
	struct strmap_entry *e;

	for (int kind = 0; kind < DECL_KINDS; kind++) {
		strmap_for_each(e, &n->kind[kind]) {
			const struct ast_decl *decl = e->value;

			if (!decl->used)
				diag_error(diag, decl->loc, "nothing uses %s '%s'", kind_names[kind], decl->name);
		}
	}
}
