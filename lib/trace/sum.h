/* SPDX-License-Identifier: BSD-2-Clause */
/* The check sum of the format: XXH3 with 64 bits, seed 0. */
#ifndef TRACE_SUM_H
#define TRACE_SUM_H

#include <stddef.h>
#include <stdint.h>

#include "trace/record.h"

uint64_t trace_sum(const void *p, size_t n);
/* The sum of a header that is complete but for it. */
uint32_t trace_head_sum(const struct trace_block *head);
uint32_t trace_end_sum(const struct trace_end *end);

#endif
