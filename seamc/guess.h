/* SPDX-License-Identifier: BSD-2-Clause */
/* What was meant by a word that nobody knows. */
#ifndef SEAMC_GUESS_H
#define SEAMC_GUESS_H

#include "seamc/model.h"

/* Gathers what it may have been. */
struct guess {
	struct arena *arena;
	const struct diag *diag;
	struct ast_words words;
};

void guess_word(struct guess *g, const char *word);
void guess_words(struct guess *g, const char *const *words, size_t n); /* only the first of several in one */
void guess_map(struct guess *g, const struct strmap *map);             /* its keys */
void guess_args(struct guess *g, const struct ast_args *args);
/* "; did you mean 'X'?", or "". */
const char *guess_text(const struct guess *g, const char *word);

const char *guess_const(const struct model *m, const char *word);
const char *guess_error(const struct model *m, const char *word);
const char *guess_declared(const struct model *m, enum decl_kind kind, const char *word);
const char *guess_member(const struct model *m, const struct fact_struct *layout, const char *word);
const char *guess_in_map(const struct model *m, const struct strmap *map, const char *word);
const char *guess_arg(const struct model *m, const struct ast_args *args, const char *word);

#endif
