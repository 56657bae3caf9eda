/* SPDX-License-Identifier: BSD-2-Clause */
/* The language's words. */
#include "seamc/vocabulary.h"

#include <stddef.h>
#include <string.h>

#include "base/util.h"
#include "seam/calls.h"

const char *const kind_words[] = {
#define X(id, name, bytes) name,
	SEAM_KINDS(X)
#undef X
};

const unsigned char kind_bytes[] = {
#define X(id, name, bytes) bytes,
	SEAM_KINDS(X)
#undef X
};

const char *const verb_words[] = {
#define X(id, words, classes) words,
	SEAM_VERBS(X)
#undef X
};

const unsigned char verb_classes[] = {
#define X(id, words, classes) classes,
	SEAM_VERBS(X)
#undef X
};

const char *const world_words[] = {
#define X(id, word) word,
	SEAM_WORLDS(X)
#undef X
};

const char *const det_words[] = {
#define X(id, words) words,
	SEAM_DETS(X)
#undef X
};

const char *const arch_words[SEAM_ARCH_COUNT] = { "x86_64", "arm64", "riscv64", "i386", "arm" };

const char *const class_words[SEAM_CLASS_COUNT] = {
	"reads-status", "writes-status", "reads-content", "writes-content", "file",   "desc",
	"net",		"process",	 "memory",	  "ipc",	    "time",   "signal",
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
