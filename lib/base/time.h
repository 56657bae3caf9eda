/* SPDX-License-Identifier: BSD-2-Clause */
/* Time as nanoseconds in 64 bits, and durations as people write them. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>

#include "base/buf.h"

#define NS_PER_US 1000ULL
#define NS_PER_MS 1000000ULL
#define NS_PER_S 1000000000ULL

/* CLOCK_MONOTONIC. */
uint64_t time_mono_ns(void);
/* CLOCK_REALTIME, since 1970. */
uint64_t time_real_ns(void);

/* Appends it with three or four digits and a unit: "0 ns", "12 ns", "1.50 us", "340 ms", "2.00 s", "3 min 20 s", "2 h 5 min". */
void duration_format(struct buf *b, uint64_t ns);

/*
 * A number, with a fraction if wanted, and a unit: ns us ms s min h d; a bare number is seconds. "1.5s", "10ms",
 * "250 us". Returns 0, -EINVAL or -ERANGE; *ret_ns is untouched then.
 */
int duration_parse(const char *s, uint64_t *ret_ns);

#endif
