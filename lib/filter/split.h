/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a filter that the kernel can decide: for each call what is known of it beforehand, or a program for run.h.
 * What it cannot is left to user space, which asks the filter again. What the kernel drops the filter answers with no, and
 * what it keeps with yes.
 */
#ifndef FILTER_SPLIT_H
#define FILTER_SPLIT_H

#include "filter/run.h"
#include "filter/pattern.h"
#include "seam/callset.h"
#include "seam/filter.h"

struct filter_split {
	struct filter_start *starts; /* by number */
	uint32_t count;
	struct filter_start other; /* of larger numbers, and of those in between that no call has */
	struct filter_op *ops;
	uint32_t op_count;
	uint32_t uses;  /* 1 << enum filter_source: what the programs ask for */
	struct filter_pattern *patterns;
	uint32_t pattern_count;
	uint32_t questions; /* 1 << question: those that the programs ask */
	uint32_t of_exe, of_cgroup, of_path; /* those of them that are about the program, the cgroup, what a call touches */
	uint32_t first_pattern[FILTER_QUESTIONS];
	uint32_t too_long;  /* questions whose patterns have no room */
	bool at_exit;   /* some call may not be decided at entry: it depends on result, duration, strings, or user space */
	bool user;      /* some call may be left to user space */
};

/* Makes it; @s is the caller's, who releases it. Programs that would be too long are left to user space. */
void filter_split(const struct seam_filter *f, struct filter_split *s);
void filter_split_release(struct filter_split *s);

/* Without an expression: every call is wanted. */
void filter_split_all(struct filter_split *s, const struct seam_tables *t, enum seam_arch arch);
/*
 * Drops the calls that are not in the set (-e trace=), and unless @unknown those that are in no table. What is left to
 * user space is left with both questions: whether it is in the set, and what the filter says.
 */
void filter_split_restrict(struct filter_split *s, const struct seam_callset *set, bool unknown);

static inline const struct filter_start *filter_split_start(const struct filter_split *s, uint64_t number)
{
	return number < s->count ? &s->starts[number] : &s->other;
}

/* One bit for each number below s->count: whether the call can be wanted at all. @words: (s->count + 63) / 64. */
void filter_split_bitmap(const struct filter_split *s, uint64_t *words);

/* The decision as the kernel makes it. */
enum filter_answer filter_split_run(const struct filter_split *s, uint64_t number, const struct filter_facts *facts);

/* Calls with larger numbers (a few of arm) are left to user space, with all unknown ones. */
#define FILTER_NUMBERS_MAX 4096u

#endif
