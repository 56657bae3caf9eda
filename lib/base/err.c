/* SPDX-License-Identifier: BSD-2-Clause */
/* Errors with causes. */
#include "base/err-args.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/util.h"

int err_set_args(struct seam_err *err, int code, const char *fmt, va_list ap)
{
	if (!err)
		return code;
	err->code = code;
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	return code;
}

int seam_err_set(struct seam_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_set_args(err, code, fmt, ap);
	va_end(ap);
	return code;
}

int seam_err_errno(struct seam_err *err, int code, const char *fmt, ...)
{
	char reason[128];
	size_t len;
	va_list ap;

	if (!err)
		return code;
	va_start(ap, fmt);
	err_set_args(err, code, fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", strerror_r(-code, reason, sizeof(reason)));
	return code;
}

int seam_err_wrap(struct seam_err *err, const char *fmt, ...)
{
	char cause[sizeof(err->text)];
	size_t len;
	va_list ap;

	if (!err)
		return -EIO;
	memcpy(cause, err->text, sizeof(cause));
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	/* The cause may lose its end here: an error text is cut, never allocated. */
	IGNORE_RESULT(snprintf(err->text + len, sizeof(err->text) - len, ": %s", cause));
	return err->code;
}

void seam_err_clear(struct seam_err *err)
{
	if (!err)
		return;
	err->code = 0;
	err->text[0] = '\0';
}
