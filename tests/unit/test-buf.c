/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/base/buf.h. */
#include <stdlib.h>

#include "base/buf.h"
#include "tap.h"

int main(void)
{
	struct buf b = BUF_INIT;
	char *s;

	STREQ(b.data, "");
	EQ(b.len, 0);
	buf_clear(&b);
	buf_add(&b, NULL, 0);
	EQ(b.cap, 0);
	buf_adds(&b, "one");
	buf_addc(&b, ',');
	buf_addf(&b, "%d", 2);
	STREQ(b.data, "one,2");
	EQ(b.len, 5);
	buf_truncate(&b, 3);
	STREQ(b.data, "one");
	buf_clear(&b);
	STREQ(b.data, "");
	for (int i = 0; i < 1000; i++)
		buf_addf(&b, "%04d", i);
	EQ(b.len, 4000);
	EQ(memcmp(b.data + 3996, "0999", 5), 0);
	buf_clear(&b);
	buf_addf(&b, "%5000s", "x");
	EQ(b.len, 5000);
	EQ(b.data[4999], 'x');
	buf_release(&b);
	EQ(b.cap, 0);
	STREQ(b.data, "");
	buf_addn(&b, '=', 5);
	buf_add(&b, "a\0b", 3);
	EQ(b.len, 8);
	EQ(b.data[8], 0);
	s = buf_steal(&b);
	STREQ(s, "=====a");
	EQ(b.len, 0);
	free(s);
	s = buf_steal(&b);
	STREQ(s, "");
	free(s);
	buf_addf(&b, "%s", "");
	STREQ(b.data, "");
	buf_release(&b);
	return tap_done();
}
