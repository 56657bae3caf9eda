/* SPDX-License-Identifier: BSD-2-Clause */
/* The values in a rule: errors, signals, times, bytes, and which calls are meant by their number. All of a word must be it. */
#ifndef INJECT_INJECT_WORDS_H
#define INJECT_INJECT_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "seam/inject.h"

/* 0, or -EINVAL or -ENOENT with the sentence. */
int inject_word_error(const char *word, int *ret, struct seam_err *err);
int inject_word_signal(const char *word, int *ret, struct seam_err *err);
int inject_word_result(const char *word, int64_t *ret, struct seam_err *err);
int inject_word_delay(const char *word, uint64_t *ret_ns, struct seam_err *err);
int inject_word_short(const char *word, uint64_t *ret_n, bool *ret_percent, struct seam_err *err);
int inject_word_when(const char *word, struct seam_inject_when *ret, struct seam_err *err);
/* "@arg1=0dead0,@arg3=00": adds to the rule's. */
int inject_word_pokes(const char *word, bool at_exit, struct seam_inject_rule *rule, struct seam_err *err);

/* The name of an error, or NULL. */
const char *inject_error_name(int error);

#endif
