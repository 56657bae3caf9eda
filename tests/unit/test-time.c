/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/base/time.h. */
#include <errno.h>

#include "base/time.h"
#include "tap.h"

static const char *formatted(uint64_t ns)
{
	static struct buf b = BUF_INIT;

	buf_clear(&b);
	duration_format(&b, ns);
	return b.data;
}

int main(void)
{
	uint64_t a = time_mono_ns(), ns = 5;

	OK(time_mono_ns() >= a);
	OK(time_real_ns() > 1600000000 * NS_PER_S);
	STREQ(formatted(0), "0 ns");
	STREQ(formatted(999), "999 ns");
	STREQ(formatted(1000), "1.00 us");
	STREQ(formatted(1509), "1.50 us");
	STREQ(formatted(12345), "12.3 us");
	STREQ(formatted(340 * NS_PER_MS), "340 ms");
	STREQ(formatted(2 * NS_PER_S), "2.00 s");
	STREQ(formatted(59999999999), "59.9 s");
	STREQ(formatted(200 * NS_PER_S), "3 min 20 s");
	STREQ(formatted(7500 * NS_PER_S), "2 h 5 min");
	STREQ(formatted(90000 * NS_PER_S), "1 d 1 h");
	EQ(duration_parse("", &ns), -EINVAL);
	EQ(duration_parse("ms", &ns), -EINVAL);
	EQ(duration_parse(".", &ns), -EINVAL);
	EQ(duration_parse("1.s", &ns), -EINVAL);
	EQ(duration_parse("1 fortnight", &ns), -EINVAL);
	EQ(duration_parse("-1s", &ns), -EINVAL);
	EQ(duration_parse("99999999999999999999", &ns), -ERANGE);
	EQ(duration_parse("99999999999", &ns), -ERANGE);
	EQ(ns, 5);
	EQ(duration_parse(".5ms", &ns), 0);
	EQ(ns, 500000);
	EQ(duration_parse("10ms", &ns), 0);
	EQ(ns, 10000000);
	EQ(duration_parse("1.5s", &ns), 0);
	EQ(ns, 1500000000);
	EQ(duration_parse("2", &ns), 0);
	EQ(ns, 2000000000);
	EQ(duration_parse("250 us", &ns), 0);
	EQ(ns, 250000);
	EQ(duration_parse("0.1234567899999h", &ns), 0);
	EQ(ns, 444444440400);
	EQ(duration_parse("7d", &ns), 0);
	EQ(ns, 604800000000000);
	return tap_done();
}
