/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kernel's side of --where and its loader share. */
#ifndef BPF_WHERE_SIDE_H
#define BPF_WHERE_SIDE_H

#include "filter/pattern.h"

/* Set before the programs are loaded; without an expression all is 0, and the verifier leaves out what asks. */
struct where_config {
	uint32_t on;
	uint32_t uses;         /* 1 << enum filter_source */
	uint32_t native_count; /* calls that have a start of their own; behind them stands that of the others */
	uint32_t compat_count; /* and then the same of the 32-bit calls */
	uint32_t start_count;  /* all of them */
	uint32_t op_count, pattern_count;
	uint32_t questions;    /* 1 << question: about strings */
	uint32_t of_exe;       /* those of them that are answered when a program is executed */
	uint32_t spare;
	uint64_t signals_off;  /* 1 << (signal - 1): not recorded */
};

/* filter_start.spare: the name of the task and its program are asked for when the call has returned, which may change them. */
#define WHERE_LATER 1u
#define WHERE_EXEC 2u /* and what the arguments pointed to is gone then */

#define WHERE_AT_EXIT_ONLY 4u /* nothing of it can be said before the call returns */
#define WHERE_ARGS_SHIFT 4 /* above it: how many arguments the call has; the others are 0, whatever is in the registers */

/* What is answered about the program of a process that was there before. */
struct where_answer {
	uint32_t answered, fits; /* 1 << question */
};
#define WHERE_PROCESSES 65536u

/* Patterns of a question, and operations about programs, that are looked at where the kernel has no better loops. */
#define WHERE_MOST 1024u

#endif
