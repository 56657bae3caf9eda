/* SPDX-License-Identifier: BSD-2-Clause */
/* An error is a value: a negative errno and a sentence that says what failed, where, and why. */
#ifndef SEAM_ERR_H
#define SEAM_ERR_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The last parameter of every function that can fail. The caller owns it, usually on its stack, set to
 * SEAM_ERR_INIT; nothing in it needs to be freed. Every function below takes NULL for "nobody asks".
 */
struct seam_err {
	int code;       /* negative errno, 0 while nothing has failed */
	char text[512]; /* always terminated; no newline at the end; cut if it does not fit */
};

#define SEAM_ERR_INIT { 0, { 0 } }

/*
 * Sets the error to @code (a negative errno) and the sentence, in place of what was there.
 * Returns @code, so that "return seam_err_set(err, -EINVAL, ...)" is the way to fail.
 */
int seam_err_set(struct seam_err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* The same, and adds ": " and what the system calls @code: "cannot open x: No such file or directory". */
int seam_err_errno(struct seam_err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/*
 * Puts the context and ": " before the present sentence, as the error travels up. Returns the code it holds;
 * -EIO if @err is NULL, so a caller that may have got NULL returns what it was given instead.
 */
int seam_err_wrap(struct seam_err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Back to "nothing has failed". */
void seam_err_clear(struct seam_err *err);

#ifdef __cplusplus
}
#endif
#endif
