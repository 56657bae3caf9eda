/* SPDX-License-Identifier: BSD-2-Clause */
/* A call that was made, as text: the names of flags, the members of structures, strings, errors. */
#ifndef SEAM_TEXT_H
#define SEAM_TEXT_H

#include "seam/calls.h"
#include "seam/out.h"

#ifdef __cplusplus
extern "C" {
#endif

struct seam_text_options {
	unsigned string_limit;  /* bytes of a string or of content that are shown; 0: 32. Paths are never cut */
	unsigned element_limit; /* elements of an array; 0: 32 */
	bool names;             /* arguments with their names: "openat(dfd=AT_FDCWD, ..." */
	bool hex_addresses;     /* pointers stay numbers, whatever is known of their memory */
	bool abbreviated;       /* of structures the chief members; how many there are of environment and directory entries */
};

/* What the library keeps here between calls; all zero at the beginning. */
struct seam_text_state {
	bool json, fresh, cut;
	unsigned items; /* of this argument, so far; long strings count as several */
	unsigned depth;
	uint32_t sets[4];
	const struct seam_text_window *window;
	struct {
		uint64_t value;
		uint32_t set, name; /* name: the string's place, 0: it has none */
	} names[128];
	struct {
		uint64_t value;
		uint32_t key; /* set and width */
		uint8_t size; /* of text; 0: nothing is kept here */
		char text[83];
	} flags[64];
};

/*
 * A call as the tables and a source of its memory have it. env->reg holds the arguments and, once it has returned, the
 * result; env->read() gives memory as it was at entry or at exit. The text is what strace users know:
 * openat(AT_FDCWD, "/etc/passwd", O_RDONLY|O_CLOEXEC) = 3
 *
 * Begin with all of it zero. For the next call set call, number, variant and returned, and leave state alone: it
 * remembers what was looked up in these tables.
 */
struct seam_text {
	const struct seam_tables *t;
	enum seam_arch arch;
	const struct seam_call *call; /* NULL: its number is not in the tables */
	uint64_t number;
	const struct seam_variant *variant; /* NULL: found out from the arguments */
	struct seam_env *env;
	struct seam_text_options options;
	struct seam_out *out;
	bool returned; /* memory that comes out can be shown */
	/*
	 * What a descriptor is, or NULL if nobody knows: 3</etc/passwd>. As the call found it or, for those that it has
	 * made, as it left it; AT_FDCWD (-100) is asked for too. May be left out.
	 */
	const char *(*descriptor)(void *user, int fd, enum seam_when when);
	void *user; /* of descriptor() */
	struct seam_text_state state;
};

/* "name(argument, ...)" without the result. */
void seam_text_call(struct seam_text *x);
/* "3", "-1 ENOENT (No such file or directory)", "0x7f0000000000", "?" (it never returns). */
void seam_text_result(struct seam_text *x);
/* One value of this type, as it stands in a register. */
void seam_text_value(struct seam_text *x, uint32_t type, uint64_t value);
/* Bytes in double quotes, with what cannot be printed escaped; "..." behind it when there were more. */
void seam_text_bytes(struct seam_text *x, const void *bytes, size_t n, bool more);
/* "SIGCHLD {si_signo=SIGCHLD, ...}", from the @n bytes of a siginfo_t. */
void seam_text_signal(struct seam_text *x, const void *info, size_t n);

/*
 * The call as one JSON object: name, args (an object: argument -> value), ret, and error if it failed, as the name of
 * the number. Numbers are numbers; structures are objects, arrays arrays; addresses, flags and constants are strings,
 * the text that seam_text_call() has for them; strings are strings, or {"hex": ...} if they are not UTF-8. A
 * descriptor that somebody knows is {"fd": 3, "is": ...}, a word that tasks share {"at": "0x...", "is": 1}. What a
 * call has changed is {"before": ..., "after": ...}. cut, if it is there, names the arguments of which not all is
 * shown. Before the call has returned ret is null.
 */
void seam_text_json(struct seam_text *x);
/* What stands between the braces, for who has more to say of a call. */
void seam_text_json_members(struct seam_text *x);

#ifdef __cplusplus
}
#endif
#endif
