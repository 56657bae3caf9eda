/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/base/alloc.h and cleanup.h. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "tap.h"

static char *stolen(void)
{
	_cleanup_free_ char *s = xstrdup("kept");

	return steal_ptr(&s);
}

int main(void)
{
	struct seam_err err = SEAM_ERR_INIT;
	char *p = NULL;
	char *s;

	EQ(alloc_untrusted(100, 8, 800, &p, &err), 0);
	OK(p != NULL);
	OK(p && p[0] == 0 && p[799] == 0);
	free(p);
	p = NULL;
	EQ(alloc_untrusted(101, 8, 800, &p, &err), -E2BIG);
	OK(p == NULL);
	OK(strstr(err.text, "808") != NULL);
	EQ(alloc_untrusted(SIZE_MAX / 2, 3, SIZE_MAX, &p, &err), -EOVERFLOW);
	EQ(alloc_untrusted(0, 8, 0, &p, &err), 0);
	OK(p != NULL);
	free(p);

	alloc_fail_after(2);
	EQ(alloc_untrusted(1, 1, 1, &p, NULL), 0);
	free(p);
	p = NULL;
	EQ(alloc_untrusted(1, 1, 1, &p, &err), -ENOMEM);
	EQ(alloc_untrusted(1, 1, 1, &p, NULL), -ENOMEM);
	OK(p == NULL);
	alloc_fail_after(0);
	EQ(alloc_untrusted(1, 1, 1, &p, NULL), 0);
	free(p);

	s = stolen();
	STREQ(s, "kept");
	free(s);
	s = xasprintf("%s-%d", "a", 7);
	STREQ(s, "a-7");
	s = xrealloc(s, 100);
	STREQ(s, "a-7");
	free(s);
	s = xstrndup("abcdef", 3);
	STREQ(s, "abc");
	free(s);
	s = xcalloc(0, 8);
	OK(s != NULL);
	free(s);
	s = xmemdup("x\0y", 4);
	EQ(memcmp(s, "x\0y", 4), 0);
	free(s);
	return tap_done();
}
