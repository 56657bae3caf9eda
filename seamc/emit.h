/* SPDX-License-Identifier: BSD-2-Clause */
/* What seamc can write: one emitter per output. */
#ifndef SEAMC_EMIT_H
#define SEAMC_EMIT_H

#include "base/buf.h"
#include "seamc/ast.h"

struct model;

/* The constants and structures that the descriptions name: what calls/tables/extract has to find in the headers. */
void emit_needs(const struct ast *ast, struct buf *out);
/* All tables as a C file. */
void emit_c(struct model *m, struct buf *out);
/* All tables as text for reviewers. */
void emit_dump(struct model *m, struct buf *out);

#endif
