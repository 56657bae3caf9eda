/* SPDX-License-Identifier: BSD-2-Clause */
/* The language's words. */
#include "calls/vocabulary.h"

#include <string.h>

#include "base/util.h"

const char *const kind_words[SEAM_KINDS_TOTAL] = {
#define X(id, name, bytes, is_signed) name,
	SEAM_KINDS(X)
#undef X
};

const unsigned char kind_bytes[SEAM_KINDS_TOTAL] = {
#define X(id, name, bytes, is_signed) bytes,
	SEAM_KINDS(X)
#undef X
};

const bool kind_signed[SEAM_KINDS_TOTAL] = {
#define X(id, name, bytes, is_signed) is_signed,
	SEAM_KINDS(X)
#undef X
};

const char *const verb_words[SEAM_VERB_COUNT] = {
#define X(id, words, classes) words,
	SEAM_VERBS(X)
#undef X
};

const unsigned char verb_classes[SEAM_VERB_COUNT] = {
#define X(id, words, classes) classes,
	SEAM_VERBS(X)
#undef X
};

const char *const world_words[SEAM_WORLD_COUNT] = {
#define X(id, word) word,
	SEAM_WORLDS(X)
#undef X
};

const char *const det_words[SEAM_DET_COUNT] = {
#define X(id, words) words,
	SEAM_DETS(X)
#undef X
};

const char *const arch_words[SEAM_ARCH_COUNT] = { "x86_64", "arm64", "riscv64", "i386", "arm" };

const char *const class_words[SEAM_CLASS_COUNT] = {
#define X(id, word) word,
	SEAM_CLASSES(X)
#undef X
};

static int find(const char *const *words, size_t n, const char *word)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(words[i], word) == 0)
			return (int)i;
	return -1;
}

int word_kind(const char *word)
{
	int kind = find(kind_words, ARRAY_SIZE(kind_words), word);

	return kind < 0 ? SEAM_KIND_NONE : kind;
}

int word_verb(const char *word)
{
	return find(verb_words, ARRAY_SIZE(verb_words), word);
}

int word_world(const char *word)
{
	return find(world_words, ARRAY_SIZE(world_words), word);
}

int word_arch(const char *word)
{
	return find(arch_words, ARRAY_SIZE(arch_words), word);
}

uint32_t word_class(const char *word)
{
	int class = find(class_words, ARRAY_SIZE(class_words), word);

	return class < 0 ? 0 : 1u << class;
}

uint32_t seam_class_by_name(const char *name)
{
	return word_class(*name == '%' ? name + 1 : name);
}

const char *seam_class_name(uint32_t class)
{
	return class && class < 1u << SEAM_CLASS_COUNT ? class_words[__builtin_ctz(class)] : "?";
}

const char *seam_kind_name(uint8_t kind)
{
	return kind < ARRAY_SIZE(kind_words) ? kind_words[kind] : "?";
}

const char *seam_verb_words(uint8_t verb)
{
	return verb < ARRAY_SIZE(verb_words) ? verb_words[verb] : "?";
}

const char *seam_world_word(uint8_t world)
{
	return world < ARRAY_SIZE(world_words) ? world_words[world] : "?";
}

const char *seam_det_words(uint8_t det)
{
	return det < ARRAY_SIZE(det_words) ? det_words[det] : "?";
}
