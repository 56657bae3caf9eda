/* SPDX-License-Identifier: BSD-2-Clause */
/* What this machine lets us do, found out by trying. */
#ifndef SEAM_PROBE_H
#define SEAM_PROBE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum seam_probe_status {
	SEAM_PROBE_WORKS,
	SEAM_PROBE_FAILS,   /* it is there, or may be, and does not work for us */
	SEAM_PROBE_MISSING, /* this kernel has not got it */
};

struct seam_probe_result {
	enum seam_probe_status status;
	int error;          /* negative errno that the kernel answered; 0: none */
	char detail[160];   /* what was seen */
	const char *remedy; /* what would make it work; NULL when it works, or nothing would */
};

struct seam_probe {
	const char *name; /* one word: "ptrace" */
	const char *what; /* what it is: "Syscall User Dispatch" */
	const char *use;  /* what Seam wants it for */
	/* Tries it, in a child process where trying leaves traces. Fills in all of @ret. */
	void (*run)(struct seam_probe_result *ret);
};

/* All of them, in the order in which a person wants to read them. */
const struct seam_probe *seam_probes(size_t *ret_n);

/*
 * Whether the kernel lets a task wait inside at the end of a call: 0 no, 1 by the name that Linux 6.18 has for what does it, 2 by the one
 * that came after.
 */
int seam_probe_hold(void);

/* By name, NULL if there is none. */
const struct seam_probe *seam_probe_find(const char *name);

#ifdef __cplusplus
}
#endif
#endif
