/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of this room share: questions to the descriptions, and what handlers find beside the call. */
#ifndef INJECT_INJECT_PARTS_H
#define INJECT_INJECT_PARTS_H

#include "seam/inject.h"

/* --- What the descriptions say (inject-tables.c). No call is known by name. */

/* How a call is made shorter. */
struct inject_short {
	int size;   /* the argument with the number of bytes; -1: there are vectors: */
	int vector, count;
	int holder; /* the structure that these stand in; -1: they are arguments */
	uint32_t vector_at, count_at; /* in it */
	uint32_t holder_size;
	bool holder_out; /* the kernel writes to the structure */
	bool writes;
	int fd[2];  /* the descriptors that it reads from and writes to; -1: none */
};

/* Whether this case of a call reads or writes as many bytes as it is asked for, or fewer, and says how many. */
bool inject_can_be_short(const struct seam_tables *t, const struct seam_variant *variant, struct inject_short *ret);
bool inject_call_short(const struct seam_tables *t, const struct seam_call *call);
bool inject_any_short(const struct seam_inject_rule *rule, const struct seam_tables *t);
/* Takes nothing, changes nothing, never waits. */
bool inject_is_harmless(const struct seam_tables *t, const struct seam_call *call);
/* Whether a kernel that gives this result has done what the call is for, as close() closes and may report an error all the same. */
bool inject_done_all_the_same(struct seam_hook *h, int64_t result);
bool inject_executes(const struct seam_tables *t, const struct seam_call *call);

/* --- Handlers. */

/* One call of one rule: it is counted by itself. */
struct inject_slot {
	uint32_t rule;
	uint32_t next; /* slot of the same call, + 1; 0: there is none */
};

/* In tool->user; nothing in it changes while handlers run. */
struct injector {
	const struct seam_inject_options *o;
	uint32_t *first; /* of each call of this machine, by its place in the table: its first slot + 1 */
	struct inject_slot *slots;
	uint32_t slot_count;
	char **told;  /* of each rule what it does, for the log */
	struct seam_inject_result *result;
	bool command; /* there is one, whose first execve() is ours */
};

struct inject_tally {
	uint64_t seen, done, passed;
	const char *why;
};

/* Shared memory of the tool. */
struct inject_shared {
	bool started; /* the command runs its program */
	uint32_t tally_count;
	struct inject_tally tallies[]; /* of rules; behind them, if they are of the whole tree, the counts of slots */
};

void inject_on_call(struct seam_hook *h);

/* Makes the call shorter; NULL, or why that cannot be (a few words). *ret_bytes of *ret_whole are left. */
struct inject_cut {
	uint64_t bytes, whole;
	struct inject_short how;
	unsigned char *holder; /* as it was */
	uint64_t holder_at, copy_at;
};
const char *inject_cut(struct seam_hook *h, const struct seam_inject_rule *rule, bool strict, struct inject_cut *ret);
/* After the call: what the kernel wrote into a copy goes to the program. */
void inject_cut_done(struct seam_hook *h, const struct inject_cut *cut);

#endif
