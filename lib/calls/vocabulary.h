/* SPDX-License-Identifier: BSD-2-Clause */
/* The language's words for the things that seam/calls.h numbers. */
#ifndef CALLS_VOCABULARY_H
#define CALLS_VOCABULARY_H

#include "seam/calls.h"

int word_kind(const char *word);       /* enum seam_kind, SEAM_KIND_NONE: no such */
int word_verb(const char *word);       /* enum seam_verb, -1; not the reads and writes */
int word_world(const char *word);      /* enum seam_world, -1 */
int word_arch(const char *word);       /* enum seam_arch, -1 */
uint32_t word_class(const char *word); /* enum seam_class, 0 */

extern const char *const kind_words[SEAM_KINDS_TOTAL];
extern const unsigned char kind_bytes[SEAM_KINDS_TOTAL];
extern const bool kind_signed[SEAM_KINDS_TOTAL];
extern const char *const verb_words[SEAM_VERB_COUNT];
extern const unsigned char verb_classes[SEAM_VERB_COUNT];
extern const char *const world_words[SEAM_WORLD_COUNT];
extern const char *const det_words[SEAM_DET_COUNT];
extern const char *const arch_words[SEAM_ARCH_COUNT];
extern const char *const class_words[SEAM_CLASS_COUNT];

#endif
