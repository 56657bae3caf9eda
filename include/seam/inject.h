/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults on purpose: rules in strace's words that say which calls fail, are cut short, come late or bring a signal, and which of them, and a run of a command under them. doc/inject.md has the language. */
#ifndef SEAM_INJECT_H
#define SEAM_INJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seam/calls.h"
#include "seam/callset.h"
#include "seam/err.h"
#include "seam/hook.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a rule does; several at once. */
enum seam_inject_what {
	SEAM_INJECT_RESULT = 1 << 0, /* error= and retval= */
	SEAM_INJECT_SIGNAL = 1 << 1,
	SEAM_INJECT_DELAY_ENTER = 1 << 2,
	SEAM_INJECT_DELAY_EXIT = 1 << 3,
	SEAM_INJECT_POKE_ENTER = 1 << 4,
	SEAM_INJECT_POKE_EXIT = 1 << 5,
	SEAM_INJECT_SHORT = 1 << 6,
};

/* Whether a call with another result is made all the same. */
enum seam_inject_order {
	SEAM_INJECT_AS_KERNEL, /* if a kernel that fails so has done it all the same, as close() has */
	SEAM_INJECT_BEFORE,    /* no: the result comes in its place */
	SEAM_INJECT_AFTER,     /* yes: the result comes in place of its own */
};

/* Which of the calls that are counted: @first, and every @step-th after it up to @last. */
struct seam_inject_when {
	uint32_t first, last, step; /* step 0: @first alone */
};

/* What an argument points to becomes these bytes. */
struct seam_inject_poke {
	unsigned arg; /* 0 to 5 */
	bool at_exit;
	size_t n;
	unsigned char *bytes;
};

struct seam_inject_rule {
	char *text; /* as it was written, without "inject=" */
	struct seam_callset calls;
	uint32_t call_count;
	unsigned what; /* enum seam_inject_what */
	int64_t result; /* -4095 to -1: a negative errno */
	enum seam_inject_order order;
	char *instead;  /* the call that is made in place of the one whose result is replaced; NULL: none */
	int signal;
	uint64_t delay_enter, delay_exit; /* nanoseconds */
	struct seam_inject_poke pokes[2 * SEAM_MAX_ARGS];
	size_t poke_count;
	uint64_t short_to; /* bytes; with short_percent that part of what was asked for, but at least one byte */
	bool short_percent;
	struct seam_inject_when when;
	bool also; /* beside the rules before it for the same calls, not in their place */
};

/*
 * Reads "SET:error=ENOSPC:when=3+2", with "inject=" or "fault=" before it if you like. What is wrong is one sentence that says where. *ret is the caller's. -EINVAL,
 * -ENOENT: a call, an error or a signal of that name is not there.
 */
int seam_inject_parse(const char *text, const struct seam_tables *t, struct seam_inject_rule **ret, struct seam_err *err);
void seam_inject_rule_free(struct seam_inject_rule *rule); /* NULL is fine */
/* Whether the @n-th call (1 is the first) is one of those. */
bool seam_inject_is_due(const struct seam_inject_when *when, uint64_t n);

/*
 * Calls @tell with a sentence for each thing that the rule asks for and no kernel does: errors that the calls cannot fail with by their descriptions, a result that is an error in disguise.
 * How many there were.
 */
unsigned seam_inject_doubts(const struct seam_inject_rule *rule, const struct seam_tables *t, void (*tell)(void *user, const char *sentence), void *user);

/* Whose calls are counted together, of each call and each rule by itself. */
enum seam_inject_count {
	SEAM_INJECT_BY_TASK,    /* those of one thread, as strace does */
	SEAM_INJECT_BY_PROCESS, /* of all threads of a process */
	SEAM_INJECT_BY_TREE,    /* of all processes */
};

struct seam_inject_options {
	struct seam_inject_rule *const *rules; /* for the same call the last one counts, and those before it that it is beside (`also`) */
	size_t rule_count;
	enum seam_inject_count count;
	bool strict; /* what no kernel does is passed over: a short write of a few bytes to a pipe */
	int log;     /* descriptor for a line about each injection; 0: none */
	const struct seam_run_options *run; /* what is run: command, processes; its `out` is not looked at */
};

/* What became of a rule. */
struct seam_inject_fate {
	uint32_t calls;   /* that are left to it after later rules for the same ones */
	uint64_t seen;    /* how often they were made */
	uint64_t done;    /* how often it was carried out */
	uint64_t passed;  /* how often it was due and could not be: */
	const char *why;  /* the first reason, a few words; NULL: there is none */
};

struct seam_inject_result {
	struct seam_run_result run;
	struct seam_inject_fate *fates; /* one for each rule, to be freed by the caller with seam_inject_result_release() */
	size_t fate_count;
};

/* As seam_run(), with the rules for handlers. The result is to be released in any case. */
int seam_inject_run(const struct seam_inject_options *options, struct seam_inject_result *ret, struct seam_err *err);
void seam_inject_result_release(struct seam_inject_result *r);

#ifdef __cplusplus
}
#endif
#endif
