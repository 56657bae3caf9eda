/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of lib/base/strmap.h. */
#include <stdint.h>

#include "base/strmap.h"
#include "tap.h"

int main(void)
{
	struct strmap m = STRMAP_INIT;
	struct strmap_entry *e;
	char key[16];
	bool all = true;
	uintptr_t n = 0, last = 0;
	int one = 1, two = 2;

	OK(strmap_get(&m, "a") == NULL);
	OK(strmap_remove(&m, "a") == NULL);
	strmap_for_each(e, &m)
		n++;
	EQ(n, 0);
	OK(strmap_put(&m, "a", &one) == NULL);
	OK(strmap_get(&m, "a") == &one);
	OK(strmap_put(&m, "a", &two) == &one);
	OK(strmap_get(&m, "a") == &two);
	EQ(m.len, 1);
	OK(strmap_put(&m, "null", NULL) == NULL);
	OK(strmap_has(&m, "null"));
	OK(!strmap_has(&m, "nul"));
	strmap_release(&m);
	OK(!strmap_has(&m, "a"));

	for (uintptr_t i = 1; i <= 5000; i++) {
		snprintf(key, sizeof(key), "k%u", (unsigned)i);
		strmap_put(&m, key, (void *)i);
	}
	for (uintptr_t i = 1; i <= 5000; i++) {
		snprintf(key, sizeof(key), "k%u", (unsigned)i);
		all &= strmap_get(&m, key) == (void *)i;
	}
	OK(all);
	EQ(m.len, 5000);
	all = true;
	strmap_for_each(e, &m) {
		all &= (uintptr_t)e->value == ++n;
	}
	OK(all);
	EQ(n, 5000);
	strmap_for_each(e, &m) {
		if ((uintptr_t)e->value % 2)
			strmap_remove(&m, e->key);
	}
	EQ(m.len, 2500);
	all = true;
	for (uintptr_t i = 1; i <= 5000; i++) {
		snprintf(key, sizeof(key), "k%u", (unsigned)i);
		all &= strmap_has(&m, key) == (i % 2 == 0);
	}
	OK(all);
	/* Put and removed again and again: the map must not grow without end, and keeps its order. */
	for (uintptr_t i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "t%u", (unsigned)(i % 7));
		strmap_put(&m, key, &one);
		strmap_remove(&m, key);
	}
	EQ(m.len, 2500);
	OK(m.cap < 20000);
	all = true;
	strmap_for_each(e, &m) {
		all &= (uintptr_t)e->value > last;
		last = (uintptr_t)e->value;
	}
	OK(all);
	strmap_release(&m);
	return tap_done();
}
