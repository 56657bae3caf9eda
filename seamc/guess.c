/* SPDX-License-Identifier: BSD-2-Clause */
/* What was meant by a word that nobody knows. */
#include "seamc/guess.h"

#include <string.h>

#include "base/str.h"
#include "calls/vocabulary.h"

void guess_word(struct guess *g, const char *word)
{
	*vec_push(g->arena, &g->words) = word;
}

void guess_words(struct guess *g, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		guess_word(g, arena_strndup(g->arena, words[i], strcspn(words[i], " ")));
}

void guess_map(struct guess *g, const struct strmap *map)
{
	struct strmap_entry *e;

	strmap_for_each(e, map)
		guess_word(g, e->key);
}

const char *guess_text(const struct guess *g, const char *word)
{
	const char *meant;

	if (diag_is_full(g->diag))
		return ""; /* nobody will read it, and there are many constants */
	meant = suggest(word, g->words.at, g->words.n);
	return meant ? arena_printf(g->arena, "; did you mean '%s'?", meant) : "";
}

static struct guess guess_in(const struct model *m)
{
	return (struct guess){ .arena = m->arena, .diag = m->diag };
}

const char *guess_const(const struct model *m, const char *word)
{
	struct guess g = guess_in(m);

	guess_map(&g, &m->own_consts);
	guess_map(&g, &m->facts->consts);
	return guess_text(&g, word);
}

const char *guess_error(const struct model *m, const char *word)
{
	struct guess g = guess_in(m);
	struct strmap_entry *e;

	strmap_for_each(e, &m->facts->consts)
		if (*e->key == 'E' && !strchr(e->key, '_'))
			guess_word(&g, e->key);
	return guess_text(&g, word);
}

const char *guess_declared(const struct model *m, enum decl_kind kind, const char *word)
{
	struct guess g = guess_in(m);

	guess_map(&g, &m->names.kind[kind]);
	if (kind == DECL_STRUCT)
		guess_map(&g, &m->facts->structs[m->arch]);
	if (kind == DECL_TYPE)
		guess_words(&g, kind_words + 1, SEAM_KINDS_TOTAL - 1);
	return guess_text(&g, word);
}

const char *guess_member(const struct model *m, const struct fact_struct *layout, const char *word)
{
	struct guess g = guess_in(m);

	for (size_t i = 0; i < layout->members.n; i++)
		guess_word(&g, layout->members.at[i].name);
	return guess_text(&g, word);
}

void guess_args(struct guess *g, const struct ast_args *args)
{
	for (size_t i = 0; i < args->n; i++)
		guess_word(g, args->at[i].name);
}

const char *guess_arg(const struct model *m, const struct ast_args *args, const char *word)
{
	struct guess g = guess_in(m);

	guess_args(&g, args);
	return guess_text(&g, word);
}

const char *guess_in_map(const struct model *m, const struct strmap *map, const char *word)
{
	struct guess g = guess_in(m);

	guess_map(&g, map);
	return guess_text(&g, word);
}
