/* SPDX-License-Identifier: BSD-2-Clause */
/* seam_err_set() for functions that take a format themselves. */
#ifndef BASE_ERR_ARGS_H
#define BASE_ERR_ARGS_H

#include <stdarg.h>

#include "seam/err.h"

int err_set_args(struct seam_err *err, int code, const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

#endif
