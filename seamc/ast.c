/* SPDX-License-Identifier: BSD-2-Clause */
/* Builds parts of a description that nobody wrote. */
#include "seamc/ast.h"

#include <string.h>

struct ast_expr *ast_expr(struct arena *arena, enum expr_kind kind, struct loc loc, struct ast_expr *a,
			  struct ast_expr *b)
{
	struct ast_expr *e = arena_new(arena, struct ast_expr);

	*e = (struct ast_expr){ .kind = kind, .loc = loc, .a = a, .b = b };
	ast_expr_text(e, "");
	return e;
}

struct ast_expr *ast_number(struct arena *arena, struct loc loc, uint64_t number)
{
	struct ast_expr *e = ast_expr(arena, EXPR_NUMBER, loc, NULL, NULL);

	e->number = number;
	return e;
}

void ast_expr_text(struct ast_expr *e, const char *text)
{
	e->text = text;
	e->text_end = text + strlen(text);
}
