/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter with which the kernel stops tasks at the calls that are wanted, and at no others. */
#ifndef HOOK_STOP_FILTER_H
#define HOOK_STOP_FILTER_H

#include <linux/filter.h>

#include "hook/wanted.h"

struct stop_filter {
	struct sock_filter code[2 * (3 * WANTED_NUMBERS + 16)];
	unsigned n;
};

/* Whether the kernel, and whoever has filters for us, let us have one. */
bool stop_filter_possible(void);
void stop_filter_make(const struct wanted *w, struct stop_filter *ret);
/* To be called in the child that is about to run the command: from here on its calls, and those of all that descend from it, stop. 0, or -errno. */
int stop_filter_install(const struct wanted *w);

#endif
