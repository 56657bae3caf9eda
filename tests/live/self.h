/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes real system calls through the capture loop and holds what was captured against what the kernel did.
 *
 * A trial is a few calls: CALL() makes one, the lines after it say what must have been copied: IN() at its entry,
 * OUT() at its exit, and nothing else. All memory that a call gets stands in an arena full of poison, so that it
 * shows without another word when the kernel wrote what the description does not cover, or when the description
 * takes what the kernel left alone.
 */
#ifndef TESTS_LIVE_SELF_H
#define TESTS_LIVE_SELF_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/capture.h"

struct trial {
	const char *name;
	void (*run)(void);
};
#define TRIAL(name) { #name, trial_##name }

/* Each file's, up to one without a name. */
extern const struct trial file_trials[], path_trials[], desc_trials[], net_trials[], process_trials[], signal_trials[],
	ipc_trials[], kernel_trials[], mount_trials[], memory_trials[], ring_trials[];

/* Memory of this trial: poisoned, a copy, a string; 16 bytes of poison stand between any two. */
void *room(size_t n);
void *copy(const void *p, size_t n);
char *text(const char *s);
#define ROOM(type) ((type *)room(sizeof(type)))
#define ROOMS(type, n) ((type *)room((n) * sizeof(type)))
#define NEW(type, ...) ((type *)copy(&(type){ __VA_ARGS__ }, sizeof(type)))
/* n bytes that can be read, and nothing after them; at most 4096, one at a time. */
void *edge(size_t n);
/* An address that nobody can read. */
#define BAD ((void *)(uintptr_t)0xdead0000)
/* The name of a file that is not there yet, in the trials' own folder. */
char *fresh_path(void);

/* Makes the call, and returns what the kernel does: a negative errno if it failed. -ENOSYS if there is none here. */
long call(const char *name, const uint64_t args[SEAM_MAX_ARGS]);

#define W(x) ((uint64_t)(uintptr_t)(x))
#define ARGS_1(a) W(a)
#define ARGS_2(a, b) W(a), W(b)
#define ARGS_3(a, b, c) W(a), W(b), W(c)
#define ARGS_4(a, b, c, d) W(a), W(b), W(c), W(d)
#define ARGS_5(a, b, c, d, e) W(a), W(b), W(c), W(d), W(e)
#define ARGS_6(a, b, c, d, e, f) W(a), W(b), W(c), W(d), W(e), W(f)
#define ARGS_PICK(a, b, c, d, e, f, pick, ...) pick
#define CALL(name, ...)                                                                                           \
	call(#name, (const uint64_t[SEAM_MAX_ARGS]){ ARGS_PICK(__VA_ARGS__, ARGS_6, ARGS_5, ARGS_4, ARGS_3,         \
							       ARGS_2, ARGS_1, )(__VA_ARGS__) })

/* What must be among the blobs of the last call. */
void expect(enum seam_when when, const void *p, size_t n, size_t whole, enum blob_status status, int line);
#define IN(p, n) expect(SEAM_AT_ENTRY, p, n, n, BLOB_WHOLE, __LINE__)
#define OUT(p, n) expect(SEAM_AT_EXIT, p, n, n, BLOB_WHOLE, __LINE__)
#define IN_CUT(p, n, whole) expect(SEAM_AT_ENTRY, p, n, whole, BLOB_CUT, __LINE__)
#define OUT_CUT(p, n, whole) expect(SEAM_AT_EXIT, p, n, whole, BLOB_CUT, __LINE__)
#define IN_FAULT(p, n, whole) expect(SEAM_AT_ENTRY, p, n, whole, BLOB_FAULTED, __LINE__)
#define OUT_FAULT(p, n, whole) expect(SEAM_AT_EXIT, p, n, whole, BLOB_FAULTED, __LINE__)
#define IN_TEXT(s) IN(s, strlen(s) + 1)
/* The same memory before and after. */
#define BOTH(p, n) (IN(p, n), OUT(p, n))

/* The next call cuts content after so many bytes. */
void cut_content(uint64_t limit);
/* The last call may leave holes in what it hands out: padding, members that it does not fill. */
void holes(void);
/* Two arguments of the next call stand in the same memory. */
void aliases(void);

/* What must hold, else the trial fails. */
void must(bool holds, const char *what, int line);
#define MUST(cond) must(cond, #cond, __LINE__)
/* The call must have returned this. */
void gives(long got, long want, int line);
#define GIVES(got, want) gives(got, want, __LINE__)
/* The same; before Linux 5.16 a write of which not all is there may fail as a whole. */
void gives_or_faults(long got, long want, int line);
#define GIVES_OR_FAULTS(got, want) gives_or_faults(got, want, __LINE__)

/* Ends the trial, which counts as skipped: what this needs is not there. */
void skip(const char *reason);
#define NEED(cond, reason) do { if (!(cond)) { skip(reason); return; } } while (0)
/* Likewise if the kernel does not have the call, or this process may not make it. */
bool refused(long ret);
#define CAN(ret) do { if (refused(ret)) return; } while (0)


#endif
