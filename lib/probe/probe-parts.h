/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of probes share: how a result is told. */
#ifndef PROBE_PARTS_H
#define PROBE_PARTS_H

#include "base/str.h"
#include "base/util.h"
#include "seam/probe.h"

void probe_works(struct seam_probe_result *ret, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* @error: negative errno, or 0. @remedy stays the caller's. */
void probe_fails(struct seam_probe_result *ret, int error, const char *remedy, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Those of what engine bpf stands on. */
void probe_bpf(struct seam_probe_result *ret);
void probe_pause(struct seam_probe_result *ret);
void probe_cgroup(struct seam_probe_result *ret);

#endif
