/* SPDX-License-Identifier: BSD-2-Clause */
/* What descriptions declare, by name: found again, missed with a guess of what was meant, and found to be of no use. */
#ifndef SEAMC_NAMES_H
#define SEAMC_NAMES_H

#include "base/strmap.h"
#include "seamc/ast.h"

struct names {
	struct strmap kind[DECL_KINDS]; /* struct ast_decl */
};

/* A second declaration of a name is reported. */
void names_declare(struct names *n, enum decl_kind kind, struct ast_decl *decl, struct diag *diag);
void names_release(struct names *n);
/* The declaration, which is in use from now on, or NULL. As a void *, because it begins what the caller wants. */
const void *names_get(const struct names *n, enum decl_kind kind, const char *name);
void names_report_unused(const struct names *n, struct diag *diag);

#endif
